"""What stands around a request is left out, and nothing that limits it or asks for more."""

from __future__ import annotations

import pytest

from qcode import router
from qcode.messages import Snapshot

FILES = {
    "pkg/__init__.py": "",
    "pkg/io.py": "import os\n\n\ndef fetch(url, retries=3):\n    body = 'got %s' % url\n    return body\n",
    "pkg/steps.py": "def mean(values):\n    avg = sum(values) / len(values)\n    return avg\n\n\ndef tally(rows):\n    return len(rows)\n",
    "tests/test_io.py": "from pkg.io import fetch\n\n\ndef test_fetch():\n    assert fetch(1)\n",
}
RENAME = ("rename", {"symbol": "pkg/io.py:fetch", "new_name": "get_url"})


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("Hi! Would you mind renaming fetch to get_url? Thanks a lot", RENAME),
        ("it would be really nice if you could rename fetch to get_url when you have a minute", RENAME),
        ("i'd appreciate it if you could rename fetch to get_url", RENAME),
        ("rename fetch to get_url so that it follows pep8", RENAME),
        ("rename fetch to get_url, it reads better", RENAME),
        ("rename fetch to get_url for consistency", RENAME),
        ("rename fetch to get_url and update all imports", RENAME),
        ("fetch is a bad name. call it get_url", RENAME),
        ("i dont like the name fetch, call it get_url instead", RENAME),
        ("rename the funtion fetch to get_url", RENAME),
        (
            "avg in mean is only used once, please inline it",
            ("inline", {"name": "avg", "inside": "pkg/steps.py:mean"}),
        ),
        ("theres a bunch of unused imports in io.py, remove them please", ("tidy", {"path": "pkg/io.py"})),
    ],
)
def test_what_stands_around_is_left_out(
    snapshot: Snapshot, request_: str, expected: tuple[str, dict[str, str]]
) -> None:
    found = router.route(request_, snapshot)
    assert isinstance(found, router.Plan), found
    assert [(c.tool, dict(c.arguments)) for c in found.calls] == [expected]


@pytest.mark.parametrize(
    "request_",
    [
        "rename fetch to get_url. the old name has to work too",
        "rename fetch to get_url, it breaks things if the old name is gone",
        "rename fetch to get_url, the tests are off limits",
        "remove unused imports; os is a re-export",
        "use f-strings in io.py, the one in fetch is intentional",
        "inline avg in mean, i think the name is better kept",
        "add timeout=30 to fetch. it is in seconds and gets passed to urlopen",
        "fetch was renamed to get_url",
        "we renamed fetch to get_url and now it crashes",
        "it would be bad to rename fetch to get_url",
        "they want fetch renamed to get_url, i think that's wrong",
        "it uses f-strings in io.py",
        "rename fetch to get_url so that it is called load",
        "we shouldn't rename fetch to get_url",
        "pretend to rename fetch to get_url",
    ],
)
def test_what_may_limit_a_request_is_not(snapshot: Snapshot, request_: str) -> None:
    assert not isinstance(router.route(request_, snapshot), router.Plan)


def test_what_is_not_meant_is_heeded(snapshot: Snapshot) -> None:
    assert not isinstance(
        router.route("rename fetch to get_url, not the one in io.py", snapshot), router.Plan
    )
    found = router.route("rename fetch to get_url, not the one in steps.py", snapshot)
    assert isinstance(found, router.Plan)


def test_that_file_is_the_one_of_the_last_call(snapshot: Snapshot) -> None:
    done = router.route("inline avg in mean", snapshot)
    assert isinstance(done, router.Plan)
    found = router.route("now tidy the imports of that file", snapshot, done.calls)
    assert isinstance(found, router.Plan)
    assert dict(found.calls[0].arguments) == {"path": "pkg/steps.py"}
    assert isinstance(router.route("tidy the imports of that file", snapshot), router.Question)
