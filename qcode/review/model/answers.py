"""What a model may answer, and what of it is believed: nothing that it cannot quote.

Schemas name "none" first and bind the quote to the added lines, so that a constrained engine cannot
even spell an invented one; for the others, what is invented is dropped here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qcode.review.model.classes import CLASSES
from qcode.review.model.units import Unit
from qcode.terminal import clean

LONGEST = 400
"""Characters of an explanation."""
_MOST_QUOTES = 80
_NAME = re.compile(r"`([^`\n]{2,80})`|\b([A-Za-z_]\w*(?:\.\w+)*)\(|\b([a-z]\w*_\w+|[a-z]+[A-Z]\w+)\b")
_PART = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Claim:
    """A fault that the model sees in a new line of a unit, the one at `at` of its `added`."""

    kind: str
    at: int
    why: str


class Dropped(Exception):
    """The answer cannot be believed; the message says why. `garbage`: it was no answer at all."""

    def __init__(self, why: str, garbage: bool = False) -> None:
        super().__init__(why)
        self.garbage = garbage


def claim_schema(unit: Unit) -> dict[str, Any]:
    """The JSON schema of an answer about `unit`."""
    quotes = list(dict.fromkeys(text.strip() for _, text in unit.added if _tells(text)))
    quote: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
    if 0 < len(quotes) <= _MOST_QUOTES:
        quote = {"enum": quotes}
    fault = {
        "type": "object",
        "properties": {
            "verdict": {"enum": list(CLASSES)},
            "quote": quote,
            "why": {"type": "string", "minLength": 10, "maxLength": LONGEST},
        },
        "required": ["verdict", "quote", "why"],
        "additionalProperties": False,
    }
    none = {
        "type": "object",
        "properties": {"verdict": {"const": "none"}},
        "required": ["verdict"],
        "additionalProperties": False,
    }
    return {"anyOf": [none, fault]}


REFUTATION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "argument": {"type": "string", "maxLength": LONGEST},
        "verdict": {"enum": ["refuted", "stands"]},
    },
    "required": ["argument", "verdict"],
    "additionalProperties": False,
}


def claim(text: str, unit: Unit) -> Claim | None:
    """What the model claims, None for "none". Raises Dropped for what it made up."""
    value = _object(text)
    kind = value.get("verdict")
    if kind == "none":
        return None
    if kind not in CLASSES:
        raise Dropped("it names no kind of fault that there is", garbage=True)
    quote, why = value.get("quote"), value.get("why")
    if not isinstance(quote, str) or not isinstance(why, str) or not why.strip():
        raise Dropped("it neither quotes nor explains", garbage=True)
    wanted = " ".join(quote.split()).removeprefix("+ ")
    at = next((n for n, (_, line) in enumerate(unit.added) if " ".join(line.split()) == wanted), None)
    if at is None or not _tells(wanted):
        raise Dropped("it quotes a line that the change did not add")
    if unknown := _unknown(why, unit):
        raise Dropped(f"it speaks of {unknown}, which is not in the code")
    return Claim(str(kind), at, clean(" ".join(why.split())[:LONGEST], keep_newlines=False))


def stands(text: str) -> bool:
    """Whether a refuter gave up. Raises Dropped when it said neither."""
    verdict = _object(text).get("verdict")
    if verdict not in ("refuted", "stands"):
        raise Dropped("the refuter gave no verdict", garbage=True)
    return bool(verdict == "stands")


def script(text: str) -> str:
    """The script of an answer. Raises Dropped when it has none."""
    value = _object(text).get("script")
    if not isinstance(value, str):
        raise Dropped("there is no script in it", garbage=True)
    return value


def _object(text: str) -> Mapping[str, Any]:
    """The first JSON object in `text`: models wrap it in fences and sentences."""
    decoder = json.JSONDecoder()
    for start in (m.start() for m in re.finditer(r"\{", text)):
        try:
            value, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    raise Dropped("it is no JSON object", garbage=True)


def _tells(line: str) -> bool:
    """Whether a line is worth pointing at: more than brackets and blanks."""
    return sum(c.isalnum() for c in line) >= 2


def _unknown(why: str, unit: Unit) -> str:
    """A name in the explanation that occurs nowhere in what the model was shown."""
    shown = set(_PART.findall(unit.forms[0]))
    for match in _NAME.finditer(why):
        named = next(group for group in match.groups() if group)
        parts = _PART.findall(named)
        if parts and not match[1] and not any(part in shown for part in parts):
            return named
        if match[1] and len(parts) == 1 and parts[0] == named and named not in shown:
            return named
    return ""
