"""What is said after a request: the same of another thing, another name, another place, back again."""

from __future__ import annotations

import pytest

from qcode import refactor, router
from qcode.messages import Snapshot

FILES = {
    "pkg/__init__.py": "",
    "pkg/io.py": (
        "import os\n\n\ndef getUrl(path):\n    body = 'got %s' % path\n    return body\n\n\n"
        "def putAll(path, rows):\n    text = str(rows)\n    return [path, text]\n\n\ndef close(path):\n    body = path\n    return body\n"
    ),
    "pkg/steps.py": "import sys\n\n\ndef runSteps(values):\n    avg = sum(values)\n    return avg\n\n\nclass Old_Way:\n    def get(self):\n        return 1\n",
    "pkg/notes.py": "import re\n\n\ndef note(text):\n    print(text)\n",
}


def after(first: str, then: str, snapshot: Snapshot) -> router.Plan | router.Question | router.OutOfReach:
    found = router.route(first, snapshot)
    assert isinstance(found, router.Plan), found
    for call in found.calls:
        snapshot = snapshot.with_changes(refactor.perform(snapshot, call.tool, call.arguments).changes)
    return router.route(then, snapshot, found.calls)


SNAKE = "rename getUrl to get_url"


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (SNAKE, "do the same for putAll", [("rename", "pkg/io.py:putAll", "put_all")]),
        (SNAKE, "Thanks! And runSteps in the same manner please", [("rename", "pkg/steps.py:runSteps", "run_steps")]),
        (SNAKE, "Nice. Now the same for putAll and runSteps, they have the same problem.",
         [("rename", "pkg/io.py:putAll", "put_all"), ("rename", "pkg/steps.py:runSteps", "run_steps")]),
        (SNAKE, "same thing for putAll, put_all", [("rename", "pkg/io.py:putAll", "put_all")]),
        (SNAKE, "the other one in steps.py too, run_steps", [("rename", "pkg/steps.py:runSteps", "run_steps")]),
        (SNAKE, "hmm no, fetch_url is nicer", [("rename", "pkg/io.py:get_url", "fetch_url")]),
        (SNAKE, "sorry, our guide says fetch_url", [("rename", "pkg/io.py:get_url", "fetch_url")]),
        (SNAKE, "hm, load would be shorter. call it that", [("rename", "pkg/io.py:get_url", "load")]),
        (SNAKE, "hm, load instead", [("rename", "pkg/io.py:get_url", "load")]),
        (SNAKE, "oh no, the old name was better", [("rename", "pkg/io.py:get_url", "getUrl")]),
        ("rename getUrl.path to where", "and in putAll too", [("rename", "pkg/io.py:putAll.path", "where")]),
        ("use f-strings in io.py", "same for notes", [("fstrings", "pkg/notes.py")]),
        ("use f-strings in io.py", "Could steps.py get the same treatment?", [("fstrings", "pkg/steps.py")]),
        ("tidy io.py", "And in notes.py, I bet there's something unused in that one as well.", [("tidy", "pkg/notes.py")]),
        ("tidy io.py", "now the same thing for notes and steps", [("tidy", "pkg/notes.py"), ("tidy", "pkg/steps.py")]),
        ("add a parameter retries=3 to getUrl", "note too", [("signature", "pkg/notes.py:note", "+retries=3")]),
        ("add a parameter retries=3 to getUrl", "call it attempts instead", [("rename", "pkg/io.py:getUrl.retries", "attempts")]),
        ("add a parameter retries=3 to getUrl", "move it to notes.py", [("move", "pkg/io.py:getUrl", "pkg/notes.py")]),
        ("add a parameter retries=3 to getUrl", "also drop path", [("signature", "pkg/io.py:getUrl", "-path")]),
        ("add a parameter retries=3 to putAll", "rename path there to where", [("rename", "pkg/io.py:putAll.path", "where")]),
        ("inline body in getUrl", "and in close", [("inline", "body", "pkg/io.py:close")]),
        ("inline body in getUrl", "avg in runSteps as well", [("inline", "avg", "pkg/steps.py:runSteps")]),
        ("move note to pkg/steps.py", "please move close there as well", [("move", "pkg/io.py:close", "pkg/steps.py")]),
        ("move note to pkg/steps.py", "hang on, I'd rather have it in io.py", [("move", "pkg/steps.py:note", "pkg/io.py")]),
        ("move note to pkg/steps.py", "put it back where it was", [("move", "pkg/steps.py:note", "pkg/notes.py")]),
        ("rename getUrl to fetch_url", "now convert the file to f-strings", [("fstrings", "pkg/io.py")]),
    ],
)  # fmt: skip
def test_says_the_same_of_something_else(
    first: str, then: str, expected: list[tuple[str, ...]], snapshot: Snapshot
) -> None:
    found = after(first, then, snapshot)
    assert isinstance(found, router.Plan), found
    assert [(c.tool, *c.arguments.values()) for c in found.calls] == expected


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("rename getUrl to load", "do the same for putAll"),
        (SNAKE, "and note too"),
        ("add a parameter retries=3 to getUrl", "rename it to load"),
        ("inline body in getUrl", "and in note"),
        (SNAKE, "no, and document it"),
        (SNAKE, "rather load, unless somebody uses it"),
        ("use f-strings in io.py", "same for nothing_here"),
    ],
)
def test_asks_where_the_same_is_not_clear(first: str, then: str, snapshot: Snapshot) -> None:
    assert not isinstance(after(first, then, snapshot), router.Plan)
