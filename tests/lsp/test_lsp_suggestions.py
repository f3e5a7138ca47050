"""The prefix cache, the pace, the prompt, and the editor's settings."""

from __future__ import annotations

import pytest
from qcode_lsp.inline.cache import SIZE, Suggestions
from qcode_lsp.inline.pace import Pace
from qcode_lsp.inline.place import Place
from qcode_lsp.inline.prompt import MARK, request, unwrapped, window
from qcode_lsp.wishes import Wishes, read


def test_typing_into_a_suggestion_finds_the_rest() -> None:
    known = Suggestions()
    known.remember(Place("a.py", "x = ", "\n"), "compute(1)")
    assert known.find(Place("a.py", "x = ", "\n")) == "compute(1)"
    assert known.find(Place("a.py", "x = comp", "\n")) == "ute(1)"
    assert known.find(Place("a.py", "x = come", "\n")) is None
    assert known.find(Place("a.py", "x = compute(1)", "\n")) is None, "it is all typed"
    assert known.find(Place("a.py", "y = comp", "\n")) is None
    assert known.find(Place("a.py", "x = comp", "\ny")) is None
    assert known.find(Place("b.py", "x = comp", "\n")) is None
    assert known.find(Place("a.py", "x =", "\n")) is None, "something was taken back"


def test_that_there_was_nothing_is_remembered_for_that_place_alone() -> None:
    known = Suggestions()
    known.remember(Place("a.py", "x", ""), "")
    assert known.find(Place("a.py", "x", "")) == ""
    assert known.find(Place("a.py", "xy", "")) is None


def test_old_suggestions_are_forgotten() -> None:
    known = Suggestions()
    for number in range(SIZE + 1):
        known.remember(Place("a.py", f"{number}", ""), "text")
    assert known.find(Place("a.py", "0", "")) is None
    assert known.find(Place("a.py", "1", "")) == "text"


def test_the_wait_follows_the_typing_and_the_engine() -> None:
    def after(interval: float, answer: float) -> float:
        pace = Pace()
        for number in range(40):
            pace.key(number * interval)
            pace.answered(answer)
        return pace.wait(39 * interval)

    assert after(0.1, 0.05) < after(0.3, 0.05), "slow fingers, longer wait"
    assert after(0.2, 0.05) < after(0.2, 2.0), "slow engine, longer wait"
    assert after(0.02, 0.01) >= 0.03 and after(1.4, 60.0) <= 0.6


def test_an_editor_that_waits_by_itself_does_not_wait_twice() -> None:
    pace = Pace()
    pace.key(10.0)
    assert pace.wait(10.0, fixed=0.15) == pytest.approx(0.15)
    assert pace.wait(10.2, fixed=0.15) == 0.0
    assert pace.wait(10.0, fixed=0.0) == 0.0


def test_the_prompt_fits_and_starts_at_a_line() -> None:
    text = "".join(f"line number {n}\n" for n in range(2000))
    place = Place("a.py", text, text)
    asked = request(place, (("b.py", "def far(): ..."), ("c.py", "def near(): ...")), 4096, True)
    assert asked.infill and asked.infill.path == "a.py"
    assert asked.infill.prefix.startswith("line number ") and asked.infill.suffix.endswith("\n")
    assert [path for path, _ in asked.infill.extra] == ["b.py", "c.py"]
    assert len(asked.infill.prefix) + len(asked.infill.suffix) <= 1536 * 3
    small = request(place, (), 512, True)
    assert small.infill and len(small.infill.prefix) + len(small.infill.suffix) <= 512 * 3


def test_the_start_of_the_prompt_stands_still_while_one_types() -> None:
    text = "".join(f"line number {n}\n" for n in range(900))
    starts = {window(Place("a.py", text + "x" * n, ""), 3000)[0][:40] for n in range(20)}
    assert len(starts) == 1


def test_a_model_that_cannot_fill_in_is_told_in_words() -> None:
    asked = request(Place("a.py", "x = ", "\n"), (("b.py", "B = 1"),), 4096, False)
    assert asked.infill is None
    (message,) = asked.messages
    assert f"x = {MARK}\n" in message.content and "B = 1" in message.content and "b.py" in message.content


@pytest.mark.parametrize(
    ("prefix", "suffix", "answer", "expected"),
    [
        ("x = ", "\n", "Here:\n```python\n1 + 2\n```\nDone.", "1 + 2"),
        ("x = ", "\n", "```\nx = 1 + 2\n```", "1 + 2"),
        ("f(", ")\n", "```\nf(a, b)\n```", "a, b"),
        ("def f():\n    ", "\n", "```\n    return 1\n```", "return 1"),
        ("x = ", "\n", "1 + 2", "1 + 2"),
        ("x = ", "\n", f"```\n{MARK}3\n```", "3"),
    ],
)
def test_code_in_an_answer_in_words(prefix: str, suffix: str, answer: str, expected: str) -> None:
    assert unwrapped(Place("a.py", prefix, suffix), answer) == expected


def test_words_are_no_code_while_the_answer_grows() -> None:
    place = Place("a.py", "x = ", "\n")
    assert unwrapped(place, "Sure, here", silent=False) == ""
    assert unwrapped(place, "Sure:\n```\n1 +", silent=False) == "1 +"


def test_wishes() -> None:
    assert read(None) == (Wishes(), [])
    given = {
        "inlineCompletion": {"enabled": False, "delay": 250, "maxLines": 3},
        "rename": {"enabled": True},
        "review": {"enabled": False},
        "test": {"enabled": False},
        "server": {"path": "/x"},
    }
    wishes, wrong = read(given)
    assert wishes == Wishes(False, 0.25, 3, True, False, False) and not wrong
    assert read({"inlineCompletion": {"delay": "auto"}}) == (Wishes(), [])
    wishes, wrong = read({"inlineCompletion": {"enabled": "no", "delay": -1, "maxLines": True}, "review": 3})
    assert wishes == Wishes() and len(wrong) == 3
    assert read([1])[0] == Wishes() and read([1])[1]
