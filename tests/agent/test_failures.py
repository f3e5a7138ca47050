"""Real outputs of test runners and compilers, read into places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qcode import workspace
from qcode.agent.failures import Place, as_text, read_failures

FILES = {
    "sums.py": "def total(v):\n    return sum(v) + 1\n",
    "tests/test_sums.py": "x\n" * 20,
    "src/lib.rs": "fn main() {}\n" * 30,
    "cart.go": "package cart\n" * 30,
    "cart_test.go": "package cart\n" * 30,
    "src/app.ts": "let x = 1\n" * 30,
    "lib/sum.js": "x\n" * 30,
    "test/sum.test.js": "x\n" * 30,
    "main.c": "int x;\n" * 30,
    "src/main/java/shop/Cart.java": "class Cart {}\n" * 60,
}

PYTEST = """
=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert total([1, 2]) == 3
E       assert 4 == 3
E        +  where 4 = total([1, 2])

tests/test_sums.py:5: AssertionError
__________________________________ test_other __________________________________

tests/test_sums.py:9: in test_other
    total(None)
sums.py:2: in total
    return sum(v) + 1
E   TypeError: 'NoneType' object is not iterable
=========================== short test summary info ============================
"""
UNITTEST = """
======================================================================
ERROR: test_total (tests.test_sums.T.test_total)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "{root}/tests/test_sums.py", line 7, in test_total
    self.assertEqual(total([1, 2]), 3)
  File "{root}/sums.py", line 2, in total
    return sum(v) + 1
  File "/usr/lib/python3.11/somewhere.py", line 99, in deep
NameError: name 'summ' is not defined. Did you mean: 'sum'?

----------------------------------------------------------------------
Ran 1 test in 0.000s
"""
JEST = """
  ● sum adds

    TypeError: Cannot read properties of undefined (reading 'map')

      at sum (lib/sum.js:4:11)
      at Object.<anonymous> (test/sum.test.js:6:10)
      at node_modules/jest/build/run.js:1:1
"""
CARGO = """
error[E0425]: cannot find value `totl` in this scope
 --> src/lib.rs:3:5
  |
3 |     totl
  |     ^^^^ help: a local variable with a similar name exists: `total`

---- tests::adds stdout ----
thread 'tests::adds' panicked at src/lib.rs:21:9:
assertion `left == right` failed
"""
GO = """
--- FAIL: TestTotal (0.00s)
    cart_test.go:12: Total() = 4, want 3
# shop
./cart.go:7:2: undefined: totl
"""
TSC = "src/app.ts(4,7): error TS2304: Cannot find name 'totl'.\n"
GCC = "main.c:3:5: error: 'totl' undeclared (first use in this function)\n"
JAVA = """
java.lang.NullPointerException: Cannot invoke "Item.price()"
	at shop.Cart.total(Cart.java:41)
	at java.base/jdk.internal.reflect.Method.invoke(Method.java:580)
"""


@pytest.mark.parametrize(
    ("output", "message", "place"),
    [
        (PYTEST, "TypeError: 'NoneType' object is not iterable", Place("sums.py", 2)),
        (PYTEST, "assert 4 == 3", Place("tests/test_sums.py", 5)),
        (UNITTEST, "NameError: name 'summ'", Place("sums.py", 2)),
        (JEST, "TypeError: Cannot read properties", Place("test/sum.test.js", 6)),
        (CARGO, "error[E0425]: cannot find value `totl`", Place("src/lib.rs", 3)),
        (CARGO, "panicked at", Place("src/lib.rs", 21)),
        (GO, "Total() = 4, want 3", Place("cart_test.go", 12)),
        (GO, "undefined: totl", Place("cart.go", 7)),
        (TSC, "error TS2304", Place("src/app.ts", 4)),
        (GCC, "error: 'totl' undeclared", Place("main.c", 3)),
        (JAVA, "NullPointerException", Place("src/main/java/shop/Cart.java", 41)),
    ],
)
def test_formats(
    output: str, message: str, place: Place, make_project: Callable[[Mapping[str, str]], Path]
) -> None:
    root = make_project(FILES)
    found = read_failures(output.replace("{root}", str(root)), workspace.open_snapshot(root))
    hits = [f for f in found if message in f.message]
    assert hits, found
    assert place in hits[0].places
    assert all((root / p.path).is_file() for f in found for p in f.places)


def test_the_innermost_place_comes_first_and_its_code_is_shown(
    make_project: Callable[[Mapping[str, str]], Path],
) -> None:
    snapshot = workspace.open_snapshot(make_project(FILES))
    found = read_failures(UNITTEST.replace("{root}", str(snapshot.root)), snapshot)
    assert found[0].places[0] == Place("sums.py", 2)
    assert "2\t    return sum(v) + 1" in as_text(found, snapshot)


def test_the_same_failure_is_told_once(make_project: Callable[[Mapping[str, str]], Path]) -> None:
    snapshot = workspace.open_snapshot(make_project(FILES))
    block = "______ test_{n} ______\nsums.py:2: in total\nE   ValueError: item {n} is 'x{n}'\n"
    found = read_failures("".join(block.replace("{n}", str(n)) for n in range(30)), snapshot)
    assert len(found) == 1 and found[0].times == 30


def test_output_without_failures(make_project: Callable[[Mapping[str, str]], Path]) -> None:
    snapshot = workspace.open_snapshot(make_project(FILES))
    assert read_failures("....\n4 passed in 0.1s\n", snapshot) == []
