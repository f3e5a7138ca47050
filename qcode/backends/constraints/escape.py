"""The way out of a choice among lines that were read, for engines that show what a model wanted to say.

A mask leaves a model no word but those of the window: what it would rather have said is lost, and a
text that stands nowhere becomes the line that is least unlike it. Where the model's own probabilities
are at hand, they can be asked first. The way out may be taken at the beginning of the lines and after
any part of them: the next line is then NOT_FOUND, and the rest of the call is as short as it can be.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

_ESCAPES = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[^u])")
"""Of a JSON text."""


@dataclass(frozen=True, slots=True)
class Escape:
    """How one form writes a call with lines, and how it goes on when they are given up.

    `opening`: the mark of a call; `head`: from there to the path; `to_lines`: from the path to the
    lines; `separator`: between two lines; `end`: what closes them; `quoted`: they are a JSON string.
    `rest`: grammars of the rest of the call, for the beginning of a line, and for the middle of one.
    """

    opening: str
    head: str
    to_lines: str
    separator: str
    end: str
    quoted: bool
    rest: tuple[str, str]

    def closing(self, at_start: bool) -> str:
        """What closes the lines, where a line begins (`at_start`) or in the middle of one."""
        return self.end.removeprefix(self.separator) if at_start else self.end


@dataclass(slots=True)
class Lines:
    """Where an answer stands in the lines of its call, as its bytes come.

    `open`: it is among them, and the way out can be taken here. `begins`: a line begins here. `number`:
    of that line, from 0.
    """

    escape: Escape
    open: bool = False
    begins: bool = False
    number: int = 0
    _text: str = ""
    _at: int = -1
    """Where the lines begin in the text; -1: not yet known."""
    _over: bool = False
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")(errors="replace")
    )

    def take(self, piece: bytes) -> None:
        """The bytes of the next token."""
        if self._over:
            return
        self._text += self._decoder.decode(piece)
        if self._at < 0:
            self._find()
        if self._at < 0 or self._over:
            return
        said = self._text[self._at :]
        whole = not self._decoder.getstate()[0]
        if self.escape.quoted:
            plain = _ESCAPES.sub(lambda found: "\n" if found[0] == "\\n" else "_", said)
            self._over, whole = '"' in plain, whole and "\\" not in plain
        else:
            plain = said
            self._over = self.escape.end in said
        self.number = plain.count("\n")
        self.begins = not plain or plain.endswith("\n")
        self.open = whole and not self._over

    def _find(self) -> None:
        """Only the first call of an answer may have lines, and then it has them after its path."""
        start = self._text.find(self.escape.opening)
        if start < 0:
            return
        said, head = self._text[start:], self.escape.head
        if not said.startswith(head[: len(said)]):
            self._over = True
            return
        path = said.find(self.escape.to_lines, len(head))
        if path >= 0:
            self._at = start + path + len(self.escape.to_lines)
