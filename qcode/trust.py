"""What a repository may make qcode do: nothing, until its user has said so.

Trust is given to a real path *and* to the content of everything in it that can configure or
execute; one changed byte ends it. The record lies in the user's state folder, never in the
repository. Headless runs do not ask: what is not trusted is not read.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

_FILE = "trust.json"
_BEARING = ("qcode.toml", "pyproject.toml", ".pre-commit-config.yaml")


def fingerprint(root: Path) -> str:
    """SHA-256 over the names and bytes of all files in `root` that qcode could take orders from."""
    total = hashlib.sha256()
    folder = root / ".qcode"
    files = [root / name for name in _BEARING]
    if folder.is_symlink():
        files.append(folder)
    elif folder.is_dir():
        files += sorted(p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())
    for path in files:
        name = os.fsencode(path.relative_to(root))
        if path.is_symlink():
            # Whoever reads the file reads through the link: both it and its target count.
            total.update(b"link\0" + name + b"\0" + os.fsencode(path.readlink()) + b"\0")
        if path.is_file():
            content = path.read_bytes()
            total.update(b"file\0" + name + f"\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()


def is_trusted(root: Path, state: Path) -> bool:
    """Whether the user trusted `root` with exactly this content. `state`: the user's state folder."""
    return _load(state).get(str(root.resolve())) == fingerprint(root.resolve())


def grant(root: Path, state: Path) -> None:
    """Trust `root` as it is now."""
    real = root.resolve()
    _store(state, {**_load(state), str(real): fingerprint(real)})


def revoke(root: Path, state: Path) -> None:
    """Forget that `root` was trusted."""
    records = _load(state)
    records.pop(str(root.resolve()), None)
    _store(state, records)


def _load(state: Path) -> dict[str, str]:
    try:
        value = json.loads((state / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # an unreadable record trusts nobody
    return value if isinstance(value, dict) else {}


def _store(state: Path, records: dict[str, str]) -> None:
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = state / f"{_FILE}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(records, file, indent=1)
    temporary.replace(state / _FILE)
