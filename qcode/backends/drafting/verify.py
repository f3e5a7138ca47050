"""Decoding with drafts: several tokens from one forward pass, and exactly the text of plain decoding.

Every position of a draft is decided by `choose` from the model's own logits, in order, as if the
tokens came one by one; the first that differs from the draft ends the pass. A drafted token x is
so accepted with the model's probability of x, and what stands in its place otherwise has the
model's distribution without x: speculative sampling for a draft of certainty (Leviathan et al.,
2023, algorithm 1 with q(x) = 1). With temperature 0 or an equal seed the tokens are those of plain
decoding, whatever was drafted.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Generic, Protocol, TypeVar

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)
State = TypeVar("State")


class Model(Protocol[Row_co, State]):
    """A model with a state that can be put back: for recurrent layers that is the only way back."""

    def forward(self, tokens: Sequence[int]) -> Sequence[Row_co]:
        """Take `tokens` into the state; the logits after each of them."""

    def snapshot(self) -> State:
        """The state, to be kept."""

    def restore(self, state: State) -> None:
        """Go back to a state."""


class Drafter(Protocol):
    """Whoever proposes tokens."""

    def extend(self, tokens: Sequence[int]) -> None:
        """Take accepted tokens."""

    def propose(self, most: int) -> list[int]:
        """At most `most` tokens that may come next."""


class Speculation(Generic[Row, State]):
    """One answer, pass by pass.

    When a draft fails, the state goes back to where the pass began, and the accepted tokens are
    carried along by the next pass instead of having one of their own: `pending` are the tokens that
    the model's state does not hold yet. Once more than `most` have come together, a pass without a
    draft takes them in; so a pass has at most 2 * `most` tokens.

    `passes`, `drafted` and `accepted` count forward passes, drafted tokens, and those that were right.
    """

    def __init__(
        self,
        model: Model[Row, State],
        choose: Callable[[Row], int],
        drafter: Drafter,
        pending: Sequence[int],
        ends: Container[int] = (),
        most: int = 32,
    ) -> None:
        """`pending`: the last tokens of the prompt, at least one, that `model` has not taken yet.

        `choose` is called once for each token of the answer, in order: it may sample, mask, and count.
        A token of `ends` ends the answer.
        """
        self.pending = list(pending)
        self.passes = self.drafted = self.accepted = 0
        self.ended = False
        self._model = model
        self._choose = choose
        self._drafter = drafter
        self._ends = ends
        self._most = most

    def step(self, room: int) -> list[int]:
        """The tokens of one forward pass: at least one, at most `room`."""
        draft: list[int] = []
        if len(self.pending) <= self._most and room > 1:
            draft = self._drafter.propose(min(self._most, room - 1))
        before = self._model.snapshot() if draft else None
        rows = self._model.forward([*self.pending, *draft])
        new: list[int] = []
        for row in rows[len(self.pending) - 1 :]:
            token = self._choose(row)
            new.append(token)
            if token in self._ends or len(new) > len(draft) or token != draft[len(new) - 1]:
                break
        if before is None or len(new) > len(draft):
            self.pending = new[-1:]
        else:
            self._model.restore(before)
            self.pending += new
        self.passes += 1
        self.drafted += len(draft)
        self.accepted += len(new) - 1
        self.ended = new[-1] in self._ends
        self._drafter.extend(new)
        return new
