"""Whether a model would have said any of the lines that a constraint leaves it, asked before it must.

Under a mask a model that wants to write what stands in no window is made to say the line that is
least unlike it: an edit that cannot miss, in a place that was not meant. So as long as the lines of
a call are being said, the probability that the model itself gives to what it may say (its logits as
they are, before the mask) is held against the rest, and where the rest wins, the lines are given up:
what comes is NOT_FOUND and the end of the call, and the model is told to read first.

At temperature 0 a line is given up once the model, by itself, would have written it (or any other that
could still be meant) with a probability below `LEAST`: the product over its tokens, from its first on.
A slip of spelling, which the mask mends, costs one factor; a line that is another costs one with every
token. Above 0 the next token is drawn without the mask, after temperature, top-k and top-p: where it
may come, it does, and where it leaves the window, the lines are given up. So answers are distributed as
the model's own, all those that leave the window taken together as NOT_FOUND.

A model that would end where the lines are not yet unique does not want to leave: it goes on, as it must.
"""

from __future__ import annotations

import torch

from qcode.backends.constraints import Escape, Lines
from qcode.backends.constraints.lark import literal
from qcode.backends.exllamav2.masks import Guided, Matcher, forbid
from qcode.backends.exllamav2.sampling import Sampler
from qcode.backends.exllamav2.tokenizer import Tokenizer

LEAST = 0.1
"""A model that is made to say a line against nine tenths of its own mind does not mean that line. Chosen,
not measured: no weights were at hand."""


class Weighed:
    """A matcher for a grammar whose lines can be given up."""

    def __init__(
        self,
        matcher: Matcher,
        escape: Escape,
        tokenizer: Tokenizer,
        least: float = LEAST,
    ) -> None:
        self.given_up = False
        """The lines were given up: the rest of the call is all that comes."""
        self._matcher = matcher
        self._escape = escape
        self._tokenizer = tokenizer
        self._least = least
        self._lines = Lines(escape)
        self._line, self._weight = 0, 1.0
        self._closings: dict[str, torch.Tensor] = {}

    def accept(self, token: int) -> None:
        """This one came."""
        self._matcher.accept(token)
        if not self.given_up:
            self._lines.take(self._tokenizer.piece(token))

    def choose(self, row: torch.Tensor, sampler: Sampler) -> int:
        """The next token, by the model's own logits `[vocabulary]`."""
        mask = self._matcher.mask()
        if self._lines.open and not self.given_up:
            token = self._weighed(row, mask, sampler)
            if token is not None:
                return token
            self.given_up = True
            self._matcher = Guided.lark(self._tokenizer, self._escape.rest[not self._lines.begins])
            mask = self._matcher.mask()
        return sampler.choose(forbid(row, mask))

    def _weighed(self, row: torch.Tensor, mask: bytes, sampler: Sampler) -> int | None:
        """A token of the lines; None: they are given up."""
        allowed, closing = forbid(row, mask), self._closing(row.device)
        if not sampler.greedy:
            token = sampler.choose(row)
            if allowed[token].isfinite():
                return token
            return sampler.choose(allowed) if bool((closing == token).any()) else None
        if self._lines.number != self._line:
            self._line, self._weight = self._lines.number, 1.0
        outside = row[closing[allowed[closing].isneginf()]]
        inside = torch.cat((allowed.logsumexp(0)[None], outside)).logsumexp(0)
        self._weight *= float((inside - row.logsumexp(0)).exp())
        return None if self._weight < self._least else sampler.choose(allowed)

    def _closing(self, device: torch.device) -> torch.Tensor:
        """The tokens with which what closes the lines can begin."""
        text = self._escape.closing(self._lines.begins)
        if text not in self._closings:
            begins = Guided.lark(self._tokenizer, f"%llguidance {{}}\nstart: {literal(text)} /(?s:.*)/\n")
            possible = forbid(torch.zeros(self._tokenizer.size), begins.mask()).isfinite()
            self._closings[text] = possible.nonzero()[:, 0].to(device)
        return self._closings[text]
