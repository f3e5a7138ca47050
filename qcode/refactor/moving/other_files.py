"""Files that are no Python, and name a moved module: settings that follow, texts that are listed, and what loads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.python.meaning import Program

_COMPILED = (".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".pyx", ".rs")
_PICKLED = (".pkl", ".pickle", ".dat", ".joblib")
_SETTINGS = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini")
_MOST = 200
"""So many lines are found, and those of the last file: nobody reads more."""


def entry_points(snapshot: Snapshot, old: str, new: str) -> Iterator[Change]:
    """The project's own settings, with entry points ("package.old:function") that follow the dotted name."""
    for path in _SETTINGS:
        try:
            before = snapshot.read(path)
        except WorkspaceError:
            continue
        pattern = rb"(?<![\w./])" + re.escape(old.encode()) + rb"(?=(?:\.\w+)*\s*:\s*\w)"
        after = re.sub(pattern, new.encode(), before)
        if after != before and not (path.endswith(".toml") and "." not in old):
            yield Change(path, before, after)


@dataclass(frozen=True, slots=True)
class Naming:
    """A file that has the name or the path of a module, and the numbered lines that do, where it is a text."""

    path: str
    content: bytes
    lines: list[tuple[int, bytes]]


def naming(program: Program, old: str, file: str) -> list[Naming]:
    """The files besides the program that have the dotted name `old` of a module, or the path `file`; a name without
    a dot is a word like others, and is not looked for."""
    path = file.encode()
    whole = rb"(?<![\w.])" + re.escape(old.encode()) + rb"(?![\w])" if "." in old else re.escape(path)
    word = re.compile(whole)
    found: list[Naming] = []
    many = 0
    for name in program.snapshot.paths():
        if name in program.contents or many >= _MOST:
            continue
        try:
            content = program.snapshot.read(name)
        except WorkspaceError:
            continue
        is_text = b"\0" not in content[:2000]
        if is_text and (word.search(content) or path in content):
            rows = enumerate(content.split(b"\n"), 1)
            lines = [(number, row) for number, row in rows if word.search(row) or path in row]
            found.append(Naming(name, content, lines))
            many += len(lines)
        elif name.endswith(_PICKLED) and old.encode() in content:
            found.append(Naming(name, content, []))
    return found


def refuse_loaded(found: Iterable[Naming], old: str) -> None:
    """Raise RefactorError for objects that are stored with the name of the module `old`, and for compiled code that
    loads it by its name: only a build would show that."""
    for one in found:
        if one.path.endswith(_PICKLED) and old.encode() in one.content:
            raise RefactorError(
                f"{one.path} holds objects of {old}, by its name.", "Make that file anew first."
            )
        for number, row in enumerate(one.content.split(b"\n"), 1) if one.path.endswith(_COMPILED) else ():
            if b'"%b' % old.encode() in row:
                raise RefactorError(
                    f"{one.path}:{number} loads {old} by its name.", "Change that place first."
                )


def listed(found: Iterable[Naming]) -> Iterator[str]:
    """The lines of the files, as they are shown ("path:line: text")."""
    for one in found:
        for number, row in one.lines:
            yield f"{one.path}:{number}: {row.decode('utf-8', 'replace').strip()[:120]}"
