"""Variables and functions that are inlined."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

Files = dict[str, str]


def inlined(root: Path, files: Files, name: str, inside: str = "") -> Files:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    done = refactor.perform(workspace.open_snapshot(root), "inline", {"name": name, "inside": inside})
    return files | {c.path: (c.after or b"").decode() for c in done.changes}


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tmp = a + b\nreturn tmp * 2\n", "return (a + b) * 2\n"),
        ("tmp = g(a)\nreturn tmp\n", "return g(a)\n"),
        ("tmp = g(a)\nh(b, tmp)\n", "h(b, g(a))\n"),
        ("tmp = 1\nreturn tmp.real, [tmp for _ in a]\n", "return (1).real, [1 for _ in a]\n"),
        ("tmp = a, b\nh(tmp)\n", "h((a, b))\n"),
        (
            "tmp = ['x', 'y']\nh(a)\nreturn [c for c in b if c not in tmp]\n",
            "h(a)\nreturn [c for c in b if c not in ['x', 'y']]\n",
        ),
        (
            "tmp = struct.pack('i', len(a))\nos.write(a.head.fileno(), tmp + a)\n",
            "os.write(a.head.fileno(), struct.pack('i', len(a)) + a)\n",
        ),
        ("tmp = partial(b, a)\nb.any(Kind.LEFT, tmp)\n", "b.any(Kind.LEFT, partial(b, a))\n"),
        (
            "tmp = [c for c in a]\nreturn ','.join(c for c in tmp)\n",
            "return ','.join(c for c in ([c for c in a]))\n",
        ),
        ("tmp = 'x'\nb = 1\nreturn f'{b}', tmp\n", "b = 1\nreturn f'{b}', 'x'\n"),
        (
            "tmp = '' if a else f', v={a}'\nreturn f'{a}({tmp})'\n",
            'return f\'{a}({("" if a else f", v={a}")})\'\n',
        ),
        ("tmp = a if b else 1\nx = tmp\n", "x = a if b else 1\n"),
    ],
)
def test_a_local_variable(tmp_path: Path, before: str, after: str) -> None:
    def body(lines: str) -> str:
        imports = (
            "import os, struct\nfrom functools import partial\n\n\nclass Kind:\n    LEFT = object()\n\n\n"
        )
        return f"{imports}def total(a, b):\n" + "".join(f"    {line}\n" for line in lines.splitlines())

    assert inlined(tmp_path, {"a.py": body(before)}, "tmp", "total")["a.py"] == body(after)


def test_a_function_goes_to_its_calls_in_all_files(tmp_path: Path) -> None:
    files = {
        "a.py": "import re\n\nSEP = '-'\n\n\ndef dash(text, sep=','):\n    return re.sub(sep, SEP, text)\n\n\ndef g(x):\n    return dash(x) + 'a'\n",
        "b.py": "import regex as re\nfrom a import g, dash\n\n\ndef h(y):\n    return g(y), dash(sep=';', text=y + 'b')\n",
    }
    with pytest.raises(RefactorError, match="re means something else"):
        inlined(tmp_path, files, "dash")
    files["b.py"] = files["b.py"].replace("import regex as re\n", "import re\n")
    after = inlined(tmp_path, files, "dash")  # both mean the same module
    assert after["b.py"].startswith(
        "import re\nfrom a import g\nfrom a import SEP\n\n\ndef h(y):\n    return g(y), re.sub("
    )
    files["b.py"] = files["b.py"].replace("import re\n", "")
    after = inlined(tmp_path, files, "dash")
    assert after["a.py"] == "import re\n\nSEP = '-'\n\n\ndef g(x):\n    return re.sub(',', SEP, x) + 'a'\n"
    assert (
        after["b.py"]
        == "from a import g\nfrom a import SEP, re\n\n\ndef h(y):\n    return g(y), re.sub(';', SEP, (y + 'b'))\n"
    )


@pytest.mark.parametrize(
    ("text", "name", "inside", "said"),
    [
        ("def f(a):\n    t = a\n    t = 2\n    return t\n", "t", "f", "bound 2 times"),
        ("def f(a):\n    t = g()\n    h()\n    return t\n", "t", "f", "other statements"),
        ("def f(a):\n    t = g()\n    return h() + t\n", "t", "f", "computed before"),
        ("def f(a):\n    t = a\n    a = 2\n    return t\n", "t", "f", "in between"),
        ("def f(a):\n    t = a\n    return lambda: t\n", "t", "f", "another scope"),
        ("def f(a):\n    t = []\n    t.append(t)\n", "t", "f", "2 times"),
        ("def f(a):\n    t = g()\n    for x in a:\n        h(t)\n", "t", "f", "loop"),
        ("def f(a):\n    t = g()\n    return a and t\n", "t", "f", "another time"),
        ("def f(a):\n    t = 1\n", "t", "f", "never used"),
        ("def f(a):\n    return 1\n", "t", "f", "no variable"),
        ("def f(a): return a\nx = f\n", "f", "", "as a value"),
        ("def f(a): return a + a\nf(g())\n", "f", "", "2 times"),
        ("def f(a, b): return b + a\nf(g(), h())\n", "f", "", "another order"),
        ("def f(a):\n    print(a)\n    return a\nf(1)\n", "f", "", "more than one"),
        ("def f(a): return f(a)\nf(1)\n", "f", "", "calls itself"),
        ("class C:\n    def f(self): return 1\nC().f()\n", "C.f", "", "method"),
    ],
)
def test_what_would_change_a_meaning_is_refused(
    tmp_path: Path, text: str, name: str, inside: str, said: str
) -> None:
    with pytest.raises(RefactorError) as caught:
        inlined(tmp_path, {"a.py": text}, name, inside)
    assert said in caught.value.message + caught.value.hint


PURE = "def low(x):\n    return x.strip().lower()\n\n\ndef noted(x):\n    seen.append(x)\n    return x\n\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The target of an assignment is computed behind the value.
        ("t = g(a)\nself.at[g(b)] = t\n", "self.at[g(b)] = g(a)\n"),
        ("t = low(a)\nreturn self.x, t\n", "return self.x, low(a)\n"),
        ("t = len(a)\nreturn low(b), t\n", "return low(b), len(a)\n"),
        ("t = g(a)\nreturn self.ALL, t\n", "return self.ALL, g(a)\n"),
        ("if a:\n    h()\na = g(b)\nreturn a\n", "if a:\n    h()\nreturn g(b)\n"),
        (
            "t = self.a\nif b is None:\n    return 1\nelse:\n    return b.at(t)\n",
            "if b is None:\n    return 1\nelse:\n    return b.at(self.a)\n",
        ),
        ("t = noted(b)\nreturn self.a, t\n", "return self.a, noted(b)\n"),
        ("t = self.a\nb = len(a)\nreturn t, b\n", "b = len(a)\nreturn self.a, b\n"),
        ("c = [a]\nc.append(2)\nt = c[-1]\nreturn g(a) % t\n", "c = [a]\nc.append(2)\nreturn g(a) % c[-1]\n"),
        ('t = a.replace("x", "")\nreturn f"{g(t)}"\n', "return f\"{g(a.replace('x', ''))}\"\n"),
        ('t = a.replace("x", "")\nreturn f"{b} {t}"\n', "return f\"{b} {(a.replace('x', ''))}\"\n"),
    ],
)
def test_a_value_moves_behind_what_it_does_not_touch(tmp_path: Path, before: str, after: str) -> None:
    def whole(lines: str) -> str:
        body = "".join(f"        {line}\n" for line in lines.splitlines())
        own = "    ALL = (1, 2)\n\n    def __init__(self):\n        self.a = 1\n\n"
        return f"{PURE}class C:\n{own}    def m(self, a, b):\n{body}"

    name = "t" if "t = " in before else "a"
    assert inlined(tmp_path, {"a.py": whole(before)}, name, "C.m")["a.py"] == whole(after)


def test_an_attribute_that_is_set_later_is_read_behind_a_value(tmp_path: Path) -> None:
    text = "class C:\n    def __init__(self):\n        self.a = 1\n\n    def m(self, b):\n        t = b.go()\n        return self.a, t\n"
    for more in ("\nC().a = 2\n", "\n    def n(self):\n        self.a = 2\n", "\nsetattr(C(), input(), 1)\n"):
        with pytest.raises(RefactorError, match="computed before it"):
            inlined(tmp_path, {"a.py": text + more}, "t", "C.m")
    assert "return self.a, b.go()" in inlined(tmp_path, {"a.py": text}, "t", "C.m")["a.py"]


@pytest.mark.parametrize(
    "lines",
    [
        "t = noted(a)\nreturn self.x, t\n",
        "t = len(a)\nreturn noted(a), t\n",
        "t = g(a)\nreturn self.x, t\n",
        "t = self.x\nif a:\n    return t\n",  # nothing sets it, reading it may fail
        "t = self.a\nnoted(a)\nreturn t\n",
        "t = self.a\nself.a = 2\nreturn t\n",
        "t = self.a\nif noted(a):\n    return t\n",
        "t = a[0]\nreturn noted(b), t\n",
        "d = [b]\nnoted(d)\nt = d[0]\nreturn noted(b), t\n",
        "d = [a]\nc.all = d\nt = d[0]\nreturn noted(a), t\n",
        "d = [a]\nc.list(d)\nt = d[0]\nreturn noted(a), t\n",
        "if a:\n    a = g(b)\n    h(a)\nreturn a\n",
        "for b in c:\n    a = g(b)\n    h(a)\n",
    ],
)
def test_a_value_stays_before_what_it_may_change(tmp_path: Path, lines: str) -> None:
    body = "".join(f"        {line}\n" for line in lines.splitlines())
    own = "    def __init__(self):\n        self.a = 1\n\n"
    files = {"a.py": f"{PURE}class C:\n{own}    def m(self, a, b, c):\n{body}"}
    with pytest.raises(RefactorError):
        inlined(tmp_path, files, "t" if "t = " in lines else "a", "C.m")


def test_a_function_with_a_comprehension(tmp_path: Path) -> None:
    def text(call: str) -> str:
        return f"def f(a, b):\n    return [x for x in a if x != b]\n\n\ndef g(q, x):\n    return {call}\n"

    assert (
        inlined(tmp_path, {"a.py": text("f(q.z, q)")}, "f")["a.py"]
        == "def g(q, x):\n    return [x for x in q.z if x != q]\n"
    )
    for call, said in (("f(q, x)", "a name that it uses itself"), ("f(q, q.y)", "again and again")):
        with pytest.raises(RefactorError, match=said):
            inlined(tmp_path, {"a.py": text(call)}, "f")
    own = "def f(x):\n    return [x for x in x]\n\n\nprint(f(1))\n"
    assert inlined(tmp_path, {"a.py": own}, "f")["a.py"] == "print(([x for x in (1)]))\n"


def test_a_function_whose_calls_a_tool_reads_stays(tmp_path: Path) -> None:
    files = {
        "a.py": "def mark(text):\n    return text\n",
        "b.py": "from a import mark as N_\nNAMES = [N_('one')]\n",
        "texts.sh": "xgettext -o all.pot -k'_' -k'N_' *.py\n",
    }
    with pytest.raises(RefactorError, match=r"texts\.sh:1 "):
        inlined(tmp_path, files, "mark")
    files["texts.sh"] = files["texts.sh"].replace("N_", "NN_")
    assert inlined(tmp_path, files, "mark")["b.py"] == "NAMES = ['one']\n"


@pytest.mark.parametrize(
    ("value", "argument", "after"),
    [
        ("f'{name} is {{}} here'", "'Stop: it'", "f'{\"Stop: it\"} is {{}} here'"),
        ('f"<{name}>"', '"Stop"', "f\"<{'Stop'}>\""),
        ("f'{name}!'", "a.b", "f'{a.b}!'"),
    ],
)
def test_arguments_go_into_the_braces_of_an_f_string(
    tmp_path: Path, value: str, argument: str, after: str
) -> None:
    text = f"def _said(name):\n    return {value}\n\n\ndef use(a):\n    return _said({argument})\n"
    made = inlined(tmp_path, {"a.py": text}, "_said")["a.py"]
    assert made == f"def use(a):\n    return {after}\n"


@pytest.mark.parametrize("argument", ["a.replace('\\n', '')", "lambda: 1", "{1: 2}"])
def test_what_no_f_string_may_hold_is_refused(tmp_path: Path, argument: str) -> None:
    text = (
        f"def _said(name):\n    return f'{{name}} {{name}}'\n\n\ndef use(a):\n    return _said({argument})\n"
    )
    with pytest.raises(RefactorError):
        inlined(tmp_path, {"a.py": text}, "_said")


def test_a_builtin_default_goes_to_the_call(tmp_path: Path) -> None:
    text = "def _is(text, kind=int):\n    return kind(text) == 1\n\n\ndef use(a):\n    return _is(a)\n"
    after = inlined(tmp_path, {"a.py": text}, "_is")["a.py"]
    assert after == "def use(a):\n    return int(a) == 1\n"
    own = text.replace("def use", "int = str\n\n\ndef use").replace("int = str", "int = made()")
    with pytest.raises(RefactorError, match="computed once"):
        inlined(tmp_path, {"a.py": own.replace("int = made()", "int = made()\nint = str")}, "_is")
