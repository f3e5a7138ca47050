"""Which module a name is of: layouts of repositories, namesakes, modules that may be others."""

from __future__ import annotations

from pathlib import Path

import pytest
from renames import after, renamed


@pytest.mark.parametrize(
    "files",
    [
        # packages without __init__.py
        {"a/x.py": "def old(): pass\n", "b/y.py": "from a.x import old\nold()\n"},
        {"a/x.py": "def old(): pass\n", "b/y.py": "import a.x\na.x.old()\n"},
        # several source roots
        {
            "packages/p/src/p/__init__.py": "",
            "packages/p/src/p/m.py": "def old(): pass\n",
            "packages/q/src/q/__init__.py": "from p.m import old\n",
            "packages/q/tests/test_q.py": "from q import old\nold()\n",
        },
        {"tests/tools.py": "def old(): pass\n", "tests/sub/test_b.py": "from tools import old\nold()\n"},
    ],
)
def test_uses_are_found_in_every_layout(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    done = renamed(tmp_path, files, "old", "new")
    wanted = {path: str(text).replace("old", "new") for path, text in files.items() if "old" in str(text)}
    assert {path: after(done, path) for path in done.changes.paths} == wanted


def test_the_neighbour_is_meant_where_folders_are_no_packages(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{folder}/{name}.py": text
        for folder in "xy"
        for name, text in (("m", "def old(): ...\n"), ("u", "from m import old\n"))
    }
    done = renamed(tmp_path, files, "x/m.py:old", "new")
    assert done.changes.paths == ("x/m.py", "x/u.py")


def test_a_namesake_s_patch_targets_and_exports_are_left_alone(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/a.py": "def parse(): pass\n",
        "app/b.py": "from app import a\n__all__ = ['parse']\ndef parse(): return a.parse()\n",
        "t.py": "from unittest import mock\nmock.patch('app.b.parse')\nmock.patch('app.a.parse')\n",
    }
    done = renamed(tmp_path, files, "app.a.parse", "read")
    assert "__all__ = ['parse']\ndef parse(): return a.read()" in after(done, "app/b.py")
    assert after(done, "t.py").endswith("mock.patch('app.b.parse')\nmock.patch('app.a.read')\n")


def test_a_module_that_may_be_another_one_s_is_not_taken_for_ours(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/compat/__init__.py": "try:\n    from fast import tools\nexcept ImportError:\n    from . import tools\n",
        "app/compat/tools.py": "class Lazy: pass\n",
        "app/use.py": "from .compat import tools\n\nthing = tools.Lazy()\n",
    }
    done = renamed(tmp_path, files, "Lazy", "Late")
    assert done.changes.paths == ("app/compat/tools.py",)
    assert any("app/use.py:3" in line for line in done.doubtful)
