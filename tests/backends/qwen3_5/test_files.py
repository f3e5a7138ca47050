"""Files that are no model, or only part of one, are refused in two lines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from qcode.backends.qwen3_5 import Qwen35, Qwen35Config, Weights
from qcode.errors import ModelFileError


def _changed(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text())
    (config["text_config"] if values.pop("inner", False) else config).update(values)
    path.write_text(json.dumps(config))


def _broken(folder: Path, damage: str) -> None:
    config, weights = folder / "config.json", folder / "model.safetensors"
    match damage:
        case "no config":
            config.unlink()
        case "no JSON":
            config.write_text("{")
        case "a list":
            config.write_text("[]")
        case "no weights":
            weights.unlink()
        case "cut":
            weights.write_bytes(weights.read_bytes()[:-100])
        case "empty":
            weights.write_bytes(b"")
        case "foreign":
            weights.write_bytes(b"GGUF" + weights.read_bytes())
        case "other architecture":
            _changed(folder, architectures=["LlamaForCausalLM"])
        case "other bits":
            _changed(folder, quantization_config={"quant_method": "gptq", "bits": 3})
        case "other method":
            _changed(folder, quantization_config={"quant_method": "awq", "bits": 4})
        case "other positions":
            _changed(folder, inner=True, rope_parameters={"rope_type": "yarn", "rope_theta": 1e7})
        case "odd heads":
            _changed(folder, inner=True, num_key_value_heads=3)
        case "no number":
            _changed(folder, inner=True, hidden_size="many")
        case "more layers":
            _changed(folder, inner=True, num_hidden_layers=12, layer_types=None)
        case "index":
            (folder / "model.safetensors.index.json").write_text('{"weight_map": {"a": "b.safetensors"}}')
        case "index out of the folder":
            outside = json.dumps({"weight_map": {"a": "../elsewhere.safetensors"}})
            shutil.copy(weights, folder.parent / "elsewhere.safetensors")
            (folder / "model.safetensors.index.json").write_text(outside)
        case _:
            raise AssertionError(damage)


DAMAGES = [
    "no config", "no JSON", "a list", "no weights", "cut", "empty", "foreign", "other architecture",
    "other bits", "other method", "other positions", "odd heads", "no number", "more layers", "index",
    "index out of the folder",
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_whole_model_is_refused(nine: Any, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(nine.folder, folder)
    _broken(folder, damage)
    with pytest.raises(ModelFileError) as caught, Weights(folder) as weights:
        Qwen35(Qwen35Config.read(folder), weights)
    assert caught.value.hint and "\n" not in caught.value.message + caught.value.hint


def test_a_model_in_several_files_is_one(nine: Any, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(nine.folder / "model.safetensors")
    names = sorted(tensors)
    where = {name: f"model-{n % 2}.safetensors" for n, name in enumerate(names)}
    for file in set(where.values()):
        save_file({n: tensors[n] for n in names if where[n] == file}, tmp_path / file)
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": where}))
    shutil.copy(nine.folder / "config.json", tmp_path)
    with Weights(tmp_path) as weights:
        model = Qwen35(Qwen35Config.read(tmp_path), weights)
    tokens = [1, 2, 3]
    assert (model.forward(tokens, model.cache(3)) - nine.logits(tokens)).abs().max() < 5e-4
