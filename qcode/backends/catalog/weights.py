"""How large a model's file is in each quantisation, before anybody has it.

Which tensor gets which type is llama.cpp's own rule (src/llama-quant.cpp, `llama_tensor_get_type`):
the output and, in a part of the layers, values and the FFN's way down get more bits. Publishers
who measure importance deviate by a few percent; once the file is here its own header counts.
"""

from __future__ import annotations

from math import prod

from qcode.backends.catalog.family import Shape
from qcode.backends.gguf import TYPES
from qcode.errors import UsageError

QUANTISATIONS = ("Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "BF16")
"""Those that are planned for, the smallest first."""
_TYPES = {"Q4_K_M": "Q4_K", "Q5_K_M": "Q5_K", "Q6_K": "Q6_K", "Q8_0": "Q8_0", "BF16": "BF16"}
_MORE = {"Q4_K": "Q6_K", "Q5_K": "Q6_K"}
"""What a tensor gets that matters more."""


def file_size(shape: Shape, quantisation: str) -> int:
    """Bytes of all tensors. Raises UsageError for a quantisation that is not planned for."""
    wanted = quantisation.upper()
    if wanted not in _TYPES:
        raise UsageError(
            f"There is no plan for the quantisation {quantisation}.", f"Known: {', '.join(QUANTISATIONS)}."
        )
    return sum(_bytes(shape, name, dims, _TYPES[wanted]) for name, dims in shape.tensors())


def tensor_type(shape: Shape, name: str, dimensions: tuple[int, ...], kind: str) -> str:
    """The ggml type of one tensor where `kind` is the type of most."""
    if len(dimensions) < 2 or "conv1d" in name:
        return "F32"
    if name == ("token_embd.weight" if shape.tied else "output.weight"):
        return _MORE.get(kind, kind)
    if name.startswith("blk.") and "attn_qkv" in name:
        return {"Q4_K": "Q5_K", "Q5_K": "Q6_K"}.get(kind, kind)
    layer = int(name.split(".")[1]) if name.startswith("blk.") else 0
    if "attn_v." in name:
        every = shape.layers // shape.attention_layers
        return _MORE.get(kind, kind) if _matters(layer // every, shape.attention_layers) else kind
    if "ffn_down" in name and _matters(layer, shape.layers):
        return _MORE.get(kind, kind)
    return kind


def _matters(index: int, count: int) -> bool:
    first = count // 8
    return index < first or index >= 7 * count // 8 or (index - first) % 3 == 2


def _bytes(shape: Shape, name: str, dimensions: tuple[int, ...], kind: str) -> int:
    elements, width = TYPES[tensor_type(shape, name, dimensions, kind)]
    return prod(dimensions) // elements * width
