"""Whether a test command may import an installed copy of what was edited, instead of the edit."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from qcode.messages import ChangeSet

_SITES = (
    "lib/python3*/site-packages",
    "lib64/python3*/site-packages",
    "lib/python3*/dist-packages",
    "lib/python3/dist-packages",
    "local/lib/python3*/dist-packages",
    "local/lib/python3*/site-packages",
)
_MAKES_ENVIRONMENTS = {"tox", "nox", "hatch", "poetry", "pdm", "uv", "invoke"}
_PAIR = re.compile(r"""['"](\w+)(?:\.[\w.]+)?['"]: ['"]([^'"]+)['"]""")
_INTERPRETER = re.compile(r"python(?:3(?:\.\d+)?)?|pypy3?|py\.?test|nosetests|trial|ward|coverage|unit2")


def installed_copies(argv: Sequence[str], root: Path, changes: ChangeSet) -> set[str]:
    """The edited Python files of which the command's environment holds, or may hold, a copy.

    The environment is looked at, not started: the folder that the command's program lies in says
    where its `site-packages` are. Where that says nothing (make, tox, a version manager's shim, any
    other program) every edited Python file may be such a copy.
    """
    edited = {c.path for c in changes if c.after is not None and c.path.endswith(".py")}
    sites = environment_sites(argv, root)
    if sites is None:
        return edited
    mapped = [pair for site in sites for pair in _mapped(site)]
    sites = [*sites, *(place for site in sites for place in _linked(site))]
    found: set[str] = set()
    for path in edited:
        parts = PurePosixPath(path).parts
        # The package may begin at any folder of the path: src/, lib/, or the root itself.
        tails = ["/".join(parts[n:]) for n in range(len(parts))]
        places = [site / tail for site in sites for tail in tails[:3]]
        # Some editable installs are links back into the tree.
        if any(p.is_file() and p.resolve() != (root / path).resolve() for p in places):
            found.add(path)
        # Or one of another checkout: installed editable from there, and worked on here.
        if any(name in parts and not _below(place, root) for name, place in mapped):
            found.add(path)
    return found


def _linked(site: Path) -> list[Path]:
    """The folders that `.pth` files add to the path (Python's site module)."""
    lines = [
        line.strip()
        for file in site.glob("*.pth")
        for line in file.read_text("utf-8", "replace").splitlines()
        if line.strip() and not line.startswith(("#", "import ", "import\t"))
    ]
    return [site / line for line in lines if (site / line).is_dir()]


def _mapped(site: Path) -> list[tuple[str, Path]]:
    """(top-level name, place) of the editable installs that setuptools makes with a finder."""
    finders = [*site.glob("__editable___*_finder.py"), *site.glob("_*_editable*.py")]
    pairs = [pair for file in finders for pair in _PAIR.findall(file.read_text("utf-8", "replace"))]
    return [(name, Path(place)) for name, place in pairs if Path(place).is_absolute()]


def _below(place: Path, root: Path) -> bool:
    return root.resolve() in (place.resolve(), *place.resolve().parents)


def environment_sites(argv: Sequence[str], root: Path) -> list[Path] | None:
    """The folders that the command's Python imports packages from; None: it cannot be told."""
    named = shutil.which(argv[0]) or argv[0]
    program = root / named
    if not _INTERPRETER.fullmatch(program.name) or not program.exists() or _is_shim(program):
        return None
    if _MAKES_ENVIRONMENTS.intersection(argv):
        return None
    prefix = program.parent.parent
    prefixes = [prefix]
    settings = prefix / "pyvenv.cfg"
    if settings.is_file():
        lines = (line.partition("=") for line in settings.read_text("utf-8", "replace").splitlines())
        values = {key.strip(): value.strip() for key, _, value in lines}
        if values.get("include-system-site-packages", "false").lower() == "true":
            prefixes.append(Path(values.get("home", "/usr/bin")).parent)
    elif program.is_symlink():
        prefixes.append(program.resolve().parent.parent)  # python3 -> ../opt/python/bin/python3.12
    sites = [site for place in prefixes for pattern in _SITES for site in place.glob(pattern)]
    return sites or None


def _is_shim(program: Path) -> bool:
    """A small script that looks for the real program (pyenv, asdf, mise, rye), or a wrapper: an entry
    point's first line names a Python, a shim's a shell."""
    if "shims" in program.parts:
        return True
    try:
        with program.open("rb") as file:
            first = file.readline(300)
    except OSError:
        return True
    if not first.startswith(b"#!"):
        return False
    words = os.fsdecode(first[2:]).split()
    if not words or "python" not in Path(words[-1]).name:
        return True
    # The script's own environment decides, and it is the one that its folder lies in, or unknown.
    return Path(words[0]).parent != program.parent
