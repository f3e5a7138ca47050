"""The ways in which people write requests: notes, complaints, lists, places by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import router, workspace
from qcode.messages import Snapshot

FILES = {
    "pkg/__init__.py": "",
    "pkg/stock.py": (
        "import os\nimport sys\n\n\ndef putAway(folder, dry=False):\n    base = 5\n    cost = base * 2\n    return cost\n\n\n"
        "def price_of(thing):\n    base = 7\n    return base + 1\n\n\ndef read_all(path):\n    return open(path)\n"
    ),
    "pkg/notes.py": "from pkg.stock import price_off\n\n\ndef note(text):\n    print('note %s' % text)\n    return text\n",
    "jobs/nightly.py": "import os\n\nprint('run')\n",
}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return workspace.open_snapshot(tmp_path)


def said(request_: str, snapshot: Snapshot) -> list[tuple[str, ...]]:
    found = router.route(request_, snapshot)
    assert isinstance(found, router.Plan), found
    return [(c.tool, *c.arguments.values()) for c in found.calls]


PUT = "pkg/stock.py:putAway"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("putAway isn't snake case, make it put_away", [("rename", PUT, "put_away")]),
        ("putAway is a horrible name. put_away please", [("rename", PUT, "put_away")]),
        ("putAway... I'd prefer the name put_away", [("rename", PUT, "put_away")]),
        ("everything called putAway should be put_away", [("rename", PUT, "put_away")]),
        ("s/putAway/put_away/", [("rename", PUT, "put_away")]),
        (
            "putAway -> add, and read_all -> get",
            [("rename", PUT, "add"), ("rename", "pkg/stock.py:read_all", "get")],
        ),
        (
            "rename the read all function to load tables",
            [("rename", "pkg/stock.py:read_all", "load_tables")],
        ),
        (
            "the rehearsal argument dry of putAway should be called simulate",
            [("rename", "pkg/stock.py:putAway.dry", "simulate")],
        ),
        ("pkg/stock.py:6 rename base to start", [("rename", "pkg/stock.py:putAway.base", "start")]),
        (
            "rename base at line 12 of pkg/stock.py to start",
            [("rename", "pkg/stock.py:price_of.base", "start")],
        ),
        ("rename stock.py:11 to cost_of", [("rename", "pkg/stock.py:price_of", "cost_of")]),
        ("clean up the imports in the jobs folder", [("tidy", "jobs")]),
        ("os and sys aren't used in stock.py, remove those imports", [("tidy", "pkg/stock.py")]),
        ("read_all fits better in notes", [("move", "pkg/stock.py:read_all", "pkg/notes.py")]),
        ("move read_all out of stock and into notes", [("move", "pkg/stock.py:read_all", "pkg/notes.py")]),
        (
            "inline the variables `base` and `cost` in putAway",
            [("inline", "base", "pkg/stock.py:putAway"), ("inline", "cost", "pkg/stock.py:putAway")],
        ),
        ("get rid of the temporary `cost` in putAway", [("inline", "cost", "pkg/stock.py:putAway")]),
        ("nobody uses dry in putAway, so get rid of it", [("signature", PUT, "-dry")]),
        (
            "lines 6 through 7 of stock.py make a nice function, call it costs",
            [("extract", "pkg/stock.py:6-7", "costs")],
        ),
        (
            "fix the failing test: ImportError: cannot import name 'price_off' from 'pkg.stock'",
            [("respell", "price_off", "price_of", "pkg/notes.py")],
        ),
        (
            "pkg/notes.py says price_off where it should say price_of",
            [("respell", "price_off", "price_of", "pkg/notes.py")],
        ),
    ],
)
def test_what_is_asked_for(snapshot: Snapshot, request_: str, expected: list[tuple[str, ...]]) -> None:
    assert said(request_, snapshot) == expected


@pytest.mark.parametrize(
    "request_",
    [
        "add a flag quick to putAway",
        "rename base to start at pkg/stock.py:2",
        "rename the read all function to something better",
        ":%s/putAway/put_away/g",
        "use f-strings in notes.py:5",
        "note lives in stock, move it",
    ],
)
def test_what_is_not_clear_changes_nothing(snapshot: Snapshot, request_: str) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)
