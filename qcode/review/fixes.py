"""Exact fixes of findings, without a model: what an editor offers at a line, and `--fix` for a change.

Only what has one right answer is fixed unasked: a debugger call goes, an import that nothing uses
goes. Which side of a conflict is right, nobody but its owner knows.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from qcode import syntax
from qcode.errors import WorkspaceError
from qcode.messages import Change, ChangeSet, Snapshot
from qcode.review.checks.names import UNUSED
from qcode.review.checks.ruff import diagnose
from qcode.review.report import Finding

_COMMENTS = {
    "#": ".py .pyi .rb .sh .bash .toml .yaml .yml .pl .r .jl .mk",
    "//": ".js .jsx .mjs .cjs .ts .tsx .go .rs .java .c .h .cc .cpp .hpp .cs .kt .swift .scala .php",
    "--": ".lua .sql .hs",
}
_OURS = re.compile(r"<{7} ")
_BASE = re.compile(r"\|{7} ")
_MIDDLE = re.compile(r"={7}\s*$")
_THEIRS = re.compile(r">{7} ")


def fixed(snapshot: Snapshot, findings: Iterable[Finding]) -> tuple[ChangeSet, tuple[Finding, ...]]:
    """(what to change, the findings that this mends). A file that reads otherwise than when it was
    reviewed, in the line of a finding, is left alone there."""
    wanted: dict[str, list[Finding]] = {}
    for finding in findings:
        wanted.setdefault(finding.path, []).append(finding)
    changes: list[Change] = []
    mended: list[Finding] = []
    for path, here in wanted.items():
        try:
            before = snapshot.read(path)
            text = before.decode("utf-8")
        except (WorkspaceError, UnicodeDecodeError):
            continue
        # From the end to the start: a fix moves only what comes after it.
        for finding in sorted(here, key=lambda f: -f.line):
            if (after := _fixed(path, text, finding)) is not None:
                text = after
                mended.append(finding)
        changes.append(Change(path, before, text.encode()))
    return ChangeSet.of(changes), tuple(mended)


def _fixed(path: str, text: str, finding: Finding) -> str | None:
    lines = text.splitlines(keepends=True)
    at = finding.line - 1
    if not 0 <= at < len(lines) or lines[at].rstrip("\r\n") != finding.quote:
        return None
    if finding.rule == "debugger":
        shorter = without(path, lines, at)
        return "".join(shorter) if shorter else None
    if finding.rule == "unused-import":
        return _without_import(path, text, finding)
    return None


def _without_import(path: str, text: str, finding: Finding) -> str | None:
    """`text` without the import of the finding, as ruff removes it; None where it would not."""
    with tempfile.TemporaryDirectory(prefix="qcode-fix-") as name:
        file = Path(name) / PurePosixPath(path).name
        file.write_bytes(text.encode())
        rows = diagnose(Path(name), (UNUSED,))
    for row in rows:
        here = (
            row["location"]["row"] == finding.line and f"`{_first_word(finding.message)}`" in row["message"]
        )
        if here and row.get("fix") and row["fix"].get("applicability") == "safe":
            return _applied(text, row["fix"]["edits"])
    return None


def _first_word(message: str) -> str:
    """The name in the finding's sentence, which starts with it."""
    return message.partition(" is imported")[0]


def _applied(text: str, edits: list[dict[str, Any]]) -> str:
    """ruff's edits; its rows and columns count from 1, columns in characters."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(edits, key=lambda e: (-e["location"]["row"], -e["location"]["column"])):
        start, end = (
            min(len(text), starts[min(place["row"] - 1, len(starts) - 1)] + place["column"] - 1)
            for place in (edit["location"], edit["end_location"])
        )
        text = f"{text[:start]}{edit['content']}{text[end:]}"
    return text


def without(path: str, lines: list[str], line: int) -> list[str] | None:
    """`lines` (with their ends) without number `line`, from 0; a body that would be empty gets a `pass`. None if that breaks the file."""
    text = lines[line]
    indent = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip("\r\n")) :]
    before = syntax.error_count(path, _bytes(lines)) or 0
    candidates = [[*lines[:line], *lines[line + 1 :]]]
    if path.endswith((".py", ".pyi")):
        candidates.append([*lines[:line], f"{indent}pass{end}", *lines[line + 1 :]])
    for candidate in candidates:
        if (syntax.error_count(path, _bytes(candidate)) or 0) <= before and _compiles(path, candidate, lines):
            return candidate
    return None


def _compiles(path: str, after: list[str], before: list[str]) -> bool:
    """Python minds an empty body, which the grammar may not."""
    if not path.endswith((".py", ".pyi")):
        return True
    import ast

    try:
        ast.parse(_bytes(after))
    except (SyntaxError, ValueError):
        try:
            ast.parse(_bytes(before))
        except (SyntaxError, ValueError):
            return True
        return False
    return True


def sides(lines: list[str], line: int) -> tuple[list[str], list[str]] | None:
    """The text with either side of the conflict around `line`; None when its markers are not whole."""
    start = next((n for n in range(line, -1, -1) if _OURS.match(lines[n])), None)
    if start is None:
        return None
    marks: dict[str, int] = {}
    for number in range(start + 1, len(lines)):
        text = lines[number]
        if _OURS.match(text):
            return None
        if _BASE.match(text):
            marks["base"] = number
        elif _MIDDLE.match(text):
            marks["middle"] = number
        elif _THEIRS.match(text):
            marks["end"] = number
            break
    if "middle" not in marks or "end" not in marks or line > marks["end"]:
        return None
    ours = lines[start + 1 : marks.get("base", marks["middle"])]
    theirs = lines[marks["middle"] + 1 : marks["end"]]
    head, tail = lines[:start], lines[marks["end"] + 1 :]
    return [*head, *ours, *tail], [*head, *theirs, *tail]


def ignoring(path: str, lines: list[str], line: int, rule: str) -> list[str] | None:
    """`lines` with a comment at `line` that excuses `rule`; None where no comment is known or excuses."""
    suffix = PurePosixPath(path).suffix.lower()
    mark = next((mark for mark, names in _COMMENTS.items() if suffix and suffix in names.split()), None)
    if mark is None or rule == "conflict-marker":
        return None
    text = lines[line].rstrip("\r\n")
    end = lines[line][len(text) :]
    return [*lines[:line], f"{text.rstrip()}  {mark} qcode: ignore[{rule}]{end}", *lines[line + 1 :]]


def _bytes(lines: list[str]) -> bytes:
    return "".join(lines).encode("utf-8", "replace")
