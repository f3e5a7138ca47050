"""Whose member `x.name` is, as jedi infers it: from the calls of a function, the elements of containers, fixtures."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from qcode.refactor.python.copied import materialise
from qcode.refactor.python.hierarchy import ClassId, Hierarchy
from qcode.refactor.python.meaning import Program

_SECONDS = 30.0
_MOST = 400
_LIBRARIES = ("jedi", "parso", "typing_extensions")


@dataclass(slots=True)
class Inferred:
    """Uses that are the member, those of something else, and those that may be either."""

    ours: set[ast.Attribute] = field(default_factory=set)
    others: set[ast.Attribute] = field(default_factory=set)
    either: set[ast.Attribute] = field(default_factory=set)


def inferred(
    program: Program,
    hierarchy: Hierarchy,
    family: set[ClassId],
    undecided: Sequence[tuple[str, ast.Attribute]],
) -> Inferred:
    """What jedi finds for uses of a member of a family of classes. Nothing of the repository is imported; what it
    does not find within half a minute of work stays undecided."""
    found = Inferred()
    asked = list(undecided)[:_MOST]
    answers = _asked(program, asked)
    owners: dict[str, list[tuple[ClassId, ast.ClassDef]]] = {}
    for known, node in hierarchy.nodes.items():
        owners.setdefault(known[0], []).append((known, node))
    for (_, use), answer in zip(asked, answers, strict=False):
        if not answer:
            continue
        ours = [_owner(owners.get(path, []), line) in family for path, line in answer]
        (found.ours if all(ours) else found.either if any(ours) else found.others).add(use)
    return found


def _owner(classes: list[tuple[ClassId, ast.ClassDef]], line: int) -> ClassId | None:
    """The innermost class that a line stands in."""
    around = [
        (node.lineno, known) for known, node in classes if node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around)[1] if around else None


def _asked(
    program: Program, places: Sequence[tuple[str, ast.Attribute]]
) -> list[list[tuple[str, int]] | None]:
    folder = Path(tempfile.mkdtemp(prefix="qcode-infer-"))
    try:
        copy = folder / "copy"
        roots = materialise(copy, program.modules)
        question = {
            "libraries": _libraries(), "folder": str(copy), "cache": str(folder / "cache"), "roots": roots,
            "seconds": _SECONDS, "places": [_place(program, path, node) for path, node in places],
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("inferring.py"))],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=4 * _SECONDS,
            check=True,
            cwd=folder,
            env={},
        )
        answers = json.loads(done.stdout.splitlines()[-1])
        return answers if isinstance(answers, list) else []
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return []
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _libraries() -> list[str]:
    """The folders that jedi and what it needs are in."""
    specs = [find_spec(name) for name in _LIBRARIES]
    folders = [
        str(Path(s.origin).parent.parent if s.submodule_search_locations else Path(s.origin).parent)
        for s in specs
        if s is not None and s.origin
    ]
    return list(dict.fromkeys(folders))


def _place(program: Program, path: str, node: ast.Attribute) -> tuple[str, int, int]:
    """A place in the name of an attribute: line, and column in characters, as jedi counts."""
    line = program.modules.sources[path].text.split("\n")[(node.end_lineno or 1) - 1]
    end = len(line.encode()[: node.end_col_offset or 0].decode("utf-8", "replace"))
    return path, node.end_lineno or 1, max(end - 1, 0)
