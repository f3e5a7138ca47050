"""The places in one file that a break elsewhere, or in it, breaks."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from qcode.review.checks.callers.breaks import Altered, Breaks
from qcode.review.checks.callers.imports import Imports
from qcode.review.checks.callers.reading import Reading
from qcode.review.checks.callers.signatures import fits, shifted
from qcode.review.report import Finding, Severity
from qcode.review.scene import Changed, Scene


def removed(path: str, reading: Reading, imports: Imports, breaks: Breaks, scene: Scene) -> Iterator[Finding]:
    """Where a name is imported, or asked of its module, that is not there any more."""
    words = f"was removed from {breaks.changed.path}."
    for name, statement in imports.statements:
        if name in breaks.removed:
            yield finding(path, statement.lineno, f"{name} {words}", scene)
    spots = reading.attributes(imports.words_for(breaks.removed))
    for node, hidden in reading.uses(spots, imports.local_names, imports.places):
        if isinstance(node, ast.Attribute) and _root(node) not in hidden:
            name = imports.original(node) or ""
            if name in breaks.removed:
                yield finding(path, node.lineno, f"{name} {words}", scene)


def called(
    path: str, reading: Reading, imports: Imports, altered: Altered, scene: Scene
) -> Iterator[Finding]:
    """Calls of functions of another file that no longer fit."""
    spots = reading.calls(imports.words_for(altered))
    uses = reading.uses(spots, imports.local_names, imports.places)
    yield from misfits(path, uses, altered, imports.original, scene)


def called_at_home(path: str, reading: Reading, altered: Altered, scene: Scene) -> Iterator[Finding]:
    """Calls in the very file, where a name is the function unless some function changes it."""
    uses = reading.uses(reading.calls(altered), altered, None)
    yield from misfits(path, uses, altered, lambda n: n.id if isinstance(n, ast.Name) else None, scene)


def misfits(
    path: str,
    uses: Iterable[tuple[ast.expr, frozenset[str]]],
    altered: Altered,
    named: Callable[[ast.expr], str | None],
    scene: Scene,
) -> Iterator[Finding]:
    """Calls among `uses` that fitted the old signature and do not fit the new one. `named`: the
    function that an expression stands for, if any, by its name in the changed file."""
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
        yield finding(path, node.lineno, words, scene)


def _root(node: ast.expr) -> str:
    """The name that a path of attributes starts from."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_new(path: str, node: ast.expr, scene: Scene) -> bool:
    """Whether the change wrote that line, too: then it knows what it passes."""
    changed = scene.by_path.get(path)
    return changed is not None and node.lineno in changed.added_numbers


def finding(path: str, number: int, words: str, scene: Scene) -> Finding:
    """What is said of a line, which is quoted; in test data it blocks nothing."""
    lines = scene.read([path]).get(path, b"").split(b"\n")
    quote = lines[number - 1].decode("utf-8", "replace").removesuffix("\r") if number <= len(lines) else ""
    severity: Severity = "advise" if Changed(path, None, None).on_purpose else "block"
    return Finding(path, number, "broken-caller", severity, words, quote)
