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
from qcode.backends.constraints.schema import SMALL, bounded, kinds, node, portions, resolved

PIECE = 32
"""Characters of a line that count as one; a longer line counts as several."""
_WHOLE = 4
"""Pieces of a line that are one terminal: LLGuidance knows at once what fits into many characters, and
has to try Qwen3.5's tokens one by one where few are left."""


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
        if self.pieces == 1:
            return len(said) >= self.piece - 1
        return sum(len(line) // self.piece + 1 for line in said.split("\n")) >= self.pieces


def rooms(schema: Mapping[str, Any], room: Room) -> dict[str, Room]:
    """The room of each of an object's properties."""
    properties = schema.get("properties", {})
    shares = portions(properties, schema, room.characters, room.each)
    limits = {
        name: resolved(value, schema).get("maxLength", share)
        for (name, value), share in zip(properties.items(), shares.values(), strict=True)
    }
    # In whole pieces, so that the rules of one text are those of the others, too.
    return {
        name: replace(room, characters=min(share // PIECE * PIECE if share > SMALL else share, limits[name]))
        for name, share in shares.items()
    }


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
    size = room.piece
    costs = range(1, _WHOLE + 1) if size > 1 else (1,)
    close = grammar.define("end", literal(end))
    lines = {
        cost: grammar.define("LINE", rf"/{some}{{{size * (cost - 1)},{size * cost - 1}}}\n/{never}")
        for cost in costs
    }
    whole = grammar.define("PIECE", rf"/{some}{{{size * _WHOLE}}}/")

    def rule(left: int, first: str) -> str:
        """What may be said in `left` pieces, by what may be said after that in fewer."""
        kinds_of_line = {**lines, 1: first}
        choices = [f"{kinds_of_line[cost]} {after[left - cost]}" for cost in costs if cost <= left]
        if left > _WHOLE:
            choices.append(f"{whole} {rules[left - _WHOLE]}")
        return " | ".join(choices)

    # One rule for each count: LLGuidance's own keeps an item of its parser for every count that there
    # could have been, and gives up after some thousand lines.
    rules, after = [""], [close]
    for left in range(1, room.pieces + (not filled)):
        rules.append(grammar.define(f"lines{size}_{left}", rule(left, lines[1])))
        after.append(grammar.define(f"after{size}_{left}", f"{close} | {rules[left]}"))
    if not filled:
        return rules[-1]
    some_line = grammar.define("FILLED", rf"/{some}{{1,{max(1, size - 1)}}}\n/{never}")
    return grammar.define(name, rule(room.pieces, some_line))


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
