"""Renames, exact over a repository."""

from __future__ import annotations

from pathlib import Path

import pytest
import renames

from qcode import refactor, workspace
from qcode.errors import RefactorError


def rename(
    root: Path, files: dict[str, str | bytes], old: str, new: str
) -> tuple[dict[str, str], refactor.Refactoring]:
    done = renames.renamed(root, files, old, new)
    return {c.path: (c.after or b"").decode("utf-8", "surrogateescape") for c in done.changes}, done


@pytest.mark.smoke
def test_every_use_follows(tmp_path: Path) -> None:
    files = {
        "src/app/conf.py": "__all__ = ['parse']\n\n\ndef parse(x):\n    return x\n",
        "src/app/__init__.py": "from app.conf import parse as p, parse\n",
        "tests/test_a.py": "from unittest import mock\nimport app.conf\n\n\n@mock.patch('app.conf.parse')\ndef test(m):\n    app.conf.parse(1)\n",
        "README.md": "Use parse().\n",
    }
    after, done = rename(tmp_path, files, "parse", "read")
    assert "['read']" in after["src/app/conf.py"] and "def read(x)" in after["src/app/conf.py"]
    assert after["src/app/__init__.py"] == "from app.conf import read as p, read\n"
    assert (
        "patch('app.conf.read')" in after["tests/test_a.py"]
        and "app.conf.read(1)" in after["tests/test_a.py"]
    )
    assert done.doubtful == ("README.md:1: Use parse().",)


def test_methods_follow_their_class_and_no_other(tmp_path: Path) -> None:
    text = (
        "class Base:\n    def get(self): return 1\n\n\nclass Child(Base):\n    def get(self): return super().get()\n\n\n"
        "class Other:\n    def get(self): return 2\n\n\ndef use(unknown):\n    Child().get()\n    Other().get()\n    return unknown.get(), {}.get(1)\n"
    )
    after, done = rename(tmp_path, {"a.py": text}, "Base.get", "fetch")
    assert after["a.py"].count("fetch") == 4
    assert "class Other:\n    def get" in after["a.py"] and "Other().get()" in after["a.py"]
    assert any("unknown.get()" in place for place in done.doubtful)


def test_bytes_around_the_name_stay(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf# caf\xc3\xa9\r\ndef old():\r\n\treturn 1\r\nx = old()  \r\n"
    after, _ = rename(tmp_path, {"a.py": content}, "old", "new")
    assert after["a.py"].encode() == content.replace(b"old", b"new")
    latin = b"# -*- coding: latin-1 -*-\n# caf\xe9\ndef old(): pass\n"
    after, _ = rename(tmp_path / "l", {"b.py": latin}, "old", "new")
    assert after["b.py"].encode("utf-8", "surrogateescape") == latin.replace(b"old", b"new")


def test_a_stub_follows_its_module(tmp_path: Path) -> None:
    files = {
        "m.py": "def old(x): return x\n",
        "m.pyi": "def old(x: int) -> int: ...\n",
        "b.py": "import m\nm.old(1)\n",
    }
    after, _ = rename(tmp_path, files, "old", "new")
    assert after["m.pyi"] == "def new(x: int) -> int: ...\n" and after["b.py"] == "import m\nm.new(1)\n"


def test_a_broken_file_elsewhere_is_named_not_fatal(tmp_path: Path) -> None:
    _, done = rename(tmp_path, {"a.py": "def old(): pass\n", "broken.py": "def (:\nold()\n"}, "old", "new")
    assert any(place.startswith("broken.py:2") for place in done.doubtful)


def test_the_repository_s_own_engine_settings_do_not_run(tmp_path: Path) -> None:
    files = {
        "a.py": "def old(): pass\n",
        ".ropeproject/config.py": f"open({str(tmp_path / 'fired')!r}, 'w')\n",
    }
    rename(tmp_path, files, "old", "new")
    assert not (tmp_path / "fired").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("old", "class", "Python allows"),
        ("old", "taken", "taken"),
        ("olld", "new", "old"),
        ("twice", "new", "defined 2 times"),
        ("C.a", "b", "taken"),
    ],
)
def test_what_is_unclear_or_unsafe_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    files = {
        "a.py": "def old(): pass\n\n\ndef taken(): pass\n\n\ndef twice(): pass\n",
        "b.py": "def twice(): pass\n\n\nclass C:\n    def a(self): pass\n    def b(self): pass\n",
    }
    with pytest.raises(RefactorError) as caught:
        rename(tmp_path, files, old, new)
    assert said in caught.value.message + caught.value.hint


def test_a_text_that_shows_a_class_as_its_repr_does_follows(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app.py": (
            "class View:\n    def __repr__(self):\n        return f'{self.__class__.__name__}()'\n\n\n"
            "class Other:\n    def __repr__(self):\n        return 'Other()'\n"
        ),
        "test_app.py": "from app import Other, View\n\n\ndef test():\n    assert repr(View()) == 'View()' and repr(Other()) == 'Other()'\n",
    }
    after, _ = rename(tmp_path, files, "View", "Window")
    assert "repr(Window()) == 'Window()'" in after["test_app.py"]
    pattern = {"test_app.py": str(files["test_app.py"]) + "    assert re.match(r'<?View\\(', repr(View()))\n"}
    after, _ = rename(tmp_path, files | pattern, "View", "Window")
    assert r"re.match(r'<?Window\(', " in after["test_app.py"]
    parts = {
        "test_app.py": str(files["test_app.py"])
        + "    assert repr(View()) in ['View(' + ')', f'View({1}View(']\n"
    }
    after, _ = rename(tmp_path, files | parts, "View", "Window")
    assert "in ['Window(' + ')', f'Window({1}Window(']" in after["test_app.py"]
    after, _ = rename(tmp_path, files, "Other", "Another")  # its text does not come from its name
    assert "repr(Another()) == 'Other()'" in after["test_app.py"]
    says = {
        "app.py": str(files["app.py"]).replace(
            "()'\n\n\nclass O",
            "()'\n\n    def go(self):\n        return '%s cannot' % type(self).__name__\n\n\nclass O",
        ),
        "test_app.py": str(files["test_app.py"]) + "    assert View().go() == 'View cannot'\n",
    }
    with pytest.raises(RefactorError, match="expects the name View"):
        rename(tmp_path, says, "View", "Window")
    files["app.py"] = "class View:\n    pass\n\n\ndef show(x):\n    return type(x).__name__ + '()'\n"
    files["test_app.py"] = (
        "from app import View, show\n\n\ndef test():\n    assert show(View()) == 'View()'\n"
    )
    with pytest.raises(RefactorError, match="expects the name View"):
        rename(tmp_path, files, "View", "Window")


def test_an_object_that_returns_itself_is_known(tmp_path: Path) -> None:
    text = (
        "import pytest\n\nclass Base:\n    def __call__(self, *args):\n        self.args = args\n        return self\n\n"
        "    def named(self, name):\n        self.name = name\n        return self\n\n"
        "class Cache(Base):\n    def flush(self): pass\n\n"
        "@pytest.fixture\ndef made():\n    cache = Cache()\n    return cache(1)\n\n"
        "def test_it(made):\n    made.flush()\n    Cache().named('a').flush()\n    made.file.flush()\n"
    )
    (tmp_path / "test_a.py").write_text(text)
    done = refactor.rename(workspace.open_snapshot(tmp_path), "Cache.flush", "write_out")
    after = (done.changes.changes["test_a.py"].after or b"").decode()
    assert after == text.replace("flush", "write_out").replace("file.write_out", "file.flush")
    assert len(done.doubtful) == 1 and "made.file.flush()" in done.doubtful[0]


def test_what_open_does_not_return_makes_no_everyday_name(tmp_path: Path) -> None:
    text = "class Or:\n    def reset(self): pass\n\ndef f(keys):\n    for key in keys:\n        if hasattr(key, 'reset'):\n            key.reset()\n"
    (tmp_path / "a.py").write_text(text)
    done = refactor.rename(workspace.open_snapshot(tmp_path), "Or.reset", "restart")
    assert (done.changes.changes["a.py"].after or b"").decode() == text.replace("reset", "restart")
    assert done.doubtful == ()
    (tmp_path / "a.py").write_text(text.replace("reset", "readline"))
    done = refactor.rename(workspace.open_snapshot(tmp_path), "Or.readline", "restart")
    assert len(done.doubtful) == 2


def test_a_name_of_a_library_that_is_not_used_is_no_everyday_name(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app.py": "class Item:\n    def as_string(self):\n        return ''\n\n\ndef show(all):\n    return [one.as_string() for one in all]\n",
    }
    after, _ = rename(tmp_path, files, "Item.as_string", "text")
    assert "[one.text() for one in all]" in after["app.py"]
    files["mail.py"] = "from email.message import Message\n"
    after, done = rename(tmp_path, files, "Item.as_string", "text")
    assert "[one.as_string() for one in all]" in after["app.py"]
    assert done.doubtful and "one.as_string()" in done.doubtful[0]


def test_what_a_module_deletes_again_is_still_what_it_imported(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "tools.py": "def curry(f):\n    return f\n",
        "app.py": "from tools import curry\n\nadd = curry(sum)\ndel curry\n",
    }
    after, _ = rename(tmp_path, files, "curry", "bound")
    assert after["app.py"] == "from tools import bound\n\nadd = bound(sum)\ndel bound\n"


def test_examples_in_docstrings_follow_where_tests_run_them(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "from app.a import double\n",
        "app/a.py": (
            'def double(x):\n    """Like double.\n\n    >>> double(2)\n    4\n    >>> from app import double\n'
            '    >>> app.double(x=double(1)), other.double\n    """\n    return 2 * x\n'
        ),
        "app/b.py": 'def f():\n    """\n    >>> double = 2\n    >>> double\n    """\n',
    }
    after, _ = rename(tmp_path, files, "double", "twice")
    assert ">>> double(2)" in after["app/a.py"]
    files["pytest.ini"] = "[pytest]\naddopts = --doctest-modules\n"
    after, _ = rename(tmp_path, files, "double", "twice")
    assert '"""Like double.\n\n    >>> twice(2)\n    4\n    >>> from app import twice\n' in after["app/a.py"]
    assert "    >>> app.twice(x=twice(1)), other.double\n" in after["app/a.py"]
    assert "app/b.py" not in after


def test_a_member_that_is_looked_for_in_dict_follows(tmp_path: Path) -> None:
    text = (
        "from functools import cached_property\n\n\nclass Signal:\n    @cached_property\n    def gone(self):\n        return 1\n\n"
        "    def send(self):\n        return 'gone' in self.__dict__ and self.__dict__['gone'] and 'gone' in other\n"
    )
    after, _ = rename(tmp_path, {"app.py": text}, "Signal.gone", "left")
    assert "'left' in self.__dict__ and self.__dict__['left'] and 'gone' in other" in after["app.py"]


def test_what_the_class_of_an_object_makes_is_known(tmp_path: Path) -> None:
    text = (
        "class Url:\n    def to_text(self): return ''\n    def copy(self): return self.__class__()\n"
        "    def more(self): return type(self)().to_text()\n    def raw(self): return self.copy().to_text()\n\n\n"
        "class Other:\n    def to_text(self): return ''\n    def raw(self): return self.__class__().to_text()\n"
    )
    after, _ = rename(tmp_path, {"a.py": text}, "Url.to_text", "text")
    ours, other = text.split("\n\n\n")
    assert after["a.py"] == ours.replace("to_text", "text") + "\n\n\n" + other


def test_a_class_s_body_reads_what_it_has_not_set_from_outside(tmp_path: Path) -> None:
    text = "ANY = 1\n\n\nclass Sign:\n    ANY = ANY\n    NONE: int = ANY\n\n    def on(self):\n        return ANY\n"
    after, _ = rename(tmp_path, {"a.py": text}, "a.py:ANY", "ALL")
    assert after["a.py"] == text.replace("ANY = 1", "ALL = 1").replace(
        "= ANY\n    N", "= ALL\n    N"
    ).replace("return ANY", "return ALL")


def test_what_a_container_holds_is_known_by_its_annotation(tmp_path: Path) -> None:
    text = (
        "from collections.abc import Sequence\n\n\nclass Token:\n    def value(self) -> str: return ''\n\n\n"
        "class Query(Token):\n    def __getattr__(self, name):\n        query = type(self)()\n        return query\n"
        "    def __getitem__(self, name): return self.__getattr__(name)\n\n\n"
        "class Other:\n    value = 1\n\n\nclass Call:\n"
        "    def __init__(self, tokens: Sequence[Token], others: 'list[Other]', by_name: dict[str, Token]):\n"
        "        self.tokens = tokens\n        self.others = others\n        self.by_name = by_name\n\n"
        "    def all(self) -> list[Token]: return [*self.tokens]\n\n"
        "    def pairs(self) -> 'list[tuple[Other, Token]]': return []\n\n"
        "    def go(self):\n"
        "        ours = self.tokens[0].value(), [t.value() for t in self.tokens], self.by_name['a'].value()\n"
        "        for name, token in self.by_name.items(): token.value()\n"
        "        for token in self.by_name.values(): token.value()\n"
        "        for token in self.all(): token.value()\n"
        "        for other, token in self.pairs(): other.value, token.value()\n"
        "        Query()['a']['b'].c.value()\n"
        "        return self.others[0].value, [o.value for o in self.others], ours\n"
    )
    after, _ = rename(tmp_path, {"a.py": text}, "Token.value", "text")
    assert after["a.py"] == text.replace("value()", "text()").replace("def value(self)", "def text(self)")


def test_what_getattr_hands_on_is_known(tmp_path: Path) -> None:
    text = (
        "class Table:\n    def insert(self, at): pass\n\n\nclass Store:\n"
        "    def table(self) -> Table: return Table()\n"
        "    def __getattr__(self, name): return getattr(self.table(), name)\n\n\n"
        "class Heir(Store): pass\n\n\nHeir().insert(1)\nStore().insert(1)\nstore = Store()\nstore.insert(1)\ndel store\n[].insert(0, 1)\n"
    )
    after, _ = rename(tmp_path, {"a.py": text}, "Table.insert", "add")
    assert after["a.py"] == text.replace(".insert(1)", ".add(1)").replace("def insert", "def add")


def test_a_copy_is_of_the_class_of_what_was_copied(tmp_path: Path) -> None:
    text = (
        "import copy\nimport shelve\nfrom copy import deepcopy\n\n\nclass Field:\n    def bind(self): return self\n\n\n"
        "def use(fields, own):\n    for field in fields:\n        field = copy.deepcopy(field)\n        field.bind()\n"
        "    deepcopy(Field()).bind()\n    kept = copy.copy(shelve.open('x'))\n    kept.bind()\n"
    )
    after, done = rename(tmp_path, {"a.py": text}, "Field.bind", "tie")
    assert "        field.tie()\n" in after["a.py"] and "deepcopy(Field()).tie()" in after["a.py"]
    assert "    kept.bind()\n" in after["a.py"] and len(done.doubtful) == 1


def test_a_copy_of_another_class_is_not_meant(tmp_path: Path) -> None:
    text = (
        "from copy import copy\n\n\nclass A:\n    def bind(self): return self\n\n\nclass B:\n    def bind(self): return self\n\n\n"
        "def use():\n    b = copy(B())\n    b.bind()\n    copy(A()).bind()\n"
    )
    after, _ = rename(tmp_path, {"a.py": text}, "A.bind", "tie")
    assert "    b.bind()\n    copy(A()).tie()\n" in after["a.py"]


def test_an_annotation_in_quotes_may_have_a_longer_name_beside(tmp_path: Path) -> None:
    text = (
        "class Node: pass\n\n\nclass NodeChain:\n    parts: 'tuple[Node | NodeChain, ...]'\n\n"
        "    def add(self, other: 'Node | NodeChain') -> 'NodeChain': return NodeChain()\n"
    )
    after, _ = rename(tmp_path, {"a.py": text}, "Node", "Leaf")
    assert after["a.py"] == text.replace("class Node:", "class Leaf:").replace("[Node |", "[Leaf |").replace(
        "'Node |", "'Leaf |"
    )


def test_an_interface_and_what_implements_it_have_one_name(tmp_path: Path) -> None:
    text = (
        "from zope.interface import Attribute, Interface, implementer\n\n\nclass IStore(Interface):\n"
        "    def put(x):\n        pass\n\n\n@implementer(IStore)\nclass Store:\n    def put(self, x):\n        self.put(x)\n\n\n"
        "class Other:\n    def put(self): pass\n"
    )
    after, _ = rename(tmp_path, {"a.py": text}, "Store.put", "keep")
    assert after["a.py"] == text.replace("put", "keep", 3)


def test_a_name_with_two_imports_keeps_its_own(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/fast.py": "def work(): return 1\n",
        "app/slow.py": "def work(): return 2\n",
        "app/use.py": "try:\n    from .fast import work\nexcept ImportError:\n    from .slow import work\n\nwork()\n",
        "app/own.py": "from .slow import work\n\nif work() == 2:\n    def work(): return 3\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    done = refactor.rename(workspace.open_snapshot(tmp_path), "app/slow.py:work", "labour")
    after = {c.path: (c.after or b"").decode() for c in done.changes}
    assert after == {
        "app/slow.py": "def labour(): return 2\n",
        "app/use.py": files["app/use.py"].replace("slow import work", "slow import labour as work"),
        "app/own.py": files["app/own.py"].replace("slow import work", "slow import labour as work"),
    }


def test_mixed_line_ends_stay_mixed(tmp_path: Path) -> None:
    text = b"class B:\r\n    def old(self): pass\r\nclass K(B):\n    def x(self): return super().old()\r\nz = 1\n"
    done = renames.renamed(tmp_path, {"a.py": text}, "B.old", "new")
    assert done.changes.changes["a.py"].after == text.replace(b"old", b"new")


@pytest.mark.parametrize("symbol", ["`Cart.put()`", "method Cart.put", "'a.py:Cart.put'", "def put(self, x)"])
def test_names_are_understood_as_small_models_write_them(tmp_path: Path, symbol: str) -> None:
    (tmp_path / "a.py").write_text("class Cart:\n    def put(self, x):\n        return x\n")
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": symbol, "new_name": '"add_item()"'}
    )
    assert [c.after for c in done.changes] == [b"class Cart:\n    def add_item(self, x):\n        return x\n"]
