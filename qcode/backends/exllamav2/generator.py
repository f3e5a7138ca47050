"""One answer at a time: prompt in parts, then pass by pass, with drafts, masks, and an end.

The memory of a recurrent model cannot be wound back to any place, so nothing here ever forgets part
of a text but by going to a point that was kept (`Prefix`).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import torch

from qcode.backends.constraints import Escape
from qcode.backends.drafting import Drafter, Speculation
from qcode.backends.exllamav2.masks import Matcher, forbid
from qcode.backends.exllamav2.prefix import Network, Prefix
from qcode.backends.exllamav2.sampling import Sampler, logprob
from qcode.backends.exllamav2.text import Writer
from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.backends.exllamav2.weighing import Weighed
from qcode.backends.threaded import Count, Piece, Pieces
from qcode.messages import Sampling

State = TypeVar("State")
_TURN = "<|im_start|>"
_TURNS = 4
"""Beginnings of turns, from the prompt's end, whose state is kept: the next prompt mostly parts there."""
_BATCH_S = 0.25
"""Seconds between two looks at a cancel while the prompt is read."""
DRAFT = 24
"""Tokens drafted for a pass at most: with the one before them they are less than the 32 rows that ExLlamaV2's
kernels for quantised weights take at once."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One answer. `prompt` has at least one token.

    `matcher` holds from where thought has ended; `escape`: how the lines that it holds a call to are given
    up, where the model would rather write others. `thought_tokens`: after so many, thought is closed.
    `logprobs`: work out how likely each token was. `draft`: most tokens drafted for a pass. `begin`: the
    answer's first tokens, where a format leaves it to the model to begin its thought.
    """

    prompt: Sequence[int]
    sampling: Sampling
    matcher: Matcher | None = None
    escape: Escape | None = None
    drafter: Drafter | None = None
    thought_tokens: int | None = None
    logprobs: bool = False
    draft: int = DRAFT
    begin: Sequence[int] = ()


class Nothing:
    """Drafts nothing."""

    def extend(self, tokens: Sequence[int]) -> None:
        pass

    def propose(self, most: int) -> list[int]:
        return []


class Generator(Generic[State]):
    """Answers from one network, in turn."""

    def __init__(
        self,
        network: Network[State],
        tokenizer: Tokenizer,
        prefix: Prefix[State] | None = None,
        batch: int = 64,
        largest: int = 512,
    ) -> None:
        """`batch`: tokens of a prompt computed at first between two looks at a cancel; then as many as take
        a quarter of a second, at most `largest`."""
        self.prefix = prefix or Prefix(network)
        self._network = network
        self._tokenizer = tokenizer
        self._batch, self._largest = batch, largest
        self._turn = tokenizer.number(_TURN)

    def answer(self, wanted: Wanted, count: Count, cancelled: Callable[[], bool]) -> Pieces:
        """The pieces of an answer; `count` is filled as they come. Ends between two passes when `cancelled`
        says so, also while the prompt is read. Raises BackendError for a constraint that breaks."""
        prompt = list(wanted.prompt)
        count.prompt = len(prompt)
        yield from self._read(prompt, count, cancelled)
        if cancelled():
            return
        writer = Writer(self._tokenizer, wanted.sampling.stop)
        choice = _Choice(self._tokenizer, wanted)
        speculation: Speculation[torch.Tensor, State] = Speculation(
            self._network,
            choice.choose,
            wanted.drafter or Nothing(),
            prompt[-1:],
            self._tokenizer.ends,
            wanted.draft,
        )
        room = min(wanted.sampling.max_tokens, self._network.context - len(prompt))
        written: list[int] = []
        try:
            while len(written) < room and not speculation.ended and not writer.stopped and not cancelled():
                done = len(written)
                written += speculation.step(room - done)
                text = "".join(writer.write(token) for token in written[done:])
                count.passes, count.completion = speculation.passes, len(written)
                count.drafted, count.accepted = speculation.drafted, speculation.accepted
                yield Piece(text, tuple(written[done:]), tuple(choice.logprobs[done:]))
        except Exception:
            # A pass that broke off has left its mark on some layers, and not on others.
            self.prefix.clear()
            raise
        finally:
            self.prefix.settle(prompt + written)
        if speculation.ended or writer.stopped:
            count.finish = "stop"
        elif len(written) >= room:
            count.finish = "length"
        if rest := writer.finish():
            yield Piece(rest)

    def _read(self, prompt: list[int], count: Count, cancelled: Callable[[], bool]) -> Iterator[Piece]:
        """Take all of the prompt but its last token, keeping the points that a later prompt may share."""
        done = count.cached = self.prefix.resume(prompt)
        last = len(prompt) - 1
        yield Piece(read=(done, len(prompt)))
        for edge in self._edges(prompt, done):
            while done < edge:
                if cancelled():
                    return
                start = time.monotonic()
                part = prompt[done : min(edge, done + self._batch)]
                self._network.forward(part, rows=0)
                self.prefix.took(part)
                done += len(part)
                self._pace(len(part), time.monotonic() - start)
                yield Piece(read=(done, len(prompt)))
            self.prefix.keep()
        assert done == last, "a prompt was read past its end"

    def _edges(self, prompt: Sequence[int], done: int) -> list[int]:
        """Where to keep a point: the end of the first turn, which is the same for many prompts, the
        beginnings of the last turns, and the end."""
        last = len(prompt) - 1
        turns = [n for n, token in enumerate(prompt) if token == self._turn and 0 < n <= last]
        edges = {*turns[:1], *turns[-_TURNS:], last}
        return sorted(edge for edge in edges if edge > done) or [done]

    def _pace(self, tokens: int, seconds: float) -> None:
        if tokens == self._batch and seconds > 0:
            fitting = int(tokens * _BATCH_S / seconds)
            self._batch = max(4, min(self._largest, fitting, 2 * self._batch))


@dataclass(slots=True)
class _Choice:
    """Decides one token after the other, as if they came one by one."""

    tokenizer: Tokenizer
    wanted: Wanted
    logprobs: list[float] = field(default_factory=list)
    _sampler: Sampler = field(init=False)
    _matcher: Matcher | Weighed | None = field(init=False)
    _closing: int | None = field(init=False)
    _thinking: bool = field(init=False)
    _thought: int = 0
    _forced: deque[int] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._sampler = Sampler(self.wanted.sampling)
        self._matcher = self.wanted.matcher
        if self._matcher is not None and self.wanted.escape is not None:
            self._matcher = Weighed(self._matcher, self.wanted.escape, self.tokenizer)
        self._forced.extend(self.wanted.begin)
        self._closing = self.tokenizer.number("</think>")
        self._thinking = self.wanted.sampling.thinking and self._closing is not None

    def choose(self, row: torch.Tensor) -> int:
        row = row[: self.tokenizer.size]
        forced = bool(self._forced)
        token = self._forced.popleft() if forced else self._drawn(row)
        if self.wanted.logprobs:
            self.logprobs.append(logprob(row, token))
        if self._thinking:
            self._think(token)
        elif self._matcher is not None and not forced:
            self._matcher.accept(token)
        return token

    def _drawn(self, row: torch.Tensor) -> int:
        if self._thinking or self._matcher is None:
            return self._sampler.choose(row)
        if isinstance(self._matcher, Weighed):
            return self._matcher.choose(row, self._sampler)
        return self._sampler.choose(forbid(row, self._matcher.mask()))

    def _think(self, token: int) -> None:
        self._thought += 1
        if token == self._closing:
            self._thinking = False
            # As the format has it; what is constrained begins behind it.
            self._forced.extend(self.tokenizer.encode("\n\n"))
        elif self._thought == self.wanted.thought_tokens:
            self._forced.extend(self.tokenizer.encode("\n</think>"))
