"""Which engine runs a model here, and what is said of those that do not."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from qcode.backends import nano, open_backend, order
from qcode.backends.exllamav2 import build, record
from qcode.backends.exllamav2.machine import Machine
from qcode.config import Role
from qcode.errors import BackendError, ModelFileError
from qcode.messages import Message, Request, Sampling

NANO = nano.file()
CARD = Machine(
    torch="2.11.0", torch_cuda=(13, 0), exllamav2="0.3.2", driver_cuda=(13, 1), cards=1,
    card="NVIDIA GeForce RTX 4070", capability=(8, 9), memory=12_000_000_000, free=11_000_000_000,
)  # fmt: skip
NO_CARD = Machine()


def folder(path: Path, method: str | None = "gptq") -> Path:
    path.mkdir(parents=True)
    quantization = {"quantization_config": {"quant_method": method, "bits": 4}} if method else {}
    (path / "config.json").write_text(json.dumps({"architectures": ["Qwen3_5ForCausalLM"], **quantization}))
    (path / "model.safetensors").write_bytes(b"\0" * 1000)
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The same model for all three engines, side by side."""
    found = folder(tmp_path / "Qwen3.5-9B-GPTQ")
    folder(tmp_path / "Qwen3.5-9B-GPTQ-EXL3", "exl3")
    shutil.copy(NANO, tmp_path / "Qwen3.5-9B-GPTQ-Q4_K_M.gguf")
    return found


@pytest.fixture
def kernels() -> None:
    """As after `qcode models setup exllamav2`."""
    library = build.place(CARD) / "exllamav2_ext.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"")


def chosen(model: Path, machine: Machine) -> tuple[str, list[str]]:
    candidate, passed = order.choose(order.candidates(model, machine))
    return candidate.engine, [str(c.why_not.message) for c in passed if c.why_not]


def test_exllamav2_comes_first_where_it_passed_its_test(model: Path, kernels: None) -> None:
    record.write(CARD, True, {"answer": 80.0})
    assert chosen(model, CARD) == ("exllamav2", [])
    assert [c.engine for c in order.candidates(model, CARD)] == ["exllamav2", "exllamav3", "llamacpp"]


@pytest.mark.parametrize("good", [None, False])
def test_without_a_passed_test_the_next_engine_takes_over(
    model: Path, kernels: None, good: bool | None
) -> None:
    if good is not None:
        record.write(CARD, good, {})
    engine, why = chosen(model, CARD)
    assert engine == "llamacpp" and len(why) == 2
    assert ("not tested" in why[0]) if good is None else ("computed wrongly" in why[0])
    assert "ExLlamaV3 is not installed" in why[1]


def test_a_test_of_another_card_or_driver_counts_for_nothing(model: Path, kernels: None) -> None:
    record.write(CARD, True, {})
    assert record.passed(CARD) is True
    assert record.passed(replace(CARD, card="another")) is None
    assert record.passed(replace(CARD, driver_cuda=(13, 2))) is None
    assert record.passed(replace(CARD, torch="2.12.0")) is None


def test_kernels_that_were_not_built_or_only_half_are_passed_over(model: Path, kernels: None) -> None:
    record.write(CARD, True, {})
    (build.place(CARD) / "unfinished").touch()
    engine, why = chosen(model, CARD)
    assert engine == "llamacpp" and "were not built" in why[0]


def test_a_model_that_does_not_fit_is_passed_over(model: Path, kernels: None) -> None:
    record.write(CARD, True, {})
    engine, why = chosen(model, replace(CARD, free=900_000_000))
    assert engine == "llamacpp" and "0.9 GB of 12.0 GB are free" in why[0]


def test_what_was_only_never_tested_runs_where_nothing_else_can(tmp_path: Path, kernels: None) -> None:
    assert chosen(folder(tmp_path / "alone"), CARD) == ("exllamav2", [])


def test_with_nothing_to_fall_back_to_the_reason_is_the_error(tmp_path: Path) -> None:
    with pytest.raises(BackendError) as caught:
        chosen(folder(tmp_path / "alone"), NO_CARD)
    assert "not installed" in caught.value.message and caught.value.hint


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelFileError):
        order.candidates(tmp_path / "empty", CARD)
    with pytest.raises(ModelFileError):
        order.candidates(tmp_path / "missing", CARD)


async def test_the_engine_that_takes_over_answers_and_says_so(
    model: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    backend = open_backend(Role(backend="exllamav2", model=str(model)))
    ask = "parse_cfg app/conf.py\nload app/io.py\n\nrename parse_cfg to load_config"
    wanted = Request((Message("user", ask),), sampling=Sampling(temperature=0.0, max_tokens=80))
    with caplog.at_level(logging.WARNING):
        calls = [delta.call async for delta in backend.stream(wanted) if delta.call]
    await backend.close()
    assert calls[0] is not None and calls[0].name == "rename"
    assert backend.name == "llamacpp"
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "exllamav2 is passed over." in said and "llamacpp takes over." in said
