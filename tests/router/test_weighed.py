"""The second reading by itself: what is asked for by weights, what it is asked of by the index."""

from __future__ import annotations

import pytest

from qcode.messages import Snapshot
from qcode.router.clause import Clause
from qcode.router.plan import OutOfReach, Plan, Question
from qcode.router.weighed import unread, weighed
from qcode.router.weighed.items import features, items, template
from qcode.router.weighed.kept import kept
from qcode.router.weighed.weights import LABELS, shares, weights
from qcode.router.words import tokens
from qcode.router.world import World

FILES = {
    "shop/__init__.py": "",
    "shop/prices.py": (
        "import os\n\n\ndef calcTotal(items, rate):\n    total = sum(items) * rate\n    return total\n\n\n"
        "def show(text, width):\n    print('%s' % text)\n    return text[:width]\n\n\ndef low_report(items):\n    return calcTotal(items, 2)\n"
    ),
    "shop/store.py": (
        "from shop.prices import calcTotal\n\n\nclass Store:\n    def __init__(self, path):\n        self.path = path\n\n"
        "    def save(self, rows):\n        print('saved %s' % rows)\n        return calcTotal(rows, 1)\n"
    ),
    "shop/tools.py": "def pad(text):\n    return text.ljust(3)\n",
    "tests/test_prices.py": "from shop.prices import calcTotal\n\n\ndef test_total():\n    assert calcTotal([1], 2) == 2\n",
}


def read(request_: str, snapshot: Snapshot) -> Plan | Question | OutOfReach | None:
    world = World(snapshot)
    said = tokens(request_)
    return weighed(said, Clause(said, request_, world))


def calls(request_: str, snapshot: Snapshot) -> list[tuple[str, dict[str, str]]]:
    found = read(request_, snapshot)
    assert isinstance(found, Plan), found
    return [(c.tool, dict(c.arguments)) for c in found.calls]


@pytest.mark.parametrize(
    ("request_", "old", "new"),
    [
        ("Hi! calcTotal should be calc_total like its neighbour low_report. Could you change that, please?", "shop/prices.py:calcTotal", "calc_total"),
        ("calc_total would be a better name for calcTotal, honestly", "shop/prices.py:calcTotal", "calc_total"),
        ("I keep stumbling over calcTotal. Please call it sum_up.", "shop/prices.py:calcTotal", "sum_up"),
        ("the width parameter of show ought to be called limit", "shop/prices.py:show.width", "limit"),
        ("the load of low_report is fine, but Store should be named Shelf", "shop/store.py:Store", "Shelf"),
    ],
)  # fmt: skip
def test_the_index_says_which_name_is_old(request_: str, old: str, new: str, snapshot: Snapshot) -> None:
    assert calls(request_, snapshot) == [("rename", {"symbol": old, "new_name": new})]


def test_several_old_names_go_with_several_new_ones(snapshot: Snapshot) -> None:
    done = calls("in show, text and width should be called words and limit", snapshot)
    assert [(c["symbol"], c["new_name"]) for _, c in done] == [
        ("shop/prices.py:show.text", "words"),
        ("shop/prices.py:show.width", "limit"),
    ]


@pytest.mark.parametrize(
    "request_",
    [
        "rename calc_sum to calcTotal",  # the unknown one was to be renamed
        "please rename calcTotal and low_report to figure_out",
        "rename the attribute colour of Store to shade",
        "rename calcTotal to calc_total if nobody else uses it",
    ],
)
def test_what_is_not_clear_is_no_plan(request_: str, snapshot: Snapshot) -> None:
    assert not isinstance(read(request_, snapshot), Plan)


def test_an_expression_without_quotes_is_found_by_what_stands_in_the_file(snapshot: Snapshot) -> None:
    done = calls("put sum(items) * rate on line 5 of shop/prices.py in a variable called amount", snapshot)
    assert done == [
        ("extract", {"place": "shop/prices.py:5", "new_name": "amount", "expression": "sum(items) * rate"})
    ]


def test_a_part_of_a_request_has_the_place_of_the_part_before(snapshot: Snapshot) -> None:
    done = calls("clean up the imports of shop/prices.py and then turn its prints into logging", snapshot)
    assert done == [("tidy", {"path": "shop/prices.py"}), ("logging", {"path": "shop/prices.py"})]


@pytest.mark.parametrize(
    "request_",
    [
        "Turn the prints of prices.py into log calls. store.py must keep its own, that's the user interface.",
        "prints in shop/prices.py should go through logging, store.py can stay as it is",
    ],
)
def test_what_shall_stay_is_not_touched(request_: str, snapshot: Snapshot) -> None:
    found = read(request_, snapshot)
    assert isinstance(found, Plan)
    assert [dict(c.arguments) for c in found.calls] == [{"path": "shop/prices.py"}]
    assert found.calls[0].but_not == ("shop/store.py",)


def test_an_exception_that_names_nothing_known_is_asked_about(snapshot: Snapshot) -> None:
    found = read("switch from print to logging everywhere except in the command line interface", snapshot)
    assert isinstance(found, Question) and "command line" in found.text


def test_one_function_alone_is_done_where_nothing_else_of_its_file_would_change(snapshot: Snapshot) -> None:
    assert calls("turn the % formatting in Store.save into an f-string", snapshot) == [
        ("fstrings", {"path": "shop/store.py"})
    ]


@pytest.mark.parametrize(
    "request_",
    [
        "rename calcTotal to calc_total and write a test for it",
        "add retries to Store.save when the disk is full",
        "why is calcTotal so slow?",
        "save the rows of Store to a database instead of a file",
        "print the total in low_report as well",
    ],
)
def test_what_no_refactoring_is_gets_no_plan(request_: str, snapshot: Snapshot) -> None:
    assert not isinstance(read(request_, snapshot), Plan)


def test_what_a_plan_leaves_out_is_named(snapshot: Snapshot) -> None:
    world = World(snapshot)
    said = "rename calcTotal to calc_total and low_report to report_low"
    plan = read("rename calcTotal to calc_total", snapshot)
    assert isinstance(plan, Plan)
    assert unread(tokens(said), said, world, plan) == "low_report"
    assert not unread(tokens("rename calcTotal to calc_total"), "rename calcTotal to calc_total", world, plan)


def test_exceptions_leave_the_row(snapshot: Snapshot) -> None:
    world = World(snapshot)
    said = "rename pad to fill, but hands off shop/store.py and Store"
    found = kept(items(tokens(said), said, world))
    assert found.places == ("shop/store.py",) and found.names == ("Store",)
    assert [i.text for i in found.row][:4] == ["rename", "pad", "to", "fill"]


def test_weights_do_not_hang_on_the_names(snapshot: Snapshot) -> None:
    world = World(snapshot)

    def said(text: str) -> list[str]:
        return features(template(items(tokens(text), text, world), world))

    assert said("rename calcTotal to sum_up") == said("rename low_report to report_low")
    assert all(len(row) == len(LABELS) for row in weights().values())
    assert max(shares(said("rename calcTotal to sum_up")).items(), key=lambda s: s[1])[0] == "rename"


def test_a_part_that_begins_behind_a_place_is_a_part_too(snapshot: Snapshot) -> None:
    found = read("shop/prices.py: sort out the imports and stop printing, use logging", snapshot)
    assert not isinstance(found, Plan) or {c.tool for c in found.calls} == {"tidy", "logging"}
