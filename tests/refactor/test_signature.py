"""Parameters: added, removed, renamed, reordered."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

Files = dict[str, str]


def changed(root: Path, files: Files, function: str, changes: str) -> Files:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    snapshot = workspace.open_snapshot(root)
    done = refactor.perform(snapshot, "signature", {"function": function, "changes": changes})
    return files | {c.path: (c.after or b"").decode() for c in done.changes}


CODE = (
    "def fetch(url, retries=3, *, debug: bool = False):\n    return url, retries, debug\n\n\n"
    "class Client:\n    def get(self, url, unused, n=1):\n        return fetch(url, n, debug=True)\n\n\n"
    "class Kid(Client):\n    def get(self, url, unused, n=1):\n        return super().get(url, unused=None, n=n)\n\n\n"
    "def use(c: Client):\n    c.get('a', 1, 2)\n    Kid().get('a', unused=[], n=3)\n    Client.get(c, 'a', {}, 2)\n"
)


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("changes", "definition"),
    [
        ("+timeout=30", "def fetch(url, retries=3, *, debug: bool = False, timeout=30):"),
        ("+timeout: float=1.5", "def fetch(url, retries=3, *, debug: bool = False, timeout: float = 1.5):"),
        ("retries->tries, debug->verbose", "def fetch(url, tries=3, *, verbose: bool = False):"),
    ],
)
def test_definitions_change_as_little_as_can_be(tmp_path: Path, changes: str, definition: str) -> None:
    after = changed(tmp_path, {"a.py": CODE}, "fetch", changes)["a.py"]
    assert after.startswith(definition)
    assert ("verbose=True" in after) == ("verbose" in changes)


def test_a_removed_parameter_leaves_every_call(tmp_path: Path) -> None:
    after = changed(tmp_path, {"a.py": CODE}, "Client.get", "-unused")["a.py"]
    assert after.count("def get(self, url, n=1):") == 2
    assert "super().get(url, n=n)" in after
    assert "c.get('a', 2)\n    Kid().get('a', n=3)\n    Client.get(c, 'a', 2)" in after


def test_order_keeps_the_order_of_effects(tmp_path: Path) -> None:
    files = {
        "a.py": "def f(a, b, c=1): return a\n",
        "b.py": "from a import f as g\ng(1, 2)\ng(x(), y(), 3)\ng(1, b=2)\n",
    }
    after = changed(tmp_path, files, "f", "(b, a, c)")
    assert after["a.py"] == "def f(b, a, c=1): return a\n"
    assert after["b.py"] == "from a import f as g\ng(2, 1)\ng(a=x(), b=y(), c=3)\ng(a=1, b=2)\n"


def test_constructors_and_long_lists(tmp_path: Path) -> None:
    text = (
        "class C:\n    def __init__(\n        self,\n        a,  # first\n        b,\n    ):\n        self.a = a\n\n\n"
        "class K(C):\n    pass\n\n\nC(1, b=2)\nK(1, 2)\n"
    )
    after = changed(tmp_path, {"a.py": text}, "C", "-b")["a.py"]
    assert "        a,  # first\n    ):" in after and after.endswith("C(1)\nK(1)\n")
    after = changed(tmp_path / "b", {"a.py": text}, "C", "+x=None")["a.py"]
    assert "        b, x=None,\n" in after


def test_a_parameter_is_renamed_by_the_verb_rename(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "fetch.debug", "new_name": "loud"}
    )
    assert b"loud=True" in (done.changes.changes["a.py"].after or b"")


@pytest.mark.parametrize(
    ("text", "function", "changes", "said"),
    [
        (CODE, "fetch", "-retries", "still used"),
        (CODE, "fetch", "+timeout", "needs a default"),
        (CODE, "fetch", "+url=1", "taken"),
        (CODE, "fetch", "-nothing", "no parameter"),
        (CODE, "fetch", "?", "no change"),
        (CODE, "Client.get", "-self", "instance"),
        ("def f(a, b): return a\nf(1, g())\n", "f", "-b", "computes"),
        ("def f(a, b): return a\nf(*x)\n", "f", "-b", "passes *"),
        ("def f(a, b): return a\nmap(f, x)\n", "f", "-b", "passed on"),
        ("def f(a): return locals()\n", "f", "a->b", "by name"),
        ("@app.route('/')\ndef f(a): return a\n", "f", "a->b", "decorated by app.route"),
        ("class C:\n    def get(self, a): return a\ndef g(x): x.get(a=1)\n", "C.get", "a->b", "whose get"),
        ("import threading\nclass T(threading.Thread):\n    def join(self, timeout=None): return timeout\n", "T.join", "timeout->t", "threading.Thread"),
        ("def f(a=1): return a\ndef g(**kw): return f(**kw)\ng(a=2)\n", "f", "a->b", "hand it on"),
        ("def f(a, b=1): return a, b\n", "f", "(b, a)", "would follow"),
        ("import inspect\ndef f(a): return a\ninspect.signature(f)\n", "f", "+b=1", "looks at parameters"),
    ],
)  # fmt: skip
def test_what_cannot_be_exact_is_refused(
    tmp_path: Path, text: str, function: str, changes: str, said: str
) -> None:
    with pytest.raises(RefactorError) as caught:
        changed(tmp_path, {"a.py": text}, function, changes)
    assert said in caught.value.message + caught.value.hint


def test_a_base_of_pythons_own_is_asked_by_what_it_calls(tmp_path: Path) -> None:
    files = {
        "compat.py": "from collections.abc import MutableMapping\n",
        "a.py": (
            "import threading\nimport typing as t\n\nfrom compat import MutableMapping\n\n\n"
            "class Bag(t.MutableSet):\n    def pop(self, last):\n        return last\n\n\n"
            "class Tree(MutableMapping):\n    def find(self, path):\n        return path\n\n"
            "    def pop(self, name):\n        return name\n\n\n"
            "class Work(threading.Thread):\n    def join(self, timeout=None):\n        return timeout\n"
        ),
    }
    assert (
        "def find(self, place):\n        return place"
        in changed(tmp_path, files, "Tree.find", "path->place")["a.py"]
    )
    assert "def pop(self, key):" in changed(tmp_path, files, "Tree.pop", "name->key")["a.py"]
    assert "def pop(self, final):" in changed(tmp_path, files, "Bag.pop", "last->final")["a.py"]
    with pytest.raises(RefactorError, match="may call join"):
        changed(tmp_path, files, "Work.join", "-timeout")


def test_an_argument_whose_computing_changes_nothing_goes(tmp_path: Path) -> None:
    files = {"a.py": "def f(a, b):\n    return a\n\n\ndef g(x):\n    return f(x, bool(x))\n"}
    assert changed(tmp_path, files, "f", "-b")["a.py"].endswith("    return f(x)\n")
    files["a.py"] = files["a.py"].replace("bool(x)", "x.pop()")
    with pytest.raises(RefactorError, match="may do something else"):
        changed(tmp_path, files, "f", "-b")


_STEP = "def step(bodies, dt, debug=False):\n    return bodies, dt\n\n\n"


@pytest.mark.parametrize(
    "use",
    [
        "class Run:\n    def __init__(self, stepper=step):\n        self.stepper = stepper\n\n    def go(self):\n        self.stepper(1, 2)\n",
        "def run(work):\n    return work(1, dt=2)\n\n\nrun(step)\nrun(work=step)\n",
        "def run(work=None):\n    work = work or step\n    return work(1, 2)\n",
        "chosen = step\nchosen(1, 2)\n",
    ],
)
def test_a_parameter_goes_where_all_calls_of_the_value_are_seen(tmp_path: Path, use: str) -> None:
    (tmp_path / "a.py").write_text(_STEP + use)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "signature", {"function": "step", "changes": "-debug"}
    )
    assert [(c.after or b"").decode() for c in done.changes] == [(_STEP + use).replace(", debug=False", "")]


@pytest.mark.parametrize(
    ("use", "place"),
    [
        ("class Run:\n    def __init__(self, stepper=step):\n        self.stepper = stepper\n\n    def go(self):\n        self.stepper(1, 2, True)\n", 10),
        ("def run(work, *rest):\n    return work(*rest)\n\n\nrun(step)\n", 6),
        ("def run(work):\n    Thread(target=work).start()\n\n\nrun(step)\n", 6),
        ("class Run:\n    stepper = step\n", 6),
        ("table = [step]\n", 5),
        ("def pick():\n    return step\n", 6),
        ("import inspect\n\n\nrun = step\ninspect.signature(run)\n", 9),
    ],
)  # fmt: skip
def test_a_parameter_stays_where_a_call_of_the_value_may_pass_it(
    tmp_path: Path, use: str, place: int
) -> None:
    (tmp_path / "a.py").write_text(_STEP + use)
    with pytest.raises(RefactorError, match="passed on as a value") as caught:
        refactor.perform(
            workspace.open_snapshot(tmp_path), "signature", {"function": "step", "changes": "-debug"}
        )
    assert f"a.py:{place}" in caught.value.message


def test_a_keyword_of_another_s_own_parameter_is_not_handed_on(tmp_path: Path) -> None:
    text = (
        "class Span:\n    def __init__(self, lower): pass\n\n    def replace(self, lower): return self\n\n\n"
        "class Plain:\n    def replace(self): return self\n\n\n"
        "def opened(lower): return lower\n\n\nTABLE = {'opened': opened}\nSpan(lower=1).replace(lower=2)\n"
        "opened(lower=3)\n"
    )
    (tmp_path / "a.py").write_text(text)
    snapshot = workspace.open_snapshot(tmp_path)
    done = refactor.perform(snapshot, "signature", {"function": "opened", "changes": "lower->low"})
    after = (done.changes.changes["a.py"].after or b"").decode()
    assert after == text.replace("opened(lower): return lower", "opened(low): return low").replace(
        "opened(lower=3)", "opened(low=3)"
    )
    (tmp_path / "b.py").write_text(
        "def start(thing):\n    thing.replace = thing\n    thing.replace(lower=1)\n"
    )
    with pytest.raises(RefactorError, match="hand it on"):
        refactor.perform(
            workspace.open_snapshot(tmp_path), "signature", {"function": "opened", "changes": "lower->low"}
        )


@pytest.mark.parametrize(
    "use",
    [
        "TABLE = {'f': f}\nprint(sorted([2, 1], key=abs))\n",
        "TABLE = {'f': f}\n[2, 1].sort(key=abs)\n'{key}'.format(key=1)\n",
        "class Box:\n    def __init__(self, key): pass\n\n    def again(self):\n        kind = self.__class__\n        return kind(key=1)\n\n\nTABLE = {'f': f}\n",
        "def run(work, **options):\n    return work(1)\n\n\nrun(f)\nwhatever(key=2)\n",
        "def run(work, inputs):\n    return work(*inputs)\n\n\nrun(f, [1])\nwhatever(key=2)\n",
        "from collections import namedtuple\nPair = namedtuple('Pair', 'key value')\nTABLE = {'f': f}\nPair(key=1, value=2)\n",
        "from dataclasses import dataclass\n\n\n@dataclass\nclass Pair:\n    key: int\n\n\nTABLE = {'f': f}\nPair(key=1)\n",
        "def other(key): pass\n\n\ndef wrap(**rest):\n    rest.get('key')\n    return other(**rest)\n\n\nTABLE = {'f': f}\nwrap(key=1)\n",
    ],
)  # fmt: skip
def test_keywords_that_cannot_reach_a_function_are_no_reason(tmp_path: Path, use: str) -> None:
    after = changed(tmp_path, {"a.py": "def f(key): return key\n\n\n" + use}, "f", "key->name")["a.py"]
    assert after == "def f(name): return name\n\n\n" + use


def test_a_function_that_goes_where_keywords_go_keeps_them(tmp_path: Path) -> None:
    text = "def f(key): return key\n\n\ndef run(work, **options):\n    return work(**options)\n\n\nrun(f, key=1)\n"
    with pytest.raises(RefactorError, match="hand it on"):
        changed(tmp_path, {"a.py": text}, "f", "key->name")


@pytest.mark.parametrize(
    ("use", "refused"),
    [
        ("def go(options):\n    return f(**options)\n\n\ngo({'key': 1})\n", True),
        ("def go(options):\n    options['key'] = 1\n    return f(**options)\n", True),
        ("def go(options):\n    return options['key']\n\n\ngo({'key': 1})\n", False),
        (
            "import inspect\n\nDATA = {'key': 1}\nVALUES = [DATA[n] for n in inspect.getfullargspec(f).args]\n",
            True,
        ),
    ],
)
def test_a_parameter_whose_name_is_a_text_that_reaches_it_is_refused(
    tmp_path: Path, use: str, refused: bool
) -> None:
    text = "def f(key): return key\n\n\n" + use
    if refused:
        with pytest.raises(RefactorError, match="has key in a text"):
            changed(tmp_path, {"a.py": text}, "f", "key->name")
    else:
        assert changed(tmp_path, {"a.py": text}, "f", "key->name")["a.py"].endswith(use)
