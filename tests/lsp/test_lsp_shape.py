"""Where a suggestion ends, and which are never shown."""

from __future__ import annotations

import pytest
from qcode_lsp.inline.place import Place
from qcode_lsp.inline.shape import accepted, cut


def at(text: str, path: str = "a.py") -> Place:
    prefix, _, suffix = text.partition("|")
    return Place(path, prefix, suffix)


def shaped(text: str, answer: str, path: str = "a.py") -> str:
    place = at(text, path)
    return accepted(place, cut(place, answer, 12).text)


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("x = |\ny = 2\n", "1\nz = 3\n", "1"),
        ("def f(a):\n    |\n\ny = 2\n", "b = a\n    return b\n\ndef g():\n    pass\n", "b = a\n    return b"),
        ("def f(a):|\n\ny = 2\n", "\n    return a\n\n\ndef g(): pass", "\n    return a"),
        ("def f(a):\n    |\n", "    return a\n", "return a"),
        ("def f(a):\n    if a:\n    |\n", "    return a\n", "    return a"),
        ("if a:\n    f()\n|", "else:\n    g()\nh()\n", "else:\n    g()\nh()"),
        ("f(|)\n", "a, b)", "a, b"),
        ("f(|)\n", "a, b", "a, b"),
        ("x = f(|\n", "\n    a,\n    b,\n)\ny = 3\n", "\n    a,\n    b,\n)"),
        ("x = [| for y in z]\n", "y\nmore", "y"),
        ("x = 1\n|\ny = compute(2)\n", "z = 3\ny = compute(2)\nq = 4\n", "z = 3"),
        ("def f():\r\n    |\r\n", "a = 1\n    return a\n", "a = 1\r\n    return a"),
    ],
)
def test_it_ends_where_the_thing_ends(text: str, answer: str, expected: str) -> None:
    assert shaped(text, answer) == expected


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("x = 1\n|\n", ") ) ]"),
        ("def f():\n    return 1\n|\n", "        x = 2"),  # an indentation that only Python minds
        ("x = 1\n|y = 2\n", "   "),
        ("x = 1\n|\ny = 2\n", "y = 2"),  # it is there already
        ("x = 'a|'\n", "\nb"),
    ],
)
def test_what_would_not_parse_is_not_shown(text: str, answer: str) -> None:
    assert shaped(text, answer) == ""


def test_a_longer_answer_is_cut_back_to_what_parses() -> None:
    assert shaped("def f():\n    |\n", "a = 1\n    b = (2\n    c = = 3\n") == "a = 1"


def test_a_file_that_does_not_parse_takes_what_makes_it_no_worse() -> None:
    assert shaped("def f(\n\nx = |\n", "1") == "1"
    assert shaped("def f(\n\ny = 1\nx = |\n", "1") == "1"


def test_files_without_a_grammar_are_cut_by_indentation() -> None:
    text = "while read line; do\n    |\n"
    assert shaped(text, "echo a\n    echo b\ndone\nrm x\n", "a.unknown") == "echo a\n    echo b"


def test_an_answer_that_grows_is_ended_as_soon_as_it_can_be() -> None:
    place = at("def f(a):|\n")
    assert not cut(place, "\n    return a", 12, silent=False).ended
    assert not cut(place, "\n    return a\nx", 12, silent=False).ended, "that line may still grow"
    assert cut(place, "\n    return a\nx = 1\n", 12, silent=False).ended
    assert cut(at("x = [| for y in z]\n"), "y\n", 12, silent=False) == cut(at("f(|q)"), "y\n", 12)


def test_loops_and_long_answers_are_cut() -> None:
    place = at("def f():\n    |\n")
    assert cut(place, "x()\n    x()\n    x()\n    x()\n", 12).text.count("x()") < 4
    long = "\n".join(f"{'' if not n else '    '}a{n} = {n}" for n in range(50))
    assert cut(place, long, 5).text.count("\n") == 4
