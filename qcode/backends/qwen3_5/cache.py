"""What a model remembers of a text: keys and values, and a recurrent state that can be put back."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from qcode.backends.qwen3_5.config import Qwen35Config


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Of one attending layer: `[kv_heads, context, head_dim]` each."""

    keys: torch.Tensor
    values: torch.Tensor


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Of one Gated DeltaNet layer, float32: the last inputs of its convolution
    `[conv_width, kernel - 1]`, and its state `[value_heads, key_dim, value_dim]`."""

    tail: torch.Tensor
    state: torch.Tensor


@dataclass(frozen=True, slots=True)
class State:
    """A point in a text, `length` tokens after its start. Keys and values are not part of it: those
    before that point are never written again, as long as the text before it stays the same."""

    length: int
    tails: torch.Tensor
    states: torch.Tensor

    @property
    def size(self) -> int:
        """Bytes: about 50 MB for the 9B."""
        return 4 * int(self.tails.numel() + self.states.numel())


class Cache:
    """The memory of one text of at most `context` tokens; `length` of them are there."""

    def __init__(self, config: Qwen35Config, context: int, device: str, dtype: torch.dtype) -> None:
        attending = sum(config.attends)
        shape = (attending, config.kv_heads, context, config.head_dim)
        self.context = context
        self.length = 0
        self._keys = torch.zeros(shape, device=device, dtype=dtype)
        self._values = torch.zeros(shape, device=device, dtype=dtype)
        recurrent = config.layers - attending
        self._tails = torch.zeros(recurrent, config.conv_width, config.conv_kernel - 1, device=device)
        self._states = torch.zeros(
            recurrent, config.value_heads, config.key_dim, config.value_dim, device=device
        )
        attended, passed = iter(range(attending)), iter(range(recurrent))
        self.layers: list[KeyValues | Recurrence] = [
            self._attended(next(attended)) if attends else self._passed(next(passed))
            for attends in config.attends
        ]

    def _attended(self, i: int) -> KeyValues:
        return KeyValues(self._keys[i], self._values[i])

    def _passed(self, i: int) -> Recurrence:
        return Recurrence(self._tails[i], self._states[i])

    def snapshot(self) -> State:
        """This point of the text."""
        return State(self.length, self._tails.clone(), self._states.clone())

    def restore(self, state: State) -> None:
        """Go back to a point of this text, or on to one that was passed already."""
        self.length = state.length
        self._tails.copy_(state.tails)
        self._states.copy_(state.states)

    def reset(self) -> None:
        """An empty text."""
        self.length = 0
        self._tails.zero_()
        self._states.zero_()

    def exported(self, state: State) -> dict[str, torch.Tensor]:
        """All that a point of this text rests on, keys and values too, on the CPU."""
        tensors = {
            "keys": self._keys[:, :, : state.length],
            "values": self._values[:, :, : state.length],
            "tails": state.tails,
            "states": state.states,
        }
        return {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}

    def imported(self, tensors: dict[str, torch.Tensor]) -> State:
        """Take over what was exported, also from another process. Raises ValueError if it does not fit."""
        keys, values = tensors["keys"], tensors["values"]
        length = keys.shape[2]
        fits = (
            length <= self.context
            and keys.shape == values.shape == self._keys[:, :, :length].shape
            and tensors["tails"].shape == self._tails.shape
            and tensors["states"].shape == self._states.shape
        )
        if not fits:
            raise ValueError("the state is of another model or longer than the context")
        self._keys[:, :, :length].copy_(keys)
        self._values[:, :, :length].copy_(values)
        device = self._tails.device
        state = State(length, tensors["tails"].to(device), tensors["states"].to(device))
        self.restore(state)
        return state
