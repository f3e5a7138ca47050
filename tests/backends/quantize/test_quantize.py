"""16-bit models of transformers' own making, rounded to 4 bits."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from safetensors.torch import load_file, save_file

from qcode.backends import gptq
from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.backends.quantize import Wanted, quantize
from qcode.backends.quantize.rounding import calibrated, nearest
from qcode.backends.qwen3_5 import Qwen35, Qwen35Config, Weights
from qcode.errors import ModelFileError, UsageError

PROMPT = list(range(20, 60))


def made(source: Path, folder: Path, **wanted: Any) -> list[Any]:
    return list(quantize(source, folder, Wanted(**{"group": 32, **wanted})))


def logits(folder: Path, tokens: list[int] = PROMPT) -> Any:
    with Weights(folder) as weights:
        model = Qwen35(Qwen35Config.read(folder), weights)
        return model.forward(tokens, model.cache(len(tokens)))


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("group", [32, 64, 128])
def test_every_weight_is_within_half_a_step(symmetric: bool, group: int) -> None:
    torch.manual_seed(group)
    weight = torch.randn(64, 256) * torch.logspace(-3, 1, 64)[:, None]
    weight[3] = weight[3].abs()  # a row on one side of zero
    weight[5] = 0
    packed, report = nearest(weight, group, symmetric)
    steps = packed.scales.float()[packed.g_idx.long()].T
    assert ((weight - gptq.dequantise(packed)).abs() <= 0.5 * steps * (1 + 1e-5) + 1e-9).all()
    assert report.steps <= 0.5 * (1 + 1e-5)


def test_calibration_keeps_the_answers_of_a_layer_better_than_rounding() -> None:
    torch.manual_seed(1)
    weight = torch.randn(64, 128)
    inputs = torch.randn(400, 16) @ torch.randn(16, 128) + 0.1 * torch.randn(400, 128)  # they move together
    hessian = inputs.T @ inputs
    plain, kept = nearest(weight, 32, True)[0], calibrated(weight, hessian, 32, True)

    def missed(packed: gptq.Packed) -> float:
        return float((inputs @ (weight - gptq.dequantise(packed)).T).norm() / (inputs @ weight.T).norm())

    assert missed(kept[0]) < 0.6 * missed(plain)
    assert kept[1].output == pytest.approx(missed(kept[0]), rel=1e-3)


def test_a_quantised_model_is_that_of_the_dequantised_weights(tiny: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    steps = made(tiny.folder, out, head=True, symmetric=False)
    assert steps[-1].done == steps[-1].total == len(steps)
    config = json.loads((out / "config.json").read_text())
    assert config["architectures"] == ["Qwen3_5ForCausalLM"] and config["quantization_config"]["bits"] == 4
    assert (out / "tokenizer.json").exists()
    reports = {name: report for step in steps for name, report in step.reports.items()}
    assert "model.layers.0.mlp.down_proj" in reports
    assert all(report.steps <= 0.5 * (1 + 1e-5) for report in reports.values())
    assert ("lm_head" in reports) == (not Qwen35Config.read(out).tied)
    whole = load_file(tiny.folder / "model.safetensors")
    with Weights(out) as weights:
        for name in whole:
            own = name.replace("model.language_model.", "model.", 1).removesuffix(".weight")
            if (packed := weights.packed(own)) is not None:
                whole[name] = gptq.dequantise(packed)
    shutil.copytree(tiny.folder, tmp_path / "whole")
    save_file(whole, tmp_path / "whole" / "model.safetensors")
    assert torch.allclose(logits(out), logits(tmp_path / "whole"), atol=1e-4)


def test_calibrated_on_text_the_whole_model_is_nearer(nine: Any, tmp_path: Path) -> None:
    text = Path(__file__).read_text()
    made(nine.folder, tmp_path / "plain")
    steps = made(nine.folder, tmp_path / "kept", calibration=text)
    assert all(r.output is not None for step in steps for r in step.reports.values())

    tokens = Tokenizer(nine.folder).encode(text)[-200:]

    def away(folder: Path) -> float:
        return float((logits(folder, tokens) - nine.logits(tokens)).norm())

    assert away(tmp_path / "kept") < away(tmp_path / "plain")


def test_killed_again_and_again_it_ends_with_the_same_files(nine: Any, tmp_path: Path) -> None:
    made(nine.folder, tmp_path / "whole", calibration="def f(): pass\n" * 200)
    code = (
        "import sys, os, signal; from pathlib import Path; from qcode.backends.quantize import Wanted, quantize\n"
        "wanted = Wanted(group=32, calibration='def f(): pass\\n' * 200)\n"
        "for n, _ in enumerate(quantize(Path(sys.argv[1]), Path(sys.argv[2]), wanted)):\n"
        "    if n == int(sys.argv[3]): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    for at in (0, 2, 5):
        command = [sys.executable, "-c", code, str(nine.folder), str(tmp_path / "out"), str(at)]
        done = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False, timeout=100)
        assert done.returncode == -signal.SIGKILL
        assert not (tmp_path / "out" / "config.json").exists()
    # A file that was damaged meanwhile is made again.
    (tmp_path / "out" / "model-layer-000.safetensors").write_bytes(b"half")
    made(nine.folder, tmp_path / "out", calibration="def f(): pass\n" * 200)
    for path in (tmp_path / "whole").iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name


def test_what_cannot_be_done_is_said_and_nothing_is_written_over(nine: Any, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    made(nine.folder, folder)
    with pytest.raises(UsageError, match="another work"):
        made(nine.folder, folder, symmetric=False)
    with pytest.raises(UsageError, match="quantised already"):
        made(folder, tmp_path / "again")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        made(nine.folder, tmp_path / "mine")
    with pytest.raises(UsageError, match="group of 48"):
        made(nine.folder, tmp_path / "wide", group=48)
    broken = tmp_path / "broken"
    shutil.copytree(nine.folder, broken)
    content = (broken / "model.safetensors").read_bytes()
    (broken / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelFileError, match="cut off"):
        made(broken, tmp_path / "from-broken")
    with pytest.raises(ModelFileError):
        made(tmp_path / "mine", tmp_path / "from-nothing")
