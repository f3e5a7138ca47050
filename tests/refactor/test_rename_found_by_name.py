"""Names that a running program finds by their text, as `getattr` does: they follow, or are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from renames import after, renamed

from qcode.errors import RefactorError


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


@pytest.mark.parametrize(
    ("files", "old", "new"),
    [
        ({"a.py": "class C:\n    def __len__(self): return 1\n"}, "C.__len__", "size"),
        ({"a.py": "class C(dict):\n    def get(self, k): ...\n"}, "C.get", "fetch"),
        ({"a.py": "import pytest\n@pytest.fixture\ndef old(): ...\ndef test_a(old): ...\n"}, "old", "new"),
        ({"plugin.py": "def pytest_addoption(parser): ...\n"}, "pytest_addoption", "options"),
        ({"a.py": "from pydantic import BaseModel\nclass C(BaseModel):\n    old: int\nC(old=1)\n"}, "C.old", "new"),
    ],
)  # fmt: skip
def test_names_that_others_look_for_are_refused(
    tmp_path: Path, files: dict[str, str | bytes], old: str, new: str
) -> None:
    with pytest.raises(RefactorError) as caught:
        renamed(tmp_path, files, old, new)
    assert caught.value.message and caught.value.hint


def test_members_named_after_a_class_follow_it(tmp_path: Path) -> None:
    text = (
        "class Name: ...\nclass V:\n    def visit_Name(self, n): ...\n"
        "    def go(self, n): getattr(self, f'visit_{type(n).__name__}')(n)\n"
    )
    done = renamed(tmp_path, {"a.py": text}, "Name", "Word")
    assert after(done, "a.py") == text.replace("class Name", "class Word").replace("visit_Name", "visit_Word")


def test_a_function_whose_name_is_a_method_s_is_refused(tmp_path: Path) -> None:
    text = (
        "def number(): return 1\n\n\nclass Visitor:\n    def visit_number(self): return 1\n\n    def visit(self, rule):\n"
        "        return getattr(self, 'visit_%s' % rule.__name__)()\n\n\nVisitor().visit(number)\n"
    )
    with pytest.raises(RefactorError, match="visit_number may be found by the name of number"):
        renamed(tmp_path, {"a.py": text}, "number", "digit")


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


def test_settings_of_sphinx_name_no_members(tmp_path: Path) -> None:
    conf = "extensions = ['sphinx.ext.linkcode']\nmaster_doc = 'index'\n\n\ndef find(obj, part): return getattr(obj, part)\n"
    files: dict[str, str | bytes] = {"a.py": "class C:\n    def index(self): pass\n", "docs/conf.py": conf}
    assert (
        after(renamed(tmp_path, files, "C.index", "place"), "a.py") == "class C:\n    def place(self): pass\n"
    )
    with pytest.raises(RefactorError, match="may be found by its name"):
        renamed(tmp_path, {"docs/conf.py": "", "b.py": conf.replace("sphinx", "s")}, "C.index", "place")


def test_a_text_that_lists_names_of_a_module_is_a_table_of_them(tmp_path: Path) -> None:
    text = "class load: pass\nclass dump: pass\nclass clear: pass\nclass show: pass\nclass other: pass\n"
    named = 'names = """\n    load dump\n      clear show more\n""".split()\n'
    with pytest.raises(RefactorError, match=r"a\.py:6 lists dump among names of a\.py"):
        renamed(tmp_path, {"a.py": text + named}, "dump", "store")
    assert "class fresh" in after(renamed(tmp_path, {"a.py": text + named}, "other", "fresh"), "a.py")
    said = 'SAID = "load and dump the rest, show it"\n'
    assert "class store" in after(renamed(tmp_path, {"a.py": text + said}, "dump", "store"), "a.py")


def test_a_class_that_is_told_by_its_name_is_named_in_a_string(tmp_path: Path) -> None:
    text = "class Leaf: pass\nclass Stem: pass\n\nTABLE = {'Leaf': 1}\n\ndef draw(x): return TABLE[type(x).__name__]\n"
    with pytest.raises(RefactorError, match=r"a\.py:4 has Leaf in a string"):
        renamed(tmp_path, {"a.py": text}, "Leaf", "Blade")
    assert "class Twig" in after(renamed(tmp_path, {"a.py": text}, "Stem", "Twig"), "a.py")
    compared = "class Leaf: pass\nNAME = 'Leaf'\n\ndef is_leaf(x): return type(x).__name__ == 'Leaf'\n"
    with pytest.raises(RefactorError, match=r"a\.py:4 has Leaf in a string"):
        renamed(tmp_path, {"a.py": compared}, "Leaf", "Blade")
    other = compared.replace("== 'Leaf'", "== 'Twig'")
    assert "class Blade" in after(renamed(tmp_path, {"a.py": other}, "Leaf", "Blade"), "a.py")
    plain = text.replace("TABLE[type(x).__name__]", "print(type(x).__name__)")
    assert "class Blade" in after(renamed(tmp_path, {"a.py": plain}, "Leaf", "Blade"), "a.py")


def test_what_a_star_brings_is_asked_for_by_its_name(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "from pkg.a import load, dump\n__all__ = ('load', 'dump')\n",
        "pkg/a.py": "def load(): pass\ndef dump(): pass\n",
        "test_a.py": "from pkg import *\n\ndef test(): assert {'load'} < set(globals())\n",
    }
    with pytest.raises(RefactorError, match="reads the names of pkg"):
        renamed(tmp_path, files, "pkg/a.py:load", "read")
    done = renamed(tmp_path, files, "pkg/a.py:dump", "write")
    assert "import load, write\n__all__ = ('load', 'write')" in after(done, "pkg/__init__.py")


def test_settings_that_name_a_symbol_by_its_path_follow(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "from pkg.a import Shown, main\n",
        "pkg/a.py": "class Shown: pass\n\ndef main(): pass\n",
        "log.ini": "[formatter_a]\nclass = pkg.Shown\nother = pkg.Shown_more\nfile = a.main\n",
        "pyproject.toml": '[project.scripts]\npkg = "pkg.a:main"\nold = "a:main"\n',
        "notes.md": "pkg.Shown\n",
    }
    done = renamed(tmp_path, files, "Shown", "Seen")
    assert after(done, "log.ini") == files["log.ini"].replace("pkg.Shown\n", "pkg.Seen\n")
    assert "notes.md" not in done.changes.paths and any("notes.md:1" in d for d in done.doubtful)
    done = renamed(tmp_path, files, "pkg/a.py:main", "run")
    assert after(done, "pyproject.toml") == files["pyproject.toml"].replace("pkg.a:main", "pkg.a:run")
    assert "log.ini" not in done.changes.paths


@pytest.mark.parametrize("name", ["f'_{type(x).__name__}{k}'", "'_%s__%s' % (type(x).__name__, k)"])
def test_a_private_name_that_is_spelled_out_is_no_prefix(tmp_path: Path, name: str) -> None:
    text = f"class C:\n    def _load(self): pass\n\ndef read(x, k): return getattr(x, {name})\n"
    assert "def _read" in after(renamed(tmp_path, {"a.py": text}, "C._load", "_read"), "a.py")
