"""The files that import a module, told from their text first: only those are parsed, in part."""

from __future__ import annotations

from collections.abc import Iterator

from qcode.review.checks.callers.imports import Imports, Target
from qcode.review.checks.callers.reading import Module, Reading
from qcode.review.scene import Scene

_MOST_FILES = 400
"""Files that are parsed at most: a name that more of them hold is too common to be worth a second."""


class Readings:
    """The files of a scene, each read once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[str, Reading | None] = {}

    def importing(self, target: Target, paths: set[str]) -> Iterator[tuple[str, Reading, Imports]]:
        """Those of `paths` that import the target or from it."""
        self._scene.read(paths)  # all at once
        module, words = Module(target.path), [name.encode() for name in target.names]
        readings = ((path, self.of(path)) for path in sorted(paths) if path != target.path)
        found = [
            (path, reading) for path, reading in readings if reading and reading.speaks_of(module, words)
        ]
        for path, reading in found if len(found) <= _MOST_FILES else ():
            if tree := reading.imports_of(module):
                imports = Imports(tree, path, target, self._scene)
                if imports.local_names:
                    yield path, reading, imports

    def of(self, path: str) -> Reading | None:
        """None for what is not there, and for a changed file that is no Python."""
        if path not in self._known:
            content = self._scene.read([path]).get(path)
            changed = self._scene.by_path.get(path)
            tree = changed.new_tree if changed else None
            unreadable = content is None or (changed is not None and tree is None)
            self._known[path] = None if unreadable else Reading(content or b"", tree)
        return self._known[path]
