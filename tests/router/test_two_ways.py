"""Requests that a hasty reader takes for something else: the other reading is asked about, or is not done."""

from __future__ import annotations

import pytest

from qcode import router
from qcode.messages import Snapshot

FILES = {
    "pkg/__init__.py": "",
    "pkg/io.py": "import os\n\n\ndef fetch(url, retries=3):\n    body = 'got %s' % url\n    print(body)\n    return body\n",
    "pkg/steps.py": (
        "import sys\n\n\ndef mean(values):\n    avg = sum(values) / len(values)\n    return avg * 2 + 1\n\n\n"
        "class Model:\n    def __init__(self, rate):\n        self.rate = rate\n"
    ),
    "jobs/nightly.py": "import os\n\n\ndef nightly(path):\n    return open(path)\n",
    "tests/test_io.py": "from pkg.io import fetch\n\n\ndef test_fetch():\n    assert fetch(1)\n",
}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("the message in fetch still uses %, f-string there please", [("fstrings", "pkg/io.py")]),
        ("f-strings in io.py and afterwards tidy imports", [("fstrings", "pkg/io.py"), ("tidy", "pkg/io.py")]),
        ("use f-strings in io.py. Also clean up the imports", [("fstrings", "pkg/io.py"), ("tidy", "pkg/io.py")]),
        ("clean up the imports + use f-strings in the tests folder", [("tidy", "tests"), ("fstrings", "tests")]),
        ("convert io.py to f-strings and drop its unused imports", [("fstrings", "pkg/io.py"), ("tidy", "pkg/io.py")]),
        ("use f-strings in io.py, then tidy the imports everywhere", [("fstrings", "pkg/io.py"), ("tidy",)]),
        ("tidy imports in pkg, tests stay as they are", [("tidy", "pkg")]),
        ("replace open(path) by open(path, newline='') in nightly module", [("replace", "open(path)", "open(path, newline='')", "jobs/nightly.py")]),
        ("extract avg * 2 (steps.py, line 6) into twice", [("extract", "pkg/steps.py:6", "twice", "avg * 2")]),
        (
            "Please pull lines 5-6 of io.py into a helper. say_so would be a fitting name for it.",
            [("extract", "pkg/io.py:5-6", "say_so")],
        ),
        ("be so good as to rename the function fetch into get_url", [("rename", "pkg/io.py:fetch", "get_url")]),
        ("rename nightly() to each_night", [("rename", "jobs/nightly.py:nightly", "each_night")]),
        ("rename the function nightly to each_night", [("rename", "jobs/nightly.py:nightly", "each_night")]),
    ],
)  # fmt: skip
def test_does_what_is_meant(request_: str, expected: list[tuple[str, ...]], snapshot: Snapshot) -> None:
    found = router.route(request_, snapshot)
    assert isinstance(found, router.Plan), found
    assert [(c.tool, *c.arguments.values()) for c in found.calls] == expected


@pytest.mark.parametrize(
    "request_",
    [
        "rename nightly to each_night",
        "mean -> io",
        "I don't get what avg stands for, please make it average in Model",
        "io.py should be inside a package called network. Can you move it there?",
        "add the parameter strict=True to fetch so that it is handed over to mean",
        "the import in tests/test_io.py is mistyped, fix the import",
        "replace open(path) by open(path, newline='') in reports",
    ],
)
def test_asks_or_leaves_it_alone(request_: str, snapshot: Snapshot) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)


@pytest.mark.parametrize(
    "request_",
    [
        "move the validation from fetch into the Model class",
        "move the temporary files to S3 after the run",
        "fetch is not safe: please refactor it in order to be so",
        "move the users table to postgres",
    ],
)
def test_what_moves_no_definition_is_out_of_reach(request_: str, snapshot: Snapshot) -> None:
    assert isinstance(router.route(request_, snapshot), router.OutOfReach)


def test_a_call_with_other_parameters_is_no_code_to_replace(snapshot: Snapshot) -> None:
    found = router.route("fetch(url, retries) -> fetch(url)", snapshot)
    assert isinstance(found, router.Question)
    assert found.candidates == ("signature fetch -retries",)
    assert isinstance(router.route("change mean(values) to mean(values, weights)", snapshot), router.Question)


def test_the_attribute_alone_or_with_the_argument(snapshot: Snapshot) -> None:
    attribute = ("rename", "pkg/steps.py:Model.rate", "speed")

    def done(request_: str) -> list[tuple[str, ...]]:
        found = router.route(request_, snapshot)
        assert isinstance(found, router.Plan), found
        return [(c.tool, *c.arguments.values()) for c in found.calls]

    assert done("rename attribute rate of Model to speed") == [attribute]
    both = done("rename both the attribute and the constructor argument rate of Model to speed")
    assert both[0] == attribute and len(both) == 2
