"""Packages that a file needs and that are not there yet: they are made as the project makes its own."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, ChangeSet, Snapshot
from qcode.refactor.python.imports import root_of
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.modules import top_level
from qcode.refactor.result import Refactoring, refuse_file
from qcode.refactor.splice import Edit, rewritten

_SETTINGS = ("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini")
_TESTS = frozenset(["test", "tests", "testing"])


class Packages:
    """What has to be made before the module at `path` can be there. `near`: the file that comes from elsewhere.

    Raises RefactorError where a new package would hide something, or could not be imported.
    """

    def __init__(self, program: Program, path: str, near: str) -> None:
        self._program, self._path, self._near = program, path, near
        self._snapshot: Snapshot = program.snapshot
        folders = [str(p) for p in reversed(PurePosixPath(path).parents) if str(p) != "."]
        self._missing = [f for f in folders if not any(p.startswith(f"{f}/") for p in self._snapshot.paths())]
        self._changes: list[Change] = []
        self._said = ""
        if self._missing:
            self._refuse()
            self._make()
        self.changes = ChangeSet.of(self._changes)
        """Empty `__init__.py` files; a module that becomes a package."""
        self.said = self._said
        """A sentence for the preview; empty where nothing is made."""

    def first(self, done: Refactoring) -> Refactoring:
        """What is done on top of these packages, with them."""
        if not self._missing:
            return done
        changes = self.changes.then(done.changes)
        doubtful = (*done.doubtful, *self._listed())
        return Refactoring(changes, done.places, doubtful, f"{done.summary} {self.said}")

    def _listed(self) -> Iterator[str]:
        """Where settings list packages one by one ("path:line: text"): a new one has to be added there."""
        for path in ("pyproject.toml", "setup.cfg", "setup.py"):
            try:
                lines = self._snapshot.read(path).decode("utf-8", "replace").split("\n")
            except WorkspaceError:
                continue
            for number, line in enumerate(lines, 1):
                if re.match(r"\s*(?:packages|py[-_]modules)\s*=\s*(?:\[|$)", line):
                    yield f"{path}:{number}: {line.strip()[:120]}"

    def _refuse(self) -> None:
        for folder in self._missing:
            name = folder.rpartition("/")[2]
            if not name.isidentifier():
                raise RefactorError(f"{name} is no name of a package.", "Use letters, digits and _.")
        first = self._missing[0]
        parent, _, name = first.rpartition("/")
        if parent in self._program.modules.packages:
            above = f"{parent}/__init__.py".lstrip("/")
            if above in self._program.modules.trees and name in self._program.scopes(above).module.bound:
                known = self._program.follow(above, name)
                if (
                    f"{first}.py" not in self._program.contents
                    or known is None
                    or not hasattr(known, "place")
                ):
                    raise RefactorError(f"{name} is taken: {above} has that name.", "Choose another name.")
            return
        if name in sys.stdlib_module_names:
            raise RefactorError(f"{name} would hide Python's own module.", "Choose another name.")
        for path, tree in self._program.modules.trees.items():
            for node in top_level(tree):
                modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                modules += (
                    [node.module]
                    if isinstance(node, ast.ImportFrom) and node.module and not node.level
                    else []
                )
                if any(m.partition(".")[0] == name and not self._program.imported(path, m) for m in modules):
                    raise RefactorError(
                        f"{path}:{node.lineno} imports another {name}, which a package of that name may hide.",
                        "Choose another name.",
                    )

    def _make(self) -> None:
        first = self._missing[0]
        if f"{first}.py" in self._program.contents:
            self._turn(first)
            made = self._missing[1:]
        elif self._has_files():
            made = self._missing
        else:
            self._said = f"The folder {self._missing[-1]} is new, without an __init__.py, as {self._why}."
            return
        self._changes += [Change(f"{folder}/__init__.py", None, b"") for folder in made]
        if made:
            self._said = f"{self._said} Made the package {made[-1]} (__init__.py).".strip()

    def _has_files(self) -> bool:
        """Whether a new package gets an `__init__.py`, as those beside it have one."""
        packages, first = self._program.modules.packages, self._missing[0]
        parent = first.rpartition("/")[0]
        tests = bool(set(self._path.split("/")[:-1]) & _TESTS) or self._path.rpartition("/")[2].startswith(
            "test_"
        )
        holding = {str(PurePosixPath(p).parent) for p in self._program.contents if p.endswith(".py")} - {"."}
        beside = {f for f in holding if f.rpartition("/")[0] == parent and f != parent and f != "src"}
        if parent in packages:
            beside = {
                f
                for f in beside
                if any(p.startswith(f"{f}/") and p.endswith(".py") for p in self._program.contents)
            }
            self._why = f"those beside it in {parent} have none"
            return not beside or any(f in packages for f in beside)
        if tests:
            self._why = "the tests have none"
            inner = {f for f in holding if set(f.split("/")) & _TESTS}
            return any(f in packages for f in inner) or self._found_from_here()
        self._why = "the packages beside it have none"
        plain = {
            f
            for f in beside
            if not set(f.split("/")) & _TESTS and f.rpartition("/")[2] not in ("scripts", "docs")
        }
        return not plain or any(f in packages for f in plain)

    def _found_from_here(self) -> bool:
        """Whether a test finds modules only since it lies beside them: pytest puts the folder of a test that is in no
        package on the path, and for one in a package the folder above that."""
        home = root_of(self._program, self._near)
        if home == root_of(self._program, self._path) or self._near not in self._program.modules.trees:
            return False
        if f"{home}/conftest.py".lstrip("/") in self._program.contents or self._configured():
            return False
        for node in ast.walk(self._program.modules.trees[self._near]):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += (
                [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            )
            for name in names:
                place = f"{home}/{name.partition('.')[0]}".lstrip("/")
                if f"{place}.py" in self._program.contents or any(
                    p.startswith(f"{place}/") for p in self._program.contents
                ):
                    return True
        return False

    def _configured(self) -> bool:
        for path in _SETTINGS:
            try:
                if re.search(rb"^\s*pythonpath\s*=", self._snapshot.read(path), re.MULTILINE):
                    return True
            except WorkspaceError:
                continue
        return False

    def _turn(self, place: str) -> None:
        """The module at `place` becomes a package: its code goes to `__init__.py`, under the same dotted name."""
        path = f"{place}.py"
        before = self._program.contents[path]
        tree = self._program.modules.trees.get(path)
        name = place.rpartition("/")[2]
        if tree is None or f"{path}i" in self._program.contents:
            raise RefactorError(
                f"{path} is a module; a folder {place} would hide it.", f"Choose another place than {place}."
            )
        refuse_file(self._snapshot, path, before)
        scopes = self._program.scopes(path)
        inner = self._missing[1].rpartition("/")[2] if self._missing[1:] else PurePosixPath(self._path).stem
        if inner in scopes.module.bound:
            raise RefactorError(f"{inner} is taken: {path} has that name.", "Choose another name.")
        if (
            re.search(rb"\b__file__\b|__main__|\bget_data\(", before)
            or name.startswith("test_")
            or name == "conftest"
        ):
            raise RefactorError(
                f"{path} is a module that is found by its path; a folder {place} would hide it.",
                f"Choose another place than {place}.",
            )
        edits: list[Edit] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                start = scopes.text.span(node)[0]
                dots = re.compile(rb"from\s*(\.)").match(scopes.text.raw, start)
                assert dots
                edits.append((dots.start(1), dots.start(1), "."))
        after = rewritten(before, scopes.text.spliced(edits), path)
        self._changes += [Change(path, before, None), Change(f"{place}/__init__.py", None, after)]
        self._said = f"Made {path} the package {place} (__init__.py)."
