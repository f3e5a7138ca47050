"""Markdown as lines: headings, lists, quotes, tables, fences with the colours of their language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from qcode.tui.colours import coloured
from qcode.tui.ink import Ink
from qcode.tui.lines import cut, hard, wrapped

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_BULLETS = "•◦▪"


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough. HTML stays text: a model's answer is no page."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def draw(source: str, width: int, ink: Ink) -> list[Text]:
    """`source`, which must be clean, in lines of at most `width` cells."""
    drawn = _Drawing(width, ink)
    drawn.blocks(parser().parse(source))
    while drawn.lines and not drawn.lines[-1].plain.strip():
        drawn.lines.pop()
    return drawn.lines


class _Drawing:
    def __init__(self, width: int, ink: Ink) -> None:
        self._width = width
        self._ink = ink
        self.lines: list[Text] = []
        self._prefix = Text()
        self._item: Text | None = None
        """The bullet that the next line begins with, once."""

    def blocks(self, tokens: list[Token]) -> None:
        """Draw a flat list of block tokens."""
        counters: list[int | None] = []
        saved: list[Text] = []
        tight = 0
        place = 0
        while place < len(tokens):
            token = tokens[place]
            match token.type:
                case "heading_open":
                    self._blank(tight)
                    self._write(self._inline(tokens[place + 1], "heading"))
                case "paragraph_open":
                    if not token.hidden:
                        self._blank(tight)
                    self._write(self._inline(tokens[place + 1]))
                case "fence" | "code_block":
                    self._blank(0)
                    self._code(token.content, token.info.split()[0] if token.info.strip() else "")
                case "hr":
                    self._blank(0)
                    self._push(Text("─" * max(1, self._width - self._prefix.cell_len), self._ink["faint"]))
                case "bullet_list_open" | "ordered_list_open":
                    if not counters:
                        self._blank(0)
                    ordered = token.type == "ordered_list_open"
                    counters.append(int(token.attrGet("start") or 1) if ordered else None)
                case "bullet_list_close" | "ordered_list_close":
                    counters.pop()
                case "list_item_open":
                    number = counters[-1]
                    if number is None:
                        bullet = f"{_BULLETS[(len(counters) - 1) % len(_BULLETS)]} "
                    else:
                        bullet, counters[-1] = f"{number}. ", number + 1
                    saved.append(self._prefix)
                    self._item = Text.assemble(self._prefix, (bullet, self._ink["accent"]))
                    self._prefix = Text.assemble(self._prefix, " " * len(bullet))
                    tight += 1
                case "blockquote_open":
                    self._blank(0)
                    saved.append(self._prefix)
                    self._prefix = Text.assemble(self._prefix, ("▏ ", self._ink["accent"]))
                case "list_item_close" | "blockquote_close":
                    if self._item is not None:
                        self._push(Text())  # an item without text
                    self._prefix = saved.pop()
                    tight -= token.type == "list_item_close"
                case "table_open":
                    self._blank(0)
                    end = next(i for i in range(place, len(tokens)) if tokens[i].type == "table_close")
                    self._table(tokens[place:end])
                    place = end
            place += 1

    def _blank(self, tight: int) -> None:
        if self.lines and not tight and self._item is None:
            self.lines.append(self._prefix.copy())

    def _push(self, line: Text) -> None:
        head, self._item = self._item or self._prefix, None
        self.lines.append(Text.assemble(head, line))

    def _write(self, text: Text) -> None:
        head, self._item = self._item or self._prefix, None
        self.lines += wrapped(text, self._width, head, self._prefix)

    def _code(self, source: str, language: str) -> None:
        room = max(8, self._width - self._prefix.cell_len - 2)
        bar = Text("▎ ", self._ink["faint"])
        for line in coloured(language, source.rstrip("\n"), self._ink):
            line.expand_tabs(4)
            parts = [line] if cell_len(line.plain) <= room else _hard(line, room)
            for part in parts:
                self._push(Text.assemble(bar, part))

    def _table(self, tokens: list[Token]) -> None:
        rows: list[list[Text]] = []
        for place, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                style = "heading" if token.type == "th_open" else ""
                rows[-1].append(self._inline(tokens[place + 1], style))
        columns = max(len(row) for row in rows)
        widths = [max((row[c].cell_len for row in rows if c < len(row)), default=1) for c in range(columns)]
        room = self._width - self._prefix.cell_len - 3 * (columns - 1)
        while sum(widths) > room and max(widths) > 6:
            widths[widths.index(max(widths))] -= 1
        rule = self._ink["faint"]
        for number, row in enumerate(rows):
            cells = [wrapped(cell, width) for cell, width in zip(row, widths, strict=False)]
            for n in range(max((len(cell) for cell in cells), default=0)):
                line = Text()
                for column, cell in enumerate(cells):
                    part = cell[n] if n < len(cell) else Text()
                    if part.cell_len > widths[column]:
                        part.truncate(widths[column], overflow="ellipsis")
                    line = Text.assemble(line, (" │ ", rule) if column else "", part)
                    line.append(" " * (widths[column] - part.cell_len))
                self._push(line)
            if number == 0:
                self._push(Text("─┼─".join("─" * width for width in widths), rule))

    def _inline(self, token: Token, base: str = "") -> Text:
        text = Text()
        styles: list[str] = [base] if base else []
        ends: list[str] = []
        for child in token.children or []:
            match child.type:
                case "text" | "html_inline":
                    self._append(text, child.content, styles)
                case "code_inline":
                    self._append(text, child.content, [*styles, "literal"])
                case "softbreak":
                    text.append(" ")
                case "hardbreak":
                    text.append("\n")
                case "strong_open":
                    styles.append("bold")
                case "em_open":
                    styles.append("italic")
                case "s_open":
                    styles.append("strike")
                case "link_open":
                    styles.append("link")
                    ends.append(str(child.attrGet("href") or ""))
                case "link_close":
                    styles.pop()
                    target = ends.pop()
                    # The words of a link may say one thing and its address another: show both.
                    if target and target not in text.plain:
                        self._append(text, f" ({cut(target, 80)})", [*styles, "muted"])
                case "strong_close" | "em_close" | "s_close":
                    styles.pop()
                case "image":
                    self._append(text, f"[{child.content}]({child.attrGet('src')})", [*styles, "muted"])
        return text

    def _append(self, text: Text, words: str, styles: list[str]) -> None:
        start = len(text)
        text.append(words)
        for style in styles:
            text.stylize(self._ink.get(style, style), start)


def _hard(line: Text, width: int) -> list[Text]:
    """A styled line broken at the edge."""
    cuts: list[int] = []
    place = 0
    for part in hard(line.plain, width)[:-1]:
        place += len(part)
        cuts.append(place)
    return list(line.divide(cuts))
