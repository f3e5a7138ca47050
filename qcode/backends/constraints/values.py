"""A parameter's text between its marks, for formats that write values as they are.

A long text is counted in lines. A limit on characters would make a new state of the lexer for each
of them, and cost an engine 2 ms for every token with Qwen3.5's 248,000 tokens; lines cost .2 ms,
since their states come again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qcode.backends.constraints.lark import Grammar, literal, quoted
from qcode.backends.constraints.schema import bounded, kinds, node

PIECE = 128
"""Characters of a line that count as one; a longer line counts as several."""
_LINE = 24
"""Characters of a line of code, rather too few: the limit must not cut what fits the answer."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a value without a limit of its own may have, in characters. `strict`: never more; else as
    many lines as usually have that many."""

    characters: int
    strict: bool = False

    @property
    def piece(self) -> int:
        """Characters that count as one line."""
        return max(1, min(PIECE, self.characters)) if self.strict else PIECE

    @property
    def pieces(self) -> int:
        """How many of them."""
        return max(1, self.characters // (self.piece if self.strict else _LINE))

    def shared(self, among: int) -> Room:
        """One of equal parts."""
        return replace(self, characters=self.characters // max(1, among))


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
    more = f"({line} | {rest}){{0,{room.pieces - 1}}} " if room.pieces > 1 else ""
    body = f"{more}{line} {literal(end)}"
    if not filled:
        return grammar.define(name, body)
    first = grammar.define("FILLED", rf"/{some}{{1,{room.piece - 1}}}\n/{never}")
    long = f" | ({first} | {rest}) {body}" if more else ""
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
    if "maxLength" in schema and schema["maxLength"] < room.characters:
        room = Room(schema["maxLength"], strict=True)
    return text(grammar, room, end, filled=bool(schema.get("minLength")))
