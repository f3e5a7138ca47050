"""Local variables that get another name, and names that are misspelt."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError
from qcode.router.world import World

SOURCE = """def mean(values):
    total = sum(values)
    def shown():
        return total
    return [total for _ in values], total / len(values), shown()


def other(total):
    return total
"""


def performed(root: Path, verb: str, **arguments: str) -> dict[str, str]:
    snapshot = workspace.open_snapshot(root)
    return {c.path: (c.after or b"").decode() for c in refactor.perform(snapshot, verb, arguments).changes}


def test_a_local_variable_is_renamed_in_its_function_alone(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SOURCE)
    changed = performed(tmp_path, "rename", symbol="a.py:mean.total", new_name="whole")
    head, tail = SOURCE.split("\n\n\n")
    assert changed == {"a.py": head.replace("total", "whole") + "\n\n\n" + tail}


@pytest.mark.parametrize(
    ("source", "new", "why"),
    [
        (SOURCE, "values", "already"),
        (SOURCE, "len", "already"),
        ("def mean(v):\n    total = v\n    return locals()\n", "whole", "looks variables up"),
        (SOURCE, "class", "no name"),
    ],
)
def test_a_new_name_that_changes_what_is_meant_is_refused(
    tmp_path: Path, source: str, new: str, why: str
) -> None:
    (tmp_path / "a.py").write_text(source)
    with pytest.raises(RefactorError, match=why):
        performed(tmp_path, "rename", symbol="a.py:mean.total", new_name=new)


@pytest.mark.parametrize(
    ("before", "symbol"),
    [
        ("def f(rows):\n    return [OLD.label for OLD in rows if OLD], {OLD for OLD in rows}\n", "f.OLD"),
        ("def f(rows):\n    for OLD in rows:\n        print(f'{OLD}', OLD)\n", "f.OLD"),
        ("def f(path):\n    with open(path) as OLD:\n        return OLD.read()\n", "f.OLD"),
        (
            "def f():\n    try:\n        g()\n    except OSError as OLD:\n        raise ValueError from OLD\n",
            "f.OLD",
        ),
        ("def f(x):\n    match x:\n        case [OLD, *_]:\n            return OLD\n", "f.OLD"),
        ("def f(rows):\n    if any((OLD := r) for r in rows):\n        return OLD\n", "f.OLD"),
        (
            "def f():\n    OLD = 0\n    def g():\n        nonlocal OLD\n        OLD += 1\n    return g, OLD\n",
            "f.g.OLD",
        ),
        (
            "def f():\n    OLD = 0\n    def g():\n        nonlocal OLD\n        OLD += 1\n    return g, OLD\n",
            "f.OLD",
        ),
        ("def f():\n    def g():\n        OLD = 1\n        return OLD\n    return g, old\n", "f.g.OLD"),
        ("class C:\n    def f(self):\n        return sum(OLD.x for OLD in self.rows)\n", "C.f.OLD"),
        (
            "def f(rows):\n    return sorted(rows, key=lambda OLD: OLD.x), map(lambda OLD: -OLD, rows)\n",
            "f.OLD",
        ),
        ("def f(rows, OLD2):\n    return [OLD for OLD in rows], [new for new in rows]\n", "f.OLD"),
    ],
)
def test_variables_of_every_kind_are_renamed(tmp_path: Path, before: str, symbol: str) -> None:
    (tmp_path / "a.py").write_text(before.replace("OLD", "r"))
    changed = performed(tmp_path, "rename", symbol=symbol.replace("OLD", "r"), new_name="item")
    assert changed == {"a.py": before.replace("OLD2", "r2").replace("OLD", "item")}
    assert symbol.replace("OLD", "r") in {
        t.qualname for t in World(workspace.open_snapshot(tmp_path)).inner
    } | {"f.g.r"}


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("def f(rows, item):\n    return [r + item for r in rows]\n", "already"),
        ("def f(rows):\n    return [(item := r.x) for r in rows], item\n", "already"),
        ("def f(rows):\n    return [r for r in rows], eval('1')\n", "looks variables up"),
        ("def f(rows):\n    g = lambda r: r.x\n    return g(r=1)\n", "may be called with the name"),
        ("def f(r):\n    global item\n    return [1 for r in item]\n", "not defined|taken|already"),
        ("r = 1\n\n\ndef f():\n    return r\n", "not defined"),
    ],
)
def test_a_variable_that_cannot_be_renamed_exactly_is_refused(tmp_path: Path, before: str, why: str) -> None:
    (tmp_path / "a.py").write_text(before)
    with pytest.raises(RefactorError, match=why):
        performed(tmp_path, "rename", symbol="f.r", new_name="item")


def test_a_misspelt_name_is_corrected_where_nothing_defines_it(tmp_path: Path) -> None:
    (tmp_path / "io.py").write_text("def write_json(rows): ...\n")
    (tmp_path / "a.py").write_text("from io_ import write_jsn\nx = 'write_jsn'\nwrite_jsn([])\n")
    changed = performed(tmp_path, "respell", wrong="write_jsn", right="write_json")
    assert changed == {"a.py": "from io_ import write_json\nx = 'write_jsn'\nwrite_json([])\n"}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def foo(): ...\nfoo()\n", "is defined"),
        ("foo()\n", "bar is not known"),
        ("x = 'foo'\n", "stands nowhere"),
    ],
)
def test_a_name_that_is_no_misspelling_is_refused(tmp_path: Path, source: str, why: str) -> None:
    (tmp_path / "a.py").write_text(source)
    with pytest.raises(RefactorError, match=why):
        performed(tmp_path, "respell", wrong="foo", right="bar")


def test_what_is_meant_is_imported_where_one_module_alone_defines_it(tmp_path: Path) -> None:
    for path, text in {
        "app/__init__.py": "",
        "app/strings.py": "def is_blank(text): ...\n",
        "app/audit.py": "import os\n\n\ndef audit(x):\n    return is_blnk(x)\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    changed = performed(tmp_path, "respell", wrong="is_blnk", right="is_blank")
    assert changed == {
        "app/audit.py": "import os\nfrom app.strings import is_blank\n\n\ndef audit(x):\n    return is_blank(x)\n"
    }
    (tmp_path / "app/other.py").write_text("is_blank = 1\n")
    with pytest.raises(RefactorError, match=r"defined in app/other\.py and in app/strings\.py"):
        performed(tmp_path, "respell", wrong="is_blnk", right="is_blank")
    (tmp_path / "app/other.py").unlink()
    (tmp_path / "app/strings.py").write_text("import app.audit\n\n\ndef is_blank(text): ...\n")
    with pytest.raises(RefactorError, match="a circle"):
        performed(tmp_path, "respell", wrong="is_blnk", right="is_blank")


def test_a_misspelt_attribute_that_no_class_has_is_spelt_right(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class A:\n    def __init__(self):\n        self.assignee = 1\n")
    (tmp_path / "b.py").write_text("def who(ticket):\n    return ticket.asignee, ticket.asignee.x\n")
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "respell", {"wrong": "asignee", "right": "assignee"}
    )
    assert done.changes.changes["b.py"].after == (
        b"def who(ticket):\n    return ticket.assignee, ticket.assignee.x\n"
    )


@pytest.mark.parametrize(
    "other",
    ["class B:\n    asignee = 1\n", "def put(x):\n    x.asignee = 1\n", "NAMES = ['asignee']\n"],
)
def test_an_attribute_that_something_may_have_is_not_respelt(tmp_path: Path, other: str) -> None:
    (tmp_path / "a.py").write_text("class A:\n    def __init__(self):\n        self.assignee = 1\n")
    (tmp_path / "b.py").write_text(f"{other}\n\ndef who(ticket):\n    return ticket.asignee\n")
    with pytest.raises(RefactorError):
        refactor.perform(
            workspace.open_snapshot(tmp_path), "respell", {"wrong": "asignee", "right": "assignee"}
        )
