"""The same cases by `rope` alone and by `sed -i`, where they offer such a refactoring."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from refactor_mining import Case

from qcode.errors import RefactorError


def rope_alone(root: Path, case: Case) -> list[str] | None:
    """rope as its manual shows it, on the tree itself; None when it offers no such refactoring."""
    from rope.base.exceptions import RopeError
    from rope.base.project import Project
    from rope.refactor.extract import ExtractMethod
    from rope.refactor.inline import create_inline
    from rope.refactor.move import create_move
    from rope.refactor.rename import Rename

    path, name = case.target
    project = Project(str(root), ropefolder=None)
    try:
        resource = project.get_resource(path)
        text = resource.read()
        offset = _offset(text, name)
        if case.kind == "rename module":
            changes = Rename(project, resource).get_changes(Path(case.arguments["to"]).stem)
        elif case.verb == "rename":
            changes = Rename(project, resource, offset).get_changes(case.arguments["new_name"])
        elif case.verb == "move":
            target = root / case.arguments["to"]
            if not target.exists():
                target.write_text("")
            changes = create_move(project, resource, offset).get_changes(
                project.get_resource(case.arguments["to"])
            )
        elif case.verb == "inline":
            changes = create_inline(project, resource, offset).get_changes()
        elif case.verb == "extract":
            first, last = map(int, case.arguments["place"].rpartition(":")[2].split("-"))
            lines = text.splitlines(keepends=True)
            start = sum(map(len, lines[: first - 1]))
            end = sum(map(len, lines[:last]))
            changes = ExtractMethod(project, resource, start, end).get_changes(case.arguments["new_name"])
        else:
            return None
        project.do(changes)
    except RopeError as error:
        raise RefactorError(str(error)) from error
    finally:
        project.close()
    return _changed(root)


def sed(root: Path, case: Case) -> list[str] | None:
    """Every whole word of every Python file; renames alone."""
    if not case.kind.startswith("rename"):
        return None
    path, name = case.target
    old = name.rpartition(".")[2] or Path(path).stem
    new = case.arguments.get("new_name") or Path(case.arguments["to"]).stem
    files = [str(p) for p in root.rglob("*.py")]
    subprocess.run(["sed", "-i", rf"s/\b{re.escape(old)}\b/{new}/g", *files], check=True)
    if case.kind == "rename module":
        (root / path).rename(root / case.arguments["to"])
    return _changed(root)


def _changed(root: Path) -> list[str]:
    done = subprocess.run(
        ["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def _offset(text: str, qualname: str) -> int | None:
    """Where the last name of a qualified name is bound."""
    node: ast.AST = ast.parse(text)
    names = qualname.split(".")
    lines = text.splitlines(keepends=True)
    for number, name in enumerate(names):
        found = next(
            (
                n
                for n in ast.walk(node)
                if getattr(n, "name", getattr(n, "arg", getattr(n, "id", None))) == name
                and hasattr(n, "lineno")
                and n is not node
            ),
            None,
        )
        if found is None:
            return None
        node = found
        if number == len(names) - 1:
            row = int(found.lineno)
            start = sum(map(len, lines[: row - 1]))
            word = re.compile(rf"\b{re.escape(name)}\b").search(text, start)
            return word.start() if word else None
    return None
