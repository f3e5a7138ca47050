"""What a rename must reach although its engine does not, and what it must refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError


def renamed(root: Path, files: dict[str, str | bytes], old: str, new: str) -> refactor.Refactoring:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return refactor.rename(workspace.open_snapshot(root), old, new)


def after(done: refactor.Refactoring, path: str) -> str:
    return (done.changes.changes[path].after or b"").decode()


@pytest.mark.parametrize(
    "files",
    [
        # packages without __init__.py
        {"a/x.py": "def old(): pass\n", "b/y.py": "from a.x import old\nold()\n"},
        {"a/x.py": "def old(): pass\n", "b/y.py": "import a.x\na.x.old()\n"},
        # several source roots
        {
            "packages/p/src/p/__init__.py": "",
            "packages/p/src/p/m.py": "def old(): pass\n",
            "packages/q/src/q/__init__.py": "from p.m import old\n",
            "packages/q/tests/test_q.py": "from q import old\nold()\n",
        },
        {"tests/tools.py": "def old(): pass\n", "tests/sub/test_b.py": "from tools import old\nold()\n"},
    ],
)
def test_uses_are_found_in_every_layout(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    done = renamed(tmp_path, files, "old", "new")
    wanted = {path: str(text).replace("old", "new") for path, text in files.items() if "old" in str(text)}
    assert {path: after(done, path) for path in done.changes.paths} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "class S:\n    async def old(self): pass\n    async def g(self): await self.old()\n",
        "class S:\n    @property\n    def old(self): return 1\n    @old.setter\n    def old(self, v): pass\nS().old = 2\n",
        "class S:\n    def old(self): pass\ndef f(s: S, t: 'S | None'):\n    s.old()\n    t.old()\n",
    ],
)
def test_members_are_followed_where_the_engine_is_blind(tmp_path: Path, text: str) -> None:
    done = renamed(tmp_path, {"a.py": text}, "S.old", "new")
    assert after(done, "a.py") == text.replace("old", "new")
    assert done.doubtful == ()


def test_a_parameter_that_is_bound_again_is_doubtful(tmp_path: Path) -> None:
    text = "class S:\n    def old(self): pass\ndef f(s: S):\n    s = other()\n    s.old()\n"
    done = renamed(tmp_path, {"a.py": text}, "S.old", "new")
    assert "s.old()" in after(done, "a.py") and done.doubtful == ("a.py:5: s.old()",)


def test_a_namesake_s_heirs_are_left_alone(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.py": "class Base:\n    def get(self): return 1\n",
        "b.py": "class Base:\n    def get(self): return 2\n\n\nclass Kid(Base):\n    def get(self): return super().get()\n",
    }
    done = renamed(tmp_path, files, "a.py:Base.get", "fetch")
    assert done.changes.paths == ("a.py",)


def test_a_namesake_s_patch_targets_and_exports_are_left_alone(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/a.py": "def parse(): pass\n",
        "app/b.py": "from app import a\n__all__ = ['parse']\ndef parse(): return a.parse()\n",
        "t.py": "from unittest import mock\nmock.patch('app.b.parse')\nmock.patch('app.a.parse')\n",
    }
    done = renamed(tmp_path, files, "app.a.parse", "read")
    assert "__all__ = ['parse']\ndef parse(): return a.read()" in after(done, "app/b.py")
    assert after(done, "t.py").endswith("mock.patch('app.b.parse')\nmock.patch('app.a.read')\n")


def test_the_neighbour_is_meant_where_folders_are_no_packages(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{folder}/{name}.py": text
        for folder in "xy"
        for name, text in (("m", "def old(): ...\n"), ("u", "from m import old\n"))
    }
    done = renamed(tmp_path, files, "x/m.py:old", "new")
    assert done.changes.paths == ("x/m.py", "x/u.py")


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("class V:\n    def old_a(self): ...\n    def go(self, n): getattr(self, 'old_' + n)()\n", "V.old_a"),
        (
            "class Old: ...\nclass V:\n    def on_old(self): ...\n    def go(self, n): getattr(self, 'on_' + type(n).__name__.lower())\n",
            "Old",
        ),
        ("import threading\nclass C(threading.Thread):\n    def run(self): ...\n", "C.run"),
        ("import collections\nclass D(collections.UserDict):\n    def pop(self): ...\n", "D.pop"),
        (
            "class A:\n    def old(self): ...\ndef t(a):\n    class K(a.cls):\n        def old(self): ...\n",
            "A.old",
        ),
        ("class A:\n    def old(self): ...\nclass B:\n    def old(self): ...\ndef f(x): x.old()\n", "A.old"),
    ],
)
def test_names_that_are_found_while_running_are_refused(tmp_path: Path, text: str, old: str) -> None:
    with pytest.raises(RefactorError):
        renamed(tmp_path, {"a.py": text}, old, "renamed")


def test_a_name_that_one_class_alone_has_is_its_own_everywhere(tmp_path: Path) -> None:
    text = "class S:\n    def frob(self): ...\ndef f(x): x.frob()\ndef g(signer): signer.sign()\nclass Signer:\n    def sign(self): ...\n"
    assert b"x.twist()" in (
        renamed(tmp_path, {"a.py": text}, "S.frob", "twist").changes.changes["a.py"].after or b""
    )
    made = renamed(tmp_path / "b", {"a.py": text}, "Signer.sign", "mark")
    assert b"signer.mark()" in (made.changes.changes["a.py"].after or b"")


def test_members_named_after_a_class_follow_it(tmp_path: Path) -> None:
    text = (
        "class Name: ...\nclass V:\n    def visit_Name(self, n): ...\n"
        "    def go(self, n): getattr(self, f'visit_{type(n).__name__}')(n)\n"
    )
    done = renamed(tmp_path, {"a.py": text}, "Name", "Word")
    assert after(done, "a.py") == text.replace("class Name", "class Word").replace("visit_Name", "visit_Word")


def test_mixed_line_ends_stay_mixed(tmp_path: Path) -> None:
    text = b"class B:\r\n    def old(self): pass\r\nclass K(B):\n    def x(self): return super().old()\r\nz = 1\n"
    done = renamed(tmp_path, {"a.py": text}, "B.old", "new")
    assert done.changes.changes["a.py"].after == text.replace(b"old", b"new")


def test_stubs_of_heirs_follow(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "m.py": "class A:\n    def old(self): pass\nclass B(A):\n    def old(self): pass\nclass C:\n    def old(self): pass\n",
        "m.pyi": "class A:\n    def old(self): ...\nclass B(A):\n    async def old(self): ...\nclass C:\n    def old(self): ...\n",
    }
    done = renamed(tmp_path, files, "A.old", "new")
    assert after(done, "m.pyi") == str(files["m.pyi"]).replace("old", "new", 2)


def test_a_base_from_elsewhere_is_a_doubt(tmp_path: Path) -> None:
    done = renamed(
        tmp_path,
        {"a.py": "import elsewhere\nclass C(elsewhere.Thread):\n    def run(self): ...\n"},
        "C.run",
        "go",
    )
    assert any("elsewhere.Thread" in place for place in done.doubtful)


def test_another_scope_s_local_name_is_no_clash(tmp_path: Path) -> None:
    text = "def old(): pass\ndef f(new): return new\ndef g(): old()\n"
    done = renamed(tmp_path, {"a.py": text}, "old", "new")
    assert after(done, "a.py") == "def new(): pass\ndef f(new): return new\ndef g(): new()\n"


@pytest.mark.parametrize(
    ("files", "old", "new"),
    [
        # the new name means something already: in a relative, an attribute, a field, a scope, a star import
        ({"a.py": "class B:\n    def old(self): ...\nclass K(B):\n    def new(self): ...\n"}, "B.old", "new"),
        ({"a.py": "class B:\n    def new(self): ...\nclass K(B):\n    def old(self): ...\n"}, "K.old", "new"),
        ({"a.py": "class C:\n    def __init__(self): self.new = 1\n    def old(self): ...\n"}, "C.old", "new"),
        ({"a.py": "class C:\n    new: int = 0\n    def old(self): ...\n"}, "C.old", "new"),
        ({"a.py": "class C(dict):\n    def old(self): ...\n"}, "C.old", "keys"),
        ({"a.py": "def old(): ...\nif True:\n    def new(): ...\n"}, "old", "new"),
        ({"a.py": "def old(): ...\ndef g():\n    def new(): ...\n    old()\n"}, "old", "new"),
        ({"a.py": "def old(): ...\ntry: old()\nexcept E as new: ...\n"}, "old", "new"),
        ({"a.py": "def old(): ...\nprint(1)\n"}, "old", "print"),
        ({"a.py": "def old(): ...\n", "b.py": "from c import *\nfrom a import old\n", "c.py": "new = 1\n"}, "old", "new"),
        # an import of something else under the same name
        ({"a.py": "try:\n    from fast import old\nexcept ImportError:\n    def old(): ...\n"}, "old", "new"),
        # found by its name by others
        ({"a.py": "class C:\n    def __len__(self): return 1\n"}, "C.__len__", "size"),
        ({"a.py": "class C(dict):\n    def get(self, k): ...\n"}, "C.get", "fetch"),
        ({"a.py": "import pytest\n@pytest.fixture\ndef old(): ...\ndef test_a(old): ...\n"}, "old", "new"),
        ({"plugin.py": "def pytest_addoption(parser): ...\n"}, "pytest_addoption", "options"),
        ({"a.py": "from pydantic import BaseModel\nclass C(BaseModel):\n    old: int\nC(old=1)\n"}, "C.old", "new"),
        # names that Python or the file cannot take
        ({"a.py": "class C:\n    def old(self): ...\n"}, "C.old", "__new"),
        ({"a.py": b"# -*- coding: latin-1 -*-\n# \xe9\ndef old(): ...\n"}, "old", "名前"),
    ],
)  # fmt: skip
def test_what_would_change_a_meaning_is_refused(
    tmp_path: Path, files: dict[str, str | bytes], old: str, new: str
) -> None:
    with pytest.raises(RefactorError) as caught:
        renamed(tmp_path, files, old, new)
    assert caught.value.message and caught.value.hint


def test_looking_at_a_base_executes_nothing_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repository says which standard module a class is of; a file of that name, or a standard
    program that runs what it finds in the current folder, must not run."""
    fired = tmp_path / "FIRED"
    plant = f"open({str(fired)!r}, 'w').close()\n"
    root = tmp_path / "r"
    root.mkdir()
    (root / "sched.py").write_text(plant)
    (root / "test_x.py").write_text(plant + "import unittest\n\n\nclass T(unittest.TestCase):\n    pass\n")
    (root / "a.py").write_text(
        "import sched\nfrom unittest.__main__ import main as M\nfrom threading import Thread\n\n\n"
        "class S(sched.scheduler):\n    def stay(self):\n        return 1\n\n\n"
        "class A(M):\n    def go(self):\n        return 1\n\n\n"
        "class W(Thread):\n    def run(self):\n        return 1\n\n\nprint(S.stay, A.go, W.run)\n"
    )
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTHONPATH", ".")
    monkeypatch.syspath_prepend("")
    refactor.rename(workspace.open_snapshot(root), "S.stay", "stayed")
    refactor.rename(workspace.open_snapshot(root), "A.go", "went")
    with pytest.raises(RefactorError, match="overrides"):
        refactor.rename(workspace.open_snapshot(root), "W.run", "other")
    assert not fired.exists()


@pytest.mark.parametrize("symbol", ["`Cart.put()`", "method Cart.put", "'a.py:Cart.put'", "def put(self, x)"])
def test_names_are_understood_as_small_models_write_them(tmp_path: Path, symbol: str) -> None:
    (tmp_path / "a.py").write_text("class Cart:\n    def put(self, x):\n        return x\n")
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": symbol, "new_name": '"add_item()"'}
    )
    assert [c.after for c in done.changes] == [b"class Cart:\n    def add_item(self, x):\n        return x\n"]


def test_a_string_that_no_lookup_can_reach_is_no_reason_to_refuse(tmp_path: Path) -> None:
    text = (
        "TABLE = {'a': 'bump_a', 'b': 'bump_b'}\n\nclass V:\n    def compare(self): pass\n    def bump_a(self): pass\n"
        "    def bump_b(self): pass\n    def bump_c(self): pass\n\n"
        "def go(v: V, part, parser):\n    parser.add('compare')\n    getattr(v, TABLE[part])()\n"
        "    for each in ('bump_b', 'bump_c'):\n        getattr(v, each)()\n"
    )
    done = renamed(tmp_path, {"a.py": text}, "V.compare", "diff")
    assert after(done, "a.py") == text.replace("def compare", "def diff")
    for found in ("bump_a", "bump_b", "bump_c"):
        with pytest.raises(RefactorError, match="may be found by its name"):
            renamed(tmp_path, {"a.py": text}, f"V.{found}", "new")
    for other in ("TABLE['c'] = part\n", "TABLE.update(part)\n", "TABLE = {'a': 'bump_a', 'b': part}\n"):
        with pytest.raises(RefactorError, match="may be found by its name"):
            renamed(tmp_path, {"a.py": text + other}, "V.compare", "diff")


_HELD_CLASS = (
    "from a import Cache, Small\n\n\nclass Checks:\n    Cache = None\n\n    def test_own(self):\n"
    "        class Mine(self.Cache):\n            def size(self):\n                return 2\n\n"
    "        assert Mine().size() == 2\n\n\nclass TestCache(Checks):\n    Cache = Cache\n\n\n"
    "class TestSmall(Checks):\n    Cache = Small\n"
)
_CACHES = "class Cache:\n    def size(self):\n        return 1\n\n\nclass Small(Cache):\n    pass\n"


def test_a_base_that_is_an_attribute_of_classes_of_tests_is_followed(tmp_path: Path) -> None:
    done = renamed(tmp_path, {"a.py": _CACHES, "test_a.py": _HELD_CLASS}, "Cache.size", "room")
    assert after(done, "test_a.py") == _HELD_CLASS.replace("size()", "room()").replace("def size", "def room")


def test_a_base_that_may_be_anything_is_refused(tmp_path: Path) -> None:
    text = _HELD_CLASS.replace("Cache = Small", "Cache = made()")
    with pytest.raises(RefactorError, match="may override"):
        renamed(tmp_path, {"a.py": _CACHES, "test_a.py": text}, "Cache.size", "room")


_PROTOCOL = (
    "from typing import Protocol\n\n\nclass Readable(Protocol):\n    def take(self): ...\n    def end(self): ...\n\n\n"
    "class File:\n    def take(self): pass\n    def end(self): pass\n\n\n"
    "def use(source: Readable):\n    source.take()\n\n\nuse(File())\n"
)


@pytest.mark.parametrize("old", ["File.take", "Readable.take"])
def test_what_a_protocol_asks_for_is_refused(tmp_path: Path, old: str) -> None:
    with pytest.raises(RefactorError, match="the protocol Readable asks for take, maybe of File"):
        renamed(tmp_path, {"a.py": _PROTOCOL}, old, "fetch")


@pytest.mark.parametrize(("use", "asked"), [("use(File())", True), ("use(made())", False)])
def test_a_protocol_asks_of_a_bigger_class_where_that_is_handed_on(
    tmp_path: Path, use: str, asked: bool
) -> None:
    more = "".join(f"    def m{n}(self): pass\n" for n in range(9))
    text = _PROTOCOL.replace("use(File())", use).replace("\n\ndef use", f"{more}\n\ndef use")
    if asked:
        with pytest.raises(RefactorError, match="the protocol Readable"):
            renamed(tmp_path, {"a.py": text}, "File.take", "fetch")
    else:
        renamed(tmp_path, {"a.py": text}, "File.take", "fetch")


def test_a_protocol_that_a_class_has_not_all_members_of_is_another(tmp_path: Path) -> None:
    text = _PROTOCOL.replace("    def end(self): pass\n", "")
    done = renamed(tmp_path, {"a.py": text}, "File.take", "fetch")
    assert after(done, "a.py") == text.replace("def take(self): pass", "def fetch(self): pass")


def test_a_method_that_overrides_one_from_elsewhere_is_refused(tmp_path: Path) -> None:
    text = "import click\n\n\nclass Checks:\n    def parse(self, args):\n        return super().parse(args)\n\n\nclass Command(Checks, click.Command):\n    pass\n"
    with pytest.raises(RefactorError, match="not in this repository"):
        renamed(tmp_path, {"a.py": text}, "Checks.parse", "read")


def test_methods_that_a_base_asks_of_its_heirs_are_one(tmp_path: Path) -> None:
    text = (
        "class Rule:\n    def parse(self):\n        return self._parse()\n\n\nclass One(Rule):\n    def _parse(self):\n        return 1\n\n\n"
        "class Two(Rule):\n    def _parse(self):\n        return 2\n\n\nclass Reader:\n    def _parse(self):\n        return 3\n"
    )
    done = renamed(tmp_path, {"a.py": text}, "One._parse", "_read")
    mine, _, other = text.rpartition("class Reader")
    assert after(done, "a.py") == mine.replace("_parse", "_read") + "class Reader" + other


def test_a_function_whose_name_is_a_method_s_is_refused(tmp_path: Path) -> None:
    text = (
        "def number(): return 1\n\n\nclass Visitor:\n    def visit_number(self): return 1\n\n    def visit(self, rule):\n"
        "        return getattr(self, 'visit_%s' % rule.__name__)()\n\n\nVisitor().visit(number)\n"
    )
    with pytest.raises(RefactorError, match="visit_number may be found by the name of number"):
        renamed(tmp_path, {"a.py": text}, "number", "digit")


def test_a_base_that_an_annotation_names_is_followed(tmp_path: Path) -> None:
    text = (
        "class Signer:\n    def sign(self): return 1\n\n\nclass Writer:\n    def __init__(self, signer):\n"
        "        self.signer: type[Signer] = signer\n\n\ndef test_own(writer: Writer):\n    class Bad(writer.signer):\n"
        "        def sign(self): return super().sign()\n\n    writer.signer = Bad\n"
    )
    done = renamed(tmp_path, {"a.py": text}, "Signer.sign", "mark")
    assert after(done, "a.py") == text.replace("sign(", "mark(")


def test_a_module_that_may_be_another_one_s_is_not_taken_for_ours(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/compat/__init__.py": "try:\n    from fast import tools\nexcept ImportError:\n    from . import tools\n",
        "app/compat/tools.py": "class Lazy: pass\n",
        "app/use.py": "from .compat import tools\n\nthing = tools.Lazy()\n",
    }
    done = renamed(tmp_path, files, "Lazy", "Late")
    assert done.changes.paths == ["app/compat/tools.py"] or list(done.changes.paths) == [
        "app/compat/tools.py"
    ]
    assert any("app/use.py:3" in line for line in done.doubtful)


def test_settings_of_sphinx_name_no_members(tmp_path: Path) -> None:
    conf = "extensions = ['sphinx.ext.linkcode']\nmaster_doc = 'index'\n\n\ndef find(obj, part): return getattr(obj, part)\n"
    files: dict[str, str | bytes] = {"a.py": "class C:\n    def index(self): pass\n", "docs/conf.py": conf}
    assert (
        after(renamed(tmp_path, files, "C.index", "place"), "a.py") == "class C:\n    def place(self): pass\n"
    )
    with pytest.raises(RefactorError, match="may be found by its name"):
        renamed(tmp_path, {"docs/conf.py": "", "b.py": conf.replace("sphinx", "s")}, "C.index", "place")
