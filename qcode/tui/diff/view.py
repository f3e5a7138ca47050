"""The lines of one file under review. Only visible lines are coloured and drawn."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from qcode.terminal import clean, is_clean
from qcode.tui.colours import Colours
from qcode.tui.diff import rows as diff_rows
from qcode.tui.diff.draft import FileDraft
from qcode.tui.diff.rows import Row
from qcode.tui.diff.words import Ranges, changed
from qcode.tui.ink import Inked
from qcode.tui.lines import cut, segments, spread

KEPT = 600
"""Drawn lines that are kept."""


class DiffView(Inked, can_focus=True):
    """One file; `part` is the hunk under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False),
        Binding("k,up", "scroll_up", "Up", show=False),
        Binding("h,left", "scroll_left", "Left", show=False),
        Binding("l,right", "scroll_right", "Right", show=False),
        Binding("pagedown", "page_down", "Page", show=False),
        Binding("pageup", "page_up", "Page", show=False),
        Binding("g,home", "scroll_home", "Top", show=False),
        Binding("G,end", "scroll_end", "Bottom", show=False),
    ]

    class Picked(Message):
        """The mouse chose a hunk; `mark`: it hit the mark that takes or leaves it."""

        def __init__(self, part: int, mark: bool) -> None:
            super().__init__()
            self.part = part
            self.mark = mark

    def __init__(self) -> None:
        super().__init__(id="diff")
        self.file: FileDraft | None = None
        self.part = 0
        self.wants_sides = False
        """Whether old and new shall stand beside each other, where there are both."""
        self._rows: list[Row] = []
        self._old: list[str] = []
        self._new: list[str] = []
        self._colours: tuple[Colours, Colours] = (Colours("", b""), Colours("", b""))
        self._strips: dict[tuple[int, int, int], Strip] = {}
        self._longest = 0
        self._digits = 1

    @property
    def side_by_side(self) -> bool:
        """Whether old and new stand beside each other in this file."""
        both = self.file is None or None not in (self.file.change.before, self.file.change.after)
        return self.wants_sides and both

    def show(self, file: FileDraft) -> None:
        """Another file."""
        self.file = file
        self.part = 0
        self._old, self._new = _lines(file.old, file.new)
        before, after = file.change.before or b"", file.change.after or b""
        self._colours = (Colours(file.path, before), Colours(file.path, after))
        self._digits = len(str(max(len(file.old), len(file.new))))
        self.rebuild()
        self.scroll_to(0, 0, animate=False)

    def rebuild(self) -> None:
        """Rows anew: another layout, or a hunk that was mended or commented on."""
        if self.file is None:
            return
        make = diff_rows.split if self.side_by_side else diff_rows.unified
        self._rows = make(self.file)
        lines = [self._old[r.old] for r in self._rows if r.old is not None and r.kind != "part"]
        lines += [self._new_text(r) for r in self._rows if r.new is not None and r.kind != "part"]
        longest = sorted(lines, key=len, reverse=True)[:20]  # wide characters count twice
        self._longest = max((cell_len(line.expandtabs(4)) for line in longest), default=0)
        self._fit()
        self.redraw()

    @property
    def drawn(self) -> bool:
        """Whether lines of a file have been drawn."""
        return bool(self._strips)

    def redraw(self) -> None:
        """The same rows, other marks."""
        self._strips.clear()
        self.refresh()

    def choose(self, part: int) -> None:
        """Move the cursor to a hunk and bring it into view."""
        if self.file is None:
            return
        self.part = max(0, min(part, len(self.file.parts) - 1))
        first = next((n for n, r in enumerate(self._rows) if r.kind == "part" and r.part == self.part), 0)
        last = max((n for n, r in enumerate(self._rows) if r.part == self.part), default=first)
        top, height = self.scroll_offset.y, self.size.height
        if first < top or last >= top + height:
            self.scroll_to(y=max(0, first - 1), animate=False)
        self.redraw()

    def repaint(self) -> None:
        self._strips.clear()

    def on_resize(self, event: Resize) -> None:
        """Other widths."""
        self._fit()
        self.redraw()

    def _fit(self) -> None:
        width = self.size.width
        self.virtual_size = Size(width + max(0, self._longest - self._room), len(self._rows))

    @property
    def _room(self) -> int:
        """Cells for the text of a line."""
        if self.side_by_side:
            return max(8, (self.size.width - 2) // 2 - self._digits - 4)
        return max(8, self.size.width - 2 * self._digits - 6)

    def render_line(self, y: int) -> Strip:
        place, width = y + self.scroll_offset.y, self.size.width
        if not 0 <= place < len(self._rows):
            return Strip.blank(width, self.rich_style)
        key = (place, self.scroll_offset.x, width)
        if key not in self._strips:
            if len(self._strips) > KEPT:
                self._strips.clear()
            line, style = self._draw(self._rows[place], self.scroll_offset.x, width)
            strip = Strip(segments(line)).adjust_cell_length(width)
            self._strips[key] = strip.apply_style(self.rich_style + style)
        return self._strips[key]

    def _draw(self, row: Row, left: int, width: int) -> tuple[Text, Style]:
        assert self.file is not None
        ink = self.ink
        bar = Text("▌" if row.part == self.part else " ", ink["accent"])
        match row.kind:
            case "part":
                return self._header(row, bar, width), ink["hunk"]
            case "comment":
                return Text.assemble(
                    bar, ("   » ", ink["warn"]), (cut(clean(row.text), width - 6), ink["warn"])
                ), Style()
            case "note":
                return Text.assemble(bar, (f"  {row.text}", ink["muted"])), Style()
            case "pair" | "same" if row.kind == "pair" or self.side_by_side:
                return Text.assemble(bar, *self._pair(row, left, width)), Style()
        return self._single(row, bar, left), self._ground(row.kind, row.part)

    def _header(self, row: Row, bar: Text, width: int) -> Text:
        assert self.file is not None
        part, ink = self.file.parts[row.part], self.ink
        mark, style = ("✓", "good") if part.taken else ("✗", "bad")
        left = Text.assemble(
            bar, (f" {mark} ", ink[style] + Style(bold=True)),
            (f"{row.part + 1}/{len(self.file.parts)}", ink["muted"]),
            (f"  line {part.whole.new_start + 1}", ink["text"]),
            (f"  {cut(clean(row.text, keep_newlines=False), 60)}" if row.text else "", ink["muted"]),
        )  # fmt: skip
        words = [] if part.taken else [("left out  ", ink["bad"])]
        words += [("mended  ", ink["warn"])] if part.mended is not None else []
        right = Text.assemble(*words, (f"+{part.added}", ink["good"]), (f" -{part.removed} ", ink["bad"]))
        return spread(left, right, width)

    def _single(self, row: Row, bar: Text, left: int) -> Text:
        ink = self.ink
        numbers = f"{_number(row.old, self._digits)} {_number(row.new, self._digits)} "
        text = self._text(row, old=row.kind == "removed")
        sign = {"removed": ("- ", ink["bad"]), "added": ("+ ", ink["good"])}.get(row.kind, ("  ", Style()))
        return Text.assemble(bar, (numbers, ink["faint"]), sign, _from(text, left, self._room))

    def _pair(self, row: Row, left: int, width: int) -> list[Text]:
        half = (width - 2) // 2
        sides: list[Text] = []
        for old in (True, False):
            number = row.old if old else row.new
            if not old:
                sides.append(Text("│", self.ink["faint"]))
            cells = half if old else width - 2 - half
            if number is None:
                sides.append(Text(" " * cells, self.ink["raised"]))
                continue
            kind = "removed" if old else "added"
            sign = ("- ", self.ink["bad"]) if old else ("+ ", self.ink["good"])
            if row.kind == "same":
                kind, sign = "same", ("  ", Style())
            shown = _from(self._text(row, old=old), left, max(1, cells - self._digits - 3))
            line = Text.assemble((f"{_number(number, self._digits)} ", self.ink["faint"]), sign, shown)
            line.append(" " * max(0, cells - line.cell_len))
            ground = self._ground(kind, row.part)
            sides.append(Text.assemble(line) if not ground else _on(line, ground))
        return sides

    def _ground(self, kind: str, part: int) -> Style:
        assert self.file is not None
        if kind not in ("added", "removed") or not self.file.parts[part].taken:
            return Style()
        return self.ink[kind]

    def _new_text(self, row: Row) -> str:
        assert self.file is not None and row.new is not None
        if row.mended is not None:
            lines = self.file.parts[row.part].mended or ()
            return lines[row.mended].decode("utf-8", "replace")
        return self._new[row.new]

    def _text(self, row: Row, old: bool) -> Text:
        """One side of a row with its colours, and the words that changed."""
        assert self.file is not None
        ink, number = self.ink, row.old if old else row.new
        assert number is not None
        raw = self._old[number] if old else self._new_text(row)
        if not is_clean(raw):
            return Text(clean(raw, keep_newlines=False).expandtabs(4), ink["text"])
        text = Text(raw, ink["text"])
        if row.mended is None or old:
            for start, stop, name in self._colours[0 if old else 1].line(number):
                text.stylize(ink[name], start, stop)
        if not self.file.parts[row.part].taken and row.kind != "same":
            text.stylize(ink["faint"])
        else:
            ground = ink["removed_word" if old else "added_word"]
            for start, stop in self._changed_words(row, old):
                text.stylize(ground, start, stop)
        text.expand_tabs(4)
        return text

    def _changed_words(self, row: Row, old: bool) -> Ranges:
        if row.kind == "pair":
            one, other = row.old, row.new
        elif row.kind == "removed":
            one, other = row.old, row.mate
        elif row.kind == "added":
            one, other = row.mate, row.new
        else:
            return ()
        if one is None or other is None or row.mended is not None:
            return ()
        return changed(self._old[one], self._new[other])[0 if old else 1]

    def on_click(self, event: Click) -> None:
        """A click chooses the hunk; on the mark of its header it takes or leaves it."""
        place = event.y + self.scroll_offset.y
        if 0 <= place < len(self._rows):
            row = self._rows[place]
            self.post_message(self.Picked(row.part, row.kind == "part" and event.x < 4))


def _lines(old: list[bytes], new: list[bytes]) -> tuple[list[str], list[str]]:
    """Texts without line ends. A CR shows where the two sides differ in it, and only there."""
    both = [[line.decode("utf-8", "replace") for line in lines] for lines in (old, new)]
    ends = [{line.endswith("\r") for line in lines[:-1]} for lines in both]
    if all(end <= {True} for end in ends):
        both = [[line.removesuffix("\r") for line in lines] for lines in both]
    return both[0], both[1]


def _number(number: int | None, digits: int) -> str:
    return " " * digits if number is None else f"{number + 1:>{digits}}"


def _from(text: Text, left: int, width: int) -> Text:
    """The part of a line that is in view."""
    if not left and cell_len(text.plain) <= width:
        return text
    strip = Strip(segments(text)).crop(left, left + width)
    return Text.assemble(*((s.text, s.style or Style()) for s in strip))


def _on(line: Text, ground: Style) -> Text:
    """`line` on a ground, below its other styles."""
    return Text.assemble(
        *((s.text, ground + (s.style or Style())) for s in Segment.apply_style(segments(line)))
    )
