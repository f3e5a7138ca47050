"""Whose member `x.name` is, where an everyday name or a second class leaves it open."""

from __future__ import annotations

from pathlib import Path

import pytest
import renames

from qcode import refactor, workspace
from qcode.errors import RefactorError

_TWO = "class A:\n    def send(self): pass\n\n\nclass B:\n    def send(self): pass\n\n\n"


def renamed(root: Path, files: dict[str, str], old: str, new: str) -> dict[str, str]:
    done = renames.renamed(root, files, old, new)
    return {path: (change.after or b"").decode() for path, change in done.changes.changes.items()}


@pytest.mark.parametrize(
    "use",
    [
        "def use(x):\n    if isinstance(x, A):\n        x.send()\n    elif isinstance(x, B): x.old()\n",
        "def use(x):\n    if not isinstance(x, A):\n        return\n    x.send()\n",
        "def use(x):\n    assert isinstance(x, A)\n    x.send()\n",
        "def use(x):\n    return isinstance(x, A) and x.send()\n",
        "def use(x):\n    return x.send() if isinstance(x, A) else None\n",
        "def use(x):\n    return not isinstance(x, A) or x.send()\n",
        "def use(all):\n    return [x.send() for x in all if isinstance(x, A)]\n",
        "def use(x):\n    if isinstance(x.inner, A):\n        x.inner.send()\n",
        "class C(A): pass\n\n\ndef use(y):\n    x = A() if y else C()\n    x.send()\n",
        "def use(x):\n    if isinstance(x, A):\n        return type(x).send(x)\n",
        "def use(y):\n    x = None\n    if y:\n        x = A()\n    x.send()\n",
    ],
)
def test_a_test_around_a_use_says_its_class(tmp_path: Path, use: str) -> None:
    after = renamed(tmp_path, {"a.py": _TWO + use}, "A.send", "put")
    assert after["a.py"] == _TWO.replace("send", "put", 1) + use.replace("send", "put")
    other = use.replace("C(A)", "C(B)").replace("A()", "B()").replace(", A)", ", B)")
    after = renamed(tmp_path, {"a.py": _TWO + other}, "A.send", "put")
    assert after["a.py"] == _TWO.replace("send", "put", 1) + other


def test_a_test_of_what_is_set_anew_says_nothing(tmp_path: Path) -> None:
    use = "def use(x):\n    if isinstance(x, A):\n        x = x.next\n        x.send()\n\n\nuse(1)\n"
    with pytest.raises(RefactorError, match="cannot be said"):
        renamed(tmp_path, {"a.py": _TWO + use}, "A.send", "put")


def test_methods_that_a_function_of_the_class_makes_have_its_self(tmp_path: Path) -> None:
    text = (
        "class Writer:\n    def write(self, x): pass\n\n    def operator(sign):\n        def visit(self, node):\n"
        "            self.write(sign)\n        return visit\n\n    visit_Add = operator('+')\n"
    )
    after = renamed(tmp_path, {"a.py": text}, "Writer.write", "put")
    assert after["a.py"] == text.replace("write", "put")


def test_what_a_function_gets_is_known_by_its_calls(tmp_path: Path) -> None:
    """An everyday name: lists and files have it, too."""
    use = (
        "def pump(ends):\n    for end in ends:\n        end.send()\n\n\n"
        "def test_pump():\n    made = []\n    made.append(A())\n    pump(made)\n"
    )
    after = renamed(tmp_path, {"a.py": _TWO, "test_a.py": f"from a import A\n\n\n{use}"}, "A.send", "put")
    assert "end.put()" in after["test_a.py"]
    after = renamed(
        tmp_path, {"test_a.py": f"from a import B\n\n\n{use.replace('A()', 'B()')}"}, "A.send", "put"
    )
    assert after == {"a.py": _TWO.replace("send", "put", 1)}


def test_what_may_be_of_two_classes_is_refused(tmp_path: Path) -> None:
    use = "def pump(end):\n    end.send()\n\n\npump(A())\npump(B())\n"
    with pytest.raises(RefactorError, match="and another one"):
        renamed(tmp_path, {"a.py": _TWO + use}, "A.send", "put")


def test_an_everyday_name_that_stays_undecided_in_what_runs_is_refused(tmp_path: Path) -> None:
    text = "import socket\n\n\nclass A:\n    def send(self): pass\n\n\ndef pump(end):\n    end.made.send()\n\n\n{}"
    files = {"a.py": text.format("pump(load())\n"), "b.py": "class Made:\n    made = 1\n"}
    with pytest.raises(RefactorError, match="Python's own library"):
        renamed(tmp_path, files, "A.send", "put")
    after = renamed(tmp_path, {"a.py": text.format("")}, "A.send", "put")  # nothing calls it
    assert after["a.py"].count("put") == 1


def test_compiled_modules_of_the_repository_are_not_imported(tmp_path: Path) -> None:
    """jedi imports what it cannot read; it is shown nothing but texts, and no file of tools."""
    fired = tmp_path / "FIRED"
    use = "import jedi_plugin\nfrom evil import thing\n\n\ndef pump(end):\n    end.send()\n    thing().send()\n\n\npump(A())\n"
    sentinel = f"open({str(fired)!r}, 'w')\n"
    files = {
        "r/a.py": _TWO + use,
        "r/jedi.py": sentinel,
        "r/parso.py": sentinel,
        "r/sitecustomize.py": sentinel,
    }
    (tmp_path / "r" / "evil").mkdir(parents=True)
    (tmp_path / "r" / "evil" / "__init__.pyc").write_bytes(b"\0" * 16)
    (tmp_path / "r" / ".jedi").mkdir()
    (tmp_path / "r" / ".jedi" / "project.json").write_text("[1, {}]")
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    done = refactor.rename(workspace.open_snapshot(tmp_path / "r"), "A.send", "put")
    after = (done.changes.changes["a.py"].after or b"").decode()
    assert "end.put()" in after and "thing().send()" in after
    assert not fired.exists()


def test_a_keyword_of_a_call_whose_object_is_known_by_calls_follows(tmp_path: Path) -> None:
    text = (
        "class A:\n    def load(self, path): return path\n\n\nclass B:\n    def load(self, path): return path\n\n\n"
        "def use(x):\n    return x.load(path=1)\n\n\nuse(A())\n"
    )
    (tmp_path / "a.py").write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "signature", {"function": "A.load", "changes": "path->place"}
    )
    after = (done.changes.changes["a.py"].after or b"").decode()
    assert "x.load(place=1)" in after and after.count("path") == 2


def test_classes_that_are_held_are_their_classes(tmp_path: Path) -> None:
    text = (
        "class A:\n    @classmethod\n    def takes(cls, x): pass\n\n\nclass B:\n    @classmethod\n    def takes(cls, x): pass\n\n\n"
        "class Holder:\n    kinds: list[type[A]] = [A]\n\n    def takes(self, x):\n        for kind in self.kinds:\n            kind.takes(x)\n"
    )
    after = renamed(tmp_path, {"a.py": text}, "A.takes", "holds")
    assert after["a.py"].count("holds") == 2 and "kind.holds(x)" in after["a.py"]
    use = "\n\ndef use(kind: type, x):\n    kind.takes(x)\n\n\nfor made in (A, B): use(made, 1)\n"
    with pytest.raises(RefactorError):
        renamed(tmp_path, {"a.py": text + use}, "A.takes", "holds")


@pytest.mark.parametrize(
    ("use", "ours"),
    [
        ("def use(x):\n    x.send()\n    x.seal()\n\n\nuse(load())\n", True),  # A alone has both
        ("def use(x):\n    x.send()\n    x.open()\n\n\nuse(load())\n", False),  # B has
        (
            "class C:\n    def __init__(self, x):\n        self.x = x\n\n    def go(self):\n        self.x.send()\n\n    def end(self):\n        return self.x.seal\n\n\nC(load())\n",
            True,
        ),
    ],
)
def test_what_else_an_object_is_used_with_says_its_class(tmp_path: Path, use: str, ours: bool) -> None:
    text = (
        "class A:\n    def send(self): pass\n\n    def seal(self): pass\n\n\n"
        "class B:\n    def send(self): pass\n\n    def open(self): pass\n\n\n"
    )
    after = renamed(tmp_path, {"a.py": text + use}, "A.send", "put")
    assert after["a.py"] == text.replace("send", "put", 1) + (use.replace("send", "put") if ours else use)


@pytest.mark.parametrize(
    "use",
    [
        "def use(x):\n    x.send()\n    if hasattr(x, 'open'):\n        x.open()\n",
        "def use(x):\n    x.send()\n    x = x.next\n    x.open()\n",
        "def use(x):\n    x.send()\n",
        "def use(x):\n    x.send()\n    x.label\n\n\nA().label = 1\n",
    ],
)
def test_what_an_object_is_asked_for_does_not_say_its_class(tmp_path: Path, use: str) -> None:
    text = "class A:\n    def send(self): pass\n\n\nclass B:\n    def send(self): pass\n\n    def open(self): pass\n\n\n"
    with pytest.raises(RefactorError):
        renamed(tmp_path, {"a.py": f"{text}{use}\n\nuse(load())\n"}, "A.send", "put")


@pytest.mark.parametrize(
    ("use", "ours"),
    [
        ("x.post(1, mode=2)", True),
        ("x.post()", False),
        ("x.post(*x)", None),
        ("x.post", None),
        ("x.post(1)", None),
    ],
)
def test_what_a_call_passes_says_whose_method_it_is(tmp_path: Path, use: str, ours: bool | None) -> None:
    text = (
        "class A:\n    def post(self, data, mode=0): pass\n\n\nclass B:\n    def post(self, data=None): pass\n\n\n"
        f"def use(x):\n    {use}\n\n\nuse(load())\n"
    )
    if ours is None:
        with pytest.raises(RefactorError):
            renamed(tmp_path, {"a.py": text}, "A.post", "put")
        return
    after = renamed(tmp_path, {"a.py": text}, "A.post", "put")
    wanted = text.replace("post", "put", 1)
    assert after["a.py"] == (wanted.replace("x.post", "x.put") if ours else wanted)
    caught = text.replace(use, f"try: {use}\n    except TypeError: pass")
    with pytest.raises(RefactorError):
        renamed(tmp_path, {"a.py": caught}, "A.post", "put")


def test_what_heirs_set_is_known_where_they_are_mixed_in(tmp_path: Path) -> None:
    text = (
        "import io\n\n\nclass Mixin:\n    def check(self):\n        self.end.send()\n\n\nclass First(Mixin):\n"
        "    def set_up(self):\n        self.end = A()\n\n\nclass Second(Mixin):\n    def set_up(self):\n        self.end = A()\n"
    )
    after = renamed(tmp_path, {"a.py": _TWO + text}, "A.send", "put")
    assert "self.end.put()" in after["a.py"]
    with pytest.raises(RefactorError):
        renamed(tmp_path, {"a.py": _TWO + text.replace("A()", "B()", 1)}, "A.send", "put")


def test_a_mock_that_is_called_as_a_class_stands_for_it(tmp_path: Path) -> None:
    text = (
        "from unittest import mock\nfrom a import Maker\n\n\ndef test_make():\n    mock_maker = mock.Mock()\n"
        "    mock_maker.build_it.return_value = 1\n    other = mock.Mock()\n    other.build_it.return_value = 1\n"
    )
    files = {"a.py": "class Maker:\n    def build_it(self): pass\n", "test_a.py": text}
    for path, content in files.items():
        (tmp_path / path).write_text(content)
    done = refactor.rename(workspace.open_snapshot(tmp_path), "Maker.build_it", "build")
    assert (done.changes.changes["test_a.py"].after or b"").decode() == text.replace(
        "mock_maker.build_it", "mock_maker.build"
    )
    assert any("other.build_it" in line for line in done.doubtful)


def test_members_of_stand_ins_are_renamed_with_their_uses(tmp_path: Path) -> None:
    text = (
        "from types import SimpleNamespace\nfrom unittest.mock import Mock\n\n\ndef test_run():\n"
        "    run(Mock(spec=['finish', 'other']))\n    run(SimpleNamespace(finish=print))\n"
    )
    files = {
        "a.py": "class Job:\n    def finish(self): pass\n\n\ndef run(job):\n    job.finish()\n",
        "test_a.py": text,
    }
    for path, content in files.items():
        (tmp_path / path).write_text(content)
    done = refactor.rename(workspace.open_snapshot(tmp_path), "Job.finish", "end_it")
    assert (done.changes.changes["test_a.py"].after or b"").decode() == text.replace("finish", "end_it")


@pytest.mark.parametrize(
    ("entry", "said"),
    [("entry: Entry", ""), ("entry", "it cannot be said")],
)
def test_what_a_library_s_object_has_is_no_member_of_its_wrapper(
    tmp_path: Path, entry: str, said: str
) -> None:
    text = (
        f"from importlib.metadata import EntryPoint as Entry\n\n\nclass Plugin:\n    def __init__(self, {entry}):\n"
        '        self.entry = entry\n\n    @property\n    def target(self):\n        """Where."""\n'
        "        return self.entry.target\n\n\ndef use(plugin: Plugin):\n    return plugin.target\n"
    )
    (tmp_path / "a.py").write_text(text)
    if said:
        with pytest.raises(RefactorError, match=said):
            refactor.rename(workspace.open_snapshot(tmp_path), "Plugin.target", "place")
        return
    done = refactor.rename(workspace.open_snapshot(tmp_path), "Plugin.target", "place")
    after = (done.changes.changes["a.py"].after or b"").decode()
    assert "return self.entry.target" in after and "return plugin.place" in after and "def place" in after


@pytest.mark.parametrize(
    "text",
    [
        "class S:\n    async def old(self): pass\n    async def g(self): await self.old()\n",
        "class S:\n    @property\n    def old(self): return 1\n    @old.setter\n    def old(self, v): pass\nS().old = 2\n",
        "class S:\n    def old(self): pass\ndef f(s: S, t: 'S | None'):\n    s.old()\n    t.old()\n",
    ],
)
def test_members_are_followed_where_the_engine_is_blind(tmp_path: Path, text: str) -> None:
    done = renames.renamed(tmp_path, {"a.py": text}, "S.old", "new")
    assert renames.after(done, "a.py") == text.replace("old", "new")
    assert done.doubtful == ()


def test_a_parameter_that_is_bound_again_is_doubtful(tmp_path: Path) -> None:
    text = "class S:\n    def old(self): pass\ndef f(s: S):\n    s = other()\n    s.old()\n"
    done = renames.renamed(tmp_path, {"a.py": text}, "S.old", "new")
    assert "s.old()" in renames.after(done, "a.py") and done.doubtful == ("a.py:5: s.old()",)


def test_a_name_that_one_class_alone_has_is_its_own_everywhere(tmp_path: Path) -> None:
    text = "class S:\n    def frob(self): ...\ndef f(x): x.frob()\ndef g(signer): signer.sign()\nclass Signer:\n    def sign(self): ...\n"
    assert b"x.twist()" in (
        renames.renamed(tmp_path, {"a.py": text}, "S.frob", "twist").changes.changes["a.py"].after or b""
    )
    made = renames.renamed(tmp_path / "b", {"a.py": text}, "Signer.sign", "mark")
    assert b"signer.mark()" in (made.changes.changes["a.py"].after or b"")
