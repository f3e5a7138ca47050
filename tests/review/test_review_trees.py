"""Trees of parts of a text say what the tree of the whole says."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcode.review import trees
from qcode.review.hunks import hunks, split
from qcode.review.trees import Statements, former, parsed, touched

SOURCES = sorted(Path(trees.__file__).parent.rglob("*.py"))
TRAPS = '''"""Doc with 'quotes'
def no(): pass
"""
x = "a \\"" "" + 'b' + '"""'
# a comment with """ in it
y = (
1,
"""inner
class no:
""",
)
@deco(
    1,
)

# between
@other
async def f(a, b="""(
"""):
    return """
def no2(): fetch(1)
""", a
if x:
    z = 1
elif y:
    z = 2
else:
    z = 3
try:
    import k
except ImportError:
    k = None
finally:
    pass
w = 1 + \\
2
class C(object):
    """Doc
    def no3(self): pass
    """
    a = 1
    @property
    def p(self):
        text = """
    def no4(self): pass
"""
        return text

    # between

    def q(self): return fetch(self.a)
class D: b = 2
s = r'\\\\' ; t = """\\""" """
def no5(): pass
'''


def dumped(tree: ast.Module | None) -> str:
    assert tree is not None
    return ast.dump(tree)


def changes(count: int) -> Iterator[tuple[bytes, bytes]]:
    """Texts before and after lines were taken away, put in, or moved, at up to three places."""
    dice = random.Random(12)
    texts = [path.read_bytes() for path in SOURCES] + [TRAPS.encode() * 2] * 10
    for _ in range(count):
        text = dice.choice(texts)
        lines = split(text)
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(lines) or 1)
            piece = lines[at : at + dice.choice([1, 1, 2, 5])]
            if dice.random() < 0.6:
                lines[at : at + len(piece)] = []
            if dice.random() < 0.6:
                to = dice.randrange(len(lines) + 1)
                lines[to:to] = piece
        pair = [text, b"\n".join(lines)]
        yield tuple(pair if dice.random() < 0.5 else reversed(pair))  # type: ignore[misc]


def test_what_was_touched_tells_whether_the_change_broke_the_syntax_and_what_it_took_away() -> None:
    told = 0
    for before, after in changes(600):
        made = hunks(split(before), split(after))
        old, new = parsed(before), parsed(after)
        if new is not None:
            again = former(new, before, after, made)
            assert (again is None) == (old is None), after.decode()
            assert again is None or dumped(again) == dumped(old), after.decode()
        parts = touched(before, after, made)
        if parts is None:
            continue
        told += 1
        assert (old is None) == (new is None), after.decode()
        if old is None or new is None:
            continue
        gone = [ast.dump(n) for n in old.body]
        for node in new.body:
            if ast.dump(node) in gone:
                gone.remove(ast.dump(node))
        assert set(gone) <= {ast.dump(n) for n in parts[0].body}, after.decode()
    assert told > 100


@pytest.mark.parametrize("text", [TRAPS.encode(), *(path.read_bytes() for path in SOURCES[:12])])
def test_a_statement_is_read_alone_as_it_is_read_in_the_file(text: bytes) -> None:
    whole = ast.parse(text)
    starts = [0]
    for line in text.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    statements = Statements(text)
    for number in range(1, len(starts) - 1):
        part = statements.holding([starts[number - 1]])
        assert part is not None
        around = [
            n for n in ast.walk(whole) if isinstance(n, ast.stmt) and n.lineno <= number <= n.end_lineno
        ]
        known = {(ast.dump(n), n.lineno, n.col_offset) for n in ast.walk(part) if isinstance(n, ast.stmt)}
        for node in around:
            if not isinstance(node, ast.ClassDef):  # of a class only some of its body is there
                assert (ast.dump(node), node.lineno, node.col_offset) in known, (number, ast.unparse(node))


def test_of_a_class_only_what_holds_the_spot_is_parsed() -> None:
    text = TRAPS.encode()
    part = Statements(text).holding([text.index(b"fetch(self.a)")])
    assert part is not None
    (made,) = part.body
    assert isinstance(made, ast.ClassDef)
    assert [n.name for n in made.body if isinstance(n, ast.FunctionDef)] == ["q"]


def test_time_grows_with_the_text_alone() -> None:
    """Each of these took minutes when something was tried twice."""
    for text in (
        b"x = '''\n" + b'"""\n' * 100_000,
        b"x = " + b'\'\' """' * 100_000,
        b"# " + b'"""' * 300_000,
        b"x = '" + b'\\"""' * 200_000,
        b"class A:\n" + b"    @a\n" * 100_000,
        b"@a\n" * 200_000,
    ):
        Statements(text).holding(range(0, len(text), 50))
