"""Code elsewhere that a change broke: what it removed is still imported, what it changed is called
in a way that no longer fits.

Only what is certain from the text counts: names that Python resolves by an import of the very
module, or through a package that passes them on; functions without decorators; calls whose
arguments can be counted. The rest is left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from qcode.review.checks.callers import scopes
from qcode.review.checks.callers.bindings import still_answered, top_names
from qcode.review.checks.callers.imports import Imports, Target
from qcode.review.checks.callers.signatures import Signature, called_as, fits, shifted
from qcode.review.report import Finding, Severity
from qcode.review.scene import Changed, Scene, parsed

_MOST_FILES = 400
"""Files that are parsed at most: a name that more of them hold is too common to be worth a second."""

Altered = dict[str, tuple[Signature, Signature]]
"""Name of a function -> how it was called before, and is now."""


def check(scene: Scene) -> Iterator[Finding]:
    """Callers of removed names and of changed signatures, all over the repository."""
    for changed in scene.changed:
        if not changed.python or changed.before is None or changed.old_tree is None:
            continue
        if changed.after is not None and changed.new_tree is None:
            continue
        if changed.after is None and _moved_to_package(changed, scene):
            continue
        stub = changed.path.endswith(".pyi")
        old = top_names(changed.old_tree, stub)
        new = top_names(changed.new_tree, stub) if changed.new_tree else {}
        removed = {name for name in old if name not in new}
        if changed.new_tree and removed:
            removed -= still_answered(changed.new_tree, removed)
        altered = _altered(old, new)
        if removed or altered:
            yield from _elsewhere(changed, scene, removed, altered)
        if altered and changed.new_tree:
            yield from _calls(changed.path, changed.new_tree, altered, _own(changed.new_tree), scene)


def _altered(old: dict[str, ast.AST], new: dict[str, ast.AST]) -> Altered:
    found: Altered = {}
    for name, node in new.items():
        before = called_as(old.get(name))
        after = called_as(node)
        if before and after and before != after:
            found[name] = (before, after)
    return found


def _elsewhere(changed: Changed, scene: Scene, removed: set[str], altered: Altered) -> Iterator[Finding]:
    found_words = removed | set(altered)
    found = scene.holding(found_words) - {changed.path}
    if not found or len(found) > _MOST_FILES:
        return
    files = {path: tree for path, content in scene.read(found).items() if (tree := parsed(content))}
    itself = Target(changed.path, {name: name for name in (*removed, *altered)})
    passed_on = [
        Target(path, names)
        for path, tree in files.items()
        if PurePosixPath(path).name == "__init__.py"
        and (names := {k: v for k, v in Imports(tree, path, [itself], scene).aliases.items() if v in altered})
    ]
    new_names = {name for target in passed_on for name in target.names} - found_words
    if new_names and len(more := scene.holding(new_names) - found - {changed.path}) <= _MOST_FILES:
        files |= {path: tree for path, content in scene.read(more).items() if (tree := parsed(content))}
    for path, tree in sorted(files.items()):
        yield from _removed(path, tree, removed, Imports(tree, path, [itself], scene), changed, scene)
        if altered:
            imports = Imports(tree, path, [itself, *(t for t in passed_on if t.path != path)], scene)
            gone = scopes.rebound(tree) & imports.local_names
            yield from _calls(path, tree, altered, _unless(imports.original, gone), scene)


def _removed(
    path: str, tree: ast.Module, removed: set[str], imports: Imports, changed: Changed, scene: Scene
) -> Iterator[Finding]:
    for name, statement in imports.statements:
        if name in removed:
            yield _finding(path, statement.lineno, f"{name} was removed from {changed.path}.", scene)
    gone = scopes.rebound(tree) & imports.local_names
    for node, hidden in scopes.uses(tree):
        if isinstance(node, ast.Attribute) and _root(node) not in hidden | gone:
            name = imports.original(node) or ""
            if name in removed:
                yield _finding(path, node.lineno, f"{name} was removed from {changed.path}.", scene)


Named = Callable[[ast.expr], str | None]
"""The changed function that an expression in a file stands for, if any."""


def _own(tree: ast.Module) -> Named:
    """In the very file: a name is the function, unless some function changes it."""
    declared = {n for node in ast.walk(tree) if isinstance(node, ast.Global) for n in node.names}
    return lambda node: node.id if isinstance(node, ast.Name) and node.id not in declared else None


def _unless(named: Named, gone: frozenset[str]) -> Named:
    return lambda node: None if _root(node) in gone else named(node)


def _calls(path: str, tree: ast.Module, altered: Altered, named: Named, scene: Scene) -> Iterator[Finding]:
    """Calls that fitted the old signature and do not fit the new one."""
    for node, hidden in scopes.uses(tree):
        if not isinstance(node, ast.Call) or _root(node.func) in hidden:
            continue
        name = named(node.func)
        if name is None or name not in altered:
            continue
        before, after = altered[name]
        if fits(node, before) and not fits(node, after):
            words = f"This call does not fit the new parameters of {name}."
        elif (moved := shifted(node, before, after)) and not _is_new(path, node, scene):
            words = f"What this call passes as {moved} is another parameter of {name} now."
        else:
            continue
        yield _finding(path, node.lineno, words, scene)


def _root(node: ast.expr) -> str:
    """The name that a path of attributes starts from."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_new(path: str, node: ast.expr, scene: Scene) -> bool:
    """Whether the change wrote that line, too: then it knows what it passes."""
    changed = scene.by_path.get(path)
    return changed is not None and node.lineno in changed.added_numbers


def _finding(path: str, number: int, words: str, scene: Scene) -> Finding:
    lines = scene.read([path]).get(path, b"").split(b"\n")
    quote = lines[number - 1].decode("utf-8", "replace").removesuffix("\r") if number <= len(lines) else ""
    severity: Severity = "advise" if Changed(path, None, None).on_purpose else "block"
    return Finding(path, number, "broken-caller", severity, words, quote)


def _moved_to_package(changed: Changed, scene: Scene) -> bool:
    """Whether a removed module's name now belongs to a package, a stub or an extension."""
    stem = changed.path.rpartition(".")[0]
    if changed.path.endswith("/__init__.py"):
        stem = changed.path.removesuffix("/__init__.py")
    return any(p.startswith((f"{stem}/", f"{stem}.")) and p != changed.path for p in scene.paths)
