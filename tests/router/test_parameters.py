"""The parameters of a function, as people speak of them: their order, new ones, old ones, several at once."""

from __future__ import annotations

import pytest

from qcode import router
from qcode.messages import Snapshot

FILES = {
    "pkg/__init__.py": "",
    "pkg/io.py": (
        "LIMIT = 3\n\n\ndef fetch(url, retries):\n    return url, retries\n\n\ndef write(path, rows, indent):\n    return path, rows, indent\n\n\n"
        "def save(path, rows, verbose):\n    total = len(rows)\n    count = total + 1\n    return path, count\n\n\n"
        "class Body:\n    def __init__(self, name, mass, pos):\n        self.own = name, mass, pos\n"
    ),
}


def calls(request_: str, snapshot: Snapshot) -> list[tuple[str, ...]]:
    found = router.route(request_, snapshot)
    assert isinstance(found, router.Plan), found
    return [(c.tool, *c.arguments.values()) for c in found.calls]


@pytest.mark.parametrize(
    ("request_", "function", "order"),
    [
        ("fetch(url, retries) -> fetch(retries, url)", "fetch", "(retries, url)"),
        ("change fetch(url, retries) to fetch(retries, url) and update the callers", "fetch", "(retries, url)"),
        ("write(path, ...) should be write(rows, ...)", "", ""),
        ("write(path, rows, ...) should be write(rows, path, ...)", "write", "(rows, path, indent)"),
        ("write args -> (rows, indent, path)", "write", "(rows, indent, path)"),
        ("write arg order: rows first then path, indent last", "write", "(rows, path, indent)"),
        ("change prototype of write to (indent, path, rows)", "write", "(indent, path, rows)"),
        ("write should take rows first and then indent", "write", "(rows, indent, path)"),
        ("fetch: retries b4 url", "fetch", "(retries, url)"),
        ("please put indent before path in the parameter list of write", "write", "(indent, path, rows)"),
        ("put path after rows in write", "write", "(rows, path, indent)"),
        ("swap the args of fetch, retries first", "fetch", "(retries, url)"),
        ("fetch takes url first and then retries. I want it the other way round", "fetch", "(retries, url)"),
        ("Body should take the arguments (name, pos, mass)", "Body", "(name, pos, mass)"),
        ("write should take path last", "write", "(rows, indent, path)"),
    ],
)  # fmt: skip
def test_parameters_change_places(request_: str, function: str, order: str, snapshot: Snapshot) -> None:
    if not function:
        assert not isinstance(router.route(request_, snapshot), router.Plan)
    else:
        assert calls(request_, snapshot) == [("signature", f"pkg/io.py:{function}", order)]


@pytest.mark.parametrize(
    "request_",
    [
        "swap the args of fetch, url first",
        "put rows first in fetch",
        "reorder the parameters of write",
        "write should take (rows, path, mode)",
        "swap path, rows and indent in write",
    ],
)
def test_an_order_that_is_not_clear_is_asked_for(request_: str, snapshot: Snapshot) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("fetch + param timeout=10", [("signature", "pkg/io.py:fetch", "+timeout=10")]),
        ("fetch: add timeout (default 30)", [("signature", "pkg/io.py:fetch", "+timeout=30")]),
        ("fetch gets a new param debug=False at the end", [("signature", "pkg/io.py:fetch", "+debug=False")]),
        ("Add a parameter depth to fetch, with 2 as its default", [("signature", "pkg/io.py:fetch", "+depth=2")]),
        ("kindly give write a `mode` argument defaulting to None, placed last", [("signature", "pkg/io.py:write", "+mode=None")]),
        ("let fetch accept also an `encoding` argument, default \"utf-8\", without using it yet",
         [("signature", "pkg/io.py:fetch", '+encoding="utf-8"')]),
        ("remove the 3rd argument of save", [("signature", "pkg/io.py:save", "-verbose")]),
        ("change prototype of save: remove its last parameter", [("signature", "pkg/io.py:save", "-verbose")]),
        ("fetch: retries -> attempts, add delay=0",
         [("rename", "pkg/io.py:fetch.retries", "attempts"), ("signature", "pkg/io.py:fetch", "+delay=0")]),
        ("in save: total -> n_rows, count -> rows_done",
         [("rename", "pkg/io.py:save.total", "n_rows"), ("rename", "pkg/io.py:save.count", "rows_done")]),
        ("save: total->n count->hi", [("rename", "pkg/io.py:save.total", "n"), ("rename", "pkg/io.py:save.count", "hi")]),
        ("in save, total should be n_rows and count should be rows_done",
         [("rename", "pkg/io.py:save.total", "n_rows"), ("rename", "pkg/io.py:save.count", "rows_done")]),
        ("rename total to n_rows and count to rows_done in save",
         [("rename", "pkg/io.py:save.total", "n_rows"), ("rename", "pkg/io.py:save.count", "rows_done")]),
        ("total/count in save to n_rows/rows_done",
         [("rename", "pkg/io.py:save.total", "n_rows"), ("rename", "pkg/io.py:save.count", "rows_done")]),
        ("the variables total and count in save are to be named n_rows and rows_done",
         [("rename", "pkg/io.py:save.total", "n_rows"), ("rename", "pkg/io.py:save.count", "rows_done")]),
        ("save's verbose parameter ought to be be_loud", [("rename", "pkg/io.py:save.verbose", "be_loud")]),
    ],
)  # fmt: skip
def test_parameters_and_variables_in_few_words(
    request_: str, expected: list[tuple[str, ...]], snapshot: Snapshot
) -> None:
    assert calls(request_, snapshot) == expected


@pytest.mark.parametrize(
    "request_",
    [
        "remove the fourth argument of save",
        "in save: total -> n_rows, missing -> rows_done",
        "in save: total -> n_rows, total -> rows_done",
        "total/count to n_rows/rows_done",
        "fetch: add timeout after url (default 30)",
        "rename total to n_rows and count to rows_done in save and write",
    ],
)
def test_lists_that_do_not_fit_are_not_done_in_part(request_: str, snapshot: Snapshot) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)
