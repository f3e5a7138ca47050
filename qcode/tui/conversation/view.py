"""The scrolling view of all blocks.

It draws lines, not widgets: a frame costs what is visible, however long the conversation is. Of the
rest only heights are kept. What streams is drawn at most `FRAMES` times a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click, Key, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from qcode.tui.conversation.block import Block
from qcode.tui.conversation.stack import Stack
from qcode.tui.ink import Inked
from qcode.tui.lines import segments

FRAMES = 20
SLICE_S = 0.008
"""Seconds of work at a time while heights are measured anew."""
GUTTER = 2
WIDEST = 120
"""Cells of a line; longer ones are hard to read, however wide the terminal is."""


class ConversationView(Inked, can_focus=True):
    """Blocks, one below the other. Follows the end until the user scrolls away from it."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "walk(-1)", "Up", show=False),
        Binding("down,j", "walk(1)", "Down", show=False),
        Binding("enter,space", "fold", "Open/fold", show=False),
        Binding("o", "fold_all", "Open/fold all", show=False),
        Binding("y", "copy", "Copy block", show=False),
        Binding("home,g", "ends(0)", "First", show=False),
        Binding("end,G", "ends(1)", "Last", show=False),
    ]

    class Copied(Message):
        """The user wants this text in the clipboard."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Typed(Message):
        """A letter that means nothing here: it was meant for the prompt."""

        def __init__(self, letter: str) -> None:
            super().__init__()
            self.letter = letter

    class Followed(Message):
        """Whether the end is in view has changed."""

        def __init__(self, following: bool) -> None:
            super().__init__()
            self.following = following

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._stack = Stack(self._draw)
        self._dirty: set[int] = set()
        self._stale: set[int] = set()
        self._width = 0
        self._flushed = 0.0
        self._waiting = False
        self._moving = False
        self._following = True
        self._cursor: int | None = None
        self.before_frame: Callable[[], None] = lambda: None
        """Called before each frame: whoever streams brings the blocks up to date."""

    # --- blocks -------------------------------------------------------------------------------

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is shown, oldest first."""
        return tuple(self._stack.blocks)

    @property
    def following(self) -> bool:
        """Whether new lines scroll into view."""
        return self._following

    def add(self, *blocks: Block) -> None:
        """Append blocks; they show with the next frame."""
        for block in blocks:
            index = self._stack.add(block)
            block.changed = partial(self._touch, index)
            self._dirty.add(index)
        self.request_frame()

    def take_away(self, block: Block) -> None:
        """Take a block away again (a queued message that went out)."""
        kept = [b for b in self._stack.blocks if b is not block]
        self.replace(kept)

    def replace(self, blocks: Iterable[Block]) -> None:
        """Show these instead."""
        self._stack.clear()
        self._cursor = None
        self._dirty.clear()
        self._stale.clear()
        self.add(*blocks)

    def follow(self) -> None:
        """Go to the end, and stay there."""
        self._follow(True)
        self.request_frame()

    def words(self) -> str:
        """The whole conversation as text."""
        return "\n\n".join(block.words() for block in self._stack.blocks)

    # --- frames -------------------------------------------------------------------------------

    def request_frame(self) -> None:
        """Something moved outside of the blocks (a stream): draw soon."""
        if self._waiting or not self.is_attached:
            return
        self._waiting = True
        wait = max(0.001, 1 / FRAMES - (time.monotonic() - self._flushed))
        self.set_timer(wait, self.frame)

    def frame(self) -> None:
        """Bring heights, size and screen up to date."""
        self._waiting = False
        self._flushed = time.monotonic()
        self.before_frame()
        if not self._width:
            return  # not laid out yet: `on_resize` draws the first frame
        dirty, self._dirty = sorted(self._dirty), set()
        if not dirty:
            return
        before = self._stack.bottom
        changed = False
        for index in dirty:
            changed |= self._measure(index)
        if changed:
            self._stack.settle(dirty[0])
        if self._stack.bottom != before:
            self._resize_to_blocks()
        top = self._stack.tops[dirty[0]] - self.scroll_offset.y
        self.refresh(Region(0, max(0, top), self.size.width, self.size.height))

    def on_resize(self, event: Resize) -> None:
        """Lines break elsewhere: what is visible is measured now, the rest in slices."""
        if self.size.width == self._width:
            if self._following:
                self._to_end()
            return
        anchor = self._anchor()
        self._width = self.size.width
        self._stack.forget()
        self._stale = set(range(len(self._stack.blocks)))
        self._dirty.clear()
        self._measure_near(anchor[0])
        self._restore(anchor)
        self._slice()
        self.refresh()

    def _slice(self) -> None:
        end = time.monotonic() + SLICE_S
        anchor = self._anchor()
        while self._stale and time.monotonic() < end:
            self._measure(max(self._stale))
        self._restore(anchor)
        if self._stale:
            self.set_timer(0.005, self._slice)

    def _measure(self, index: int) -> bool:
        self._stale.discard(index)
        return self._stack.measure(index)

    def _measure_near(self, index: int) -> None:
        """Measure as many blocks around `index` as fill the view."""
        for step in (1, -1):
            left = self.size.height + 1
            place = index if step == 1 else index - 1
            while 0 <= place < len(self._stack.blocks) and left > 0:
                if place in self._stale:
                    self._measure(place)
                left -= self._stack.heights[place]
                place += step
        self._stack.settle()

    def _resize_to_blocks(self) -> None:
        self._moving = True
        self.virtual_size = Size(self._width, self._stack.bottom)
        self._moving = False
        if self._following:
            self._to_end()

    def _anchor(self) -> tuple[int, int]:
        """(block, line in it) at the top of the view; the last block when the end is followed."""
        stack = self._stack
        if self._following or not stack.blocks:
            return max(0, len(stack.blocks) - 1), 0
        line = self.scroll_offset.y
        index = len(stack.blocks) - 1 if (found := stack.at(line)) is None else found
        return index, line - stack.tops[index]

    def _restore(self, anchor: tuple[int, int]) -> None:
        stack = self._stack
        stack.settle()
        self._resize_to_blocks()
        if not self._following and stack.blocks:
            index, line = anchor
            self._go(stack.tops[index] + min(line, max(0, stack.heights[index] - 1)))

    # --- drawing ------------------------------------------------------------------------------

    def repaint(self) -> None:
        self._stack.forget()

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        width = self.size.width
        index = self._stack.at(line)
        if index is None:
            return Strip.blank(width, self.rich_style)
        strip = self._stack.line(line)
        if strip is None:
            return Strip.blank(width, self.rich_style).apply_offsets(0, line)
        if index == self._cursor and self.has_focus:
            bar = Segment("▌", self.rich_style + self.ink["accent"])
            strip = Strip([bar, *strip.crop(1, width)], width)
        if (selection := self.text_selection) and (span := selection.get_span(line)):
            start, end = span
            strip = _selected(strip, start, width if end == -1 else end, self.ink["chosen"])
        return strip.apply_offsets(0, line)

    def _draw(self, block: Block) -> list[Strip]:
        style = self.rich_style + self.ink[block.ground] if block.ground else self.rich_style
        room = max(20, min(WIDEST, self._width - GUTTER - 1))
        return [self._strip(line, style) for line in block.draw(room, self.ink)]

    def _strip(self, line: Text, style: Style) -> Strip:
        return (
            Strip([Segment(" " * GUTTER), *segments(line)]).adjust_cell_length(self._width).apply_style(style)
        )

    def _touch(self, index: int) -> None:
        self._dirty.add(index)
        self.request_frame()

    # --- scrolling ----------------------------------------------------------------------------

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._moving:
            self._follow(new_value >= self.max_scroll_y - 0.5)

    def _follow(self, yes: bool) -> None:
        if yes != self._following:
            self._following = yes
            self.post_message(self.Followed(yes))

    def _to_end(self) -> None:
        self._go(self.max_scroll_y)

    def _go(self, y: float) -> None:
        self._moving = True
        self.scroll_to(y=y, animate=False)
        self._moving = False

    # --- keys and mouse -----------------------------------------------------------------------

    def on_key(self, event: Key) -> None:
        """Whoever writes while the conversation has the keys goes on writing in the prompt."""
        bound = event.key in self._bindings.key_to_bindings or event.key == "question_mark"
        if event.is_printable and event.character and not bound:
            event.stop()
            self.post_message(self.Typed(event.character))

    def on_focus(self) -> None:
        """Keys need a place to start from: the last block in view."""
        if self._cursor is None and self._stack.blocks:
            line = self.scroll_offset.y + self.size.height - 1
            last = len(self._stack.blocks) - 1
            self._cursor = last if (index := self._stack.at(line)) is None else index
        self.refresh()

    def on_blur(self) -> None:
        """Without the focus there is no cursor."""
        self.refresh()

    def on_click(self, event: Click) -> None:
        """A click on the first line of a fold opens it."""
        line = event.y + self.scroll_offset.y
        if (index := self._stack.at(line)) is not None:
            self._cursor = index
            if line == self._stack.tops[index] + self._stack.gap(index):
                self._stack.blocks[index].toggle()
            self.refresh()

    def action_walk(self, step: int) -> None:
        """The next block; within one that is taller than the view, the next line."""
        if self._cursor is None:
            return
        top = self._stack.tops[self._cursor]
        below = top + self._stack.heights[self._cursor] > self.scroll_offset.y + self.size.height
        above = top < self.scroll_offset.y
        if (step > 0 and below) or (step < 0 and above):
            self.scroll_relative(y=step, animate=False)
            return
        self._cursor = min(len(self._stack.blocks) - 1, max(0, self._cursor + step))
        self._reveal(self._cursor)

    def action_fold(self) -> None:
        """Open or fold the block under the cursor."""
        if self._cursor is not None:
            self._stack.blocks[self._cursor].toggle()

    def action_fold_all(self) -> None:
        """Open all folds; if all are open, fold them."""
        folds = [block for block in self._stack.blocks if block.foldable]
        wanted = not any(block.folded for block in folds)
        for block in folds:
            if block.folded != wanted:
                block.toggle()

    def action_copy(self) -> None:
        """Copy the block under the cursor: a fold with all that is in it."""
        if self._cursor is not None:
            block = self._stack.blocks[self._cursor]
            whole = getattr(block, "everything", block.words)
            self.post_message(self.Copied(whole()))

    def action_ends(self, last: int) -> None:
        """The first or the last block."""
        if self._stack.blocks:
            self._cursor = len(self._stack.blocks) - 1 if last else 0
            self.scroll_to(y=self.max_scroll_y if last else 0, animate=False)
            self.refresh()

    def _reveal(self, index: int) -> None:
        top, height = self._stack.tops[index], self._stack.heights[index]
        view = self.size.height
        if top < self.scroll_offset.y or height >= view:
            self.scroll_to(y=top, animate=False)
        elif top + height > self.scroll_offset.y + view:
            self.scroll_to(y=top + height - view, animate=False)
        self.refresh()

    # --- selection ----------------------------------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text between two places, as it stands on the screen."""
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else self._stack.bottom - 1
        lines: list[str] = []
        for line in range(max(0, first), min(last, self._stack.bottom - 1) + 1):
            strip = self._stack.line(line)
            text = strip.text if strip else ""
            start, end = selection.get_span(line) or (0, -1)
            text = text[start:] if end == -1 else text[start:end]
            lines.append((text if start >= GUTTER else text[GUTTER - start :]).rstrip())
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is selected."""
        self.refresh()


def _selected(strip: Strip, start: int, end: int, ground: Style) -> Strip:
    """`strip` with the cells `start` to `end` on the ground of a selection."""
    width = strip.cell_length
    start, end = max(0, min(start, width)), max(0, min(end, width))
    if start >= end:
        return strip
    left, middle, right = strip.crop(0, start), strip.crop(start, end), strip.crop(end, width)
    return Strip.join([left, Strip(Segment.apply_style(middle, post_style=ground)), right])
