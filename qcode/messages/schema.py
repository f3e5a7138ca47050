"""The JSON schema of the events that `--json` prints and session files hold."""

from __future__ import annotations

from typing import Any

from qcode.messages.events import Event, Stop


def events_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of one line: any event, told by its field `event`.

    It describes what `as_json` writes, so a stop is its code and its name.
    """
    from pydantic import TypeAdapter

    schema = TypeAdapter[Any](Event).json_schema(mode="serialization")
    definitions: dict[str, Any] = schema["$defs"]
    definitions["Stop"] = {
        "description": "Why a run ended: the process's exit code, and its name.",
        "type": "object",
        "properties": {
            "code": {"enum": [int(stop) for stop in Stop]},
            "name": {"enum": [stop.name.lower() for stop in Stop]},
        },
        "required": ["code", "name"],
        "additionalProperties": False,
    }
    for definition in definitions.values():
        if "event" in (properties := definition.get("properties", {})):
            # Fields with a default are written, too: a reader may rely on all of them.
            definition["required"] = list(properties)
            definition["additionalProperties"] = {"description": "session files add `time`"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An event of a qcode run",
        "oneOf": schema.get("anyOf") or schema["oneOf"],
        "$defs": definitions,
    }
