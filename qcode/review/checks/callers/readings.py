"""The files that import a module, told from their text first: only those are parsed, in part."""

from __future__ import annotations

from collections import defaultdict
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
        self._noted: set[str] = set()
        self._naming: defaultdict[bytes, set[str]] = defaultdict(set)
        """Word -> the files in whose imports it stands."""
        self._naming_plainly: defaultdict[bytes, set[str]] = defaultdict(set)
        """The same for imports without "from"."""
        self._dotted: set[str] = set()
        """Files that may import from a package without its name."""

    def of(self, path: str) -> Reading | None:
        """None for what is not there, and for a changed file that is no Python."""
        if path not in self._known:
            content = self._scene.read([path]).get(path)
            changed = self._scene.by_path.get(path)
            broken = changed is not None and not changed.parses
            self._known[path] = None if content is None or broken else Reading(content)
        return self._known[path]

    def importing(self, target: Target, paths: set[str]) -> Iterator[tuple[str, Reading, Imports]]:
        """Those of `paths` that import the target or from it."""
        module = Module(target.path)
        found = list(self._speaking(module, {name.encode() for name in target.names}, paths))
        for path, reading in found if len(found) <= _MOST_FILES else ():
            if path != target.path and (tree := reading.imports_of(module)):
                imports = Imports(tree, path, target, self._scene)
                if imports.local_names:
                    yield path, reading, imports

    def _speaking(self, module: Module, words: set[bytes], paths: set[str]) -> Iterator[tuple[str, Reading]]:
        """Those that have one of `words`, and may import the module: by its name, a package also by
        dots alone; or the package around it, and the name stands somewhere."""
        self._note(paths - self._noted)
        surely = self._naming[module.name] | (self._dotted if module.package else set())
        maybe = surely.union(*(self._naming_plainly[part] for part in module.around))
        for path in sorted(maybe & paths):
            if (reading := self.of(path)) is None:
                continue
            named = path in surely or module.name in reading.text
            if named and any(word in reading.text for word in words):
                yield path, reading

    def _note(self, paths: set[str]) -> None:
        """Which words the imports of `paths` have, once for all that is asked."""
        self._noted |= paths
        self._scene.read(paths)  # all at once
        for path in paths:
            if (reading := self.of(path)) is None:
                continue
            for word in reading.import_words:
                self._naming[word].add(path)
            for word in reading.plain_import_words:
                self._naming_plainly[word].add(path)
            if reading.imports_by_dots:
                self._dotted.add(path)
