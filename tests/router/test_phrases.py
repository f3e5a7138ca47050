"""The ways in which people write requests: notes, complaints, lists, places by line."""

from __future__ import annotations

import pytest

from qcode import refactor, router
from qcode.messages import Snapshot

FILES = {
    "pkg/__init__.py": "",
    "pkg/stock.py": (
        "import os\nimport sys\n\n\ndef putAway(folder, dry=False):\n    base = 5\n    cost = base * 2\n    return cost\n\n\n"
        "def price_of(thing):\n    base = 7\n    return base + 1\n\n\ndef read_all(path):\n    return open(path)\n"
    ),
    "pkg/notes.py": "from pkg.stock import price_off\n\n\ndef note(text):\n    print('note %s' % text)\n    return text\n",
    "pkg/shelf.py": "class Shelf:\n    def clear(self):\n        title = 'a'\n        return title\n",
    "tests/test_stock.py": "from pkg.stock import putAway\n\n\ndef test_put():\n    assert putAway('x')\n",
    "jobs/nightly.py": "import os\n\nprint('run')\n",
}


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
        ("putAway -> put_away everywhere, tests too", [("rename", PUT, "put_away")]),
        (
            "inline cost in putAway and rename the function to store_all",
            [("inline", "cost", PUT), ("rename", PUT, "store_all")],
        ),
        (
            "introduce a variable twice for base * 2, stock.py line 7",
            [("extract", "pkg/stock.py:7", "twice", "base * 2")],
        ),
        ("inline the putAway function, it's only used in test_stock.py", [("inline", PUT)]),
        ("plz rename teh fn putAway to put_away", [("rename", PUT, "put_away")]),
        ("SHOP-12: putAway shld be put_away", [("rename", PUT, "put_away")]),
        ("[tech debt] putAway is Java style. snake_case please.", [("rename", PUT, "put_away")]),
        (
            "the read all function should be called load tables",
            [("rename", "pkg/stock.py:read_all", "load_tables")],
        ),
        (
            "read_all is badly named, call it load_tables",
            [("rename", "pkg/stock.py:read_all", "load_tables")],
        ),
        ("rename struct Shelf to Rack", [("rename", "pkg/shelf.py:Shelf", "Rack")]),
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
        ("Refactor > Rename: putAway -> put_away", [("rename", PUT, "put_away")]),
        ("rename: putAway -> put_away", [("rename", PUT, "put_away")]),
        ("rename Shelf#clear to empty", [("rename", "pkg/shelf.py:Shelf.clear", "empty")]),
        ("rename Shelf::clear to empty", [("rename", "pkg/shelf.py:Shelf.clear", "empty")]),
        ("rename the function clear to empty", [("rename", "pkg/shelf.py:Shelf.clear", "empty")]),
        ("rename the clear method of shelf to empty", [("rename", "pkg/shelf.py:Shelf.clear", "empty")]),
        ("putAway violates PEP 8, it has to be put_away", [("rename", PUT, "put_away")]),
        ("the function putAway have bad name, use put_away", [("rename", PUT, "put_away")]),
        ("convert putAway to snake_case", [("rename", PUT, "put_away")]),
        ("putAway should be snake case", [("rename", PUT, "put_away")]),
        ("rename putAway in put_away", [("rename", PUT, "put_away")]),
        ("it is possible to rename putAway in put_away?", [("rename", PUT, "put_away")]),
        ("change the name of putAway for put_away", [("rename", PUT, "put_away")]),
        ("rename putAway to put_away, also in tests", [("rename", PUT, "put_away")]),
        ("rename file stock.py to goods.py", [("move", "pkg/stock.py", "pkg/goods.py")]),
        ("displace read_all to notes", [("move", "pkg/stock.py:read_all", "pkg/notes.py")]),
        (
            "rename read_all to load and after move to pkg.notes",
            [("rename", "pkg/stock.py:read_all", "load"), ("move", "pkg/stock.py:load", "pkg/notes.py")],
        ),
        (
            "rename read_all to load and f-strings in notes.py",
            [("rename", "pkg/stock.py:read_all", "load"), ("fstrings", "pkg/notes.py")],
        ),
        (
            "read_all need one more parameter strict with value False",
            [("signature", "pkg/stock.py:read_all", "+strict=False")],
        ),
        ("erase the imports not used in stock.py", [("tidy", "pkg/stock.py")]),
        ("the variable cost please make inline", [("inline", "cost", "pkg/stock.py:putAway")]),
        (
            "I was wondering whether we could rename putAway to put_away, as the current name confuses people",
            [("rename", PUT, "put_away")],
        ),
        ("As discussed in the review, putAway ought to be put_away.", [("rename", PUT, "put_away")]),
        ("If possible, please rename putAway to put_away", [("rename", PUT, "put_away")]),
        ("Great, please rename putAway to put_away", [("rename", PUT, "put_away")]),
        ("rename putAway to put_away and leave the rest alone", [("rename", PUT, "put_away")]),
        ("When you have a minute: putAway has a variable cost, inline it", [("inline", "cost", PUT)]),
        ("ren putAway put_away", [("rename", PUT, "put_away")]),
        ("putAway to put_away.", [("rename", PUT, "put_away")]),
        ("cost -> total in stock.putAway", [("rename", "pkg/stock.py:putAway.cost", "total")]),
        ("pkg/stock.py:7 cost -> total", [("rename", "pkg/stock.py:putAway.cost", "total")]),
        ("mv read_all to notes", [("move", "pkg/stock.py:read_all", "pkg/notes.py")]),
        ("read_all into pkg.notes", [("move", "pkg/stock.py:read_all", "pkg/notes.py")]),
        ("move read_all to a new file tables.py", [("move", "pkg/stock.py:read_all", "pkg/tables.py")]),
        (
            "it would be great if read_all were in pkg.notes rather than in the stock module",
            [("move", "pkg/stock.py:read_all", "pkg/notes.py")],
        ),
        ('read_all +mode="r"', [("signature", "pkg/stock.py:read_all", '+mode="r"')]),
        (
            'add two parameters to read_all: strict=False and mode="r"',
            [("signature", "pkg/stock.py:read_all", '+strict=False +mode="r"')],
        ),
        ("-dry from putAway", [("signature", PUT, "-dry")]),
        ("I believe dry is not used in putAway; please take it out", [("signature", PUT, "-dry")]),
        ("extract pkg/stock.py#L6-L7 costs", [("extract", "pkg/stock.py:6-7", "costs")]),
        ("price_off -> price_of", [("respell", "price_off", "price_of", "pkg/notes.py")]),
        (
            "open(path) -> io.open(path) in stock.py",
            [("replace", "open(path)", "io.open(path)", "pkg/stock.py")],
        ),
        ("replace the number 5 with 6 in stock.py", [("replace", "5", "6", "pkg/stock.py")]),
        ("if there are any unused imports in the jobs folder, remove them", [("tidy", "jobs")]),
        ("please take care of the imports in stock.py? Some are unused.", [("tidy", "pkg/stock.py")]),
        ("isort jobs/", [("tidy", "jobs")]),
        ("run isort on jobs", [("tidy", "jobs")]),
        (
            "print -> logging, notes.py + jobs/nightly.py",
            [("logging", "pkg/notes.py"), ("logging", "jobs/nightly.py")],
        ),
        ("nit: putAway should be put_away", [("rename", PUT, "put_away")]),
        ("put_away, not putAway", [("rename", PUT, "put_away")]),
        ("camelCase in Python? putAway -> put_away", [("rename", PUT, "put_away")]),
        ("consider renaming putAway to put_away", [("rename", PUT, "put_away")]),
        ("rename putAway to put underscore away", [("rename", PUT, "put_away")]),
        ("why do we need the variable `cost` in putAway? Inline it.", [("inline", "cost", PUT)]),
        ("inline base in price of", [("inline", "base", "pkg/stock.py:price_of")]),
        ("`dry` is unused in putAway, can be dropped", [("signature", PUT, "-dry")]),
        ("tidy the imports of stock dot py", [("tidy", "pkg/stock.py")]),
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
        "rename putAway in tests",
        "rename base in putAwya",
        "putAway isn't snake case",
        "is putAway snake case?",
        "make the title uppercase",
        "convert all functions to snake_case",
        "rename note to snake_case",
        "change the name of putAway",
        "how to rename putAway into put_away?",
        "convert pkg/stock.py to rust",
        "turn lines 6 to 7 of stock.py into a function",
        "if there are tests for putAway, rename it to put_away",
        "replace 5 with 6",
        "rm -rf pkg",
        "no renames",
        "shouldn't read_all live in pkg.notes?",
        "shouldn't putAway be put_away? the tests break if it is",
        "should we rename putAway? call it put_away if so",
        "rename the shelf class to rack",
        "no f-strings in notes.py please",
        "never use logging in notes.py",
        "swap putAway and price_of",
        "should putAway be called put_away?",
        "fix the import error",
    ],
)
def test_what_is_not_clear_changes_nothing(snapshot: Snapshot, request_: str) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)


@pytest.mark.parametrize(
    ("request_", "but_not"),
    [
        ("remove not used imports but no in tests", ("tests",)),
        ("remove unused imports, no tests", ("tests",)),
        ("all print become logging, only jobs stay", ("jobs",)),
        ("remove unused imports, stock.py stays as it is", ("pkg/stock.py",)),
        ("remove unused imports everywhere, tests should remain unchanged", ("tests",)),
    ],
)
def test_what_stays_as_it_is(snapshot: Snapshot, request_: str, but_not: tuple[str, ...]) -> None:
    found = router.route(request_, snapshot)
    assert isinstance(found, router.Plan), found
    assert [(dict(c.arguments), c.but_not) for c in found.calls] == [({}, but_not)]


@pytest.mark.parametrize(
    ("before", "request_", "expected"),
    [
        ("rename putAway to put_away", '+mode="r"', ("signature", "pkg/stock.py:put_away", '+mode="r"')),
        ("rename putAway to put_away", "drop dry", ("signature", "pkg/stock.py:put_away", "-dry")),
        (
            "rename putAway to put_away",
            "and move to notes.py",
            ("move", "pkg/stock.py:put_away", "pkg/notes.py"),
        ),
        ("tidy stock.py", "ditto jobs/nightly.py", ("tidy", "jobs/nightly.py")),
        ("tidy stock.py", "Great, please do the same thing in jobs/nightly.py", ("tidy", "jobs/nightly.py")),
    ],
)
def test_what_follows(snapshot: Snapshot, before: str, request_: str, expected: tuple[str, ...]) -> None:
    done = router.route(before, snapshot)
    assert isinstance(done, router.Plan)
    for call in done.calls:
        snapshot = snapshot.with_changes(refactor.perform(snapshot, call.tool, call.arguments).changes)
    found = router.route(request_, snapshot, done.calls)
    assert isinstance(found, router.Plan), found
    assert [(c.tool, *c.arguments.values()) for c in found.calls] == [expected]
