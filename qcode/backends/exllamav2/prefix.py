"""What of a prompt is known already, and the points of it that can be gone back to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import torch

State = TypeVar("State")


class Network(Protocol[State]):
    """A model with the memory of one text. `length` tokens of at most `context` are in it."""

    context: int

    @property
    def length(self) -> int:
        """Tokens taken."""

    def forward(self, tokens: Sequence[int], rows: int | None = None) -> torch.Tensor:
        """Take tokens; float32 logits after the last `rows` of them (None: all)."""

    def snapshot(self) -> State:
        """This point of the text, for soon."""

    def restore(self, state: State) -> None:
        """Go back to a point of this text."""

    def kept(self) -> State:
        """This point of the text, for long: outside of the GPU's memory."""

    def reset(self) -> None:
        """Forget all."""


class Portable(Protocol[State]):
    """A network whose memory can leave the process."""

    def exported(self, state: State) -> dict[str, torch.Tensor]:
        """All that a point of the text rests on."""

    def imported(self, tensors: dict[str, torch.Tensor]) -> State:
        """The point, after taking it over. Raises ValueError or KeyError when it does not fit."""


@dataclass(slots=True)
class Checkpoint(Generic[State]):
    """A state after the first `length` tokens of the text."""

    length: int
    state: State


class Prefix(Generic[State]):
    """The text that a network holds. Keys and values of the whole text stay; the recurrent state can
    only be put back to where it was kept, so `most` points are."""

    def __init__(self, network: Network[State], most: int = 16) -> None:
        self._network = network
        self._most = most
        self.tokens: list[int] = []
        self.checkpoints: list[Checkpoint[State]] = []

    def resume(self, prompt: Sequence[int]) -> int:
        """Go back to the last point that `prompt` shares, at least one token before its end. Gives how
        many of its tokens need not be computed."""
        shared = _shared(self.tokens, prompt)
        most = min(shared, len(prompt) - 1)
        if self._network.length == len(self.tokens) == most:
            return most
        # Behind the place where the texts part, keys and values will be written over.
        self.checkpoints = [point for point in self.checkpoints if point.length <= shared]
        usable = [point for point in self.checkpoints if point.length <= most]
        if not usable:
            self.clear()
            return 0
        self._network.restore(usable[-1].state)
        self.tokens = list(prompt[: usable[-1].length])
        return usable[-1].length

    def took(self, tokens: Sequence[int]) -> None:
        """The network has taken these, too."""
        self.tokens += tokens

    def keep(self) -> None:
        """Keep this point. Where there are too many, the one goes that leaves the smallest gap; never
        the first, which what is said to every model of this kind ends at."""
        length = self._network.length
        if any(point.length == length for point in self.checkpoints):
            return
        self.checkpoints.append(Checkpoint(length, self._network.kept()))
        self.checkpoints.sort(key=lambda point: point.length)
        if len(self.checkpoints) > self._most:
            lengths = [point.length for point in self.checkpoints]
            gaps = [lengths[n + 1] - lengths[n - 1] for n in range(1, len(lengths) - 1)]
            del self.checkpoints[1 + gaps.index(min(gaps))]

    def settle(self, text: Sequence[int]) -> None:
        """The network now holds the beginning of `text`, as far as it has taken it."""
        self.tokens = list(text[: self._network.length])

    def clear(self) -> None:
        """An empty text."""
        self._network.reset()
        self.tokens, self.checkpoints = [], []

    def save(self, path: Path, network: Portable[State], model: str) -> bool:
        """Write the first point to a file of the user's alone; `model` is what it belongs to. False: there
        is none."""
        from safetensors.torch import save_file

        if not self.checkpoints:
            return False
        point = self.checkpoints[0]
        described = {"model": model, "tokens": json.dumps(self.tokens[: point.length])}
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        save_file(network.exported(point.state), new, metadata=described)
        new.chmod(0o600)
        new.replace(path)
        return True

    def load(self, path: Path, network: Portable[State], model: str) -> int:
        """Take a point over from a file; gives its length, 0 when the file is of no use."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(str(path), framework="pt") as file:
                described: dict[str, Any] = file.metadata() or {}
                if described.get("model") != model:
                    return 0
                tokens = json.loads(described["tokens"])
                names = file.keys()  # it is no mapping
                state = network.imported({name: file.get_tensor(name) for name in names})
        except (OSError, SafetensorError, ValueError, KeyError, TypeError):
            self.clear()
            return 0
        if len(tokens) != self._network.length:
            self.clear()
            return 0
        self.tokens = tokens
        self.checkpoints = [Checkpoint(len(tokens), state)]
        return len(tokens)


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two texts begin with in common."""
    most = min(len(a), len(b))
    return next((n for n in range(most) if a[n] != b[n]), most)
