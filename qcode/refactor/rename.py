"""Rename a Python definition and every use of it, on rope.

rope runs with `ropefolder=None`: its default executes `.ropeproject/config.py` of the repository.
It works on a private copy of the snapshot's Python files, so that unsaved buffers and earlier
edits of the run are seen and nothing of the tree is touched.
"""

from __future__ import annotations

import ast
import keyword
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, ChangeSet, Snapshot
from qcode.refactor import mentions
from qcode.refactor.symbols import Symbol, decode, module_of, python_files, resolve


@dataclass(frozen=True, slots=True)
class Refactoring:
    """`places` counts changed lines; `doubtful` ("path:line: text") were found and left alone."""

    changes: ChangeSet
    places: int
    doubtful: tuple[str, ...]
    summary: str


def rename(
    snapshot: Snapshot, old: str, new: str, *, path: str | None = None, scope: Sequence[str] = ()
) -> Refactoring:
    """Rename the definition that `old` names to `new`, with all uses that can be decided.

    `scope` only limits where uncertain places are looked for; whether a change may leave it is
    the caller's to say. Raises RefactorError: not found, ambiguous, no identifier, name taken.
    """
    if "." in new and new.rpartition(".")[0] == old.rpartition(".")[0]:
        new = new.rpartition(".")[2]  # "rename A.f to A.g" means the name alone
    if not new.isidentifier() or keyword.iskeyword(new):
        raise RefactorError(
            f"{new!r} is no name that Python allows.", "Use letters, digits and _; no keyword."
        )
    symbol = resolve(snapshot, old, path)
    if symbol.name == new:
        return Refactoring(ChangeSet(), 0, (), f"{old} has that name already.")
    contents = dict(python_files(snapshot))
    changed = _with_rope(contents, symbol, new)
    changed |= mentions.super_calls(contents, changed, symbol, new)
    changed |= mentions.stubs(contents, changed, symbol, new)
    changed |= mentions.exports(contents, changed, symbol, new)
    changed |= mentions.patch_targets(contents, changed, symbol, new)
    _refuse_clashes(contents, changed, symbol, new)
    changes = ChangeSet.of(Change(p, contents[p], after) for p, after in changed.items())
    places = sum(_changed_lines(c.before or b"", c.after or b"") for c in changes)
    doubtful = mentions.left_over(snapshot.with_changes(changes), symbol, scope)
    summary = f"Renamed {symbol.qualname} to {new}: {places} places in {len(changes)} files."
    return Refactoring(changes, places, doubtful, summary)


def _with_rope(contents: dict[str, bytes], symbol: Symbol, new: str) -> dict[str, bytes]:
    from rope.base.exceptions import RopeError
    from rope.base.project import Project
    from rope.refactor.rename import Rename

    folder = Path(tempfile.mkdtemp(prefix="qcode-rename-"))
    try:
        _materialise(folder, contents)
        roots = ["src"] if (folder / "src").is_dir() else []
        project = Project(str(folder), ropefolder=None, source_folders=roots, ignore_syntax_errors=True)
        try:
            resource = project.get_resource(symbol.path)
            work = Rename(project, resource, symbol.offset)
            wanted = work.get_changes(new, docs=False, in_hierarchy=True)
            texts = {
                change.resource.path: change.new_contents
                for change in wanted.changes
                if hasattr(change, "new_contents")
            }
        except (RopeError, RecursionError, AttributeError, ValueError) as error:
            raise RefactorError(
                f"The refactoring engine gave up on {symbol.qualname}: {error}.",
                "Rename it by hand, or ask a model.",
            ) from error
        finally:
            project.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {path: _encoded(contents[path], text, path) for path, text in texts.items()}


def _materialise(folder: Path, contents: dict[str, bytes]) -> None:
    """Write what parses. A file with an error in it would stop the whole search."""
    for path, content in contents.items():
        source = decode(content)
        if source is None:
            continue
        try:
            ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        place = folder / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(source.text.encode(source.encoding))
        except OSError as error:
            raise WorkspaceError(
                f"The private copy for refactoring cannot be written: {error.strerror}.",
                "Free space in TMPDIR.",
            ) from error


def _encoded(before: bytes, text: str, path: str) -> bytes:
    """`text` (LF) as bytes with each line's own ending: a rename keeps lines one to one."""
    source = decode(before)
    assert source is not None
    body = before[len(source.bom) :].decode(source.encoding)
    endings = re.findall(r"\r\n|\r|\n", body)
    lines = text.split("\n")
    if len(endings) != len(lines) - 1:
        raise RefactorError(
            f"The engine changed the lines of {path}.", "Rename it by hand; please report this."
        )
    whole = "".join(line + end for line, end in zip(lines, [*endings, ""], strict=True))
    after = source.bom + whole.encode(source.encoding)
    try:
        compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise RefactorError(f"The rename would break {path}: {error}.", "Choose another name.") from error
    return after


def _refuse_clashes(contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str) -> None:
    """Refuse a new name that means something already where the old one is used."""
    for path in sorted({*changed, symbol.path}):
        source = decode(contents[path])
        if source is None:
            continue
        tree = ast.parse(source.text)
        for node in ast.walk(tree):
            if symbol.parent and not _is_local(node):
                continue
            taken = _method_taken(node, symbol, new) if symbol.parent else _bound(node, new)
            if taken:
                line = getattr(node, "lineno", 1)
                raise RefactorError(
                    f"{new} is taken: {path}:{line} ({module_of(path)}).",
                    "Choose another name, or rename that first.",
                )


def _is_local(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)


def _method_taken(node: ast.AST, symbol: Symbol, new: str) -> bool:
    """A member `new` in a class that has the renamed member too (the class, its relatives)."""
    if not isinstance(node, ast.ClassDef):
        return False
    members = {
        m.name for m in node.body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    members |= {
        t.id for m in node.body if isinstance(m, ast.Assign) for t in m.targets if isinstance(t, ast.Name)
    }
    return symbol.name in members and new in members


def _bound(node: ast.AST, new: str) -> bool:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            # A method of that name lives in its class and clashes with nothing outside.
            return name == new and not isinstance(node, ast.FunctionDef)
        case ast.alias(name=name, asname=alias):
            return (alias or name.partition(".")[0]) == new
        case ast.Module(body=body):
            return any(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == new for n in body)
    return False


def _changed_lines(before: bytes, after: bytes) -> int:
    return sum(a != b for a, b in zip(before.split(b"\n"), after.split(b"\n"), strict=False))
