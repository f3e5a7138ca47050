"""One file, read once for all that is asked of it, and parsed only where the answer may stand."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from qcode.review.checks.callers import scopes
from qcode.review.trees import Statements

_IMPORT = re.compile(rb"import\b(?:[^\n(\\]|\\\r?\n|\((?:[^)#]|#[^\n]*+)*+\)?)*+")
"""From the word on, what may be an import statement; strings and comments are not told apart. Nothing
is tried twice (`*+`), and a bracket that never closes takes the rest of the file: whatever a repository
holds, the time grows with its length alone."""
_MOST_BEFORE = 2000
"""Bytes of a statement before the word "import"."""
_FROM = re.compile(rb"\s*from[\s.\\]")
_DOTS = re.compile(rb"from\s*\.+\s*import")
"""How a package is imported from without its name."""
_WORD = re.compile(rb"[\w\x80-\xff]+")
_CALLED = rb"(?:[\s)\\]{1,100}+|#[^\n]{0,200}+\n){0,10}+\("
"""What comes after a name that is called. With bounds: each name of many is followed by all the rest."""
_BOUND = rb"(?![ \t]*[.(\[])"
"""What comes after a name where it may be bound: what is called there, or has a part, is only read,
unless it is defined there."""
_PARAMETERS = rb"[ \t]*[(\[]"


class Module:
    """How the module at a path is called in imports."""

    def __init__(self, path: str) -> None:
        module = PurePosixPath(path).with_suffix("")
        self.package = module.name == "__init__"
        *around, name = (module.parent if self.package else module).parts or ("",)
        self.name, self.around = name.encode(), [part.encode() for part in around]


class Reading:
    """The parts of a module that tell what its names mean."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    @cached_property
    def import_words(self) -> frozenset[bytes]:
        """Every word of what may be an import statement."""
        return frozenset(word for _, lines, _ in self._imports for word in _WORD.findall(lines))

    @cached_property
    def plain_import_words(self) -> frozenset[bytes]:
        """The same of those without "from"."""
        return frozenset(word for _, lines, plain in self._imports if plain for word in _WORD.findall(lines))

    @cached_property
    def imports_by_dots(self) -> bool:
        """Whether a package may be imported from without its name."""
        return any(_DOTS.search(lines) for _, lines, _ in self._imports)

    def imports_of(self, module: Module) -> ast.Module | None:
        """A tree that has all imports that may mean the module, or something around it, for which
        there is no "from"; None for what is no Python."""
        spots = [
            spot
            for spot, lines, plain in self._imports
            if module.name in lines
            or (plain and any(part in lines for part in module.around))
            or (module.package and _DOTS.search(lines))
        ]
        return self._statements.holding(spots)

    def calls(self, names: Collection[str]) -> list[int]:
        """Where something may be called by one of `names`."""
        return self._spots(names, _CALLED)

    def attributes(self, names: Collection[str]) -> list[int]:
        """Where something may have one of `names` for its part."""
        spots = self._spots(names)
        return [
            n for n in spots if n == 0 or self.text[max(0, n - 100) : n].rstrip(b" \t")[-1:] in b".\\\r\n"
        ]

    def uses(
        self, spots: Collection[int], roots: Collection[str], meant: scopes.Places | None
    ) -> Iterator[tuple[ast.expr, frozenset[str]]]:
        """The expressions of the statements at `spots`, each with those names that may be something
        else there: scopes around it bind them, or (unless `meant` is None: the file's own names) the
        module binds them by more than imports. Of these those at `meant` hide nothing. Only `roots`
        are looked for."""
        if not spots:
            return
        bindings = self._bindings(roots)
        tree = self._statements.holding([*spots, *bindings])
        if tree is None:
            return
        rebound = scopes.declared_global(tree) if b"global" in self.text else frozenset()
        if meant is not None:
            rebound |= scopes.bound(tree)
        wanted = scopes.Wanted(self._lines(spots), self._lines(bindings), meant or frozenset())
        yield from scopes.uses(tree, rebound, wanted)

    def _bindings(self, names: Collection[str]) -> list[int]:
        """Where one of `names` may be bound."""
        text = self.text
        defined = (
            spot
            for spot in self._spots(names, _PARAMETERS)
            if text[max(0, spot - 20) : spot].split()[-1:] in ([b"def"], [b"class"])
        )
        return sorted([*self._spots(names, _BOUND), *defined])

    def _lines(self, spots: Iterable[int]) -> list[int]:
        return [bisect_right(self._starts, spot) for spot in spots]

    def _spots(self, names: Collection[str], after: bytes = b"") -> list[int]:
        """Where one of `names` stands as a word, with what matches `after` behind it."""
        found: list[int] = []
        for name in names:
            word = re.escape(name.encode())
            # The word comes first: so it is looked for by the quickest means there are.
            pattern = rb"%b(?<!\w%b)(?!\w)%b" % (word, word, after)
            found += [match.start() for match in re.finditer(pattern, self.text)]
        return sorted(found)

    @cached_property
    def _statements(self) -> Statements:
        return Statements(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, in bytes."""
        return [0, *(match.end() for match in re.finditer(rb"\n", self.text))]

    @cached_property
    def _imports(self) -> list[tuple[int, bytes, bool]]:
        """What may be import statements: where the word stands, all of their lines, and whether
        "from" is missing."""
        text, found = self.text, []
        for match in _IMPORT.finditer(text):
            nearest = max(0, match.start() - _MOST_BEFORE)
            start = text.rfind(b"\n", nearest, match.start()) + 1 or nearest
            while start > nearest and text[max(0, start - 3) : start].endswith((b"\\\n", b"\\\r\n")):
                start = text.rfind(b"\n", nearest, start - 1) + 1 or nearest
            lines = text[start : match.end()]
            found.append((match.start(), lines, not _FROM.match(lines)))
        return found
