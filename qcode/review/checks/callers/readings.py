"""The files that may mean a module and its names, told from their text: only those are parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from qcode.review.checks.callers.reading import Reading
from qcode.review.scene import Scene, parsed

_DOTS = re.compile(rb"from\s*\.+\s*import")
"""How a package is imported from without its name."""
_IMPORT = re.compile(rb"import\b(?:[^\n(\\]|\\\r?\n|\((?:[^)#]|#[^\n]*+)*+\)?)*+")
"""From the word on, what may be an import statement; strings and comments are not told apart. Nothing
is tried twice (`*+`), and a bracket that never closes takes the rest of the file: whatever a repository
holds, the time grows with its length alone."""
_FROM = re.compile(rb"\s*from[\s.\\]")


class Readings:
    """The files of a scene, each read once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[str, Reading | None] = {}
        self._imports: dict[str, tuple[bytes, bytes]] = {}

    def speaking(self, paths: Iterable[str], words: set[str], target: str) -> list[str]:
        """Those of `paths` whose text has one of `words`, and may import the module at `target`: by
        its name, a package also by dots alone; or the package around it, and the name stands somewhere."""
        module = PurePosixPath(target).with_suffix("")
        package = module.name == "__init__"
        *around, name = [part.encode() for part in (module.parent if package else module).parts] or [b""]
        spoken = [word.encode() for word in words]
        found: list[str] = []
        for path, text in self._scene.read(path for path in paths if path != target).items():
            if path not in self._imports:
                self._imports[path] = _imports(text)
            imports, plain = self._imports[path]
            named = name in imports or (name in text and any(part in plain for part in around))
            dots = package and _DOTS.search(imports)
            if (named or dots) and any(word in text for word in spoken):
                found.append(path)
        return found

    def of(self, path: str) -> Reading | None:
        """None for what is no Python, or not there."""
        if path not in self._known:
            content = self._scene.read([path]).get(path)
            changed = self._scene.by_path.get(path)
            tree = changed.new_tree if changed else None if content is None else parsed(content)
            self._known[path] = Reading(tree, content or b"") if tree else None
        return self._known[path]


def _imports(text: bytes) -> tuple[bytes, bytes]:
    """What may be import statements, with all of their lines; and those of them that do not begin with "from"."""
    parts: list[bytes] = []
    for match in _IMPORT.finditer(text):
        start = text.rfind(b"\n", 0, match.start()) + 1
        while start > 1 and text[max(0, start - 3) : start].endswith((b"\\\n", b"\\\r\n")):
            start = text.rfind(b"\n", 0, start - 1) + 1
        parts.append(text[start : match.end()])
    return b"\n".join(parts), b"\n".join(part for part in parts if not _FROM.match(part))
