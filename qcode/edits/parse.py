"""Replies -> edits: SEARCH/REPLACE blocks, unified diffs, `*** Begin Patch`, fenced or not."""

from __future__ import annotations

import re

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from qcode.edits.model import Edit, Hunk, Line, search_replace

_SEARCH = re.compile(r"^<{5,9} ?(SEARCH|ORIGINAL)?\s*$")
_DIVIDER = re.compile(r"^={5,9}\s*$")
_REPLACE = re.compile(r"^>{5,9} ?(REPLACE|UPDATED)?\s*$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_FILE = re.compile(r"[\w.-]+(/[\w.-]+)*\.\w+")
# Only at the very start of a line: a tagged line may hold a fence too, and "index = 1" is code.
_BETWEEN = re.compile(r"`{3,}|~{3,}|diff --git |index [0-9a-f]{4,}\.\.")
_HEADER = re.compile(r"^@@(?: -(\d+)(?:,-?\d+)? \+-?\d+(?:,-?\d+)?)?(?:[ .]*@@)?[ .]*(.*?)(?: *@@)?$")
_PATCH_FILE = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+?)\s*$")


def parse_reply(text: str, fallback_path: str | None = None) -> list[Edit]:
    """All edits in `text`, in order. `fallback_path` serves those that name no file.

    Text around the edits is ignored; a block that was cut off comes back with `truncated`.
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if any(line.strip() == "*** Begin Patch" for line in lines):
        return _begin_patch(lines)
    if any(_SEARCH.match(line) for line in lines):
        return _blocks(lines, fallback_path)
    if any(line.startswith("--- ") for line in lines) or any(line.startswith("@@") for line in lines):
        own = _unified(lines, fallback_path)
        read = _library(text)
        # The library skips what it cannot read; half a diff must not pass for the whole.
        return read if _acting(read) == _acting(own) else own
    return _whole_files(lines)


def _whole_files(lines: list[str]) -> list[Edit]:
    """Fences right under a line that is a file's path. `plan` lets them create files, no more."""
    edits: list[Edit] = []
    number = 0
    while number < len(lines):
        if not (fence := _FENCE.match(lines[number])):
            number += 1
            continue
        mark = fence.group(1)
        end = next((n for n in range(number + 1, len(lines)) if lines[n].strip() == mark), None)
        path = _path_above(lines, number)
        if path is not None and _FILE.fullmatch(path):
            body = _join(lines[number + 1 : end])
            edits.append(Edit(path, truncated=True) if end is None else Edit(path, whole=body))
        number = len(lines) if end is None else end + 1
    return edits


def _blocks(lines: list[str], fallback: str | None) -> list[Edit]:
    edits: list[Edit] = []
    path = fallback
    number = 0
    while number < len(lines):
        if not _SEARCH.match(lines[number]):
            number += 1
            continue
        path = _path_above(lines, number) or path
        divider = _next(lines, number + 1, _DIVIDER)
        end = _next(lines, divider + 1, _REPLACE) if divider is not None else None
        if divider is None or end is None:
            edits.append(Edit(path or "", truncated=True))
            break
        search = lines[number + 1 : divider]
        replace = lines[divider + 1 : end]
        edits.append(search_replace(path or "", _join(search), _join(replace)))
        number = end + 1
    return edits


def _join(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _next(lines: list[str], start: int, pattern: re.Pattern[str]) -> int | None:
    return next((n for n in range(start, len(lines)) if pattern.match(lines[n])), None)


def _path_above(lines: list[str], number: int) -> str | None:
    """The file named in one of the three lines above a block: bare, in backticks, or in a heading."""
    for line in reversed(lines[max(0, number - 3) : number]):
        if _FENCE.match(line) or not line.strip():
            continue
        if _REPLACE.match(line):
            return None
        word = line.strip().strip("#*:` ").removeprefix("File:").strip("` ")
        return word if word and " " not in word else None
    return None


def _library(text: str) -> list[Edit]:
    """What unidiff reads; it wants every count to be right, and models count badly."""
    try:
        patch = PatchSet(text)
    except (UnidiffParseError, UnicodeError):
        return []
    edits: list[Edit] = []
    for file in patch:
        name = file.source_file if file.is_removed_file else file.target_file
        hunks = tuple(
            Hunk(
                tuple(
                    (line.line_type, line.value.removesuffix("\n").removesuffix("\r"))
                    for line in hunk
                    if line.line_type in " -+"
                ),
                hunk.source_start,
                hunk.section_header.strip(),
                diff=True,
            )
            for hunk in file
        )
        if not hunks:
            continue
        edits.append(_file_edit(_diff_path(name), hunks, file.is_added_file, file.is_removed_file))
    return edits


def _acting(edits: list[Edit]) -> list[tuple[str, int, int]]:
    """What must be equal in two readings of one diff: files, and how many lines act in each."""
    return sorted(
        (
            edit.path,
            len(edit.hunks),
            sum(tag != " " for hunk in edit.hunks for tag, _ in hunk.lines) + (edit.whole or "").count("\n"),
        )
        for edit in edits
    )


def _unified(lines: list[str], fallback: str | None) -> list[Edit]:
    """Our own reading, by prefix alone: counts and line numbers are not believed."""
    edits: list[Edit] = []
    path, source = fallback or "", ""
    hunks: list[Hunk] = []
    current: _Hunk | None = None

    def close_hunk() -> None:
        nonlocal current
        if current is not None and (made := current.hunk()):
            hunks.append(made)
        current = None

    def close_file() -> None:
        close_hunk()
        if hunks:
            removed = path == "/dev/null"
            name = _diff_path(source if removed else path)
            edits.append(_file_edit(name, tuple(hunks), source == "/dev/null", removed))
            hunks.clear()

    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.startswith("--- ") and following.startswith("+++ "):
            close_file()
            source = line[4:].split("\t")[0].strip()
        elif line.startswith("+++ ") and current is None:
            path = line[4:].split("\t")[0].strip()
        elif (header := _HEADER.match(line)) is not None:
            close_hunk()
            current = _Hunk(int(header.group(1)) if header.group(1) else None, header.group(2))
        elif _BETWEEN.match(line):
            close_hunk()
        elif current is not None and not line.startswith("\\"):
            current.add(line)
    close_file()
    return edits


class _Hunk:
    """A hunk while its lines come in. A line without a tag is context that lost it, or, after the
    last change, the prose that follows: then the hunk is read without it as well."""

    def __init__(self, at: int | None = None, anchor: str = "") -> None:
        self.at = at
        self.anchor = anchor
        self.lines: list[Line] = []
        self.untagged: list[int] = []

    def add(self, line: str) -> None:
        if line[:1] in (" ", "-", "+") and line:
            self.lines.append((line[0], line[1:]))
            return
        if line:
            self.untagged.append(len(self.lines))
        self.lines.append((" ", line))

    def hunk(self) -> Hunk | None:
        """The hunk; None when it changes nothing."""
        acting = [n for n, (tag, _) in enumerate(self.lines) if tag != " "]
        if not acting:
            return None
        lines = _trimmed(self.lines)
        tail = next((n for n in self.untagged if n > acting[-1]), None)
        shorter = () if tail is None else (_trimmed(self.lines[:tail]),)
        return Hunk(lines, self.at, self.anchor, shorter, diff=True)


def _trimmed(lines: list[Line]) -> tuple[Line, ...]:
    """Without blank context at the end: that is what separates a hunk from the next thing."""
    end = len(lines)
    while end and lines[end - 1] == (" ", ""):
        end -= 1
    return tuple(lines[:end])


def _begin_patch(lines: list[str]) -> list[Edit]:
    edits: list[Edit] = []
    kind, path = "", ""
    hunks: list[Hunk] = []
    current = _Hunk()

    def close_hunk(anchor: str = "") -> None:
        nonlocal current
        if made := current.hunk():
            hunks.append(made)
        current = _Hunk(None, anchor)

    def close_file() -> None:
        close_hunk()
        if kind == "Delete":
            edits.append(Edit(path, remove=True))
        elif kind:
            edits.append(_file_edit(path, tuple(hunks), kind == "Add", False))
        hunks.clear()

    inside = ended = False
    for line in lines:
        if line.strip() == "*** Begin Patch":
            inside = True
        elif line.strip() == "*** End Patch":
            close_file()
            kind, inside, ended = "", False, True
        elif inside and (file := _PATCH_FILE.match(line)):
            close_file()
            kind, path = file.group(1), file.group(2)
        elif inside and line.startswith("@@"):
            close_hunk(line[2:].strip())
        elif inside and kind and not line.startswith("*** "):
            current.add(line)
    if not ended:
        return [Edit(path, truncated=True)]
    return edits


def _file_edit(path: str, hunks: tuple[Hunk, ...], added: bool, removed: bool) -> Edit:
    if removed:
        return Edit(path, remove=True)
    if added:
        return Edit(path, whole="".join(f"{text}\n" for hunk in hunks for text in hunk.new))
    return Edit(path, hunks)


def _diff_path(name: str) -> str:
    return name[2:] if name[:2] in ("a/", "b/") else name
