from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from qcode.index import (
    Index,
    callees,
    callers,
    implementations,
    open_index,
    place_of,
    references,
    touching_tests,
)
from qcode.messages import Snapshot
from qcode.workspace import open_snapshot

Opened = tuple[Index, Snapshot]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    (tmp_path / "tests").mkdir()
    (tmp_path / "shop.py").write_text(
        "class Shop:\n    def sell(self, n):\n        return price_of(n)\n\n\ndef price_of(n):\n    return n\n"
    )
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {\n\tprice_of(2) // price_of_all\n}\n")
    (tmp_path / "kiosk.py").write_text("from shop import Shop\n\n\nclass Kiosk(Shop):\n    pass\n")
    (tmp_path / "tests" / "test_shop.py").write_text("def test_price():\n    assert price_of(1) == 1\n")
    snapshot = open_snapshot(tmp_path)
    index = open_index(snapshot)
    index.refresh()
    return index, snapshot


@pytest.mark.smoke
def test_references_are_whole_names_with_what_is_around_them(opened: Opened) -> None:
    found = [(u.path, u.line, u.inside and u.inside.name, u.defines) for u in references(*opened, "price_of")]
    assert found == [
        ("main.go", 4, "main", False),
        ("shop.py", 3, "sell", False),
        ("shop.py", 6, None, True),
        ("tests/test_shop.py", 2, "test_price", False),
    ]


def test_callers_callees_implementations_and_tests(opened: Opened) -> None:
    index, snapshot = opened
    assert [u.path for u in callers(index, snapshot, "price_of")] == [
        "main.go",
        "shop.py",
        "tests/test_shop.py",
    ]
    assert [d.name for _, d in callees(index, snapshot, "sell")] == ["price_of"]
    assert [(p, d.name) for p, d in implementations(index, "Shop")] == [("kiosk.py", "Kiosk")]
    assert [u.path for u in touching_tests(index, snapshot, "price_of")] == ["tests/test_shop.py"]
    assert callers(index, snapshot, "nothing_like_it") == []


def test_reasons_are_given_and_equal_files_stand_in_order(opened: Opened) -> None:
    ranked = opened[0].rank("price_of in the shop")
    assert ranked[0].path == "shop.py"
    assert {"text", "path", "defines"} <= set(ranked[0].reasons)
    assert [r.path for r in ranked] == [r.path for r in opened[0].rank("price_of in the shop")]


def test_tests_come_last_unless_they_are_asked_for(opened: Opened) -> None:
    assert opened[0].rank("price")[-1].path == "tests/test_shop.py"
    assert opened[0].rank("price test")[0].path == "tests/test_shop.py"


def test_commits_of_the_past_lead_to_the_files_that_they_changed(tmp_path: Path) -> None:
    def git(*args: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *args], check=True, capture_output=True)

    git("init", "-q")
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(f"x_{name[0]} = 1\n")
        git("add", name)
        git("commit", "-qm", "Mend the flickering lantern" if name == "two.py" else "Begin")
    index = open_index(open_snapshot(tmp_path))
    index.refresh()
    assert [(r.path, r.reasons) for r in index.rank("lantern flickers")] == [
        ("two.py", ["past commits", "a past commit"])
    ]
    assert place_of(tmp_path.resolve()).is_file()
