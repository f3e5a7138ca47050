"""One file, read once for all that is asked of it, and parsed only where the answer may stand."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from qcode.review.checks.callers import scopes
from qcode.review.trees import Statements

_IMPORT = re.compile(rb"import\b(?:[^\n(\\]|\\\r?\n|\((?:[^)#]|#[^\n]*+)*+\)?)*+")
"""From the word on, what may be an import statement; strings and comments are not told apart. Nothing
is tried twice (`*+`), and a bracket that never closes takes the rest of the file: whatever a repository
holds, the time grows with its length alone."""
_FROM = re.compile(rb"\s*from[\s.\\]")
_DOTS = re.compile(rb"from\s*\.+\s*import")
"""How a package is imported from without its name."""
_CALLED = rb"\b(?:%s)\b(?:[\s)\\]|#[^\n]*+)*+\("
_ATTRIBUTE = rb"\.(?:[\s\\]|#[^\n]*+)*+(?:%s)\b"
_BOUND = rb"\b(?:%s)\b(?![ \t]*[.(\[])|\b(?:def|class)[ \t]+(?:%s)\b"
"""Where a name may be bound: what is called there, or has a part, is only read."""

Places = frozenset[tuple[int, int]]
"""(line, column) of statements."""


class Module:
    """How the module at a path is called in imports."""

    def __init__(self, path: str) -> None:
        module = PurePosixPath(path).with_suffix("")
        self.package = module.name == "__init__"
        *self.around, self.name = [
            part.encode() for part in (module.parent if self.package else module).parts
        ] or [b""]

    def may_be_in(self, text: bytes, plain: bytes | None) -> bool:
        """Whether the imports in `text` may mean it, or something around it, for which there must be
        no "from": `plain` are those of `text` without."""
        return (
            self.name in text
            or (plain is not None and any(part in plain for part in self.around))
            or (self.package and _DOTS.search(text) is not None)
        )


class Reading:
    """The parts of a module that tell what its names mean. `tree`: where it is known anyway."""

    def __init__(self, text: bytes, tree: ast.Module | None = None) -> None:
        self.text = text
        self._tree = tree

    def speaks_of(self, module: Module, words: Collection[bytes]) -> bool:
        """Whether it has one of `words`, and may import the module: by its name, a package also by
        dots alone; or the package around it, and the name stands somewhere."""
        everything, plain = self._import_texts
        return (
            module.may_be_in(everything, plain)
            and (module.name in self.text or module.may_be_in(everything, None))
            and any(word in self.text for word in words)
        )

    def imports_of(self, module: Module) -> ast.Module | None:
        """A tree that has all imports that may mean the module; None for what is no Python."""
        return self._tree_at(
            [
                start
                for start, text, is_plain in self._imports
                if module.may_be_in(text, text if is_plain else None)
            ]
        )

    def calls(self, names: Collection[str]) -> list[int]:
        """Where something may be called by one of `names`."""
        return self._spots(_CALLED, names)

    def attributes(self, names: Collection[str]) -> list[int]:
        """Where something may have one of `names` for its part."""
        return self._spots(_ATTRIBUTE, names)

    def uses(
        self, spots: Collection[int], roots: Collection[str], meant: Places | None
    ) -> Iterator[tuple[ast.expr, frozenset[str]]]:
        """The expressions of the statements at `spots`, each with those names that may be something
        else there: scopes around it bind them, or (unless `meant` is None: the file's own names) the
        module binds them by more than imports. Of these those at `meant` hide nothing. Only `roots`
        are looked for."""
        if not spots:
            return
        tree = self._tree_at([*spots, *self._spots(_BOUND, roots)])
        if tree is None:
            return
        rebound = scopes.declared_global(tree) if b"global" in self.text else frozenset()
        if meant is not None:
            rebound |= scopes.bound(tree)
        lines = [bisect_right(self._starts, spot) for spot in spots]
        yield from scopes.uses(tree, lines, rebound, meant or frozenset())

    def _tree_at(self, spots: Collection[int]) -> ast.Module | None:
        return self._tree if self._tree is not None else self._statements.holding(spots)

    def _spots(self, pattern: bytes, names: Collection[str]) -> list[int]:
        if not names:
            return []
        either = b"|".join(re.escape(name.encode()) for name in sorted(names))
        return [m.start() for m in re.finditer(pattern.replace(b"%s", either), self.text)]

    @cached_property
    def _statements(self) -> Statements:
        return Statements(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, in bytes."""
        return [0, *(match.end() for match in re.finditer(rb"\n", self.text))]

    @cached_property
    def _imports(self) -> list[tuple[int, bytes, bool]]:
        """What may be import statements: where, all of their lines, and whether "from" is missing."""
        text, found = self.text, []
        for match in _IMPORT.finditer(text):
            start = text.rfind(b"\n", 0, match.start()) + 1
            while start > 1 and text[max(0, start - 3) : start].endswith((b"\\\n", b"\\\r\n")):
                start = text.rfind(b"\n", 0, start - 1) + 1
            lines = text[start : match.end()]
            found.append((match.start(), lines, not _FROM.match(lines)))
        return found

    @cached_property
    def _import_texts(self) -> tuple[bytes, bytes]:
        """All of them, and those without "from"."""
        return (
            b"\n".join(text for _, text, _ in self._imports),
            b"\n".join(text for _, text, plain in self._imports if plain),
        )
