"""The work itself, file by file; stopped or killed, it goes on where it was."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import torch

from qcode.backends import gptq
from qcode.backends.quantize.calibration import Calibration, sequences
from qcode.backends.quantize.output import Output
from qcode.backends.quantize.rounding import Report, calibrated, nearest
from qcode.backends.qwen3_5.config import ARCHITECTURES, Qwen35Config, read_config
from qcode.backends.qwen3_5.weights import Weights
from qcode.errors import ModelFileError, UsageError

GROUPS = (32, 64, 128)
_KEPT = ("in_proj_a", "in_proj_b", "conv1d", "mlp.gate", "shared_expert_gate")
"""Small, and what they say is multiplied into everything: they stay in 16 bits."""
_EVEN = 32
"""Columns out, of which the kernels take a multiple."""
_AT_ONCE = 8192
"""Columns out that are rounded at a time: a head of 248,320 would take gigabytes in float32."""
_BESIDE = ("tokenizer*", "special_tokens_map.json", "vocab.*", "merges.txt", "chat_template*",
           "generation_config.json", "LICENSE*")  # fmt: skip
_SEQUENCES, _LENGTH = 32, 512
"""Pieces of the calibration's text, and tokens of each."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to round. `calibration` is text of the kind that the model will see; "" rounds to the nearest.

    `head`: the output layer, too, where it is not the embedding.
    """

    group: int = 128
    symmetric: bool = True
    head: bool = False
    calibration: str = ""

    def settings(self) -> dict[str, Any]:
        """For the record, by which a later run tells whether it does the same."""
        text = hashlib.sha256(self.calibration.encode()).hexdigest() if self.calibration else ""
        return {"group": self.group, "symmetric": self.symmetric, "head": self.head, "calibration": text}


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` files of `total` are there; `reports` are those of the last, by layer."""

    done: int
    total: int
    name: str
    reports: Mapping[str, Report]


def quantize(source: Path, folder: Path, wanted: Wanted) -> Iterator[Progress]:
    """Write the model in `source` to `folder` with its linear layers in 4 bits.

    Raises ModelFileError for what is no model or is damaged, UsageError for settings that do not fit it
    and for a folder that holds something else.
    """
    config = read_config(source)
    if config.get("quantization_config"):
        raise UsageError(f"{source} is quantised already.", "Give the official 16-bit files.")
    with Weights(source) as weights:
        _check(source, config, weights, wanted)
        units = _units(weights)
        output = Output(folder, wanted.settings(), _fingerprint(source))
        calibration = _calibration(source, config, weights, wanted)
        for number, (file, names) in enumerate(units.items(), 1):
            layer = _layer(names[0])
            if output.has(file):
                made: dict[str, Report] = {}
            else:
                hessians = calibration.hessians(weights, layer) if calibration and layer is not None else {}
                tensors, made = _rounded(weights, names, wanted, hessians)
                output.write(file, tensors, made)
            if calibration and layer is not None:
                with _OneFile(folder / file) as rounded:
                    calibration.advance(rounded, layer)
            yield Progress(number, len(units), file, made)
    output.finish(_config(config, wanted), _beside(source))


class _OneFile(Weights):
    """The tensors of one layer that was written, in a folder that is no model yet."""

    def __init__(self, path: Path) -> None:
        from contextlib import ExitStack

        self.folder, self.device, self.dtype = path.parent, "cpu", torch.float32
        self._biased, self._prefix = True, "model."
        self._open, self._files = ExitStack(), {}
        self._read(path)


def _rounded(
    weights: Weights, names: list[str], wanted: Wanted, hessians: Mapping[str, torch.Tensor]
) -> tuple[dict[str, torch.Tensor], dict[str, Report]]:
    tensors: dict[str, torch.Tensor] = {}
    reports: dict[str, Report] = {}
    for name in names:
        module = name.removesuffix(".weight")
        if not _fits(name, weights.shape(name), wanted):
            tensors[name] = weights.raw(name).contiguous()
            continue
        try:
            packed, reports[module] = _packed(weights.raw(name), hessians.get(module), wanted)
        except (ValueError, torch.linalg.LinAlgError) as error:
            raise ModelFileError(
                f"{name} cannot be rounded: {error}.", "Download it again; or leave the calibration out."
            ) from error
        for part in ("qweight", "qzeros", "scales", "g_idx"):
            tensors[f"{module}.{part}"] = getattr(packed, part).contiguous()
    return tensors, reports


def _packed(weight: torch.Tensor, hessian: torch.Tensor | None, wanted: Wanted) -> tuple[gptq.Packed, Report]:
    if not torch.isfinite(weight).all():
        raise ValueError("it holds numbers that are none")
    if hessian is not None:
        return calibrated(weight, hessian, wanted.group, wanted.symmetric)
    parts = [nearest(part, wanted.group, wanted.symmetric) for part in weight.split(_AT_ONCE)]
    packed = gptq.Packed(
        torch.cat([p.qweight for p, _ in parts], 1),
        torch.cat([p.qzeros for p, _ in parts], 1),
        torch.cat([p.scales for p, _ in parts], 1),
        parts[0][0].g_idx,
    )
    sizes = [part.float().norm() ** 2 for part in weight.split(_AT_ONCE)]
    wrong = sum(float(size) * report.relative**2 for size, (_, report) in zip(sizes, parts, strict=True))
    relative = (wrong / max(float(sum(sizes)), 1e-30)) ** 0.5
    return packed, Report(max(report.steps for _, report in parts), relative)


def _fits(name: str, shape: tuple[int, ...], wanted: Wanted) -> bool:
    """Whether a tensor is the weight of a linear layer that is to be rounded."""
    module = name.removesuffix(".weight")
    if len(shape) != 2 or module == name or module.endswith(_KEPT) or "embed_tokens" in module:
        return False
    if module == "lm_head" and not wanted.head:
        return False
    return shape[1] % wanted.group == 0 and shape[0] % _EVEN == 0


def _units(weights: Weights) -> dict[str, list[str]]:
    """File -> its tensors: the embedding, each layer, and what comes after them."""

    def place(name: str) -> tuple[int, int]:
        layer = _layer(name)
        return (1, layer) if layer is not None else (0 if "embed_tokens" in name else 2, 0)

    files: dict[str, list[str]] = {}
    for (part, layer), names in groupby(sorted(weights.names(), key=lambda n: (place(n), n)), key=place):
        name = ("embedding", f"layer-{layer:03}", "rest")[part]
        files[f"model-{name}.safetensors"] = list(names)
    return files


def _layer(name: str) -> int | None:
    found = re.match(r"model\.layers\.(\d+)\.", name)
    return int(found[1]) if found else None


def _check(source: Path, config: Mapping[str, Any], weights: Weights, wanted: Wanted) -> None:
    if wanted.group not in GROUPS:
        raise UsageError(f"A group of {wanted.group} is not known.", f"Use {', '.join(map(str, GROUPS))}.")
    if not any(_fits(name, weights.shape(name), wanted) for name in weights.names()):
        raise UsageError(
            f"No layer of {source} has a multiple of {wanted.group} columns.",
            "Take a smaller group: --group 32.",
        )
    if wanted.calibration and (config.get("architectures") or [""])[0] not in ARCHITECTURES:
        raise UsageError(
            "Only Qwen3.5 can be calibrated here.", "Leave it out: other models are rounded to the nearest."
        )


def _calibration(
    source: Path, config: Mapping[str, Any], weights: Weights, wanted: Wanted
) -> Calibration | None:
    if not wanted.calibration:
        return None
    from qcode.backends.exllamav2.tokenizer import Tokenizer

    pieces = sequences(wanted.calibration, Tokenizer(source).encode, _SEQUENCES, _LENGTH)
    if not pieces:
        raise UsageError("The calibration's text is empty.", "Give a file with text: --calibrate FILE.")
    return Calibration(Qwen35Config.of(config, source), weights, pieces)


def _config(config: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """The text model's settings, and how its weights are stored."""
    text = dict(config.get("text_config") or config)
    named = (config.get("architectures") or [""])[0]
    text["architectures"] = ["Qwen3_5ForCausalLM"] if named in ARCHITECTURES else [named]
    if "tie_word_embeddings" in config:
        text["tie_word_embeddings"] = config["tie_word_embeddings"]
    text["quantization_config"] = {
        "quant_method": "gptq", "bits": 4, "group_size": wanted.group, "sym": wanted.symmetric,
        "desc_act": False, "checkpoint_format": "gptq", "lm_head": wanted.head,
    }  # fmt: skip
    return text


def _beside(source: Path) -> list[Path]:
    return sorted({p for pattern in _BESIDE for p in source.glob(pattern) if p.is_file()})


def _fingerprint(source: Path) -> str:
    """Of the files as they are: a changed one makes another model."""
    digest = hashlib.sha256((source / "config.json").read_bytes())
    for path in sorted(source.glob("*.safetensors")):
        digest.update(f"\0{path.name}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()
