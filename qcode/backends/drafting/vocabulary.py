"""Tokens as a drafter sees them: text in, tokens out, and the bytes of one token."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Protocol

_CONTEXT = 200
"""Characters of a line that decide how what follows is cut."""


class Vocabulary(Protocol):
    """A byte-level tokenizer."""

    def encode(self, text: str) -> list[int]:
        """The tokens of plain text; marks of turns in it are text, too."""

    def piece(self, token: int) -> bytes:
        """What one token adds to the text; b"" for tokens that are no text."""


class Reader:
    """Tokens read as lines, as they come.

    `line` is the last line so far, without an end; `whole` says that no character is cut in two.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.line = ""

    @property
    def whole(self) -> bool:
        return not self._decoder.getstate()[0]

    def read(self, tokens: Iterable[int]) -> list[str]:
        """The lines that `tokens` complete, without their ends."""
        done: list[str] = []
        for token in tokens:
            *ended, rest = (self.line + self._decoder.decode(self._vocabulary.piece(token))).split("\n")
            done += ended
            self.line = rest
        return done


def continued(vocabulary: Vocabulary, line: str, rest: str, most: int) -> list[int]:
    """At most `most` tokens of `rest`, as they would be cut if they followed `line`.

    Where a tokenizer cuts depends on what stands before: `line` (what is there of the current line)
    is encoded along, and left out again where a cut falls between the two.
    """
    if not rest or most <= 0:
        return []
    tokens = vocabulary.encode(line + rest)
    left = len(line.encode())
    while left > 0 and tokens:
        left -= len(vocabulary.piece(tokens.pop(0)))
    return (tokens if left == 0 else vocabulary.encode(rest))[:most]
