"""Entry points: commands follow, what other programs load where the project is installed is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from moves import moved
from renames import after, renamed

from qcode.errors import RefactorError

FILES = {
    "pkg/__init__.py": "",
    "pkg/plug.py": "class Style: pass\n\n\ndef main(): pass\n",
    "pkg/more.py": "X = 1\n",
}
SETTINGS = {
    "pyproject.toml": '[project.scripts]\npkg = "pkg.plug:main"\n[project.entry-points."app.styles"]\na = "pkg.plug:Style"\n',
    "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    pkg = pkg.plug:main\napp.styles =\n    a = pkg.plug:Style\n",
    "setup.py": (
        "from setuptools import setup\nsetup(entry_points={'console_scripts': ['pkg = pkg.plug:main'],\n"
        "    'app.styles': ['a = pkg.plug:Style']})\n"
    ),
}


@pytest.mark.parametrize("path", SETTINGS)
def test_what_others_load_by_an_entry_point_is_refused(tmp_path: Path, path: str) -> None:
    files = FILES | {path: SETTINGS[path]}
    with pytest.raises(RefactorError, match=r"pkg\.plug:Style as an entry point"):
        moved(tmp_path, files, "pkg/plug.py", "pkg/styles.py")
    with pytest.raises(RefactorError, match=r"pkg\.plug:Style as an entry point"):
        moved(tmp_path, files, "pkg/plug.py:Style", "pkg/more.py")
    with pytest.raises(RefactorError, match=r"pkg\.plug:Style as an entry point"):
        renamed(tmp_path, files, "Style", "Look")
    assert "def run" in after(renamed(tmp_path, files, "pkg/plug.py:main", "run"), "pkg/plug.py")
    assert "pkg/rest.py" in moved(tmp_path, files, "pkg/more.py", "pkg/rest.py")


@pytest.mark.parametrize("path", SETTINGS)
def test_commands_follow(tmp_path: Path, path: str) -> None:
    said = SETTINGS[path].replace("pkg.plug:Style", "other:Style")
    files = FILES | {path: said}
    done = renamed(tmp_path, files, "pkg/plug.py:main", "run")
    assert after(done, path) == said.replace("pkg.plug:main", "pkg.plug:run")
    assert moved(tmp_path, files, "pkg/plug.py", "pkg/cli.py")[path] == said.replace("pkg.plug", "pkg.cli")
    assert moved(tmp_path, files, "pkg/plug.py:main", "pkg/more.py")[path] == said.replace(
        "pkg.plug", "pkg.more"
    )
