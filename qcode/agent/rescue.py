"""What a model meant as a call or an edit but wrote as text.

Small models print calls into their answer, put them into their thoughts, or fence them as JSON;
some prefer SEARCH/REPLACE blocks to any tool. All of it goes the ordinary way: a call is validated
and run like any other, a block is located or refused like any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from qcode import edits
from qcode.backends.chat.calls import read_call
from qcode.messages import ToolCall, ToolSchema

_BEGINS = re.compile(r"<tool_call>|<function=")
_FENCED = re.compile(r"^```(?:json|tool_call|tool)?[ \t]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def calls_in(text: str, schemas: tuple[ToolSchema, ...], prefix: str) -> tuple[ToolCall, ...]:
    """Calls of known tools that stand in `text`; `prefix` makes their ids."""
    known = {s.name: s for s in schemas}

    def parameters(tool: str) -> list[str] | None:
        schema = known.get(tool)
        return list(schema.parameters.get("properties", {})) if schema else None

    found: list[ToolCall] = []
    at = 0
    while begin := _BEGINS.search(text, at):
        call = read_call(text[begin.start() :], parameters, final=True, cut=False)
        at = begin.start() + max(call.end if call else 0, 1)
        if call and call.name in known and call.arguments is not None:
            values = _typed(call.arguments, known[call.name]) if call.xml else dict(call.arguments)
            found.append(ToolCall(f"{prefix}{len(found) + 1}", call.name, values))
    if not found:
        for value in _objects(text):
            name, arguments = value.get("name"), value.get("arguments", value.get("parameters"))
            if name in known and isinstance(arguments, dict):
                found.append(ToolCall(f"{prefix}{len(found) + 1}", name, arguments))
    return tuple(found)


def edits_in(text: str) -> list[edits.Edit]:
    """Edits that stand in `text`: SEARCH/REPLACE blocks, diffs, patches. A file in a bare fence is
    too often an illustration to be taken for one."""
    return [edit for edit in edits.parse_reply(text) if not edit.shown]


def _objects(text: str) -> Iterator[dict[str, object]]:
    """JSON objects that are the whole text, or the whole of a fence."""
    for candidate in (text, *(m[1] for m in _FENCED.finditer(text))):
        try:
            value = json.loads(candidate, strict=False)
        except ValueError:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield item


def _typed(values: Mapping[str, Any], schema: ToolSchema) -> dict[str, Any]:
    """Values of the XML form are text; the schema says which of them are numbers, lists or flags."""
    properties = schema.parameters.get("properties", {})
    typed: dict[str, Any] = {}
    for key, value in values.items():
        typed[key] = value
        if isinstance(value, str) and properties.get(key, {}).get("type") != "string":
            try:
                typed[key] = json.loads(value)
            except ValueError:
                continue
    return typed
