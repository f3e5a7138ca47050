"""Refactorings that ruff knows: imports, format strings, newer syntax.

ruff reads one file at a time from standard input with `--isolated`, so neither the repository's
settings nor its files are seen; it is the program of qcode's own installation, never one from PATH.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.python.symbols import decode, module_of, python_files
from qcode.refactor.result import Refactoring, finished
from qcode.refactor.splice import rewritten

_SECONDS = 60
_MODERN = (
    "UP,SIM101,SIM118,SIM201,SIM202,SIM208,C400,C401,C402,C403,C404,C405,C406,C409,C410,C411,C413,C416,PIE790"
)


def tidy(snapshot: Snapshot, path: str = "", *, scope: Sequence[str] = ()) -> Refactoring:
    """Sort imports and remove unused ones, below `path`.

    Imports of an `__init__.py` are kept: they are what it exports.
    """
    # One after the other: together, ruff leaves the blank lines of a block that it then empties.
    passes = (["--select", "F401"], ["--select", "I"])
    return _fixed(snapshot, path, passes, "Tidied imports: {places} in {files}.")


def modernise(snapshot: Snapshot, path: str = "", *, scope: Sequence[str] = ()) -> Refactoring:
    """ruff's safe fixes for newer syntax and simpler expressions, below `path`."""
    return _fixed(
        snapshot, path, (["--select", _MODERN, "--ignore", "UP009"],), "Modernised {places} in {files}."
    )


def fstrings(snapshot: Snapshot, path: str = "", *, scope: Sequence[str] = ()) -> Refactoring:
    """`%` and `.format()` as f-strings, where that means the same, below `path`."""
    return _fixed(
        snapshot,
        path,
        (["--select", "UP030,UP031,UP032", "--unsafe-fixes"],),
        "Made f-strings: {places} in {files}.",
    )


def chosen_files(snapshot: Snapshot, path: str) -> Iterator[tuple[str, bytes]]:
    """Python files at or below `path` ("" and "." mean all).

    Raises RefactorError when there is none.
    """
    folder = path.removeprefix("./").rstrip("/")
    found = [
        (name, content)
        for name, content in python_files(snapshot)
        if folder in ("", ".") or name == folder or name.startswith(f"{folder}/")
    ]
    if not found:
        raise RefactorError(f"There is no Python file at {path or 'this place'}.", "Name a file or folder.")
    yield from found


def _fixed(snapshot: Snapshot, path: str, passes: Sequence[Sequence[str]], summary: str) -> Refactoring:
    files = list(chosen_files(snapshot, path))
    own = {module_of(name).partition(".")[0] for name in snapshot.paths() if name.endswith(".py")}
    command = _ruff()  # not in the threads: sysconfig, which finds it, is not safe there
    commands = [[*command, *options] for options in passes]
    with ThreadPoolExecutor(2) as pool:
        work = partial(_one, commands, _oldest(snapshot), sorted(own))
        changes = [c for c in pool.map(work, files) if c]
    broken = tuple(f"{name}:1: it does not parse, and was left alone" for name, c in files if _unreadable(c))
    return finished(snapshot, changes, summary, broken)


def _oldest(snapshot: Snapshot) -> str:
    """The oldest Python that the project says it runs on, as ruff writes it; read, not executed."""
    try:
        text = snapshot.read("pyproject.toml").decode("utf-8", "replace")
    except WorkspaceError:
        text = ""
    found = re.search(r"""^requires-python\s*=\s*["'][^"']*?>=?\s*3\.(\d+)""", text, re.MULTILINE)
    return f"py3{min(max(int(found[1]), 7), 14)}" if found else "py39"


def _one(
    commands: Sequence[Sequence[str]], oldest: str, own: Sequence[str], file: tuple[str, bytes]
) -> Change | None:
    path, content = file
    source = decode(content)
    if source is None:
        return None
    listed = ", ".join(f'"{name}"' for name in own)
    text = source.text
    for command in commands:
        options = [
            "--isolated", "--no-cache", "--quiet", "--fix-only", "--target-version", oldest,
            "--config", f"lint.isort.known-first-party = [{listed}]", "--stdin-filename", path, "-",
        ]  # fmt: skip
        done = subprocess.run(
            [*command, *options],
            input=text.encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            cwd="/",
        )
        if done.returncode not in (0, 1):
            return None  # it does not parse
        text = done.stdout.decode()
    return Change(path, content, rewritten(content, text, path))


def _ruff() -> list[str]:
    try:
        from ruff import find_ruff_bin

        return [str(find_ruff_bin()), "check"]
    except (ImportError, FileNotFoundError) as error:
        raise WorkspaceError(
            "ruff is missing from qcode's installation.",
            "Install it again: pip install --force-reinstall ruff",
        ) from error


def _unreadable(content: bytes) -> bool:
    import ast

    source = decode(content)
    try:
        ast.parse(source.text if source else "(")
    except (SyntaxError, ValueError, RecursionError):
        return True
    return False
