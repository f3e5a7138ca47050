"""Words that look like names, and names that look like others: asked about, not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import router, workspace
from qcode.messages import Snapshot


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    (tmp_path / "pkg" / "io-x").mkdir(parents=True)
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "m.py").write_text("def dump(): pass\n")
    (tmp_path / "pkg" / "io-x" / "h.py").write_text("def far(): pass\n")
    (tmp_path / "conf.py").write_text(
        "def load(): pass\n\n\nclass Cart:\n    def load(self): pass\n    def put_in(self): pass\n"
    )
    return workspace.open_snapshot(tmp_path)


@pytest.mark.parametrize(
    "request_",
    [
        "rename load please",
        "rename load everywhere",
        "rename load properly",
        "rename load ASAP",
        "rename load to snake_case",
        "rename load as needed",
        "load should be called once",
        "rename the class load to fetch",
        "rename load to fetch",
        "could you rename load to read?",
        'rename load to "better"',
        "rename pkg.m.dump to pkg.n.dump",
        "rename Cart.put_in to Basket.put_in",
    ],
)
def test_a_word_that_may_be_no_name_is_asked_about(snapshot: Snapshot, request_: str) -> None:
    asked = router.route(request_, snapshot)
    assert isinstance(asked, router.Question) and asked.candidates, asked


def test_the_answer_that_a_question_proposes_is_understood(snapshot: Snapshot) -> None:
    asked = router.route("load should be called once", snapshot)
    assert isinstance(asked, router.Question)
    done = router.route(asked.candidates[0], snapshot)
    assert isinstance(done, router.Plan) and done.calls[0].arguments["new_name"] == "once"


def test_other_verbs_are_no_renames(snapshot: Snapshot) -> None:
    assert not isinstance(router.route("call load to read", snapshot), router.Plan)


def test_a_name_that_is_set_is_a_rename(snapshot: Snapshot) -> None:
    done = router.route("set the name of Cart to Basket", snapshot)
    assert isinstance(done, router.Plan)
    assert [dict(c.arguments) for c in done.calls] == [{"symbol": "conf.py:Cart", "new_name": "Basket"}]


@pytest.mark.parametrize(
    ("request_", "symbol", "new"),
    [
        ("rename conf.load to fetch", "conf.py:load", "fetch"),
        ("rename the method load to fetch", "conf.py:Cart.load", "fetch"),
        ("rename the load method to fetch", "conf.py:Cart.load", "fetch"),
        ("rename the load function to fetch", "conf.py:load", "fetch"),
        ("rename the put in method to add", "conf.py:Cart.put_in", "add"),
        ("rename pkg.m.dump to pkg.m.save", "pkg/m.py:dump", "save"),
        ("rename pkg/io-x/h.py:far to near", "pkg/io-x/h.py:far", "near"),
        ("could you rename the load function to read?", "conf.py:load", "read"),
        ('rename the function load to "better"', "conf.py:load", "better"),
    ],
)
def test_the_kind_and_the_place_choose(snapshot: Snapshot, request_: str, symbol: str, new: str) -> None:
    routed = router.route(request_, snapshot)
    assert isinstance(routed, router.Plan), routed
    assert dict(routed.calls[0].arguments) == {"symbol": symbol, "new_name": new}


@pytest.mark.parametrize(
    "words", ["as it is ", "'load' ", "so that it is ", ": ", "rename load to read and "]
)
def test_what_was_pasted_is_no_request(snapshot: Snapshot, words: str) -> None:
    """Every way of reading it would be tried, for minutes."""
    assert isinstance(router.route(words * 1000 + "rename dump to read", snapshot), router.OutOfReach)
