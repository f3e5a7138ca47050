"""What is moved into a package that is not there yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from moves import performed

APP = {
    "app/__init__.py": "",
    "app/db/__init__.py": "",
    "app/db/users.py": "class User: ...\n",
    "app/jobs.py": "from .db.users import User\n\n\ndef limit():\n    return User()\n",
    "app/main.py": "from app.jobs import limit\nimport app.jobs\n\nprint(limit, app.jobs.limit)\n",
}


@pytest.mark.parametrize("to", ["app.workers.jobs", "app/workers/jobs.py"])
def test_a_module_goes_into_a_new_package(tmp_path: Path, to: str) -> None:
    after, done = performed(tmp_path, APP, "app.jobs", to)
    assert after == {
        **{k: v for k, v in APP.items() if k != "app/jobs.py"},
        "app/workers/__init__.py": "",
        "app/workers/jobs.py": APP["app/jobs.py"].replace(".db", "..db"),
        "app/main.py": APP["app/main.py"].replace("app.jobs", "app.workers.jobs"),
    }
    assert done.summary.endswith("Made the package app/workers (__init__.py).")


def test_packages_within_new_packages(tmp_path: Path) -> None:
    after, _ = performed(tmp_path, APP, "limit", "app.work.deep.limits")
    assert after["app/work/__init__.py"] == after["app/work/deep/__init__.py"] == ""
    assert "def limit():" in after["app/work/deep/limits.py"]
    assert after["app/main.py"].startswith("from app.work.deep.limits import limit\n")


def test_a_project_without_init_files_gets_none(tmp_path: Path) -> None:
    files = {
        "lib/a.py": "def f(): return 1\n",
        "other/b.py": "from store import load\n",
        "store.py": "def load(): return 1\n",
    }
    after, done = performed(tmp_path, files, "store.py", "keep/store.py")
    assert set(after) == {"lib/a.py", "other/b.py", "keep/store.py"}
    assert after["other/b.py"] == "from keep.store import load\n" and "without an __init__.py" in done.summary


def test_tests_go_into_a_new_folder_as_the_tests_are(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "", "pkg/a.py": "X = 1\n", "tests/test_a.py": "from pkg.a import X\n"}
    after, done = performed(tmp_path, files, "tests/test_a.py", "tests/unit/test_a.py")
    assert set(after) == {"pkg/__init__.py", "pkg/a.py", "tests/unit/test_a.py"}
    assert "without an __init__.py" in done.summary
    files = {**files, "tests/__init__.py": ""}
    after, _ = performed(tmp_path / "with", files, "tests/test_a.py", "tests/unit/test_a.py")
    assert after["tests/unit/__init__.py"] == ""


@pytest.mark.parametrize(
    ("more", "made"),
    [
        ({}, True),
        ({"conftest.py": ""}, False),
        ({"pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n"}, False),
    ],
)
def test_a_test_that_finds_modules_beside_itself_still_finds_them(
    tmp_path: Path, more: dict[str, str], made: bool
) -> None:
    files = {"pkg/__init__.py": "", "pkg/a.py": "X = 1\n", "test_a.py": "from pkg.a import X\n", **more}
    after, _ = performed(tmp_path, files, "test_a.py", "tests/test_a.py")
    assert ("tests/__init__.py" in after) is made and after["tests/test_a.py"] == "from pkg.a import X\n"


def test_a_module_becomes_the_package(tmp_path: Path) -> None:
    files = {
        "inv/__init__.py": "from inv import models\n",
        "inv/base.py": "class Base: ...\n",
        "inv/models.py": "from .base import Base\n\n\nclass Item(Base): ...\n\n\nclass Supplier(Base): ...\n",
        "inv/use.py": "from inv.models import Item, Supplier\n\nprint(Item, Supplier)\n",
    }
    after, done = performed(tmp_path, files, "Supplier", "inv/models/suppliers.py")
    assert "inv/models.py" not in after
    assert "from ..base import Base\n" in after["inv/models/__init__.py"]
    assert "class Item(Base)" in after["inv/models/__init__.py"]
    assert "class Supplier(Base)" in after["inv/models/suppliers.py"]
    assert "from inv.models import Item\nfrom inv.models.suppliers import Supplier\n" in after["inv/use.py"]
    assert "Made inv/models.py the package inv/models" in done.summary


def test_settings_that_list_packages_are_named(tmp_path: Path) -> None:
    settings = "[tool.setuptools]\npackages = ['app', 'app.db']\n"
    (tmp_path / "pyproject.toml").write_text(settings)
    _, done = performed(tmp_path, APP, "app.jobs", "app.workers.jobs")
    assert "pyproject.toml:2: packages = ['app', 'app.db']" in done.doubtful
