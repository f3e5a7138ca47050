"""JSON schemas as parts of a grammar: compact, and with an end.

LLGuidance allows any white space between JSON's marks by default, so that a small model may write
blank lines for ever; and a text or a list without a limit may never end either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_LAYOUT = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": ", "lenient": True}
"""As `json.dumps` writes: a call in the history then reads as the engine has computed it."""
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null", list: "array"}
_ITEMS, _DEEP = 8, 12
_LEFT_OUT = ("$defs", "definitions", "default", "title", "description", "examples", "pattern", "format")
"""Says nothing of the form, or may contradict itself: one tool's schema that nothing can match would
leave the calls of all tools without a grammar. The tool itself checks patterns."""
_INTEGERS = 10**9
_DEFAULT_CHARACTERS = 2_000
_LEAST = 40
"""Characters that any text may have."""
SMALL = 400
"""A length that a schema gives, up to this, stands beside the room of the call: names and paths."""


def node(schema: Mapping[str, Any]) -> str:
    """`schema` as a grammar's `%json`."""
    return f"%json {json.dumps({'x-guidance': _LAYOUT, **schema})}"


def kinds(schema: Mapping[str, Any], root: Mapping[str, Any], deep: int = 0) -> set[str]:
    """The JSON types that `schema` names, also by its values, and through `anyOf` and `$ref` into `root`."""
    schema = resolved(schema, root)
    named = schema.get("type", ())
    found = {named} if isinstance(named, str) else {*named}
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())) if deep < _DEEP else ():
        found |= kinds(part, root, deep + 1)
    values = (*schema.get("enum", ()), *((schema["const"],) if "const" in schema else ()))
    return found | {_TYPES.get(type(value), "object") for value in values}


def resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `schema` refers to, if it refers to a definition of `root`."""
    seen = 0
    while isinstance(reference := schema.get("$ref"), str) and seen < 20:
        seen += 1
        target: Any = root
        for part in reference.removeprefix("#").strip("/").split("/"):
            target = target.get(part) if isinstance(target, Mapping) else None
        if not isinstance(target, Mapping):
            return {}
        schema = target
    return schema


def bounded(
    schema: Mapping[str, Any], root: Mapping[str, Any], characters: int = 0, deep: int = 0
) -> dict[str, Any]:
    """`schema` with a length for every text and list that has none, in about `characters` in all,
    with `$ref` replaced by what it names. Objects get no properties but the named ones."""
    share = characters or _DEFAULT_CHARACTERS
    schema = dict(resolved(schema, root))
    for word in _LEFT_OUT:
        schema.pop(word, None)
    if deep > _DEEP:
        return {"type": "null"}
    for word in ("anyOf", "oneOf", "allOf"):
        if isinstance(parts := schema.get(word), Sequence):
            schema[word] = [bounded(part, root, share, deep + 1) for part in parts]
    named = kinds({"type": schema.get("type", ())}, root)
    if "string" in named and "enum" not in schema and "const" not in schema:
        # Lists are rarely full: a name in one shall not be cut for those that are not there.
        known = min(4 * share, SMALL) if schema.get("maxLength", SMALL + 1) <= SMALL else 0
        least = max(share, known, schema.get("minLength", 1))
        schema["maxLength"] = min(schema.get("maxLength", share), least)
    if "integer" in named:
        schema.setdefault("minimum", min(-_INTEGERS, schema.get("maximum", 0)))
        schema.setdefault("maximum", max(_INTEGERS, schema["minimum"]))
    if "array" in named:
        least = max(_ITEMS, schema.get("minItems", 0))
        most = min(schema.get("maxItems", least), 2 * least)
        schema["maxItems"] = most
        item = schema.get("items") or {"type": "string"}
        schema["items"] = bounded(item, root, max(_LEAST, share // max(1, most)), deep + 1)
    if "object" in named and isinstance(properties := schema.get("properties"), Mapping):
        shares = portions(properties, root, share)
        schema["properties"] = {
            name: bounded(value, root, shares[name], deep + 1) for name, value in properties.items()
        }
        schema.setdefault("additionalProperties", False)
    return schema


def portions(
    properties: Mapping[str, Any], root: Mapping[str, Any], share: int, each: bool = False
) -> dict[str, int]:
    """Characters for each of an object's properties: `share` divided among those that may be long
    (or for `each` of them), and what its schema says for one whose length is `SMALL`, if there is room."""
    limits = {name: resolved(value, root).get("maxLength", SMALL + 1) for name, value in properties.items()}
    small = {name: limit for name, limit in limits.items() if limit <= SMALL}
    own = small
    if sum(small.values()) > share // 2 and not each:
        most = max(_LEAST, share // 2 // len(small))
        own = {name: min(limit, most) for name, limit in small.items()}
    short = {"integer", "number", "boolean", "null"}
    long = [
        n for n, v in properties.items() if n not in own and (not kinds(v, root) or kinds(v, root) - short)
    ]
    part = share if each else max(_LEAST, (share - sum(own.values())) // max(1, len(long)))
    return {name: own.get(name, part) for name in properties}
