"""Long lines and odd names cost what they are long, not its square, and nothing stands still."""

from __future__ import annotations

import pytest
from rich.style import Style

from qcode.messages import EditPreview, Progress, TestOutput, TextDelta
from qcode.tui.colours import Colours
from qcode.tui.conversation import ConversationView, Drawing
from qcode.tui.conversation.testing import TestRun
from qcode.tui.diff.draft import pairs
from qcode.tui.fuzzy import best
from qcode.tui.lines import hard

pytestmark = pytest.mark.timeout(20)


def test_what_is_told_while_the_model_speaks_does_not_cut_its_answer() -> None:
    view = ConversationView()
    drawing = Drawing(view)
    for event in (
        TextDelta("```python\na = 1\n"),
        EditPreview("a.py", 1, 1),
        Progress("reading", 1, 2),
        TextDelta("b = 2\n```\n"),
    ):
        drawing.event(event)
    drawing.stop()
    assert drawing.last_answer == "```python\na = 1\nb = 2\n```\n" and len(view.blocks) == 1


def test_names_that_nearly_fit_are_passed_over_at_once() -> None:
    names = ["a" * 4_000 + f"{n}.py" for n in range(50)] + ["src/aab.py"]
    assert best("aaaaaaaaaaaaaaaaaaaaaab", names, 8) == []
    assert best("aab", names, 8) == ["src/aab.py"]


def test_minified_code_stays_plain_and_is_drawn() -> None:
    colours = Colours("a.js", b"f(1);" * 100_000 + b"\nvar x = 1;\n")
    assert colours.line(0) == [] and Colours("a.js", b"var x = 1;\n").line(0)


def test_long_lines_are_paired_without_being_compared() -> None:
    old, new = [b"x" * 300_000, b"y"], [b"x" * 299_999 + b"z", b"y", b"w"]
    assert pairs(old, new)


def test_a_line_of_a_megabyte_is_broken_in_pieces_and_test_output_is_cut() -> None:
    text = "x" * 1_000_000
    lines = hard(text, 100, Style())
    assert len(lines) == 10_000 and "".join(line.plain for line in lines) == text
    assert [line.plain for line in hard("ab漢字", 3)] == ["ab", "漢", "字"]
    run = TestRun()
    run.add(TestOutput(text))
    assert len(run.everything()) < 10_000
