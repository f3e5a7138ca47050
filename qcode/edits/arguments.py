"""Edits as JSON: the arguments that assistants call their edit tools with.

Read are the shapes of Claude's and Codex's tools, Cline, Roo, opencode, Aider's functions and our own:
old and new text under any of their usual names, lists of such pairs, a diff or patch as one
string, and a whole file. Old text there need not be whole lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from qcode.edits.model import Edit, Hunk, block_hunk, text_lines

_PATHS = (
    "path",
    "file_path",
    "filepath",
    "filePath",
    "file",
    "filename",
    "target_file",
    "relative_path",
    "TargetFile",
)
_OLD = (
    "search",
    "old_string",
    "old_str",
    "oldString",
    "oldText",
    "old_text",
    "old",
    "original",
    "SEARCH",
    "find",
)
_NEW = (
    "replace", "new_string", "new_str", "newString", "newText", "new_text", "new", "updated", "REPLACE",
    "replacement",
)  # fmt: skip
_WHOLE = ("content", "contents", "file_text", "CodeContent")
_TEXTS = ("patch", "diff", "input", "patch_text", "patchText", "edit_block")
_LISTS = ("edits", "changes", "replacements", "operations", "files", "diffs", "blocks", "tool_calls", "calls")
_ALL = ("replace_all", "replaceAll", "all_occurrences")
_DEPTH = 6
_WRAPPED = re.compile(r"<tool_call>|<tool_use>|<function_call>")
_BLANK = re.compile(r"\s*")
_MOST = 1_000
_READER = json.JSONDecoder(strict=False)


def edits_in_json(text: str, bodies: list[str], fallback: str | None) -> list[Edit]:
    """The edits of a reply that is JSON, holds it in a fence (`bodies`), or in call tags."""
    found: list[Edit] = []
    places = [(text, 0), *((body, 0) for body in bodies), *((text, m.end()) for m in _WRAPPED.finditer(text))]
    for candidate, start in places[:_MOST]:
        begin = _BLANK.match(candidate, start)
        at = begin.end() if begin else start
        if candidate[at : at + 1] not in ("{", "["):
            continue
        try:
            value, _ = _READER.raw_decode(candidate, at)
        except (ValueError, RecursionError):
            continue
        found += edits_of(value, fallback or "")
        if found and candidate is text and not start:
            break
    return found


def edits_of(value: Any, path: str = "", depth: int = 0) -> list[Edit]:
    """The edits in a decoded value; nothing for what is no edit."""
    if depth > _DEPTH:
        return []
    if isinstance(value, list):
        return [edit for item in value for edit in edits_of(item, path, depth + 1)]
    if not isinstance(value, Mapping):
        return []
    path = _text(value, _PATHS) or path
    if inner := _inner(value):
        return edits_of(inner, path, depth + 1)
    if (old := _text(value, _OLD)) is not None and (new := _text(value, _NEW)) is not None:
        return [_pair(path, old, new, any(value.get(name) is True for name in _ALL))]
    lists = [value[name] for name in _LISTS if isinstance(value.get(name), list)]
    if lists:
        return [edit for one in lists for edit in edits_of(one, path, depth + 1)]
    for name in _TEXTS:
        if isinstance(value.get(name), str) and (found := _read(value[name], path)):
            return found
    if "insert_line" in value:
        return [Edit(path, flaw="it names its place by a line number alone")]
    if path and (whole := _text(value, _WHOLE)) is not None:
        return _read(whole, path) or [
            Edit(path, whole=whole if whole.endswith("\n") or not whole else f"{whole}\n")
        ]
    return []


def _pair(path: str, old: str, new: str, every: bool) -> Edit:
    """Old and new text. Whole lines go the way of every block; the rest is found as text."""
    if not old:
        return Edit(path, whole=new)
    old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    both_end = old.endswith("\n") and (new.endswith("\n") or not new)
    lines = block_hunk(text_lines(old), text_lines(new))
    if old.endswith("\n") and not both_end:
        # The line end goes with the old text: the line after it is joined, and only text can say so.
        lines = Hunk((("-", old),))
    return Edit(path, (Hunk(lines.lines, variants=lines.variants, literal=(old, new), every=every),))


def _inner(value: Mapping[str, Any]) -> Any:
    """What a call wraps: its arguments, as a value or as JSON text."""
    for name in ("arguments", "parameters", "function", "input", "args", "params"):
        inner = value.get(name)
        if isinstance(inner, Mapping | list):
            return inner
        if isinstance(inner, str) and name != "input" and inner.lstrip()[:1] in ("{", "["):
            try:
                return json.loads(inner, strict=False)
            except (ValueError, RecursionError):
                return None
    return None


def _read(text: str, path: str) -> list[Edit]:
    """A reply inside of a string."""
    from qcode.edits.parse import parse_reply

    found = parse_reply(text, path or None) if not text.lstrip().startswith(("{", "[")) else []
    return [edit for edit in found if not edit.shown]


def _text(value: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((value[name] for name in names if isinstance(value.get(name), str)), None)
