"""The applier on the cases of the benchmark, a few of each kind; and its parts beside plain ones."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcode.edits import parse_reply, plan
from qcode.edits.compare import blocks
from qcode.edits.literal import place_literal
from qcode.edits.text import Lines, blank_end, exact, unindented
from qcode.workspace import open_snapshot

TOP = Path(__file__).parents[2]
BENCH = TOP / "tests" / "benchmarks" / "edits"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    monkeypatch.syspath_prepend(str(BENCH))
    for name in ("cases", "adapter"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("cases"), importlib.import_module("adapter")


def test_no_noise_makes_a_wrong_file(bench: tuple[ModuleType, ModuleType]) -> None:
    cases, adapter = bench
    files = cases.sources([TOP / "qcode"])
    seen: Counter[tuple[str, str]] = Counter()
    for case in cases.cases(3, files, 500):
        value = {"path": case.path, "before": case.before, "edit": case.edit, "format": case.format}
        reply = adapter.answer(value)
        if reply["status"] == "applied":
            assert case.after is not None, (case.kind, case.format, case.edit)
            assert reply["content"] == case.after, (case.kind, case.format, case.edit)
            seen["applied", ""] += 1
        elif case.after is not None:
            seen["refused", case.kind] += 1
    refused = sum(n for (what, _), n in seen.items() if what == "refused")
    assert seen["applied", ""] > 200 and refused <= seen["applied", ""] / 50, seen


LINES = st.lists(st.sampled_from(["a", "b", " a", "a ", "\u201ca\u201d", '"a"', "", "  "]), max_size=14)


@settings(deadline=None)
@given(LINES, LINES.filter(bool))
def test_runs_of_lines_are_found_where_plain_comparison_finds_them(lines: list[str], run: list[str]) -> None:
    held = Lines(lines)
    for key in (exact, blank_end, unindented):
        have, want = [key(x) for x in lines], [key(x) for x in run]
        places = [n for n in range(len(have) - len(want) + 1) if have[n : n + len(want)] == want]
        assert held.places(run, key) == places[:200]
        assert [n for n in range(len(lines) + 1) if held.stands(run, key, n)] == places


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), max_size=30), st.lists(st.sampled_from("abcdefgh"), max_size=30))
def test_what_differs_turns_one_text_into_the_other(old: list[str], new: list[str]) -> None:
    for times in (1, 20):
        one, other = old * times, new * times
        made, at = [], 0
        for a, b, c, d in blocks(one, other):
            assert a >= at and (b > a or d > c)
            made += one[at:a] + other[c:d]
            at = b
        assert made + one[at:] == other


@settings(deadline=None)
@given(
    st.lists(st.text("ab ", max_size=4), min_size=1, max_size=8), st.text("ab\n", min_size=1, max_size=4), st.text("xa\n", max_size=4)
)  # fmt: skip
def test_text_is_replaced_where_it_stands(lines: list[str], old: str, new: str) -> None:
    body = "".join(f"{line}\n" for line in lines)
    every = place_literal(lines, old, new, every=True)
    now, shift = list(lines), 0
    for start, end, made in every:
        now[start + shift : end + shift] = made
        shift += len(made) - (end - start)
    want = body.replace(old, new) if old.strip() else body
    # A text that loses its last line end still ends as a line.
    assert "".join(f"{line}\n" for line in now).removesuffix("\n") == want.removesuffix("\n")


def test_one_insertion_in_two_versions_is_refused(tmp_path: Path) -> None:
    """Both stand in the same gap; blank lines let them land beside each other."""
    (tmp_path / "a.py").write_text("class A:\n    x = 1\n\n\nclass B:\n    y = 2\n")
    old = "    x = 1\n\n\nclass B:"
    new = "    x = 1\n\n    def size(self):\n        return self.x\n\n\nclass B:"
    other = "    x = 1\n  # again\n    def size(self):  # again\n        return self.x  # again\n\n\nclass B:"
    reply = "".join(
        f"a.py\n<<<<<<< SEARCH\n{old}\n=======\n{text}\n>>>>>>> REPLACE\n" for text in (new, other)
    )
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert [refusal.reason for refusal in made.refusals] == ["conflict"] and not made.changes


def test_two_insertions_on_both_sides_of_a_blank_line_land(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    reply = (
        "a.py\n<<<<<<< SEARCH\n    return 1\n=======\n    return 1\n\n\nONE = one()\n>>>>>>> REPLACE\n"
        "a.py\n<<<<<<< SEARCH\ndef two():\n=======\n@cached\ndef two():\n>>>>>>> REPLACE\n"
    )
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.refusals and made.changes
