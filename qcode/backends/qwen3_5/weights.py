"""The tensors of a model in safetensors files, by the names that a text model gives them."""

from __future__ import annotations

import json
from contextlib import ExitStack
from math import prod
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import torch

from qcode.backends import gptq
from qcode.backends.qwen3_5.config import read_config
from qcode.errors import ModelFileError

_PREFIXES = ("model.language_model.", "language_model.model.", "model.")
"""What stands before `layers.0…`: with an encoder for pictures in the same files, and without."""
_WIDTHS = {"I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1}
"""Bytes of whole numbers, which stay as they are."""
_GPTQ = ("qweight", "qzeros", "scales", "g_idx")


class Tensors(Protocol):
    """Where a model's tensors come from; names are those of a text model (`model.layers.0…`, `lm_head`).

    `device` and `dtype` are what tensors of ordinary numbers come in.
    """

    folder: Path
    device: str
    dtype: torch.dtype

    def __contains__(self, name: str) -> bool:
        """Whether there is such a tensor."""

    def tensor(self, name: str, dtype: torch.dtype | None = None) -> torch.Tensor:
        """One tensor on the device, in `dtype` or as numbers of the model."""

    def raw(self, name: str) -> torch.Tensor:
        """One tensor as it is stored, on the device."""

    def packed(self, name: str) -> gptq.Packed | None:
        """The GPTQ tensors of a layer; None where it has ordinary numbers."""


class Weights:
    """Reads one tensor at a time, so that no more than the model itself is ever in memory.

    A context manager. What stands before names in the files does not matter.
    """

    def __init__(self, folder: Path, device: str = "cpu", dtype: torch.dtype = torch.float32) -> None:
        """Opens the files and reads their headers. Raises ModelFileError."""
        self.folder, self.device, self.dtype = folder, device, dtype
        quantization = read_config(folder).get("quantization_config") or {}
        self._biased = quantization.get("checkpoint_format") != "gptq_v2"
        self._check(quantization)
        self._open = ExitStack()
        self._files: dict[str, Any] = {}
        for path in _paths(folder):
            self._read(path)
        found = [p for p in _PREFIXES if f"{p}embed_tokens.weight" in self._files]
        if not found:
            raise ModelFileError(f"{folder} holds no language model.", "Download all of its files.")
        self._prefix = found[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def __contains__(self, name: str) -> bool:
        return self._stored(name) in self._files

    def names(self) -> list[str]:
        """The language model's tensors, by the names of a text model, in order; those of an encoder for
        pictures, and of heads that guess further tokens, are not among them."""
        own = [f"model.{n.removeprefix(self._prefix)}" for n in self._files if n.startswith(self._prefix)]
        text = [n for n in own if n.startswith(("model.layers.", "model.embed_tokens.", "model.norm."))]
        return sorted([*text, *(n for n in self._files if n.startswith("lm_head."))])

    def tensor(self, name: str, dtype: torch.dtype | None = None) -> torch.Tensor:
        """One tensor on the device, in `dtype` or as numbers of the model. Raises ModelFileError."""
        return self.raw(name).to(dtype or self.dtype)

    def raw(self, name: str) -> torch.Tensor:
        """One tensor as it is stored, on the device. Raises ModelFileError."""
        stored = self._stored(name)
        if stored not in self._files:
            raise ModelFileError(f"{self.folder} lacks the tensor {stored}.", "Download all of its files.")
        return self._files[stored].get_tensor(stored).to(self.device)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor, which is not read; () when there is none."""
        stored = self._stored(name)
        return tuple(self._files[stored].get_slice(stored).get_shape()) if stored in self._files else ()

    def size(self, without_embedding: bool = False) -> int:
        """Bytes that the language model's tensors take in this precision."""
        width = torch.finfo(self.dtype).bits // 8
        total = 0
        for stored, file in self._files.items():
            if not (stored.startswith((self._prefix, "lm_head"))) or ".visual." in stored:
                continue
            if without_embedding and stored == f"{self._prefix}embed_tokens.weight":
                continue
            part = file.get_slice(stored)
            total += prod(part.get_shape()) * _WIDTHS.get(part.get_dtype(), width)
        return total

    def packed(self, name: str) -> gptq.Packed | None:
        """The GPTQ tensors of a layer; None where it has ordinary numbers. Raises ModelFileError."""
        if f"{name}.qweight" not in self:
            return None
        qweight, qzeros, scales = (self.raw(f"{name}.{part}") for part in _GPTQ[:3])
        rows, groups = qweight.shape[0] * 8, qzeros.shape[0]
        if f"{name}.g_idx" in self:
            g_idx = self.raw(f"{name}.g_idx").int()
        else:
            g_idx = gptq.in_order(rows, groups, qweight.device)
        if qzeros.shape[1] * 8 != qweight.shape[1] or scales.shape != (groups, qweight.shape[1]) \
                or g_idx.shape != (rows,):  # fmt: skip
            raise ModelFileError(
                f"The tensors of {name} do not belong together.", "Download the model again."
            )
        return gptq.Packed(qweight, qzeros, scales, g_idx, self._biased)

    def _stored(self, name: str) -> str:
        return self._prefix + name.removeprefix("model.") if name.startswith("model.") else name

    def _check(self, quantization: dict[str, Any]) -> None:
        method, bits = quantization.get("quant_method"), quantization.get("bits")
        if method not in (None, "gptq", "exl2") or (method == "gptq" and bits != 4):
            raise ModelFileError(
                f"{self.folder} is quantised as {method} with {bits} bits, which is not read here.",
                "Take 4-bit GPTQ files, or make them: qcode models quantize.",
            )

    def _read(self, path: Path) -> None:
        from safetensors import SafetensorError, safe_open

        try:
            file = self._open.enter_context(safe_open(str(path), framework="pt"))
        except (SafetensorError, OSError) as error:
            raise ModelFileError(f"{path} is missing, cut off or damaged.", "Download it again.") from error
        self._files.update(dict.fromkeys(file.keys(), file))


def _paths(folder: Path) -> list[Path]:
    """The files of a model: those that the index names, or all there are."""
    index = folder / "model.safetensors.index.json"
    if not index.exists():
        paths = sorted(folder.glob("*.safetensors"))
        if not paths:
            raise ModelFileError(f"{folder} holds no safetensors files.", "Download the model again.")
        return paths
    try:
        names = set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ModelFileError(f"{index} is damaged.", "Download it again.") from error
    # A name is a name: an index must not reach outside of its folder.
    return [folder / Path(str(name)).name for name in sorted(names)]
