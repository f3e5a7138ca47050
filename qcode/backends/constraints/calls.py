"""Tool calls as a grammar, in each of the forms that model families write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from qcode.backends.constraints.escape import Escape
from qcode.backends.constraints.lark import Grammar, literal
from qcode.backends.constraints.lines import unique_run
from qcode.backends.constraints.schema import bounded, kinds, node, resolved
from qcode.backends.constraints.values import Room, rooms, text, value
from qcode.messages import NOT_FOUND, Anchor, ToolSchema

PATH = 400
"""Characters of a path that was not read."""


class CallForm(Protocol):
    """How one family writes a call. Its methods define rules and give their names."""

    @property
    def opening(self) -> str:
        """The mark by which a call is known in the middle of text."""

    @property
    def begin(self) -> str:
        """What follows it up to the tool's name."""

    @property
    def between(self) -> str:
        """What stands between two calls, up to the next one's `begin`; "" when there is but one."""

    @property
    def leads(self) -> bool:
        """A call is the whole answer: no text stands before it."""

    def call(self, grammar: Grammar, tool: ToolSchema, room: Room) -> str:
        """From the tool's name to the end of the call."""

    def anchored(self, grammar: Grammar, tool: ToolSchema, anchor: Anchor, room: Room) -> str:
        """The same, where one parameter holds lines that were read; "" when none can be said."""

    def escape(self, tool: ToolSchema, anchor: Anchor, room: Room) -> Escape:
        """How such a call goes on when its lines are given up."""

    def reached(self, room: Room, said: str) -> bool:
        """Whether a text has all the room that it may have."""

    def lines_of(self, text: str, anchor: Anchor) -> tuple[str, str] | None:
        """(path, lines) of the anchored call that `text` begins with, once the lines have ended."""


@dataclass(frozen=True, slots=True)
class XmlCalls:
    """`<tool_call><function=NAME><parameter=P>…`, of Qwen3.5 and Qwen3-Coder."""

    opening: str = "<tool_call>"
    begin: str = "\n<function="
    between: str = "\n<tool_call>"
    leads: bool = False

    def call(self, grammar: Grammar, tool: ToolSchema, room: Room) -> str:
        shares = rooms_of(tool, None, room)
        parameters = [self._parameter(grammar, tool, name, shares[name]) for name in _names(tool)]
        return grammar.define("call", " ".join((literal(f"{tool.name}>\n"), *parameters, _XML_CLOSE)))

    def anchored(self, grammar: Grammar, tool: ToolSchema, anchor: Anchor, room: Room) -> str:
        shares = rooms_of(tool, anchor, room)
        after = " ".join((*(self._parameter(grammar, tool, n, r) for n, r in shares.items()), _XML_CLOSE))
        empty = self._empty(grammar, tool, anchor, room)
        to_lines = self._to_lines(anchor)
        choices: list[str] = []
        for number, window in enumerate(anchor.windows):
            named = literal(window.path + to_lines)
            lines = unique_run(grammar, window, f"W{number}", str, "\n", _XML_END, _XML_MARKS)
            if lines:
                choices.append(f"{named} {lines} {after}")
            if anchor.escape:
                choices.append(f"{named} {literal(_XML_NOT_FOUND)} {empty}")
        for window in anchor.late:
            shares = late_rooms(tool, anchor, room)
            lines = text(grammar, shares.pop(anchor.lines), "</parameter>\n", name="late", filled=True)
            rest = " ".join((*(self._parameter(grammar, tool, n, r) for n, r in shares.items()), _XML_CLOSE))
            choices.append(f"{literal(window.path + to_lines)} {lines} {rest}")
        if anchor.escape:
            elsewhere = _elsewhere(grammar, anchor, r"[^\n]", str, to_lines + _XML_NOT_FOUND)
            choices.append(f"{elsewhere} {empty}")
        if not choices:
            return ""
        where = grammar.define("where", " | ".join(choices))
        return grammar.define("call", f"{literal(self._head(anchor))} {where}")

    def escape(self, tool: ToolSchema, anchor: Anchor, room: Room) -> Escape:
        rest = _rest("\n", _XML_NOT_FOUND, lambda grammar: self._empty(grammar, tool, anchor, room))
        head = self.opening + self.begin + self._head(anchor)
        return Escape(self.opening, head, self._to_lines(anchor), "\n", _XML_END, False, rest)

    def reached(self, room: Room, said: str) -> bool:
        return room.reached(said)

    def lines_of(self, text: str, anchor: Anchor) -> tuple[str, str] | None:
        begin = self.opening + self.begin + self._head(anchor)
        path, then, rest = text.removeprefix(begin).partition(self._to_lines(anchor))
        lines, whole, _ = rest.partition("\n</parameter>\n")
        return (path, lines) if text.startswith(begin) and then and whole else None

    def _head(self, anchor: Anchor) -> str:
        return f"{anchor.tool}>\n<parameter={anchor.path}>\n"

    def _to_lines(self, anchor: Anchor) -> str:
        return f"\n</parameter>\n<parameter={anchor.lines}>\n"

    def _empty(self, grammar: Grammar, tool: ToolSchema, anchor: Anchor, room: Room) -> str:
        shares = rooms_of(tool, anchor, room)
        return " ".join((*(self._nothing(grammar, tool, n, r) for n, r in shares.items()), _XML_CLOSE))

    def _parameter(self, grammar: Grammar, tool: ToolSchema, name: str, room: Room) -> str:
        schema = tool.parameters["properties"][name]
        made = value(grammar, schema, tool.parameters, room, "</parameter>\n")
        rule = grammar.define("parameter", f"{literal(f'<parameter={name}>{chr(10)}')} {made}")
        return rule if _required(tool, name) else f"{rule}?"

    def _nothing(self, grammar: Grammar, tool: ToolSchema, name: str, room: Room) -> str:
        """A parameter of a call that will be refused: no word more than the schema asks for."""
        found = kinds(tool.parameters["properties"][name], tool.parameters)
        if not _required(tool, name):
            return ""
        if found and "string" not in found:
            return self._parameter(grammar, tool, name, room)
        return literal(f"<parameter={name}>\n\n</parameter>\n")


_XML_END = "\n</parameter>\n"
_XML_NOT_FOUND = NOT_FOUND + _XML_END
_XML_CLOSE = literal("</function>\n</tool_call>")
_XML_MARKS = re.compile(r"^</parameter>$|<\|im_(?:start|end)\|>|<\|endoftext\|>")


@dataclass(frozen=True, slots=True)
class JsonCalls:
    """`<tool_call>{"name": …, "arguments": {…}}</tool_call>`, of Qwen2.5 and Qwen3; Llama's has no
    marks around it and says "parameters"."""

    opening: str = "<tool_call>"
    begin: str = '\n{"name": "'
    between: str = "\n<tool_call>"
    arguments: str = "arguments"
    close: str = "}\n</tool_call>"
    leads: bool = False

    def call(self, grammar: Grammar, tool: ToolSchema, room: Room) -> str:
        shares = rooms_of(tool, None, room)
        schema = bounded({"type": "object", **tool.parameters}, tool.parameters, room.characters)
        schema["properties"] = {
            name: bounded(tool.parameters["properties"][name], tool.parameters, share.characters)
            for name, share in shares.items()
        }
        schema.setdefault("additionalProperties", False)
        named = literal(f'{tool.name}", "{self.arguments}": ')
        return grammar.define("call", f"{named} {grammar.define('json', node(schema))} {literal(self.close)}")

    def anchored(self, grammar: Grammar, tool: ToolSchema, anchor: Anchor, room: Room) -> str:
        shares = {n: r for n, r in rooms_of(tool, anchor, room).items() if _required(tool, n)}
        after = " ".join(self._more(grammar, tool, name, share) for name, share in shares.items())
        empty = self._empty(grammar, tool, anchor, room)
        close = literal("}" + self.close)
        to_lines = self._to_lines(anchor)
        choices: list[str] = []
        for number, window in enumerate(anchor.windows):
            named = literal(_inside(window.path) + to_lines)
            lines = unique_run(grammar, window, f"W{number}", _inside, "\\n", '"', _JSON_MARKS)
            if lines:
                choices.append(f"{named} {lines} {after} {close}")
            if anchor.escape:
                choices.append(f"{named} {literal(NOT_FOUND + chr(34))} {empty}")
        for window in anchor.late:
            late = late_rooms(tool, anchor, room)
            most = {"type": "string", "minLength": 1, "maxLength": late[anchor.lines].characters}
            lines = grammar.define("json", node(most))
            rest = " ".join(self._more(grammar, tool, name, late[name]) for name in shares)
            named = literal(_inside(window.path) + to_lines[:-1])
            choices.append(f"{named} {lines} {rest} {close}")
        if anchor.escape:
            no_mark = r'[^"\\\x00-\x1f]'
            elsewhere = _elsewhere(grammar, anchor, no_mark, _inside, f'{to_lines}{NOT_FOUND}"')
            choices.append(f"{elsewhere} {empty}")
        if not choices:
            return ""
        where = grammar.define("where", " | ".join(choices))
        return grammar.define("call", f"{literal(self._head(anchor))} {where}")

    def escape(self, tool: ToolSchema, anchor: Anchor, room: Room) -> Escape:
        rest = _rest("\\n", f'{NOT_FOUND}"', lambda grammar: self._empty(grammar, tool, anchor, room))
        head = self.opening + self.begin + self._head(anchor)
        return Escape(self.opening, head, self._to_lines(anchor), "\\n", '"', True, rest)

    def reached(self, room: Room, said: str) -> bool:
        return len(said) >= room.characters

    def lines_of(self, text: str, anchor: Anchor) -> tuple[str, str] | None:
        begin = (self.opening + self.begin + self._head(anchor))[:-1]  # the quote belongs to the string
        if not text.startswith(begin):
            return None
        try:
            path, at = json.JSONDecoder().raw_decode(text, len(begin))
            then = self._to_lines(anchor)[1:-1]
            return (
                (path, json.JSONDecoder().raw_decode(text, at + len(then))[0])
                if text.startswith(then, at)
                else None
            )
        except ValueError:
            return None

    def _head(self, anchor: Anchor) -> str:
        return f'{anchor.tool}", "{self.arguments}": {{"{anchor.path}": "'

    def _to_lines(self, anchor: Anchor) -> str:
        return f'", "{anchor.lines}": "'

    def _empty(self, grammar: Grammar, tool: ToolSchema, anchor: Anchor, room: Room) -> str:
        names = [name for name in rooms_of(tool, anchor, room) if _required(tool, name)]
        nothing = (self._more(grammar, tool, name, None) for name in names)
        return " ".join((*nothing, literal("}" + self.close)))

    def _more(self, grammar: Grammar, tool: ToolSchema, name: str, room: Room | None) -> str:
        schema = tool.parameters["properties"][name]
        made: dict[str, Any] = bounded(schema, tool.parameters, room.characters if room else 0)
        if room is None and "string" in kinds(schema, tool.parameters):
            made = {"const": ""}
        return f"{literal(f', {json.dumps(name)}: ')} {grammar.define('json', node(made))}"


def _rest(separator: str, not_found: str, empty: Callable[[Grammar], str]) -> tuple[str, str]:
    """Grammars of what follows when lines are given up where a line begins, and in the middle of one."""
    made = []
    for before in ("", separator):
        grammar = Grammar()
        nothing = empty(grammar)
        grammar.define("start", f"{literal(before + not_found)} {nothing}")
        made.append(grammar.text())
    return made[0], made[1]


_JSON_MARKS = re.compile(r"<\|(?:im_(?:start|end)|endoftext|eot_id|eom_id)\|>")


def _inside(text: str) -> str:
    """`text` inside of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _elsewhere(grammar: Grammar, anchor: Anchor, letter: str, say: Callable[[str], str], end: str) -> str:
    """Any path but those that were read, and `end`."""
    path = f"/{letter}{{1,{PATH}}}/"
    if windows := (*anchor.windows, *anchor.late):
        known = grammar.define("KNOWN", " | ".join(literal(say(w.path)) for w in windows))
        path = f"({path} & ~{known})"
    return grammar.define("OTHER", f"{path} {literal(end)}")


def rooms_of(tool: ToolSchema, anchor: Anchor | None, room: Room) -> dict[str, Room]:
    """The room of a call's parameters; with an `anchor`, of those that follow the lines."""
    held = (anchor.path, anchor.lines) if anchor else ()
    rest = {n: v for n, v in tool.parameters.get("properties", {}).items() if n not in held}
    return rooms({**tool.parameters, "properties": rest}, room)


def late_rooms(tool: ToolSchema, anchor: Anchor, room: Room) -> dict[str, Room]:
    """The room of what follows the path, where the lines are any text."""
    rest = {n: v for n, v in tool.parameters["properties"].items() if n != anchor.path}
    return rooms({**tool.parameters, "properties": rest}, room)


def is_text(tool: ToolSchema, name: str) -> bool:
    """Whether a parameter may be any text."""
    schema = resolved(tool.parameters["properties"][name], tool.parameters)
    return "string" in kinds(schema, tool.parameters) and "enum" not in schema and "const" not in schema


def _names(tool: ToolSchema) -> Sequence[str]:
    return tuple(tool.parameters.get("properties", {}))


def _required(tool: ToolSchema, name: str) -> bool:
    return name in tool.parameters.get("required", ())
