"""Files that judge an edit: tests, and what decides how tests run.

While code is being mended they are read-only, new ones included: the easiest way to make a test
pass is to change the test, and small models take it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from qcode.messages import ChangeSet, Snapshot

_TEST_NAME = re.compile(
    r"(?:test_.*|.*_test|tests?|.*_spec|.*[.-](?:test|spec|cy|e2e))\.\w+"  # Python, JS, Ruby, Go, C++
    r"|.*Tests?\.(?:java|kt|cs|scala|swift|php)|conftest\.py"
)
_SETTINGS = frozenset(
    [
        "pytest.ini",
        ".pytest.ini",
        "tox.ini",
        "noxfile.py",
        "sitecustomize.py",
        "usercustomize.py",
        "jest.config.js",
        "jest.config.ts",
        "vitest.config.ts",
        "vitest.config.js",
        "karma.conf.js",
        ".mocharc.json",
        ".mocharc.js",
    ]
)
_FOLDERS = frozenset(("test", "tests", "__tests__", "spec", "testing"))
_ASKS = re.compile(
    r"\b(?:writ\w+|add|adds|updat\w+|chang\w+|extend\w*|creat\w+|cover|rewrit\w+|improv\w+|remov\w+|delet\w+|"
    r"split|refactor\w*|port|convert|need|want)\b[^.;\n]{0,60}\b(?:tests?|specs?|fixtures?|test[- ]cases?|conftest)\b",
    re.IGNORECASE,
)


def judges(path: str) -> bool:
    """Whether the file at `path` says if code is right."""
    place = PurePosixPath(path)
    return (
        place.name in _SETTINGS
        or place.suffix == ".pth"
        or _TEST_NAME.fullmatch(place.name) is not None
        or any(part in _FOLDERS for part in place.parts[:-1])
    )


def steers(path: str) -> bool:
    """Whether the file at `path` says which tests run, and how: a new one changes the verdict, too."""
    place = PurePosixPath(path)
    return place.name in _SETTINGS or place.name == "conftest.py" or place.suffix == ".pth"


def asked_for(request: str) -> bool:
    """Whether a request asks for a change of tests ("write a test for …"; not "make the tests pass")."""
    return _ASKS.search(request) is not None


def protected(changes: ChangeSet, snapshot: Snapshot, mending: bool) -> tuple[str, ...]:
    """Paths of `changes` that judge: all while `mending`, else those that exist already or steer."""
    return tuple(p for p in changes.paths if judges(p) and (mending or steers(p) or snapshot.exists(p)))
