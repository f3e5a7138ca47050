"""Asks jedi where members of objects are defined; a program of its own, which imports nothing of qcode.

It is started isolated (`python -I -S`), in a folder that holds copies of the repository's Python files and
nothing else: jedi reads them, and finds no compiled module of the repository that it could import. The question
is JSON on the standard input, the answer a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

_FIXTURES = "def fixture(function=None, **settings):\n    return function\n"
# What jedi stumbles over, it does not know.
_STUMBLES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, RecursionError,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip


def main() -> None:
    """Answer for each place (path, line, column): the definitions (path, line; "" for one elsewhere), or null."""
    question = json.load(sys.stdin)
    sys.path[:0] = question["libraries"]
    started = time.process_time()
    import jedi
    from jedi.api.environment import InterpreterEnvironment

    folder = Path(question["folder"])
    jedi.settings.cache_directory = question["cache"]
    roots = [str(folder / root) for root in question["roots"]]
    project = jedi.Project(
        str(folder), sys_path=[*roots, _pytest(Path(question["cache"]))], smart_sys_path=False
    )
    environment = InterpreterEnvironment()
    answers: list[list[tuple[str, int]] | None] = []
    scripts: dict[str, Any] = {}
    for path, line, column in question["places"]:
        found: list[tuple[str, int]] | None = None
        if time.process_time() - started < question["seconds"]:
            try:
                if path not in scripts:
                    scripts[path] = jedi.Script(path=folder / path, project=project, environment=environment)
                names = scripts[path].goto(line, column, follow_imports=True)
                found = [(_inside(folder, name.module_path), name.line or 0) for name in names]
            except _STUMBLES:
                found = None
        answers.append(found)
    print(json.dumps(answers), flush=True)


def _inside(folder: Path, path: Path | None) -> str:
    return path.relative_to(folder).as_posix() if path is not None and path.is_relative_to(folder) else ""


def _pytest(cache: Path) -> str:
    """A folder with what jedi needs to see that a function is a fixture."""
    place = cache / "pytest"
    (place / "_pytest").mkdir(parents=True, exist_ok=True)
    (place / "pytest").mkdir(exist_ok=True)
    (place / "_pytest" / "__init__.py").write_text("")
    (place / "_pytest" / "fixtures.py").write_text(_FIXTURES)
    (place / "pytest" / "__init__.py").write_text("from _pytest.fixtures import fixture as fixture\n")
    return str(place)


if __name__ == "__main__":
    main()
