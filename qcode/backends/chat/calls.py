"""Reading one tool call at the start of a text, whole or still arriving.

A value may itself hold the format's marks: whoever edits a chat template, a test of this file or a
document about it sends them. So a value ends at the `</parameter>` that balances its
`<parameter=…>` and is followed by what may follow one. Only a stream that has ended, and that was
not cut, is read more generously: closing marks that a small model forgot are then supplied. A value
that was cut by the token limit is never taken for a whole one: half a file would be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

_WRAP, _UNWRAP = "<tool_call>", "</tool_call>"
_NAME = re.compile(r"<function=\s*([\w.-]+)\s*>")
_TAG = re.compile(
    r"<function=\s*[\w.-]+\s*>|<parameter=\s*(?P<key>[\w.-]+)\s*>|</parameter>|</function>"
    r"|<tool_call>|</tool_call>|<\|im_end\|>"
)
_EXACT_BEGIN, _EXACT_END = "<tool_call>\n<function=", "</function>\n</tool_call>"
_EXACT_NAME = re.compile(rf"{_EXACT_BEGIN}([^>\n]+)>\n")
_EXACT_ARRIVES = re.compile(rf"{_EXACT_BEGIN}[^>\n]*>?")
_EXACT_KEY = re.compile(r"<parameter=([^>\n]+)>\n")
_AFTER_PARAMETER = ("<parameter=", "</function>", _UNWRAP, _WRAP, "<function=", "<|im_end|>")
_AFTER_FUNCTION = (_UNWRAP, _WRAP, "<function=", "<|im_end|>")
_AFTER_CALL = (_WRAP, "<|im_end|>")
_FENCE = re.compile(r"\s*(?:```\w*\s*)?")
# Models put raw line breaks into JSON strings; `strict` would refuse the whole call for that.
_JSON = json.JSONDecoder(strict=False)


class Parameters(Protocol):
    """What the tools' schemas say."""

    def __call__(self, tool: str) -> Collection[str] | None:
        """Names of the tool's parameters; None when there is no such tool."""


@dataclass(frozen=True, slots=True)
class Found:
    """The first `end` characters are read. `name` "": they are no call, but text."""

    end: int
    name: str = ""
    arguments: Mapping[str, Any] | None = None
    xml: bool = True
    """Values are text as written, and the schema says what they mean; else they came as JSON."""


def read_call(text: str, parameters: Parameters, *, final: bool, cut: bool) -> Found | None:
    """The call that `text` starts with (`<tool_call>` or `<function=`); None: wait for more.

    `final`: nothing follows. `cut`: and the model had not finished.
    """
    wrapped = text.startswith(_WRAP)
    start = _past_fence(text, len(_WRAP)) if wrapped else 0
    if name := _NAME.match(text, start):
        found = _arguments_json(text, name, final) or _strict(text, name, final)
        if found is None and final and not cut:
            found = _repaired(text, name, parameters)
        if found is None:
            return Found(len(text)) if final else None
        return _closed(text, found, final) if wrapped else found
    if wrapped and text.startswith("{", start):
        return _json_call(text, start, final)
    if not final and (_undecided(text[start:], ("<function=", "```", "{")) or _name_arrives(text[start:])):
        return None
    return Found(len(_WRAP) if wrapped else len("<function="))


def read_exact_call(text: str, parameters: Parameters, *, final: bool, cut: bool) -> Found | None:
    """The call that `text` starts with, where the engine was held to the form: a value ends at the
    first line that is `</parameter>`. None: wait for more. `parameters` and `cut` change nothing."""
    if text.startswith("{", _past_fence(text, len(_WRAP))):
        return read_call(text, parameters, final=final, cut=True)
    name = _EXACT_NAME.match(text)
    if name is None:
        waits = not final and (_EXACT_BEGIN.startswith(text) or _EXACT_ARRIVES.fullmatch(text) is not None)
        return None if waits else Found(len(_WRAP))
    values: dict[str, str] = {}
    at = name.end()
    while key := _EXACT_KEY.match(text, at):
        end = text.find("\n</parameter>\n", key.end())
        if end < 0:
            break
        values[key[1]] = text[key.end() : end]
        at = end + len("\n</parameter>\n")
    if text.startswith(_EXACT_END, at):
        return Found(at + len(_EXACT_END), name[1], values)
    return Found(len(text)) if final else None


def _strict(text: str, name: re.Match[str], final: bool) -> Found | None:
    """A call whose values are closed. None: one is open, or more may come."""
    values: dict[str, str] = {}
    key, begin, nested = "", 0, 0
    for tag in _TAG.finditer(text, name.end()):
        mark = tag[0]
        if not key:
            if tag["key"]:
                key, begin, nested = tag["key"], tag.end(), 0
            elif mark in ("</function>", _UNWRAP):
                return Found(tag.end(), name[1], values)
            elif mark != "</parameter>":
                return Found(tag.start(), name[1], values)
        elif tag["key"]:
            nested += 1
        elif mark == "</parameter>" and nested:
            nested -= 1
        elif mark == "</parameter>":
            follows = _follows(text, tag.end(), _AFTER_PARAMETER, final)
            if follows is None:
                return None
            if follows:
                values[key] = _trimmed(text[begin : tag.start()])
                key = ""
    return None


def _repaired(text: str, name: re.Match[str], parameters: Parameters) -> Found:
    """A call with forgotten closing marks, in a stream that has ended."""
    known = parameters(name[1])
    values: dict[str, str] = {}
    key, begin = "", 0
    for tag in _TAG.finditer(text, name.end()):
        mark, at_line = tag[0], text[tag.start() - 1] == "\n"
        if tag["key"]:
            new = tag["key"] != key and tag["key"] not in values and (known is None or tag["key"] in known)
            if key and not (at_line and new):
                continue
            if key:
                values[key] = _trimmed(text[begin : tag.start()])
            key, begin = tag["key"], tag.end()
            continue
        if mark == "</parameter>":
            if key and _follows(text, tag.end(), _AFTER_PARAMETER, True):
                values[key] = _trimmed(text[begin : tag.start()])
                key = ""
            continue
        closing = mark in ("</function>", _UNWRAP)
        if key and not _ends_open_value(text, tag, at_line, parameters):
            continue
        if key:
            values[key] = _trimmed(text[begin : tag.start()])
        return Found(tag.end() if closing else tag.start(), name[1], values)
    if key:
        values[key] = _trimmed(text[begin:])
    return Found(len(text), name[1], values)


def _ends_open_value(text: str, tag: re.Match[str], at_line: bool, parameters: Parameters) -> bool:
    mark = tag[0]
    if mark == "</function>":
        return bool(_follows(text, tag.end(), _AFTER_FUNCTION, True))
    if mark == _UNWRAP:
        return bool(_follows(text, tag.end(), _AFTER_CALL, True))
    if mark == "<|im_end|>":
        return True
    begins = _NAME.match(text, _past_fence(text, tag.end()) if mark == _WRAP else tag.start())
    return at_line and begins is not None and parameters(begins[1]) is not None


def _arguments_json(text: str, name: re.Match[str], final: bool) -> Found | None:
    """`<function=NAME>{"path": "x"}</function>`, which some models mix up."""
    start = _past_fence(text, name.end())
    if not text.startswith("{", start):
        return None
    try:
        value, end = _JSON.raw_decode(text, start)
    except ValueError:
        return None
    if not _follows(text, end, ("</function>", "```", *_AFTER_FUNCTION), final):
        return None
    closing = text.find("</function>", end)
    rest = text[end:closing].strip("` \n\r\t") if closing >= 0 else "-"
    return Found(end if rest else closing + len("</function>"), name[1], value, xml=False)


def _json_call(text: str, start: int, final: bool) -> Found | None:
    try:
        value, end = _JSON.raw_decode(text, start)
    except ValueError:
        return Found(len(_WRAP)) if final else None
    inner = value.get("function") if isinstance(value.get("function"), dict) else value
    arguments = inner.get("arguments", inner.get("parameters", {}))
    if isinstance(arguments, str):
        try:
            arguments = _JSON.decode(arguments)
        except ValueError:
            arguments = None
    name = inner.get("name")
    if not isinstance(name, str) or not name or not isinstance(arguments, dict):
        return Found(end)
    return _closed(text, Found(end, name, arguments, xml=False), final)


def _closed(text: str, found: Found, final: bool) -> Found | None:
    """`found` with the `</tool_call>` that follows it; None while that may still come."""
    if text.endswith(_UNWRAP, 0, found.end):
        return found
    rest = _past_fence(text, found.end)
    if text.startswith(_UNWRAP, rest):
        return Found(rest + len(_UNWRAP), found.name, found.arguments, found.xml)
    return None if not final and _undecided(text[rest:], (_UNWRAP, "```")) else found


def _past_fence(text: str, at: int) -> int:
    """Past white space and a Markdown fence, which some models put around their JSON."""
    fence = _FENCE.match(text, at)
    return fence.end() if fence else at


def _follows(text: str, at: int, marks: tuple[str, ...], final: bool) -> bool | None:
    """Whether one of `marks` or the end comes next, white space aside; None: it cannot be said yet."""
    rest = text[at:].lstrip()
    if rest.startswith(marks) or (final and not rest):
        return True
    return None if not final and _undecided(rest, marks) else False


def _undecided(rest: str, marks: tuple[str, ...]) -> bool:
    return any(mark.startswith(rest) for mark in marks)


def _name_arrives(rest: str) -> bool:
    return rest.startswith("<function=") and re.fullmatch(r"<function=\s*[\w.-]*\s*", rest) is not None


def _trimmed(value: str) -> str:
    """The line breaks next to the marks belong to the format."""
    return value.removeprefix("\n").removesuffix("\n")
