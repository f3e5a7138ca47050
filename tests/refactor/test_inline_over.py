"""Values that are computed later, over what changes nothing; and refusals that say what stands between."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

_GROSS = "VAT = 0.19\n\n\ndef gross_of(net, vat=VAT):\n    return round(net * (1 + vat), 2)\n\n\n"
_NORM = "import math\n\n\ndef norm(vec):\n    return math.sqrt(sum(x * x for x in vec))\n\n\n"


def inlined(root: Path, text: str, name: str, inside: str = "") -> str:
    (root / "a.py").write_text(text)
    done = refactor.perform(workspace.open_snapshot(root), "inline", {"name": name, "inside": inside})
    return (next(iter(done.changes)).after or b"").decode()


@pytest.mark.parametrize(
    ("head", "before", "after"),
    [
        (_GROSS, "def f(a):\n    x = gross_of(a)\n    print('net', a)\n    return x + 1\n", "def f(a):\n    print('net', a)\n    return gross_of(a) + 1\n"),
        (_NORM, "def f(self):\n    x = norm(self.vel)\n    return 0.5 * self.mass * x ** 2\n", "def f(self):\n    return 0.5 * self.mass * norm(self.vel) ** 2\n"),
        ("", "def f(a):\n    x = sum(a)\n    n = len(a)\n    if n == 0:\n        return 0\n    return x / n\n", "def f(a):\n    n = len(a)\n    if n == 0:\n        return 0\n    return sum(a) / n\n"),
    ],
)  # fmt: skip
def test_what_changes_nothing_is_no_hindrance(tmp_path: Path, head: str, before: str, after: str) -> None:
    assert inlined(tmp_path, head + before, "x", "f") == head + after


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(a):\n    x = a['k']\n    print(1)\n    return x\n", "`print(1)` in line 3"),  # it may fail
        ("def g(a): a.sort()\n\n\ndef f(a):\n    x = g(a)\n    print(1)\n    return x\n", "`print(1)`"),
        ("def f(a, fh):\n    x = str(a)\n    print(1, file=fh)\n    return x\n", "`print(1, file=fh)`"),
        ("def f(a):\n    x = sum(a)\n    if a.done():\n        return 0\n    return x\n", "`if a.done():`"),
        ("def f(a, n):\n    x = sum(a)\n    if n:\n        return list(a)\n    return x\n", "other statements"),
        ("def f(a):\n    x = next(a)\n    return 0.5 * next(a) * x\n", "would be computed before it"),
        ("import json\n\n\ndef f(a):\n    x = json.dumps(a)\n    with open('f') as fh:\n        fh.write(x)\n", "`with open('f') as fh:`"),
        ("import json\n\n\ndef f(a):\n    with open(a) as fh:\n        x = json.load(fh)\n    return x\n", "inside of the `with` of line 5"),
        ("def f(a):\n    x = g(a)\n    for b in a:\n        print(x)\n", "in a loop"),
    ],
)  # fmt: skip
def test_what_may_change_something_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RefactorError) as caught:
        inlined(tmp_path, text, "x", "f")
    assert said in caught.value.message and caught.value.hint


def test_a_default_that_stays_the_same_goes_along(tmp_path: Path) -> None:
    use = "def f(a):\n    return gross_of(a), gross_of(a, 0)\n"
    after = inlined(tmp_path, _GROSS + use, "gross_of")
    assert after.endswith("return round(a * (1 + VAT), 2), round(a * (1 + (0)), 2)\n")
    (tmp_path / "b.py").write_text("from a import gross_of\n\nprint(gross_of(1))\n")
    snapshot = workspace.open_snapshot(tmp_path)
    (tmp_path / "a.py").write_text(_GROSS + use)
    done = refactor.perform(snapshot, "inline", {"name": "gross_of"})
    changed = {c.path: (c.after or b"").decode() for c in done.changes}
    assert changed["b.py"] == "from a import VAT\n\nprint(round((1) * (1 + VAT), 2))\n"


@pytest.mark.parametrize(
    "more",
    [
        "def g():\n    global VAT\n    VAT = 1\n",
        "import a\na.VAT = 2\n",
        "setattr(a, 'VAT', 2)\n",
        "patch('a.VAT')\n",
        "VAT = 2\n",
    ],
)
def test_a_default_that_may_be_another_one_later_is_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(RefactorError, match="its default VAT"):
        inlined(tmp_path, f"{_GROSS}def f(a):\n    return gross_of(a)\n\n\n{more}", "gross_of")
