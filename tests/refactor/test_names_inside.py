"""Local variables that get another name, and names that are misspelt."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

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
