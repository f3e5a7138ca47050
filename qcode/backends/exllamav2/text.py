"""Tokens to text as they come, up to where it has to stop."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from qcode.backends.exllamav2.tokenizer import Tokenizer


class Writer:
    """The text of an answer. What could be the beginning of a stop string is held back."""

    def __init__(self, tokenizer: Tokenizer, stops: Sequence[str] = ()) -> None:
        self._tokenizer = tokenizer
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.stopped = False
        """A stop string has come; the text before it is all there is."""

    def write(self, token: int) -> str:
        """What `token` adds to the text."""
        self._held += self._decoder.decode(self._tokenizer.piece(token))
        return self._release()

    def finish(self) -> str:
        """What was held back."""
        self._held += self._decoder.decode(b"", final=True)
        text = self._release()
        rest, self._held = ("" if self.stopped else self._held), ""
        return text + rest

    def _release(self) -> str:
        if self.stopped:
            return ""
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            self.stopped = True
            text, self._held = self._held[: min(found)], ""
            return text
        keep = max((_overlap(self._held, stop) for stop in self._stops), default=0)
        text = self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return text


def _overlap(text: str, stop: str) -> int:
    """Characters at the end of `text` that `stop` begins with."""
    sizes = range(min(len(text), len(stop) - 1), 0, -1)
    return next((size for size in sizes if text.endswith(stop[:size])), 0)
