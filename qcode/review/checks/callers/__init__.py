"""Code elsewhere that a change broke: what it removed is still imported, what it changed is called
in a way that no longer fits.

Only what is certain from the text counts: names that Python resolves by an import of the very
module, or through a package that passes them on; functions without decorators; calls whose
arguments can be counted. The rest is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from qcode.review.checks.callers import broken, members
from qcode.review.checks.callers.breaks import Breaks, breaks_of
from qcode.review.checks.callers.imports import Target
from qcode.review.checks.callers.readings import Readings
from qcode.review.report import Finding
from qcode.review.scene import Scene


def check(scene: Scene) -> Iterator[Finding]:
    """Callers of removed names and of changed signatures, all over the repository."""
    breaks = [found for changed in scene.changed if (found := breaks_of(changed, scene))]
    readings = Readings(scene)
    holding = scene.holding(word for found in breaks for word in found.words)
    for found in breaks:
        yield from _elsewhere(found, holding, readings, scene)
        path = found.changed.path
        if found.altered and (own := readings.of(path)):
            yield from broken.called_at_home(path, own, found.altered, scene)
    for changed in scene.changed:
        yield from members.on_self(changed, scene)


def _elsewhere(breaks: Breaks, holding: set[str], readings: Readings, scene: Scene) -> Iterator[Finding]:
    """Findings in those files of `holding` that speak of the changed file."""
    changed, altered = breaks.changed, breaks.altered
    itself = Target(changed.path, {name: name for name in breaks.words})
    passed_on: list[Target] = []
    for path, reading, imports in readings.importing(itself, holding):
        yield from broken.removed(path, reading, imports, breaks, scene)
        yield from broken.called(path, reading, imports, altered, scene)
        if PurePosixPath(path).name == "__init__.py":
            names = {here: there for here, there in imports.aliases.items() if there in altered}
            passed_on += [Target(path, names)] if names else []
    for target in passed_on:
        # Mostly it is passed on under its own name, and then the files are known.
        places = holding | scene.holding(set(target.names) - breaks.words)
        for path, reading, imports in readings.importing(target, places):
            yield from broken.called(path, reading, imports, altered, scene)
