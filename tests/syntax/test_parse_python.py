from __future__ import annotations

import pytest

from qcode import syntax

SOURCE = b'''\
"""Doc."""
LIMIT = 3


class Shop:
    def buy(self, n: int) -> int:
        def inner():
            return n
        return inner()


async def main():
    pass
'''


@pytest.mark.smoke
def test_definitions_with_kind_place_and_qualified_name() -> None:
    found = [(d.kind, d.qualname, d.start_line, d.end_line) for d in syntax.definitions("a.py", SOURCE)]
    assert found == [
        ("variable", "LIMIT", 2, 2),
        ("class", "Shop", 5, 9),
        ("function", "Shop.buy", 6, 9),
        ("function", "Shop.buy.inner", 7, 8),
        ("function", "main", 12, 13),
    ]
    assert syntax.definitions("a.py", SOURCE)[2].signature == "def buy(self, n: int) -> int:"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", False),
        (SOURCE, False),
        (b"\xef\xbb\xbfx = 1\r\n", False),
        (b"x = '\xe4\xf6'\n", False),
        (b"def f(:\n", True),
        (b"foo(1, 2\n", True),
        (b"<<<<<<< HEAD\nx = 1\n=======\n", True),
        (b"def f():\npass\n", True),
        (b"def f():\n    a\n      b\n", True),
        (b"if x:\n    a\n  b\n", True),
        (b"def f():\n    a\n\tb\n", True),
        (
            b"class Box[T = list[int], *Ts = *tuple[int, ...]]:\n    def f[K = T](self, k: K) -> K: ...\n",
            False,
        ),
        (b"type Pair[A, B = dict[str, list[A]]] = tuple[A, B]\nx[a == b]\n", False),
        (b"f'{f'{1}'}'\ntry:\n    pass\nexcept A, B:\n    pass\n", False),
        (b"class Box[T = ]):\n    pass\n", True),
        (b"x = " + b"(" * 5000 + b"\n", True),
        (b"print 'old'\n", False),
    ],
)
def test_errors_are_counted(content: bytes, wrong: bool) -> None:
    assert bool(syntax.error_count("a.py", content)) == wrong


def test_two_errors_are_more_than_one() -> None:
    one = syntax.error_count("a.py", b"a = (1\n\n\ndef f():\n    pass\n")
    two = syntax.error_count("a.py", b"a = )1\n\n\ndef f():\n    pass\n\n\nclass :\n    pass\n")
    assert one is not None and two is not None and two >= one > 0


def test_without_a_grammar_there_is_no_count_and_nothing_is_defined() -> None:
    assert syntax.error_count("a.unknown", b"def f(:") is None
    assert syntax.definitions("a.unknown", b"def f(): pass") == []


def test_lines_are_right_after_a_bom() -> None:
    (found,) = syntax.definitions("a.pyi", b"\xef\xbb\xbf\n\ndef f(): ...\n")
    assert (found.name, found.start_line) == ("f", 3)
