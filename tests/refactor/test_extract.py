"""Lines as functions and methods, expressions as variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError


def extracted(root: Path, text: str, lines: str, expression: str = "", name: str = "new") -> str:
    root.mkdir(parents=True, exist_ok=True)
    (root / "a.py").write_text(text)
    arguments = {"place": f"a.py:{lines}", "new_name": name, "expression": expression}
    done = refactor.perform(workspace.open_snapshot(root), "extract", arguments)
    return (done.changes.changes["a.py"].after or b"").decode()


@pytest.mark.smoke
def test_lines_become_a_function_with_what_it_takes_and_gives(tmp_path: Path) -> None:
    text = (
        "def total(items, tax):\n    net = 0\n    # Sum up.\n    for item in items:\n        net += item\n"
        "    gross = net * tax\n    return gross, net\n"
    )
    assert extracted(tmp_path, text, "3-6") == (
        "def new(items, net, tax):\n    # Sum up.\n    for item in items:\n        net += item\n"
        "    gross = net * tax\n    return net, gross\n\n\n"
        "def total(items, tax):\n    net = 0\n    net, gross = new(items, net, tax)\n    return gross, net\n"
    )


def test_lines_of_a_method_become_a_method(tmp_path: Path) -> None:
    text = (
        "class C:\n    async def f(self, x):\n        if x:\n            text = '''a\n  b'''\n            await self.g(text)\n"
        "        return 1\n\n    def h(self): ...\n"
    )
    assert extracted(tmp_path, text, "4-6") == (
        "class C:\n    async def f(self, x):\n        if x:\n            await self.new()\n        return 1\n\n"
        "    async def new(self):\n        text = '''a\n  b'''\n        await self.g(text)\n\n    def h(self): ...\n"
    )


def test_tabs_stay_tabs(tmp_path: Path) -> None:
    text = (
        "class C:\n\tdef f(self, x):\n\t\tif x:\n\t\t\ty = self.g(\n\t\t\t\tx)\n\t\t\tx = y\n\t\treturn x\n"
    )
    assert extracted(tmp_path, text, "4-6") == (
        "class C:\n\tdef f(self, x):\n\t\tif x:\n\t\t\tx = self.new(x)\n\t\treturn x\n\n"
        "\tdef new(self, x):\n\t\ty = self.g(\n\t\t\tx)\n\t\tx = y\n\t\treturn x\n"
    )
    text = "def f(a):\n\tif a:\n\t\treturn g(a + 1)\n"
    assert extracted(tmp_path, text, "3", "a + 1") == text.replace(
        "\t\treturn g(a + 1)", "\t\tnew = a + 1\n\t\treturn g(new)"
    )


def test_another_branch_does_not_set_what_a_function_in_the_lines_keeps(tmp_path: Path) -> None:
    text = (
        "def f(x, go):\n    if x:\n        found = [1]\n        def add(): found.append(x)\n        go(add)\n        return found\n"
        "    else:\n        found = []\n        go(lambda: found)\n    return found\n"
    )
    after = extracted(tmp_path, text, "4-5")
    assert "        found = [1]\n        new(found, x, go)\n        return found\n" in after
    again = "def f(xs, go):\n    for x in xs:\n" + text.partition("\n")[2].replace(
        "    ", "        ", 1
    ).replace("\n    ", "\n        ")
    with pytest.raises(RefactorError, match="keeps found"):
        extracted(tmp_path / "b", again, "5-6")


def test_a_return_on_every_way_is_returned(tmp_path: Path) -> None:
    text = "def f(x):\n    y = x + 1\n    if y:\n        return 1\n    raise ValueError(y)\n"
    after = extracted(tmp_path, text, "3-5")
    assert after.endswith("def f(x):\n    y = x + 1\n    return new(y)\n")


def test_a_value_for_the_next_round_of_a_loop_comes_back(tmp_path: Path) -> None:
    text = "def f(xs):\n    last = None\n    for x in xs:\n        print(last)\n        last = x\n"
    assert "        last = new(last, x)\n" in extracted(tmp_path, text, "4-5")


def test_an_expression_becomes_a_variable(tmp_path: Path) -> None:
    text = "def f(a, b):\n    if a + b > 2 and a:\n        return g(a * (b + 1), 'ä')\n"
    assert extracted(tmp_path, text, "2", "a + b") == text.replace(
        "    if a + b", "    new = a + b\n    if new"
    )
    assert extracted(tmp_path / "b", text, "3:18-3:28") == text.replace(
        "        return g(a * (b + 1)", "        new = a * (b + 1)\n        return g(new"
    )


@pytest.mark.parametrize(
    ("body", "lines", "said"),
    [
        ("for x in a:\n    if x:\n        break\n", "3-4", "leaves a loop"),
        ("if a:\n    return 1\nb = 2\nprint(b)\n", "2-4", "returns on some ways"),
        ("yield a\n", "2", "yields"),
        ("print(locals())\n", "2", "by name"),
        ("b = 1\ndel b\n", "3", "deletes"),
        ("if a:\n    b = 1\nprint(b)\n", "2-3", "not set on every way"),
        ("if a:\n    b = 1\nprint(b)\n", "4", "may not be set"),
        ("b = 1\ng = lambda: b\nb = 2\ng()\n", "3", "keeps b"),
        ("g = lambda: b\nb = 2\ng()\n", "3", "keeps b"),
        ("try:\n    b = 1\n    h()\nexcept E:\n    print(b)\n", "3-4", "error"),
        ("x = [\n  1,\n]\n", "3", "no whole statements"),
        ("global G\nG = 1\n", "3", "of the module"),
        ("warn('x', stacklevel=2)\n", "2", "callers"),
        ("new = 1\nprint(a)\n", "3", "taken"),
    ],
)
def test_what_would_not_be_the_same_is_refused(tmp_path: Path, body: str, lines: str, said: str) -> None:
    text = "def f(a):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    with pytest.raises(RefactorError) as caught:
        extracted(tmp_path, text, lines)
    assert said in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("line", "expression", "said"),
    [
        ("    return a and a.x\n", "a.x", "only computed"),
        ("    return [x + 1 for x in a]\n", "x + 1", "again and again"),
        ("    return g() + h()\n", "h()", "before it"),
        ("    return a + a\n", "a", "2 of these"),
        ("    return a\n", "b", "no such expression"),
        ("    while a > 1: pass\n", "a > 1", "another time"),
    ],
)
def test_expressions_that_are_computed_at_another_time_stay(
    tmp_path: Path, line: str, expression: str, said: str
) -> None:
    with pytest.raises(RefactorError) as caught:
        extracted(tmp_path, f"def f(a):\n{line}", "2", expression)
    assert said in caught.value.message + caught.value.hint


def test_what_an_error_would_find_set_only_by_the_last_statement(tmp_path: Path) -> None:
    text = "def f(v):\n    try:\n        w = g(v)\n        v = h(w)\n    except ValueError:\n        return v\n    return v\n"
    assert extracted(tmp_path, text, "3-4").endswith(
        "    try:\n        v = new(v)\n    except ValueError:\n        return v\n    return v\n"
    )
    text = text.replace("        v = h(w)\n", "        v = h(w)\n        k(v)\n")
    with pytest.raises(RefactorError, match="an error of it is handled"):
        extracted(tmp_path, text, "3-5")


def test_an_expression_goes_before_what_changes_nothing(tmp_path: Path) -> None:
    head = "def pad(t, n):\n    return t + ' ' * (n - len(t))\n\n\ndef money(v):\n    return 'EUR {:.2f}'.format(v)\n\n\n"
    text = f"{head}def f(i, v):\n    return '%s %s' % (pad(i.sku, 10), money(v))\n"
    assert extracted(tmp_path, text, "10", "money(v)", "amount") == (
        f"{head}def f(i, v):\n    amount = money(v)\n    return '%s %s' % (pad(i.sku, 10), amount)\n"
    )
    with pytest.raises(RefactorError, match="is computed before it"):
        extracted(
            tmp_path, text.replace("return t +", "t.used = 1\n    return t +"), "11", "money(v)", "amount"
        )
