"""Names that are code although they stand in a text: examples that tests run, generated code, tables of modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError
from qcode.messages import Snapshot

_README = "Use it:\n\n>>> P.load(1)\n1\n>>> P.Store().keep(\n...     P.load(2))\n\nload and keep are names.\n"
_RUN = "import doctest\n\nimport app as P\n\n\ndef test():\n    doctest.testfile('../README.md', globs={'P': P})\n"


def written(root: Path, files: dict[str, str]) -> Snapshot:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return workspace.open_snapshot(root)


def text_of(done: refactor.Refactoring, path: str) -> str:
    return (done.changes.changes[path].after or b"").decode()


def test_examples_of_a_text_follow_where_a_test_runs_them(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from app.a import Store, load\n",
        "app/a.py": "def load(x):\n    return x\n\n\nclass Store:\n    def keep(self, x): pass\n",
        "tests/test_readme.py": _RUN,
        "README.md": _README,
    }
    snapshot = written(tmp_path, files)
    done = refactor.rename(snapshot, "load", "read")
    assert text_of(done, "README.md") == _README.replace("P.load", "P.read")
    done = refactor.rename(snapshot, "Store.keep", "hold")
    assert text_of(done, "README.md") == _README.replace(".keep", ".hold")
    with pytest.raises(RefactorError, match=r"README\.md:3 .*example that tests run"):
        refactor.perform(snapshot, "signature", {"function": "load", "changes": "-x"})
    more = written(tmp_path, {"README.md": f"{_README}\n>>> from app.a import load\n"})
    with pytest.raises(RefactorError, match=r"README\.md:10 .*example that tests run"):
        refactor.perform(more, "move", {"symbol": "load", "to": "app/b.py"})
    (tmp_path / "tests/test_readme.py").unlink()
    done = refactor.rename(workspace.open_snapshot(tmp_path), "load", "read")
    assert "README.md" not in done.changes.changes


def test_examples_that_may_mean_a_member_are_refused(tmp_path: Path) -> None:
    docs = '    """\n    >>> made().keep(1) if Store else 0\n    """\n'
    files = {
        "a.py": f"class Store:\n{docs}\n    def keep(self, x): pass\n\n\nclass Other:\n    def keep(self): pass\n",
        "pytest.ini": "[pytest]\naddopts = --doctest-modules\n",
    }
    with pytest.raises(RefactorError, match="example that tests run"):
        refactor.rename(written(tmp_path, files), "Store.keep", "hold")
    (tmp_path / "pytest.ini").unlink()
    assert refactor.rename(workspace.open_snapshot(tmp_path), "Store.keep", "hold").places == 1


def test_examples_that_make_their_object_follow(tmp_path: Path) -> None:
    docs = '    """\n    >>> Store(1).keep(1)\n    >>> s = Store()\n    >>> s.keep(s.keep)\n    """\n'
    files = {
        "a.py": f"class Store:\n{docs}\n    def keep(self, x): pass\n\n\nclass Other:\n    def keep(self): pass\n",
        "pytest.ini": "[pytest]\naddopts = --doctest-modules\n",
    }
    after = text_of(refactor.rename(written(tmp_path, files), "Store.keep", "hold"), "a.py")
    assert docs.replace("keep", "hold") in after and after.count("keep") == 1


@pytest.mark.parametrize(
    ("symbol", "new"), [("app/runtime.py:UNDEFINED", "UNSET"), ("app/runtime.py:Stack.push_frame", "push")]
)
def test_what_generated_code_uses_is_not_renamed(tmp_path: Path, symbol: str, new: str) -> None:
    files = {
        "app/__init__.py": "",
        "app/runtime.py": "UNDEFINED = object()\n\n\nclass Stack:\n    def push_frame(self): pass\n",
        "app/compiler.py": (
            "def head(out):\n    out('from app import runtime, filters')\n    out('UNDEFINED = runtime.UNDEFINED')\n"
            "    out('stack.push_frame()')\n"
        ),
    }
    with pytest.raises(RefactorError, match=r"app/compiler\.py:\d holds code"):
        refactor.rename(written(tmp_path, files), symbol, new)
    with pytest.raises(RefactorError, match=r"app/compiler\.py:2 holds code that imports"):
        refactor.perform(
            workspace.open_snapshot(tmp_path), "rename", {"symbol": "app.runtime", "new_name": "running"}
        )


def test_a_module_s_table_that_a_test_reads_by_name_is_seen(tmp_path: Path) -> None:
    files = {
        "tree.py": "class Text: pass\n\n\nclass Tag: pass\n",
        "test_tree.py": "import tree\n\nText = None\nfor name in vars(tree):\n    globals()[name] = dict\n\n\ndef test(): Text()\n",
    }
    snapshot = written(tmp_path, files)
    with pytest.raises(RefactorError, match=r"test_tree\.py:\d+ has Text too"):
        refactor.rename(snapshot, "tree.py:Text", "Words")
    assert refactor.rename(snapshot, "Tag", "Mark").places == 1


def test_reasons_of_tests_are_for_people(tmp_path: Path) -> None:
    files = {
        "a.py": "class Graph:\n    def __repr__(self): return f'{type(self).__name__}()'\n",
        "test_a.py": (
            "import unittest\nfrom a import Graph\n\n\n@unittest.skipIf(False, 'Graph needs a library')\ndef test():\n"
            "    assert Graph, 'Graph is there'\n    assert repr(Graph()) == 'Graph()'\n"
        ),
    }
    after = text_of(refactor.rename(written(tmp_path, files), "Graph", "Net"), "test_a.py")
    assert after == files["test_a.py"].replace("import Graph", "import Net").replace(
        "Graph(", "Net("
    ).replace("assert Graph,", "assert Net,").replace("'Graph()'", "'Net()'")


def test_a_prefix_of_one_letter_finds_nothing_that_is_spelt_on(tmp_path: Path) -> None:
    text = (
        "class A:\n    def send(self): pass\n\n    def s1(self): pass\n\n    def of(self, n):\n"
        "        name = n\n        name = 's' + name\n        return getattr(self, name)\n"
    )
    snapshot = written(tmp_path, {"a.py": text})
    assert refactor.rename(snapshot, "A.send", "put").places == 1
    with pytest.raises(RefactorError, match="found by its name"):
        refactor.rename(snapshot, "A.s1", "first")


def test_a_base_of_named_fields_is_no_class_that_is_made_elsewhere(tmp_path: Path) -> None:
    text = (
        "from collections import namedtuple\n\n\nclass Url(namedtuple('Url', 'host, port')):\n"
        "    def join(self, part): return self\n\n\nclass Raw(namedtuple('Raw', 'host, port')):\n"
        "    def join(self, part): return part\n\n\nRaw(1, 2).join(part=3)\n"
    )
    snapshot = written(tmp_path, {"a.py": text})
    assert text_of(refactor.rename(snapshot, "Url.join", "add"), "a.py") == text.replace("join", "add", 1)
    done = refactor.perform(snapshot, "signature", {"function": "Raw.join", "changes": "part->piece"})
    assert "Raw(1, 2).join(piece=3)" in text_of(done, "a.py")


def test_private_members_under_the_class_s_name_follow(tmp_path: Path) -> None:
    text = (
        "class _Box:\n    def __init__(self):\n        self.__fp = 1\n\n    def __getattr__(self, name):\n"
        "        return getattr(self.__getattribute__('_Box__fp'), name)\n\n\n_Box()._Box__fp\n_Box._Box__x__\n"
    )
    snapshot = written(tmp_path, {"a.py": text})
    after = text_of(refactor.rename(snapshot, "_Box", "_Crate"), "a.py")
    assert after == text.replace("_Box", "_Crate").replace("_Crate__x__", "_Box__x__")
    snapshot = written(tmp_path, {"b.py": "class Box:\n    __fp = 2\n"})
    with pytest.raises(RefactorError, match="private member"):
        refactor.rename(snapshot, "_Box", "_Crate")


def test_functions_of_a_module_that_is_handed_on_as_an_object(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/ipv6.py": "def to_text(value, short=0):\n    return value\n\n\ndef width(unused=0):\n    return 6\n",
        "app/ip.py": (
            "from app import ipv6\n\n\nclass Address:\n    def __init__(self, kind):\n        self.kind = ipv6\n\n"
            "    def text(self):\n        return self.kind.to_text(1, short=2)\n"
        ),
    }
    snapshot = written(tmp_path, files)
    with pytest.raises(RefactorError, match="handed on as an object"):
        refactor.rename(snapshot, "to_text", "as_text")
    with pytest.raises(RefactorError, match="handed on as an object"):
        refactor.perform(snapshot, "move", {"symbol": "to_text", "to": "app/other.py"})
    for changes in ("short->brief", "-short"):
        with pytest.raises(RefactorError):
            refactor.perform(snapshot, "signature", {"function": "to_text", "changes": changes})
    assert refactor.rename(snapshot, "width", "bits").places == 1
    assert refactor.perform(snapshot, "signature", {"function": "width", "changes": "-unused"}).places == 1


def test_names_of_elements_and_names_that_a_test_looks_up(tmp_path: Path) -> None:
    files = {
        "svg.py": (
            "class tag:\n    def __str__(self):\n        n = type(self).__name__\n        return f'<{n}></{n}>'\n\n\n"
            "class view(tag): pass\n\n\nclass blend(tag): pass\n"
        ),
        "test_svg.py": (
            "import svg\n\nNAMES = ['blend']\n\n\ndef test():\n    assert str(svg.view()) == '<view></view>'\n"
            "    for name in NAMES:\n        getattr(svg, name)()\n"
        ),
    }
    snapshot = written(tmp_path, files)
    with pytest.raises(RefactorError, match=r"test_svg\.py:7 expects"):
        refactor.rename(snapshot, "view", "eye")
    with pytest.raises(RefactorError, match=r"test_svg\.py:3 has blend"):
        refactor.rename(snapshot, "blend", "mix")
    assert refactor.rename(snapshot, "svg.py:tag", "element").places == 3


def test_names_that_a_test_asks_a_package_for_are_refused(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from .core import start\n\n__version__ = '1'\n",
        "app/core.py": "def start(): pass\n",
        "tests/test_names.py": "import app\n\n\ndef test_names():\n    for name in ('start', 'stop'):\n        getattr(app, name)\n",
        "tests/test_start.py": "import app\nfrom app import start\n\nstart()\ngetattr(app, '__version__')\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    with pytest.raises(RefactorError, match=r"test_names\.py:5 has start too"):
        refactor.rename(workspace.open_snapshot(tmp_path), "start", "begin")
    (tmp_path / "tests/test_names.py").unlink()
    assert (
        "tests/test_start.py"
        in refactor.rename(workspace.open_snapshot(tmp_path), "start", "begin").changes.paths
    )
