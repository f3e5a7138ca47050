"""Moves: how what the moved code needs is imported, and who loads a module by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from moves import moved

from qcode import refactor, workspace
from qcode.errors import RefactorError


def test_what_a_star_gives_is_imported_by_its_name(tmp_path: Path) -> None:
    files = {
        "a.py": "from typing import *\n\n\ndef first(items: List[int]) -> Optional[int]:\n    return items[0]\n\n\ndef rest(): pass\n"
    }
    after = moved(tmp_path, files, "a.py:first", "b.py")["b.py"]
    assert after.startswith("from typing import List, Optional\n\n\ndef first")


def test_a_name_that_two_stars_may_give_is_refused(tmp_path: Path) -> None:
    files = {"a.py": "from one import *\nfrom two import *\n\n\ndef first():\n    return helped()\n"}
    with pytest.raises(RefactorError, match=r"a\.py:1: it cannot be said"):
        moved(tmp_path, files, "a.py:first", "b.py")


def test_a_package_takes_its_module_before_the_class_of_that_name(tmp_path: Path) -> None:
    files = {
        "cron/__init__.py": "from . import cron as cron_module\nfrom .cron import cron\n",
        "cron/cron.py": "class cron: pass\n",
    }
    after = moved(tmp_path, files, "cron/cron.py", "cron/clock.py")
    assert after["cron/__init__.py"] == "from . import clock as cron_module\nfrom .clock import cron\n"
    late = {**files, "cron/__init__.py": "from .cron import cron\nfrom . import cron as again\n"}
    after = moved(tmp_path / "late", late, "cron/cron.py", "cron/clock.py")
    assert after["cron/__init__.py"] == "from .clock import cron\nfrom . import cron as again\n"


def test_dots_reach_into_a_folder_without_init_still(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from .compat.old import trim\n",
        "app/compat/old.py": "def trim(): pass\n",
    }
    after = moved(tmp_path, files, "app/compat/old.py", "app/compat/new.py")
    assert after["app/__init__.py"] == "from .compat.new import trim\n"


def test_what_type_checkers_alone_have_is_imported(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/codes.py": "CLOSED = 1\n",
        "app/a.py": "from .codes import CLOSED\n\n\nclass Closed(Exception):\n    code = CLOSED\n",
        "app/b.py": "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from .codes import CLOSED\n",
    }
    after = moved(tmp_path, files, "app/a.py:Closed", "app/b.py")["app/b.py"]
    assert "TYPE_CHECKING\nfrom .codes import CLOSED\n" in after


def test_one_name_for_two_libraries_is_refused(tmp_path: Path) -> None:
    code = "import ujson as json\n\n\ndef dumped(x):\n    return json.dumps(x)\n"
    other = "import rapidjson as json\n\nX = json.loads('1')\n"
    with pytest.raises(RefactorError, match="json means something else"):
        moved(tmp_path, {"a.py": code, "b.py": other}, "a.py:dumped", "b.py")
    same = {"a.py": "import os.path\n\n\ndef f():\n    return os.sep\n", "b.py": "import os\n\nX = os.sep\n"}
    assert "def f()" in moved(tmp_path, same, "a.py:f", "b.py")["b.py"]


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        (
            "app/fast.c",
            b'void f(void) { PyImport_ImportModule("app.tools"); }\n',
            r"app/fast\.c:1 loads app\.tools",
        ),
        (
            "app/kept.dat",
            b"\x80\x04\x95\0\x8c\tapp.tools\x94\x8c\x04Trim",
            r"app/kept\.dat holds objects of app\.tools",
        ),
    ],
)
def test_a_module_that_no_python_file_loads_by_its_name_stays(
    tmp_path: Path, path: str, content: bytes, said: str
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").write_text("")
    (tmp_path / "app/tools.py").write_text("class Trim: pass\n")
    (tmp_path / path).write_bytes(content)
    with pytest.raises(RefactorError, match=said):
        refactor.perform(
            workspace.open_snapshot(tmp_path), "move", {"symbol": "app/tools.py", "to": "app/more.py"}
        )
