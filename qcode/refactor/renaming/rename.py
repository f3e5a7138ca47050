"""Rename a Python definition and every use of it, on rope.

rope runs with `ropefolder=None`: its default executes `.ropeproject/config.py` of the repository.
It works on a private copy of the snapshot's Python files, so that unsaved buffers and earlier
edits of the run are seen and nothing of the tree is touched.
"""

from __future__ import annotations

import ast
import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from qcode.errors import RefactorError
from qcode.messages import Change, ChangeSet, Snapshot
from qcode.refactor.python import dynamic, found_by_name
from qcode.refactor.python.copied import materialise
from qcode.refactor.python.foreign import foreign_base
from qcode.refactor.python.hierarchy import ClassId, Hierarchy
from qcode.refactor.python.hierarchy import members as member_names
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.settings import in_settings, paths_of, refuse_plugin
from qcode.refactor.python.shown import shown
from qcode.refactor.python.symbols import Symbol, chosen, encode, matching, symbols
from qcode.refactor.renaming import clashes, held, members, mentions, verify
from qcode.refactor.renaming.doctests import examples
from qcode.refactor.renaming.mangled import mangled
from qcode.refactor.renaming.stubs import stubs
from qcode.refactor.result import Refactoring, finished
from qcode.refactor.splice import Edit

_ENGINE_BUGS = (AttributeError, ValueError, KeyError, TypeError, IndexError, AssertionError)


def rename(
    snapshot: Snapshot,
    old: str,
    new: str,
    *,
    path: str | None = None,
    scope: Sequence[str] = (),
    program: Program | None = None,
    follow: bool = True,
) -> Refactoring:
    """Rename the definition that `old` names to `new`, with all uses that can be decided.

    `scope` only limits where uncertain places are looked for; whether a change may leave it is
    the caller's to say. `program`: the snapshot's files, where they are parsed already. `follow`: members
    that the program finds by the name of a class (`visit_Name`) are renamed with it. Raises RefactorError: not found, ambiguous, no identifier, name taken.
    """
    if "." in new and new.rpartition(".")[0] == old.rpartition(".")[0]:
        new = new.rpartition(".")[2]  # "rename A.f to A.g" means the name alone
    clashes.refuse_name(new)
    program = program or Program(snapshot)
    contents, modules = program.contents, program.modules
    symbol = chosen(modules.symbols(), old, path)
    if symbol.name == new:
        return Refactoring(ChangeSet(), 0, (), f"{old} has that name already.")
    hierarchy = Hierarchy(modules if symbol.parent else Modules({}))
    clashes.refuse_symbol(symbol, modules, hierarchy)
    clashes.refuse_member(symbol, new, hierarchy)
    if follow:
        dynamic.refuse_dispatch(symbol, modules)
    found_by_name.refuse_written(program, symbol)
    found_by_name.refuse_in_lists(program, symbol)
    found_by_name.refuse_looked_up(program, symbol)
    if not symbol.parent:
        homes = modules.binders(symbol.path, symbol.name)
        refuse_plugin(snapshot, (n for p in homes for n in modules.names(p)), symbol.name)
    if not symbol.parent:
        found_by_name.refuse_listed(program, symbol)
        found_by_name.refuse_through_value(program, symbol.path, symbol.name)
    _refuse_override(symbol, hierarchy)
    _refuse_unknown_heirs(program, symbol, hierarchy)
    unsure: list[str] = []
    unique = False
    classes: list[str] = []
    if (symbol.path, symbol.parent) in hierarchy.nodes:
        second = partial(_with_rope, contents, symbol, new, modules)
        symbol, found = held.held(program, hierarchy, symbol, new)
        changed, unsure = members.members(program, hierarchy, symbol, new, second, found)
        receivers = Receivers(program, hierarchy, (symbol.path, symbol.parent), symbol.name)
        unique, classes = receivers.alone, [name.rpartition(".")[2] for _, name in receivers.family]
    else:
        changed = _by_scopes(program, symbol, new)
    changed |= stubs(contents, symbol, new, modules, hierarchy)
    if symbol.kind not in ("attribute", "field"):  # no scope knows these by their bare names
        clashes.refuse_scopes(symbol, new, modules, {*changed, symbol.path})
    unclear = verify.check(changed, symbol, new, modules)
    changed |= mentions.exports(contents, changed, symbol, new, modules)
    changed |= shown(contents, changed, symbol, new, modules)
    changed |= examples(snapshot, changed, program, symbol, new, unique, classes)
    changed |= mangled(contents, changed, symbol, new, modules)
    changed |= mentions.patch_targets(contents, changed, symbol, new, modules)
    changed |= in_settings(snapshot, paths_of(symbol, modules, files=True), (symbol.name, new), changed)
    changes = ChangeSet.of(
        Change(p, contents[p] if p in contents else snapshot.read(p), after) for p, after in changed.items()
    )
    left = mentions.left_over(snapshot.with_changes(changes), symbol, scope)
    inherited = clashes.inherited(symbol, hierarchy) if symbol.kind not in ("attribute", "field") else []
    doubtful = tuple(dict.fromkeys([*inherited, *unsure, *unclear, *left]))
    summary = f"Renamed {symbol.qualname} to {new}: {{places}} in {{files}}."
    done = finished(snapshot, list(changes), summary, doubtful, loads=False)  # `verify` did
    for other, prefix in dynamic.followers(symbol, modules) if follow else ():
        after = snapshot.with_changes(done.changes)
        if matching(symbols(after), other.qualname, other.path):  # not renamed with a relative yet
            more = rename(after, f"{other.path}:{other.qualname}", prefix + new, scope=scope, follow=False)
            said = f"{done.summary} {more.summary}"
            done = Refactoring(
                done.changes.then(more.changes), done.places + more.places, more.doubtful, said
            )
    return done


def _refuse_override(symbol: Symbol, hierarchy: Hierarchy) -> None:
    """A method that a base of the standard library has is called by that base's own code."""
    owner = (symbol.path, symbol.parent)
    if owner not in hierarchy.nodes:
        return
    for known in sorted(hierarchy.family(owner, symbol.name)):
        if base := foreign_base(hierarchy, known, symbol.name):
            raise RefactorError(
                f"{known[1]}.{symbol.name} overrides {base}.{symbol.name}, which Python's own code may call.",
                "It cannot be renamed.",
            )
        _refuse_super(symbol, hierarchy, known)


def _refuse_super(symbol: Symbol, hierarchy: Hierarchy, known: ClassId) -> None:
    """`super().name()` where no class of the repository above has the name: one from elsewhere has, or, for a mixin,
    what stands beside it."""
    if any(symbol.name in member_names(hierarchy.nodes[c]) for c in hierarchy.above([known])):
        return
    for node in ast.walk(hierarchy.nodes[known]):
        match node:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name) if name == symbol.name:
                raise RefactorError(
                    f"{known[0]}:{node.lineno}: {known[1]}.{name} overrides a {name} that is not in this repository.",
                    "It cannot be renamed.",
                )


def _refuse_unknown_heirs(program: Program, symbol: Symbol, hierarchy: Hierarchy) -> None:
    """A class whose base is computed (`class Derived(self.Cache)`) may override the member. Where annotations say
    what the base is (`signer: type[Signer]`), it is an heir from then on."""
    owner = (symbol.path, symbol.parent)
    if owner not in hierarchy.nodes:
        return
    receivers = Receivers(program, hierarchy, owner, symbol.name)
    for known, node in hierarchy.nodes.items():
        if known in receivers.family or not hierarchy.foreign[known] or symbol.name not in member_names(node):
            continue
        for base in node.bases:
            if _is_computed(program, known[0], base):
                if found := receivers.class_of(known[0], base):
                    hierarchy.add_base(known, found, ast.unparse(base))
                    continue
                raise RefactorError(
                    f"{known[0]}:{node.lineno}: {known[1]} inherits from {ast.unparse(base)}, "
                    f"and may override {symbol.qualname}.",
                    "Rename it by hand, or ask a model.",
                )


def _is_computed(program: Program, path: str, base: ast.expr) -> bool:
    """Whether a base is no class that a name stands for: `self.Cache`, a parameter, a call."""
    if isinstance(base, ast.Call) and ast.unparse(base.func).rpartition(".")[2] in (
        "namedtuple",
        "NamedTuple",
    ):
        return False
    while isinstance(base, ast.Attribute):
        base = base.value
    if not isinstance(base, ast.Name):
        return not isinstance(base, ast.Subscript)
    scopes = program.scopes(path)
    owner = scopes.owner(base.id, scopes.where(base))
    places = scopes.places(owner, base.id) if owner is not None else []
    return any(o.role == "parameter" or (o.role == "bind" and isinstance(o.node, ast.Name)) for o in places)


def _by_scopes(program: Program, symbol: Symbol, new: str) -> dict[str, bytes]:
    """What is no member of a class is found by scopes and imports alone, exactly."""
    edits: dict[str, list[Edit]] = {}
    if not symbol.parent:
        top = program.scopes(symbol.path)
        for bound in top.places(top.module, symbol.name):
            if bound.role == "import":
                raise RefactorError(
                    f"{symbol.path}:{top.text.line_of(bound.start)} imports {symbol.name}, which may be another one.",
                    "Rename it by hand, or ask a model.",
                )
        for one in program.references(symbol.path, symbol.name):
            if one.kind == "alias":
                continue
            kept = (
                isinstance(one.node, ast.alias)
                and not one.node.asname
                and program.is_contested(one.path, one.node)
            )
            written = f"{new} as {symbol.name}" if kept else new
            edits.setdefault(one.path, []).append((one.start, one.end, written))
    else:
        scopes = program.scopes(symbol.path)
        start = len(program.modules.sources[symbol.path].text[: symbol.offset].encode())
        (place,) = [o for o in scopes.occurrences if o.start == start]
        owner = scopes.owner(symbol.name, place.scope)
        assert owner is not None
        edits[symbol.path] = [(o.start, o.end, new) for o in scopes.places(owner, symbol.name)]
    return {
        path: encode(program.contents[path], program.scopes(path).text.spliced(found), path)
        for path, found in edits.items()
    }


def _with_rope(contents: dict[str, bytes], symbol: Symbol, new: str, modules: Modules) -> dict[str, bytes]:
    from rope.base.exceptions import RopeError
    from rope.base.project import Project
    from rope.refactor.rename import Rename

    folder = Path(tempfile.mkdtemp(prefix="qcode-rename-"))
    try:
        roots = materialise(folder, modules)
        project = Project(str(folder), ropefolder=None, source_folders=roots, ignore_syntax_errors=True)
        try:
            try:
                work = Rename(project, project.get_resource(symbol.path), symbol.offset)
            except RopeError:  # it does not see the name of an `async def` in a class
                work = Rename(project, *_reference(folder, project, symbol, modules))
            wanted = work.get_changes(new, docs=False, in_hierarchy=True)
            texts = {
                change.resource.path: change.new_contents
                for change in wanted.changes
                if hasattr(change, "new_contents")
            }
        except (RopeError, RecursionError, *_ENGINE_BUGS) as error:
            raise RefactorError(
                f"The refactoring engine gave up on {symbol.qualname}: {str(error).rstrip('.')}.",
                "Rename it by hand, or ask a model.",
            ) from error
        finally:
            project.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {path: encode(contents[path], text, path) for path, text in texts.items() if path in contents}


def _reference(folder: Path, project: Any, symbol: Symbol, modules: Modules) -> tuple[Any, int]:
    """A use of the symbol in a file made for this, and its offset: another place to start from."""
    name = "qcode_reference"
    while (folder / f"{name}.py").exists():
        name += "_"
    text = f"import {modules.names(symbol.path)[0]} as module\nmodule.{symbol.qualname}\n"
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return project.get_resource(f"{name}.py"), len(text) - 2
