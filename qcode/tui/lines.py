"""Text in cells: wrapped lines, prefixes, and what fits."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

# Wrapping asks a console for its encoding and tab size alone; this one writes nowhere.
_CONSOLE = Console(width=80, color_system=None, force_terminal=False, legacy_windows=False)


def wrapped(text: Text, width: int, first: Text | None = None, rest: Text | None = None) -> list[Text]:
    """`text` in lines of at most `width` cells; the first begins with `first`, the others with `rest`.

    Words that are longer than a line are cut. An empty text is one empty line.
    """
    head = first or Text()
    tail = rest if rest is not None else Text(" " * head.cell_len)
    room = max(8, width - max(head.cell_len, tail.cell_len))
    lines: list[Text] = []
    for line in text.split("\n", allow_blank=True):
        if cell_len(line.plain) <= room:
            lines.append(line)
        else:
            lines += line.wrap(_CONSOLE, room, tab_size=4)
    return [Text.assemble(tail if n else head, line) for n, line in enumerate(lines)]


def segments(line: Text) -> list[Segment]:
    """One line as what a Strip is made of."""
    # Text.render leaves the style of the whole out when no part has another one.
    base = line.style if isinstance(line.style, Style) else _CONSOLE.get_style(line.style)
    parts = (s for s in line.render(_CONSOLE) if s.text and s.text != "\n")
    return list(Segment.apply_style(parts, base))


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells; what is missing shows as an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…" if width > 0 else ""


def cut_left(text: str, width: int) -> str:
    """Like `cut`, but the end is what stays: for paths."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return f"…{text}" if width > 0 else ""


def spread(left: Text, right: Text, width: int) -> Text:
    """One line of `width` cells with something at either end; the right end wins."""
    room = width - right.cell_len - (1 if right else 0)
    if left.cell_len > room:
        left = left.copy()
        left.truncate(max(0, room), overflow="ellipsis")
    return Text.assemble(left, " " * max(0, width - left.cell_len - right.cell_len), right)


def hard(text: str, width: int, style: Style | str = "") -> list[Text]:
    """Lines of code or output: broken at the edge, not between words. Tabs become spaces."""
    lines: list[Text] = []
    for line in text.split("\n"):
        line = line.expandtabs(4)
        while width > 1:
            # Only the beginning is measured: a line may be a megabyte long.
            start = line[: 2 * width]
            if cell_len(start) <= width and len(start) == len(line):
                break
            head = set_cell_size(start, width)
            # A wide character at the edge does not fit; set_cell_size puts a space there.
            taken = len(head) if start.startswith(head) else len(head) - 1
            lines.append(Text(line[: max(1, taken)], style))
            line = line[max(1, taken) :]
        lines.append(Text(line, style))
    return lines
