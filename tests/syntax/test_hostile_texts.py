"""Texts that are made of nothing but what a parser has to mend."""

from __future__ import annotations

import sys

import pytest

from qcode import syntax
from qcode.syntax.tree import tree_of

LINES = b"import (#\n" * 20_000
"""Parsed to the end they take some ten seconds."""


def test_a_text_that_takes_too_long_has_no_tree_and_no_definitions() -> None:
    assert tree_of("python", LINES) is None
    assert syntax.definitions("a.py", LINES) == []
    assert syntax.error_count("a.py", LINES) is None
    assert syntax.extent("a.py", LINES, 3) is None


@pytest.mark.parametrize("size", [1, 500])
def test_a_long_text_gives_what_its_parts_give(size: int) -> None:
    """Beyond some length a text is handed over piece by piece."""
    text = "".join(f"def große_{n}(ä):\n    return 'ü'\n" for n in range(size)).encode()
    found = syntax.definitions("a.py", text)
    assert [d.name for d in found] == [f"große_{n}" for n in range(size)]
    assert syntax.error_count("a.py", text) == 0
    assert syntax.error_count("a.py", text + b"def (\n") not in (0, None)
    assert syntax.extent("a.py", b"\xef\xbb\xbf" + text, 1) == 2


@pytest.mark.parametrize(
    ("path", "line", "name"),
    [
        ("a.css", ":root {{ --of-{}: 1px; color: red }}\n", "--of-{}"),
        ("a.html", '<p id="of-{}" class="other">text</p>\n', "of-{}"),
        ("a.sh", "alias of{}='ls -l'\nother no='ls -l'\n", "of{}="),
    ],
)
@pytest.mark.parametrize("size", [1, 500])
def test_definitions_that_depend_on_a_word_are_found_in_short_and_long_texts(
    path: str, line: str, name: str, size: int
) -> None:
    text = "".join(line.format(n) for n in range(size)).encode()
    names = [d.name for d in syntax.definitions(path, text)]
    assert [n for n in names if n != ":root"] == [name.format(n) for n in range(size)]


def test_a_parsed_text_is_let_go_of() -> None:
    """tree-sitter 0.26 keeps what it was handed last: a process that reads thousands of files grew with each."""
    text = b"def f():\n    return 1\n" * 2_000
    before = sys.getrefcount(text)
    for content in (text, LINES):
        tree_of("python", content)
    assert sys.getrefcount(text) == before
