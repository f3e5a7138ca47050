"""What a repository may make qcode do: nothing, until its user has said so.

Trust is given to a real path *and* to the content of everything in it that can configure or
execute; one changed byte of that ends it, and nothing else does. The record lies in the user's
state folder, never in the repository. Headless runs do not ask: what is not trusted is not read.

What bears on qcode is `qcode.toml`, the table `[tool.qcode]` of `pyproject.toml`, and every file
below `.qcode/` (prompts, hooks, language servers). What other tools are configured by runs in the
sandbox only, trusted or not. A repository's `.git` says nothing here: which folder is which is told
by its real path alone, so that a forged `commondir` inherits nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

_FILE = "trust.json"
_LARGEST = 1_000_000
"""Bytes of one file that bears on qcode; a repository with a larger one cannot be trusted."""


def import_nothing_from(folder: Path) -> None:
    """Take `folder`, and all below it, out of where this process imports modules from.

    With PYTHONPATH=. (and `python -c` in a repository) a file named like a library that qcode
    imports later would be that library. What qcode itself is installed in stays.
    """
    real = folder.resolve()
    own = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}

    def kept(entry: str) -> bool:
        place = Path(entry or ".").resolve()
        if real not in (place, *place.parents):
            return True
        return any(home in place.parents for home in own) or place in Path(__file__).resolve().parents

    sys.path[:] = [entry for entry in sys.path if kept(entry)]


def bearing(root: Path) -> dict[str, bytes] | None:
    """Path -> content of all that qcode could take orders from; None: too large to be looked at.

    Settings are to be read from this, not from the disk again: what was hashed is what is obeyed.
    A link counts with the file that it leads to; a linked `.qcode` folder is not followed.
    """
    found: dict[str, bytes] = {}
    folder = root / ".qcode"
    files = [root / "qcode.toml", root / "pyproject.toml"]
    if folder.is_dir() and not folder.is_symlink():
        files += sorted(p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())
    for path in files:
        if not path.is_file():
            continue
        if path.stat().st_size > _LARGEST:
            if path.name == "pyproject.toml":
                continue
            return None
        content = path.read_bytes()
        if path == root / "pyproject.toml":
            content = _own_table(content)
            if not content:
                continue
        found[path.relative_to(root).as_posix()] = content
    return found


def _own_table(content: bytes) -> bytes:
    """`[tool.qcode]` in one form, whatever stands around it; b"": there is none. Of a file that is no
    TOML nobody can take orders."""
    import tomllib

    try:
        table = tomllib.loads(content.decode("utf-8")).get("tool", {}).get("qcode")
    except (ValueError, AttributeError):
        return b""
    return b"" if not isinstance(table, dict) else json.dumps(table, sort_keys=True, default=str).encode()


def fingerprint(root: Path) -> str:
    """SHA-256 over the names and bytes of all in `root` that qcode could take orders from."""
    return _hash(root, bearing(root))


def _hash(root: Path, found: Mapping[str, bytes] | None) -> str:
    if found is None:
        return ""
    total = hashlib.sha256()
    for name, content in found.items():
        path = root / name
        if path.is_symlink():
            total.update(b"link\0" + os.fsencode(name) + b"\0" + os.fsencode(path.readlink()) + b"\0")
        total.update(b"file\0" + os.fsencode(name) + f"\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def trusted(root: Path, state: Path) -> dict[str, bytes] | None:
    """What `root` orders, if the user trusted it with exactly this content; else None. `state`: the
    user's state folder."""
    real = root.resolve()
    record = _load(state).get(str(real))
    if not isinstance(record, str) or not record:
        return None
    found = bearing(real)
    return found if _hash(real, found) == record else None


def is_trusted(root: Path, state: Path) -> bool:
    """Whether the user trusted `root` with exactly this content."""
    return trusted(root, state) is not None


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
