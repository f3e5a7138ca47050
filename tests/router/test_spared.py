"""What a request wants left alone: done where that is not in the way, asked about where it is."""

from __future__ import annotations

import pytest

from qcode import router
from qcode.messages import Snapshot
from qcode.router.spared import asked_of
from qcode.router.world import World

FILES = {
    "pkg/__init__.py": "",
    "pkg/io.py": "def fetch(url):\n    path = url\n    return path\n\n\ndef load(path):\n    return fetch(path)\n\n\ndef close(path):\n    print('%s' % path)\n",
    "pkg/steps.py": "from pkg.io import fetch\n\n\ndef run():\n    return fetch('a')\n\n\nclass Old:\n    def load(self):\n        return 1\n",
    "tests/test_io.py": "from pkg.io import fetch\n\n\ndef test_fetch():\n    assert fetch(1)\n",
    "jobs/nightly.py": "import os\n\nprint('%s' % os)\n",
}


def planned(request_: str, snapshot: Snapshot) -> router.Plan:
    found = router.route(request_, snapshot)
    assert isinstance(found, router.Plan), found
    return found


@pytest.mark.parametrize(
    ("request_", "path", "candidate"),
    [
        ("rename fetch to get_url but leave the tests alone", "tests/test_io.py", "rename pkg/io.py:fetch to get_url"),
        ("rename fetch to get_url, only under pkg", "tests/test_io.py", "rename pkg/io.py:fetch to get_url"),
        ("fetch -> get_url, hands off tests/", "tests/test_io.py", "rename pkg/io.py:fetch to get_url"),
        ("Rename fetch to get_url. Just don't touch tests/, Ana is rewriting those.", "tests/test_io.py", "rename pkg/io.py:fetch to get_url"),
        ("move fetch to pkg/net.py but not in steps.py", "pkg/steps.py", "move pkg/io.py:fetch to pkg/net.py"),
        ("add a parameter retries=3 to fetch, but don't touch load", None, None),
        ("rename fetch to get_url but leave load alone", "pkg/io.py:load", "rename pkg/io.py:fetch to get_url"),
    ],
)  # fmt: skip
def test_asks_where_what_stays_uses_the_name(
    request_: str, path: str | None, candidate: str | None, snapshot: Snapshot
) -> None:
    asked = router.route(request_, snapshot)
    if path is None:
        assert isinstance(asked, router.Plan)
    else:
        assert isinstance(asked, router.Question)
        assert asked.text.startswith(f"{path} uses fetch")
        assert asked.candidates == (candidate,)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("rename close to finish but leave the tests alone", ("rename", "pkg/io.py:close", "finish")),
        ("rename close to finish, but don't touch fetch", ("rename", "pkg/io.py:close", "finish")),
        ("Old.load -> get, leave pkg.io.load alone", ("rename", "pkg/steps.py:Old.load", "get")),
        (
            "fetch belongs in steps.py, not in io.py. please move it",
            ("move", "pkg/io.py:fetch", "pkg/steps.py"),
        ),
        ("rename fetch to get_url, though not load", ("rename", "pkg/io.py:fetch", "get_url")),
        ("rename path in close to where, not in load", ("rename", "pkg/io.py:close.path", "where")),
        ("use f-strings in pkg, the jobs can keep theirs", ("fstrings", "pkg")),
        ("print -> logging in pkg, but the jobs should continue to print", ("logging", "pkg")),
    ],
)
def test_does_it_where_what_stays_is_not_in_the_way(
    request_: str, expected: tuple[str, ...], snapshot: Snapshot
) -> None:
    plan = planned(request_, snapshot)
    assert [(c.tool, *c.arguments.values()) for c in plan.calls] == [expected]
    assert asked_of(plan, World(snapshot)) is None


@pytest.mark.parametrize(
    "request_",
    [
        "use f-strings in io.py but not in close",
        "replace print(x) by log(x) everywhere, but leave close alone",
    ],
)
def test_a_definition_is_not_spared_by_work_on_whole_files(request_: str, snapshot: Snapshot) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)


def test_let_is_no_exclusion(snapshot: Snapshot) -> None:
    found = router.route("let io.py use f-strings", snapshot)
    assert not isinstance(found, router.Plan) or not any(c.but_not for c in found.calls)


def test_one_thing_gets_no_two_names(snapshot: Snapshot) -> None:
    assert isinstance(
        router.route("rename close to finish, and then rename it to done", snapshot), router.Question
    )
