"""How far what begins on a line reaches."""

from __future__ import annotations

import pytest

from qcode.syntax import extent

CODE = b"""x = 1
def f(a):
    if a:
        return 1
    return 2


y = g(
    x,
)
class A: pass
"""


@pytest.mark.parametrize(
    ("line", "last"),
    [(1, 1), (2, 5), (3, 4), (4, 4), (5, 5), (6, None), (8, 10), (9, 9), (11, 11), (99, None)],
)
def test_lines(line: int, last: int | None) -> None:
    assert extent("a.py", CODE, line) == last


def test_no_grammar_and_no_syntax() -> None:
    assert extent("a.unknown", CODE, 1) is None
    assert extent("a.py", b")]}", 1) is None
    assert extent("a.py", b"", 1) is None
