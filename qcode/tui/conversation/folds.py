"""Tool calls and thoughts: one line each, and the rest when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rich.text import Text

from qcode.messages import ToolFinished, ToolStarted
from qcode.terminal import clean
from qcode.tui.conversation.block import Block
from qcode.tui.ink import Ink
from qcode.tui.lines import cut, hard, spread, wrapped

SHOWN_LINES = 400
"""Lines of an opened result; the session's record has all of it."""
KEPT_CHARACTERS = 60_000
LEAST = 14
"""Cells that the right end of a headline keeps, however long its left one is."""
_PLACES = ("text", "path", "symbol", "name", "question")


class Fold(Block):
    """A headline, and a body that opens below it."""

    foldable = True
    folded = True
    gap = 0

    def headline(self, ink: Ink) -> tuple[Text, Text]:
        """(left end, right end) of the first line."""
        raise AttributeError(f"{type(self).__name__} has no headline")

    def body(self, width: int, ink: Ink) -> list[Text]:
        """The lines below it when it is open."""
        return []

    def preview(self, width: int, ink: Ink) -> list[Text]:
        """What shows of the body while it is folded."""
        return []

    @property
    def empty(self) -> bool:
        """Whether there is nothing to open."""
        return False

    def draw(self, width: int, ink: Ink) -> list[Text]:
        left, right = self.headline(ink)
        arrow = "  " if self.empty else "▸ " if self.folded else "▾ "
        left = Text.assemble((arrow, ink["muted"]), left)
        if (room := max(LEAST, width - left.cell_len - 2)) < right.cell_len:
            right = right.copy()
            right.truncate(room, overflow="ellipsis")
        lines = [spread(left, right, width)]
        below = self.preview(width - 4, ink) if self.folded else self.body(width - 4, ink)
        return lines + [Text.assemble(("  │ ", ink["faint"]), line) for line in below]


class Call(Fold):
    """One call of a tool, with its result."""

    def __init__(self, event: ToolStarted) -> None:
        self._name = clean(event.name, keep_newlines=False)
        self._arguments = event.arguments
        self._done: ToolFinished | None = None

    def finish(self, event: ToolFinished) -> None:
        """The result is there."""
        self._done = event
        self.changed()

    @property
    def empty(self) -> bool:
        return self._done is None

    def headline(self, ink: Ink) -> tuple[Text, Text]:
        done = self._done
        mark = (
            ("● ", ink["accent"]) if done is None else ("✓ ", ink["good"]) if done.ok else ("✗ ", ink["bad"])
        )
        left = Text.assemble(mark, (self._name, "bold"), " ", (told(self._arguments), ink["text"]))
        return left, Text(outcome(self._name, done), ink["muted"] if done is None or done.ok else ink["bad"])

    def preview(self, width: int, ink: Ink) -> list[Text]:
        """A refusal is worth reading at once."""
        if self._done is None or self._done.ok:
            return []
        lines = [line for line in clean(self._done.text).splitlines() if line.strip()]
        return [Text(cut(line, width), ink["muted"]) for line in lines[:2]]

    def body(self, width: int, ink: Ink) -> list[Text]:
        lines = edit_lines(self._arguments, width, ink)
        if self._done and (text := clean(self._done.text)[:KEPT_CHARACTERS].rstrip("\n")):
            found = hard(text, width, ink["muted"])
            lines += found[:SHOWN_LINES]
            if len(found) > SHOWN_LINES:
                lines.append(Text(f"… {len(found) - SHOWN_LINES} more lines", ink["muted"]))
        return lines

    def words(self) -> str:
        done = self._done
        state = "" if done is None else " ok" if done.ok else " refused"
        text = "" if done is None or done.ok else "\n" + clean(done.text)
        return f"tool {self._name} {told(self._arguments)}{state}{text}"

    def everything(self) -> str:
        """Arguments and result, to copy."""
        arguments = clean(json.dumps(dict(self._arguments), indent=2, ensure_ascii=False, default=str))
        return f"{self._name} {arguments}\n{clean(self._done.text) if self._done else ''}"


class Thought(Fold):
    """What the model thought; while it thinks, the last line shows."""

    def __init__(self) -> None:
        self._text = ""
        self._lines = 0
        self.going = True

    def add(self, text: str) -> None:
        """More of it."""
        text = clean(text)
        self._lines += text.count("\n")
        self._text = (self._text + text)[-KEPT_CHARACTERS:]
        self.changed()

    def finish(self) -> None:
        """The model began to speak."""
        self.going = False
        self.changed()

    def headline(self, ink: Ink) -> tuple[Text, Text]:
        word = "thinking" if self.going else "thought"
        count = max(1, self._lines + (not self._text.endswith("\n")))
        left = Text.assemble(("∴ ", ink["muted"]), (word, ink["comment"]))
        return left, Text(f"{count} line{'s' * (count != 1)}", ink["faint"])

    def preview(self, width: int, ink: Ink) -> list[Text]:
        if not self.going:
            return []
        last = next((line for line in reversed(self._text.split("\n")[-4:]) if line.strip()), "")
        return [Text(cut(last.strip(), width), ink["comment"])] if last else []

    def body(self, width: int, ink: Ink) -> list[Text]:
        lines = self._text.strip("\n").split("\n")
        shown: list[Text] = []
        for line in lines[-SHOWN_LINES:]:
            shown += wrapped(Text(line, ink["comment"]), width)
        return shown

    def words(self) -> str:
        return f"thought: {self._text.strip()}"


def told(arguments: Mapping[str, Any]) -> str:
    """The arguments of a call in a few words."""
    if "old" in arguments and "new" in arguments:
        return _word(f"{arguments['old']} → {arguments['new']}")
    if "symbol" in arguments and "new_name" in arguments:
        return _word(f"{arguments['symbol']} → {arguments['new_name']}")
    place = next((str(arguments[key]) for key in _PLACES if arguments.get(key)), "")
    start, end = arguments.get("start"), arguments.get("end")
    if place and isinstance(start, int):
        place += f":{start}" + (f"-{end}" if isinstance(end, int) else "")
    if not place and arguments:
        place = ", ".join(
            f"{len(value)} {key}" if isinstance(value, list) else f"{key}={_short(value)}"
            for key, value in list(arguments.items())[:3]
        )
    return _word(place)


def outcome(name: str, done: ToolFinished | None) -> str:
    """A result in a few words."""
    if done is None:
        return "…"
    text = clean(done.text)
    lines = text.count("\n") + 1
    if not done.ok:
        return "refused"
    if lines == 1 and len(text) <= 40:
        return text.rstrip(".")
    return f"{lines} lines" if lines > 1 else ""


def edit_lines(arguments: Mapping[str, Any], width: int, ink: Ink) -> list[Text]:
    """What an edit takes away and puts in its place, where the arguments say so."""
    lines: list[Text] = []
    for key, sign, style in (("search", "-", "bad"), ("replace", "+", "good"), ("content", "+", "good")):
        if isinstance(text := arguments.get(key), str) and text:
            for part in text.rstrip("\n").split("\n")[:SHOWN_LINES]:
                lines += hard(f"{sign} {clean(part)}", width, ink[style])
    return lines


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return cut(" ".join(text.split()), 40)


def _word(text: str) -> str:
    return cut(clean(" ".join(text.split()), keep_newlines=False), 200)
