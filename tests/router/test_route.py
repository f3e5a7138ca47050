"""Plain language in, one exact call out; or a question; or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import router, workspace
from qcode.messages import Snapshot


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    (tmp_path / "conf.py").write_text(
        "def parse_cfg(): pass\n\n\nclass Cart:\n    def put_in(self): self.tNow = 0\n"
    )
    (tmp_path / "other.py").write_text("def load(): pass\n")
    (tmp_path / "more.py").write_text("def load(): pass\n")
    return workspace.open_snapshot(tmp_path)


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("request_", "symbol", "new"),
    [
        ("rename parse_cfg to load_config", "conf.py:parse_cfg", "load_config"),
        ("rename Cart.put_in to add_item", "conf.py:Cart.put_in", "add_item"),
        ("rename Cart.put_in add_item", "conf.py:Cart.put_in", "add_item"),
        (
            "Please rename the function `parse_cfg` in conf.py to `load_config`.",
            "conf.py:parse_cfg",
            "load_config",
        ),
        ("rename parse_cfg() -> load_config()", "conf.py:parse_cfg", "load_config"),
        ("change the name of parse_cfg to load_config", "conf.py:parse_cfg", "load_config"),
        ("parse_cfg should be called load_config", "conf.py:parse_cfg", "load_config"),
        ("rename the parse cfg function to load_config", "conf.py:parse_cfg", "load_config"),
        ("rename put_in to Cart.add_item", "conf.py:Cart.put_in", None),
        ("rename attribute tNow of Cart to t_now", "conf.py:Cart.tNow", "t_now"),
        ("rename tNow to t_now", "conf.py:Cart.tNow", "t_now"),
        ("rename load in other.py to read everywhere", "other.py:load", "read"),
        ("rename conf.parse_cfg to conf.load_config", "conf.py:parse_cfg", None),
    ],
)
def test_a_rename_is_understood(snapshot: Snapshot, request_: str, symbol: str, new: str | None) -> None:
    routed = router.route(request_, snapshot)
    assert isinstance(routed, router.Plan), routed
    assert routed.calls[0].arguments["symbol"] == symbol
    if new:
        assert routed.calls[0].arguments["new_name"] == new


@pytest.mark.parametrize(
    "request_",
    [
        "rename parse_cfg to load_config but not in other.py or conf.py",
        "rename parse_cfg to load_config and add logging",
        "don't rename parse_cfg to load_config",
        "rename parse_cfg to load_config if it is unused",
        "rename it to load_config",
        "make it faster",
        "rename",
        "",
        " \n",
        "\u200b",
        "?",
    ],
)
def test_what_is_not_understood_whole_is_not_done(snapshot: Snapshot, request_: str) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)


def test_unclear_names_are_asked_about(snapshot: Snapshot) -> None:
    near = router.route("rename parse_cgf to x", snapshot)
    assert isinstance(near, router.Question) and "parse_cfg" in near.candidates
    twice = router.route("rename load to x", snapshot)
    assert isinstance(twice, router.Question) and len(twice.candidates) == 2
