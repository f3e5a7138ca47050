"""What is certain to be wrong, found in added lines alone."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from qcode import syntax
from qcode.review.report import Finding

_CONFLICT = re.compile(r"^(<{7} .+|>{7} .+|\|{7} .+)$")
_DEBUGGERS = {
    ".py": re.compile(r"^\s*(breakpoint\(\)|(import|from) +(pdb|ipdb|pudb)\b|i?pdb\.set_trace\(\))"),
    ".js": re.compile(r"^\s*debugger\s*;?\s*$"),
    ".rb": re.compile(r"^\s*(binding\.pry|byebug)\b"),
}
_DEBUGGERS |= dict.fromkeys((".ts", ".tsx", ".jsx", ".mjs"), _DEBUGGERS[".js"])
_DEBUGGERS[".pyi"] = _DEBUGGERS[".py"]
_IGNORED = re.compile(r"qcode:\s*ignore(?:\[([\w, -]+)\])?")


def check_file(path: str, before: bytes | None, after: bytes | None) -> Iterator[Finding]:
    """Findings of one file's change. A removed or binary file has none."""
    if after is None or b"\0" in after[:8192]:
        return
    text = after.decode("utf-8", "replace")
    old = (before or b"").decode("utf-8", "replace")
    added = _added(old, text)
    yield from _syntax(path, before or b"", after, added)
    yield from check_lines(path, added)


def check_lines(path: str, added: list[tuple[int, str]]) -> Iterator[Finding]:
    """The checks that need only the added lines: (number, text) each."""
    debugger = _DEBUGGERS.get(PurePosixPath(path).suffix.lower())
    for number, line in added:
        if _CONFLICT.match(line) and not _ignored(line, "conflict-marker"):
            yield Finding(path, number, "conflict-marker", "block", "A conflict marker was left in.", line)
        if debugger and debugger.match(line) and not _ignored(line, "debugger"):
            yield Finding(path, number, "debugger", "block", "A debugger call was left in.", line)


def _syntax(path: str, before: bytes, after: bytes, added: list[tuple[int, str]]) -> Iterator[Finding]:
    errors = syntax.error_count(path, after)
    if not errors or errors <= (syntax.error_count(path, before) or 0):
        return
    # The error is somewhere in what was added; an exact line is worth more than a guess at it.
    number, line = added[0] if added else (1, "")
    if not any(_ignored(text, "syntax") for _, text in added):
        yield Finding(path, number, "syntax", "block", "This change breaks the file's syntax.", line)


def _added(old: str, new: str) -> list[tuple[int, str]]:
    before, after = old.split("\n"), new.split("\n")
    added: list[tuple[int, str]] = []
    for kind, _, _, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind in ("insert", "replace"):
            added += [(n + 1, after[n].removesuffix("\r")) for n in range(start, end)]
    return added


def _ignored(line: str, rule: str) -> bool:
    found = _IGNORED.search(line)
    return found is not None and (found[1] is None or rule in re.split(r"[,\s]+", found[1]))
