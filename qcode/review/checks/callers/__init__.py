"""Code elsewhere that a change broke: what it removed is still imported, what it changed is called
in a way that no longer fits.

Only what is certain from the text counts: names that Python resolves by an import of the very
module, or through a package that passes them on; functions without decorators; calls whose
arguments can be counted. The rest is left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from qcode.review.checks.callers.bindings import still_answered, top_names
from qcode.review.checks.callers.imports import Imports, Target
from qcode.review.checks.callers.reading import Reading
from qcode.review.checks.callers.readings import Readings
from qcode.review.checks.callers.signatures import Signature, called_as, fits, shifted
from qcode.review.report import Finding, Severity
from qcode.review.scene import Changed, Scene

_MOST_FILES = 400
"""Files that are parsed at most: a name that more of them hold is too common to be worth a second."""

Altered = dict[str, tuple[Signature, Signature]]
"""Name of a function -> how it was called before, and is now."""


def check(scene: Scene) -> Iterator[Finding]:
    """Callers of removed names and of changed signatures, all over the repository."""
    breaks = [found for changed in scene.changed if (found := _breaks(changed, scene))]
    readings = Readings(scene)
    holding = scene.holding(word for found in breaks for word in found.words)
    for found in breaks:
        yield from _elsewhere(found, holding, readings, scene)
        if found.altered and (own := readings.of(found.changed.path)):
            uses = own.uses(set(found.altered))
            yield from _calls(found.changed.path, uses, found.altered, _own(own), scene)


@dataclass(frozen=True, slots=True)
class _Breaks:
    """What one file no longer has, or has in another shape."""

    changed: Changed
    removed: set[str]
    altered: Altered

    @property
    def words(self) -> set[str]:
        return self.removed | set(self.altered)


def _breaks(changed: Changed, scene: Scene) -> _Breaks | None:
    if not changed.python or changed.before is None or changed.old_tree is None:
        return None
    if changed.after is not None and changed.new_tree is None:
        return None
    if changed.after is None and _moved_to_package(changed, scene):
        return None
    stub = changed.path.endswith(".pyi")
    old = top_names(changed.old_tree, stub)
    new = top_names(changed.new_tree, stub) if changed.new_tree else {}
    removed = {name for name in old if name not in new}
    if changed.new_tree and removed:
        removed -= still_answered(changed.new_tree, removed)
    altered = _altered(old, new)
    return _Breaks(changed, removed, altered) if removed or altered else None


def _altered(old: dict[str, ast.AST], new: dict[str, ast.AST]) -> Altered:
    found: Altered = {}
    for name, node in new.items():
        before = called_as(old.get(name))
        after = called_as(node)
        if before and after and before != after:
            found[name] = (before, after)
    return found


def _elsewhere(breaks: _Breaks, holding: set[str], readings: Readings, scene: Scene) -> Iterator[Finding]:
    """Findings in those files of `holding` that speak of the changed file."""
    changed, altered = breaks.changed, breaks.altered
    itself = Target(changed.path, {name: name for name in breaks.words})
    passed_on: list[Target] = []
    for path, reading, imports in _importing(itself, holding, readings, scene):
        yield from _removed(path, reading, breaks.removed, imports, changed, scene)
        uses = reading.uses(imports.words_for(altered), imports.nodes)
        yield from _calls(path, uses, altered, _unless(imports.original, reading), scene)
        if PurePosixPath(path).name == "__init__.py":
            names = {here: there for here, there in imports.aliases.items() if there in altered}
            passed_on += [Target(path, names)] if names else []
    for target in passed_on:
        # Mostly it is passed on under its own name, and then the files are known.
        places = holding | scene.holding(set(target.names) - breaks.words)
        for path, reading, imports in _importing(target, places, readings, scene):
            uses = reading.uses(imports.words_for(altered), imports.nodes)
            yield from _calls(path, uses, altered, _unless(imports.original, reading), scene)


def _importing(
    target: Target, paths: set[str], readings: Readings, scene: Scene
) -> Iterator[tuple[str, Reading, Imports]]:
    """Those of `paths` that import the target or from it."""
    found = readings.speaking(sorted(paths), set(target.names), target.path)
    for path in found if len(found) <= _MOST_FILES else ():
        if (reading := readings.of(path)) is not None:
            imports = Imports(reading, path, target, scene)
            if imports.local_names:
                yield path, reading, imports


def _removed(
    path: str, reading: Reading, removed: set[str], imports: Imports, changed: Changed, scene: Scene
) -> Iterator[Finding]:
    for name, statement in imports.statements:
        if name in removed:
            yield _finding(path, statement.lineno, f"{name} was removed from {changed.path}.", scene)
    named = _unless(imports.original, reading)
    for node, hidden in reading.uses(imports.words_for(removed), imports.nodes):
        seen = isinstance(node, ast.Attribute) and _root(node) not in hidden
        name = (named(node) if seen else None) or ""
        if name in removed:
            yield _finding(path, node.lineno, f"{name} was removed from {changed.path}.", scene)


Uses = Iterable[tuple[ast.expr, frozenset[str]]]
"""Expressions, with the names that the scopes around them hide."""
Named = Callable[[ast.expr], str | None]
"""The changed function that an expression in a file stands for, if any."""


def _own(reading: Reading) -> Named:
    """In the very file: a name is the function, unless some function changes it."""
    return lambda node: (
        node.id if isinstance(node, ast.Name) and node.id not in reading.declared_global else None
    )


def _unless(named: Named, reading: Reading) -> Named:
    return lambda node: None if _root(node) in reading.rebound else named(node)


def _calls(path: str, uses: Uses, altered: Altered, named: Named, scene: Scene) -> Iterator[Finding]:
    """Calls among `uses` that fitted the old signature and do not fit the new one."""
    for node, hidden in uses:
        if not isinstance(node, ast.Call):
            continue
        name = named(node.func)
        if name is None or name not in altered or _root(node.func) in hidden:
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
