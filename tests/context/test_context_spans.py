from __future__ import annotations

from pathlib import Path

import pytest

from qcode.context import Span, gather, render
from qcode.context.spans import estimate
from qcode.index import Index, open_index
from qcode.messages import Snapshot
from qcode.workspace import open_snapshot


@pytest.fixture
def world(tmp_path: Path) -> tuple[Snapshot, Index]:
    filler = "".join(f"def filler_{n}():\n    return {n}\n\n\n" for n in range(100))
    (tmp_path / "money.py").write_text(
        filler + "def convert_currency(amount, rate):\n    return amount * rate\n"
    )
    (tmp_path / "other.py").write_text("def greet():\n    return 'hello'\n")
    (tmp_path / "rates.toml").write_text("[rates]\neuro = 1.1\n")
    snapshot = open_snapshot(tmp_path)
    index = open_index(snapshot)
    index.refresh()
    return snapshot, index


@pytest.mark.smoke
def test_the_named_definition_comes_first_with_its_reason(world: tuple[Snapshot, Index]) -> None:
    snapshot, index = world
    spans = gather("make convert_currency round its result", snapshot, index, 2_000)
    assert spans[0].path == "money.py" and spans[0].start <= 401 <= spans[0].end
    assert spans[0].reason == "defines convert_currency"
    assert "401\tdef convert_currency(amount, rate):" in render(snapshot, spans)
    assert all(span.path != "other.py" for span in spans)


def test_a_named_file_is_shown(world: tuple[Snapshot, Index]) -> None:
    snapshot, index = world
    assert Span("rates.toml", 1, 2, "named in the request") in gather(
        "add the yen to rates.toml", snapshot, index, 500
    )


@pytest.mark.parametrize("budget", [0, 20, 60, 300, 5_000])
def test_the_budget_holds_for_the_rendered_text(world: tuple[Snapshot, Index], budget: int) -> None:
    snapshot, index = world
    spans = gather("filler greet convert_currency rates.toml", snapshot, index, budget)
    assert not spans or estimate(render(snapshot, spans)) <= budget
    assert bool(spans) == (budget > 0)


def test_spans_of_one_file_do_not_overlap(world: tuple[Snapshot, Index]) -> None:
    snapshot, index = world
    spans = gather("money.py filler_3 filler_50 convert_currency filler", snapshot, index, 50_000)
    covered = [(s.path, n) for s in spans for n in range(s.start, s.end + 1)]
    assert len(covered) == len(set(covered)) > 100


def test_nothing_said_nothing_shown(world: tuple[Snapshot, Index]) -> None:
    assert gather("", *world, 1_000) == []
