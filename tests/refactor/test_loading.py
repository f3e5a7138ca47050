"""The net below refactorings: changed code that would meet a name that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import workspace
from qcode.errors import RefactorError
from qcode.messages import Change, ChangeSet
from qcode.refactor.python.loading import refuse_broken_loads

FILES = {
    "app/__init__.py": "",
    "app/a.py": "import os\n\n\ndef one(): return os.sep\n\n\ndef two(): return one()\n",
    "app/b.py": "from .a import one\n\n\ndef use(): return one()\n",
    "app/c.py": "try:\n    from app.a import one\nexcept ImportError:\n    one = None\n",
}


def looked_at(root: Path, after: dict[str, str], doubtful: tuple[str, ...] = ()) -> None:
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    changes = ChangeSet.of(
        Change(path, FILES[path].encode() if path in FILES else None, text.encode())
        for path, text in after.items()
    )
    refuse_broken_loads(workspace.open_snapshot(root), changes, doubtful)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"app/a.py": FILES["app/a.py"].replace("import os\n", "")}, r"app/a\.py: os is defined nowhere"),
        ({"app/d.py": "def three() -> Optional[int]: pass\n"}, r"app/d\.py: Optional is defined nowhere"),
        ({"app/a.py": "import os\n\n\ndef two(): return os.sep\n"}, r"app/b\.py: app/a\.py has no one"),
        ({"app/b.py": "from .a import one\n\n\ndef use():\n    global kept\n    return kept\n"}, "kept is defined nowhere"),
    ],
)  # fmt: skip
def test_what_would_not_load_is_refused(tmp_path: Path, after: dict[str, str], said: str) -> None:
    with pytest.raises(RefactorError, match=said):
        looked_at(tmp_path, after)


@pytest.mark.parametrize(
    "after",
    [
        {"app/b.py": "def use():\n    global kept\n    kept = 1\n    return kept\n"},
        {"app/b.py": "from typing import *\n\n\ndef use() -> Optional[int]: pass\n"},
        {"app/a.py": "import os\n\n\ndef __getattr__(name): return os.sep\n"},
        {"app/a.py": "two = 2\n", "app/b.py": "from .a import two\n"},
        {
            "app/a.py": FILES["app/a.py"],
            "app/b.py": "class K:\n    def f(self): return __class__, __name__\n",
        },
    ],
)
def test_what_loads_is_let_through(tmp_path: Path, after: dict[str, str]) -> None:
    looked_at(tmp_path, after)


def test_a_module_of_its_package_s_name_is_not_the_package(tmp_path: Path) -> None:
    files = {
        "cron/__init__.py": "from .cron import one\n",
        "cron/cron.py": "one = 1\n",
        "cron/tests/__init__.py": "",
        "cron/tests/test_cron.py": "from cron import one\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    changes = ChangeSet.of(
        [
            Change("cron/__init__.py", files["cron/__init__.py"].encode(), b"from .clock import one\n"),
            Change("cron/cron.py", files["cron/cron.py"].encode(), None),
            Change("cron/clock.py", None, files["cron/cron.py"].encode()),
        ]
    )
    refuse_broken_loads(workspace.open_snapshot(tmp_path), changes, ())


def test_what_is_known_to_be_left_is_no_fault(tmp_path: Path) -> None:
    after = {"app/a.py": "import os\n\n\ndef two(): return os.sep\n"}
    looked_at(tmp_path, after, ("app/b.py:1: from .a import one",))
