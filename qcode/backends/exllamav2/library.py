"""The other architectures that ExLlamaV2 has (Qwen2.5-Coder, Qwen3, Llama …), in its own classes.

They attend in every layer: going back is a matter of a number, and no state has to be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from qcode.backends.exllamav2.machine import Machine, why_not_run
from qcode.errors import ModelFileError

_RESERVE = 700_000_000


class LibraryText:
    """One of the library's models, with the memory of one text."""

    def __init__(self, model: Any, cache: Any, context: int) -> None:
        self._model, self._cache = model, cache
        self.context = context

    @classmethod
    def load(cls, folder: Path, context: int, machine: Machine) -> LibraryText:
        """Raises BackendError when it does not fit, ModelFileError when the library does not know it."""
        needs = sum(path.stat().st_size for path in folder.glob("*.safetensors")) + _RESERVE
        if wrong := why_not_run(machine, needs):
            raise wrong
        # The extension is loaded already: the library finds it, and compiles nothing.
        import exllamav2

        try:
            config = exllamav2.ExLlamaV2Config(str(folder))
            config.max_seq_len = min(context, config.max_seq_len)
            model = exllamav2.ExLlamaV2(config)
            cache = exllamav2.ExLlamaV2Cache(model, max_seq_len=config.max_seq_len, lazy=True)
            model.load_autosplit(cache)
        except (ValueError, KeyError, AssertionError) as error:
            raise ModelFileError(
                f"ExLlamaV2 cannot load {folder.name}: {error}.", "Take a GGUF file of it, for llama.cpp."
            ) from error
        return cls(model, cache, config.max_seq_len)

    @property
    def length(self) -> int:
        return int(self._cache.current_seq_len)

    def forward(self, tokens: Sequence[int], rows: int | None = None) -> torch.Tensor:
        """Take tokens; float32 logits after the last `rows` of them (None: all)."""
        ids = torch.tensor([list(tokens)])
        with torch.inference_mode():
            if rows == 0:
                self._model.forward(ids, self._cache, preprocess_only=True)
                torch.cuda.synchronize()
                return torch.empty(0, 0)
            logits = self._model.forward(ids, self._cache, last_id_only=rows == 1)[0].float()
        return logits[len(logits) - (len(logits) if rows is None else rows) :]

    def snapshot(self) -> int:
        return self.length

    def restore(self, state: int) -> None:
        self._cache.current_seq_len = state

    def kept(self) -> int:
        return self.length

    def reset(self) -> None:
        self._cache.current_seq_len = 0
