"""The parameters of a function, as people speak of them: their order, new ones, old ones, several at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import router, workspace
from qcode.messages import Snapshot

FILES = {
    "pkg/__init__.py": "",
    "pkg/io.py": (
        "LIMIT = 3\n\n\ndef fetch(url, retries):\n    return url, retries\n\n\ndef write(path, rows, indent):\n    return path, rows, indent\n\n\n"
        "def save(path, rows, verbose):\n    total = len(rows)\n    count = total + 1\n    return path, count\n\n\n"
        "class Body:\n    def __init__(self, name, mass, pos):\n        self.own = name, mass, pos\n"
    ),
}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return workspace.open_snapshot(tmp_path)


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
