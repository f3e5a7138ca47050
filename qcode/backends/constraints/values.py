"""A parameter's text between its marks, for formats that write values as they are.

A text is counted in lines. A limit on characters would make a new state of the lexer for each of
them, and cost an engine 2 ms for every token with Qwen3.5's 248,000 tokens; lines cost .2 ms, since
their states come again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qcode.backends.constraints.lark import Grammar, literal, quoted
from qcode.backends.constraints.schema import bounded, kinds, node, portions, resolved

PIECE = 32
"""Characters of a line that count as one; a longer line counts as several."""


@dataclass(frozen=True, slots=True)
class Room:
    """Characters that the texts of a call may have together; those with a small limit of their own
    have that beside it. `each`: every text may have all of them."""

    characters: int
    each: bool = False

    @property
    def piece(self) -> int:
        """Characters that count as one line, at most `PIECE`."""
        return max(1, self.characters // self.pieces)

    @property
    def pieces(self) -> int:
        """How many of them."""
        return max(1, -(-self.characters // PIECE))

    def reached(self, said: str) -> bool:
        """Whether a text has all that it may have: then its end may be missing."""
        lines = said.split("\n")
        if self.pieces == 1:
            return len(said) >= self.piece - 1
        return sum(len(line) // self.piece + 1 for line in lines) >= self.pieces


def rooms(schema: Mapping[str, Any], room: Room) -> dict[str, Room]:
    """The room of each of an object's properties."""
    properties = schema.get("properties", {})
    shares = portions(properties, schema, room.characters, room.each)
    limits = {
        name: resolved(value, schema).get("maxLength", share)
        for (name, value), share in zip(properties.items(), shares.values(), strict=True)
    }
    return {name: replace(room, characters=min(share, limits[name])) for name, share in shares.items()}


def text(
    grammar: Grammar,
    room: Room,
    end: str,
    *,
    name: str = "text",
    filled: bool = False,
    before: bool = False,
) -> str:
    """A rule for lines of text, closed by `end` at the start of a line.

    `filled`: the first line is not empty. `before`: what begins `end` may stand nowhere in the text.
    """
    mark = quoted(end.split("\n")[0])
    some = rf"[^\n{quoted(end[0])}]" if before else r"[^\n]"
    never = "" if before else rf" & ~/{mark}\n/"
    line = grammar.define("LINE", rf"/{some}{{0,{room.piece - 1}}}\n/{never}")
    rest = grammar.define("PIECE", rf"/{some}{{{room.piece}}}/")

    def lines(pieces: int) -> str:
        more = f"({line} | {rest}){{0,{pieces - 1}}} " if pieces > 1 else ""
        return f"{more}{line} {literal(end)}"

    if not filled:
        return grammar.define(name, lines(room.pieces))
    first = grammar.define("FILLED", rf"/{some}{{1,{max(1, room.piece - 1)}}}\n/{never}")
    long = f" | ({first} | {rest}) {lines(room.pieces - 1)}" if room.pieces > 1 else ""
    return grammar.define(name, f"{first} {literal(end)}{long}")


def value(grammar: Grammar, schema: Mapping[str, Any], root: Mapping[str, Any], room: Room, end: str) -> str:
    """A rule for one value and `end`, which begins a line. What has a text among its kinds is text as
    it is; all else is JSON: that is how the reader takes it."""
    found = kinds(schema, root)
    schema = bounded(schema, root, room.characters)
    if found and "string" not in found:
        return grammar.define("value", f"{grammar.define('json', node(schema))} {literal(chr(10) + end)}")
    choices = [
        v for v in schema.get("enum", [schema["const"]] if "const" in schema else []) if isinstance(v, str)
    ]
    if choices:
        return grammar.define("value", " | ".join(literal(f"{choice}\n{end}") for choice in choices))
    return text(grammar, room, end, filled=bool(schema.get("minLength")))
