"""The planner: sizes against published files, memory against llama.cpp's own words."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qcode.backends import nano
from qcode.backends.catalog.admit import admit, known_to_engine, shape_of
from qcode.backends.catalog.family import CONTEXT, FAMILY, find, known
from qcode.backends.catalog.machine import Gpu, Machine, _container, look, read_smi
from qcode.backends.catalog.plan import need, option, recommend
from qcode.backends.catalog.weights import QUANTISATIONS, file_size
from qcode.backends.gguf import examine
from qcode.cli.app import app
from qcode.errors import ModelFileError, UsageError

NANO = nano.file()
GIB = 1 << 30
LAPTOP = Machine(total=16 * GIB, free=11 * GIB, cores=8)


@pytest.mark.parametrize(
    ("name", "quantisation", "published"),
    [  # bytes of files on Hugging Face; they hold 11 MB of tokenizer, too
        ("qwen3.5-9b-base", "Q4_K_M", 5_629_109_312),
        ("qwen3.5-0.8b", "Q4_K_M", 528_000_000),
        ("qwen3.5-9b", "Q8_0", 9_530_000_000),
        ("qwen3.5-4b", "Q4_K_M", 2_740_000_000),
    ],
)
def test_a_file_is_as_large_as_published_ones(name: str, quantisation: str, published: int) -> None:
    assert file_size(known(name).shape, quantisation) == pytest.approx(published, rel=0.025)


def test_the_buffers_are_what_llama_cpp_told() -> None:
    """Its own lines for this shape at 32,768 tokens, ubatch 256: 384, 19.27 and 34.06 MiB."""
    plan = need(known("0.8b").shape, 0, 32_768, batch=256)
    assert plan.kv == 384 << 20
    assert plan.state / (1 << 20) == pytest.approx(19.27, abs=0.01)
    assert plan.compute / (1 << 20) == pytest.approx(34.06, rel=0.2)
    assert need(known("9b").shape, 0, 32_768).kv == 32_768 * 32 * 1024


def test_a_smaller_cache_type_takes_less() -> None:
    whole, half = (need(known("9b").shape, 0, 65_536, kv=kind).kv for kind in ("f16", "q8_0"))
    assert half == whole * 34 // 64


def test_the_shape_in_a_file_is_the_shape_that_it_was_made_with() -> None:
    header = examine(NANO)
    shape = shape_of(header)
    assert sum(1 for _ in shape.tensors()) in (header.tensors, header.tensors + 1)
    assert shape.attention_layers < shape.layers and shape.delta_value_heads and shape.vocabulary == 1536
    assert 0 < header.weights < header.size and header.quantisation == "Q8_0"


def test_every_model_is_found_by_its_names() -> None:
    assert [find(m.name.upper()) for m in FAMILY] == list(FAMILY)
    assert find("9b-base") is not None and find("nothing") is None
    assert len(FAMILY) == 8 and all(m.shape.context == CONTEXT == 262_144 for m in FAMILY)
    with pytest.raises(UsageError) as caught:
        known("qwen3.5-9")
    assert "qwen3.5-9b" in caught.value.hint


def test_more_memory_never_means_a_smaller_model() -> None:
    order = [m.size for m in FAMILY]
    for cores in (1, 2, 4, 16, 64):
        before = -1
        for free in (1, 2, 4, 8, 16, 64):
            made = recommend(Machine(64 * GIB, free * GIB, cores))
            now = order.index(made.option.model.size) if made.option else -1
            assert now >= before
            assert made.option is None or made.option.need.total <= free * GIB
            before = now
    assert before >= 0


def test_a_card_is_used_where_the_whole_model_fits() -> None:
    card = dataclasses.replace(LAPTOP, cores=2, gpus=(Gpu("card", 24 * GIB, 23 * GIB),))
    made = recommend(card)
    assert made.option and (made.option.model.size, made.option.place) == ("9B", "GPU")
    unused = dataclasses.replace(card, gpu_engine=False)
    assert not unused.vram and (cpu := recommend(unused).option) and cpu.place == "RAM"
    small = dataclasses.replace(LAPTOP, gpus=(Gpu("card", 4 * GIB, 2 * GIB),))
    nine = known("9b")
    assert option(nine, "Q4_K_M", 32_768, small).place == "RAM"


def test_a_long_context_is_counted() -> None:
    nine = known("9b")
    assert option(nine, "Q4_K_M", 8_192, LAPTOP).place == "RAM"
    assert option(nine, "Q4_K_M", CONTEXT, LAPTOP).place is None


def test_where_nothing_fits_it_says_what_would_be_needed() -> None:
    made = recommend(Machine(GIB, GIB // 4, 2))
    assert made.option is None and "0.2 GiB" in made.reason


def test_nvidia_smi_is_understood() -> None:
    text = "NVIDIA GeForce RTX 4090, 24564, 23010\nNVIDIA A, B, 1000, [N/A]\n\nno devices\n"
    assert read_smi(text) == (Gpu("NVIDIA GeForce RTX 4090", 24564 << 20, 23010 << 20),)


def test_a_containers_limit_counts(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("400\n")
    limit, used = _container(tmp_path)
    assert limit <= 1000 and used <= 1000 and limit
    assert 0 < look().free <= look().total


def test_what_is_too_big_is_refused_before_loading() -> None:
    tiny = Machine(total=20 << 20, free=20 << 20, cores=2)
    with pytest.raises(ModelFileError) as caught:
        admit(NANO, machine=tiny)
    assert "too big for this machine" in caught.value.message and "plan" in caught.value.hint
    assert not admit(NANO, machine=LAPTOP).tight


def test_the_parts_of_a_split_file_count_together(tmp_path: Path) -> None:
    first, second = (tmp_path / f"m-0000{n}-of-00002.gguf" for n in (1, 2))
    shutil.copy(NANO, first)
    with pytest.raises(ModelFileError, match="00002-of-00002"):
        admit(first, machine=LAPTOP)
    shutil.copy(NANO, second)
    assert admit(first, machine=LAPTOP).need.weights == 2 * admit(NANO, machine=LAPTOP).need.weights


def test_a_foreign_architecture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.gguf"
    # The same length, so that the file stays whole: only its own keys name the architecture.
    path.write_bytes(NANO.read_bytes().replace(b"qwen35", b"qwenXY"))
    with pytest.raises(ModelFileError) as caught:
        admit(path, machine=LAPTOP)
    assert "qwenXY" in caught.value.message and caught.value.hint
    assert known_to_engine("qwen35") and not known_to_engine("qwen35xyz")


def test_the_table_fits_eighty_columns_and_recommends_one() -> None:
    done = CliRunner().invoke(app, ["models"], env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    table = [line for line in done.output.splitlines() if "Recommended" not in line]
    assert max(map(len, table)) <= 80
    assert all(size in done.output for size in ("0.8b", "2b", "4b", "9b"))
    base = CliRunner().invoke(app, ["models", "plan", "--base"], env={"COLUMNS": "80"}).output
    assert (
        "qwen3.5-9b-base" in base and "-base --quant" in base and max(map(len, base.splitlines()[:13])) <= 80
    )
    told = json.loads(CliRunner().invoke(app, ["models", "plan", "--json"]).output)
    assert len(told["options"]) == 12 and told["reason"]
    assert told["options"][0]["need"]["total"] > told["options"][0]["need"]["weights"]


def test_one_model_is_shown_term_by_term() -> None:
    done = CliRunner().invoke(app, ["models", "plan", str(NANO)], env={"COLUMNS": "80"})
    assert done.exit_code == 0 and "Q8_0" in done.output and "trained for 16,384" in done.output
    done = CliRunner().invoke(app, ["models", "plan", "4b", "--context", "65536"], env={"COLUMNS": "80"})
    assert all(q in done.output for q in QUANTISATIONS)
