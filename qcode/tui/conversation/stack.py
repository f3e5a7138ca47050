"""Blocks, one below the other: how high each is, where it stands, and its drawn lines while they last."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable

from textual.strip import Strip

from qcode.tui.conversation.block import Block

KEPT_LINES = 600
"""Drawn lines that are kept for the next frame."""


class Stack:
    """Of most blocks only the height is kept. `draw` gives the lines of a block for the width in force."""

    def __init__(self, draw: Callable[[Block], list[Strip]]) -> None:
        self._draw = draw
        self.blocks: list[Block] = []
        self.heights: list[int] = []
        self.tops: list[int] = []
        self.bottom = 0
        """Lines of all blocks together."""
        self._strips: OrderedDict[int, list[Strip]] = OrderedDict()
        self._strip_lines = 0

    def add(self, block: Block) -> int:
        """Put a block at the end; its number. It has no height until it is measured."""
        self.blocks.append(block)
        self.heights.append(0)
        self.tops.append(self.bottom)
        return len(self.blocks) - 1

    def clear(self) -> None:
        """No blocks."""
        self.blocks, self.heights, self.tops = [], [], []
        self.bottom = 0
        self.forget()

    def measure(self, index: int) -> bool:
        """Draw a block, note its height; whether that is another one than before."""
        self._drop(index)
        height = len(self.strips(index)) + self.gap(index)
        if height == self.heights[index]:
            return False
        self.heights[index] = height
        return True

    def settle(self, first: int = 0) -> None:
        """Heights from block `first` on have changed: where they stand now."""
        top = self.tops[first - 1] + self.heights[first - 1] if first else 0
        for index in range(first, len(self.blocks)):
            self.tops[index] = top
            top += self.heights[index]
        self.bottom = top

    def gap(self, index: int) -> int:
        """Blank lines above a block."""
        return self.blocks[index].gap * bool(index)

    def at(self, line: int) -> int | None:
        """The block at a line; None beyond the end."""
        index = bisect_right(self.tops, line) - 1
        return index if 0 <= index < len(self.blocks) and line < self.bottom else None

    def line(self, line: int) -> Strip | None:
        """What is drawn at a line; None for a gap, and beyond the end."""
        if (index := self.at(line)) is None:
            return None
        offset = line - self.tops[index] - self.gap(index)
        strips = self.strips(index)
        return strips[offset] if 0 <= offset < len(strips) else None

    def strips(self, index: int) -> list[Strip]:
        """The lines of a block."""
        if index in self._strips:
            self._strips.move_to_end(index)
            return self._strips[index]
        strips = self._strips[index] = self._draw(self.blocks[index])
        self._strip_lines += len(strips)
        while self._strip_lines > KEPT_LINES and len(self._strips) > 1:
            _, old = self._strips.popitem(last=False)
            self._strip_lines -= len(old)
        return strips

    def forget(self) -> None:
        """What was drawn is of no use any more: another width, other colours."""
        self._strips.clear()
        self._strip_lines = 0

    def _drop(self, index: int) -> None:
        if (old := self._strips.pop(index, None)) is not None:
            self._strip_lines -= len(old)
