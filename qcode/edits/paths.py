"""Which file an edit means: the name in a reply, and the path in the tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace

from qcode.edits.model import Edit
from qcode.messages import Snapshot

_TICKED = re.compile(r"`([^`\s]+)`")
_FILE = re.compile(
    r"(?:[\w.@+-]+/)*[\w.@+-]*\.\w+|(?:[\w.@+-]+/)+[\w.@+-]+|[A-Z]\w*file|LICENSE|README|CHANGELOG"
)
_AROUND = "#*:`\"' \t"
_COMMENT = re.compile(
    r"^(?://|#|--|<!--|/\*)\s*(?:(?:file(?:name|path)?|path)\s*:\s*)?(\S+?)\s*(?:-->|\*/)?$", re.IGNORECASE
)
_LABEL = re.compile(r"^(?:file(?:name|path)?|path)\s*:\s*", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[#* \t]*`([^`]+)`[:* \t]*$")
_QUOTED = re.compile(rb"\\([0-7]{3}|[^0-7])")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_PLACE = re.compile(r":\d+(?:[-:]\d+)?$")


def looks_like_file(word: str) -> bool:
    """Whether a word reads like the path of a file."""
    return _FILE.fullmatch(_PLACE.sub("", word.replace("\\", "/")).lstrip("/")) is not None


def named_above(lines: Iterable[str], alone: bool = False) -> str | None:
    """The file that the nearest of `lines` (from the nearest on) names: bare, in backticks, in a
    heading, or (unless it must be `alone`) as the one path in a sentence. None when that line names
    none, or several."""
    for line in lines:
        if line.strip():
            return _alone(line.strip()) or (None if alone else _in_sentence(line))
    return None


def info_path(info: str) -> str | None:
    """The path in what follows a fence's marks: `python src/a.py`, `python:src/a.py`, `src/a.py`."""
    for word in re.split(r"[\s:{}=\"']+", info.strip()):
        if looks_like_file(word) and ("/" in word or "." in word):
            return word
    return None


def resolve(snapshot: Snapshot, edit: Edit) -> Edit:
    """`edit` with the path that the tree has for it. Only the spelling is mended (`./`, the `a/` and
    `b/` of diffs, an absolute path, backslashes, a line number): nothing is searched for."""
    path = _resolved(snapshot, edit.path) if edit.path else ""
    return edit if path == edit.path else replace(edit, path=path)


def diff_name(name: str) -> str:
    """The path in a line of names of a unified diff, without git's quotes, with its `a/` or `b/`."""
    name = name.split("\t")[0].strip()
    if len(name) < 2 or not name[0] == name[-1] == '"':
        return name
    return _QUOTED.sub(_unquoted, name[1:-1].encode()).decode("utf-8", "replace")


def _unquoted(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 255]) if code.isdigit() else _ESCAPES.get(code, code)


def _alone(line: str) -> str | None:
    if quoted := _QUOTED_LINE.match(line):
        return quoted[1]
    if (comment := _COMMENT.match(line)) and looks_like_file(word := comment[1].strip(_AROUND)):
        return word
    word = _LABEL.sub("", line.strip(_AROUND)).strip(_AROUND)
    if not word or " " in word:
        return None
    return word if looks_like_file(word) or f"`{word}`" in line else None


def _in_sentence(line: str) -> str | None:
    ticked = {w for w in _TICKED.findall(line) if looks_like_file(w)}
    if ticked:
        return ticked.pop() if len(ticked) == 1 else None
    words = (part.strip(_AROUND + ".,;()") for part in line.split()[:40])
    bare = {w for w in words if "/" in w and looks_like_file(w)}
    return bare.pop() if len(bare) == 1 else None


def _resolved(snapshot: Snapshot, path: str) -> str:
    root = f"{snapshot.root.as_posix().rstrip('/')}/"
    plain = path if snapshot.exists(path) else path.replace("\\", "/").removeprefix(root)
    if ".." not in plain.split("/"):
        # One file under two spellings would be edited twice.
        plain = posixpath.normpath(plain)
    for one in (plain, _PLACE.sub("", plain)):
        for other in (one, one[2:] if one[:2] in ("a/", "b/") else one):
            if other and snapshot.exists(other):
                return other
    return plain
