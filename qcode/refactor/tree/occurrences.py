"""Every place of one name in the files of a language: what it declares there, or what it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import Language, parsed, walk
from qcode.refactor.tree.owners import owner
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.roles import place_of
from qcode.refactor.tree.scopes import known_from
from qcode.refactor.tree.spelled import spelled

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.crate import Crate
    from qcode.refactor.tree.modules import Modules


class Trees:
    """The files of one language, parsed when they are asked for."""

    def __init__(
        self,
        language: Language,
        contents: Mapping[str, bytes],
        keep: str = "",
        manifests: Mapping[str, str] | None = None,
    ) -> None:
        self.manifests = dict(manifests or {})  # folder -> what its go.mod or Cargo.toml names
        self.language = language
        self.contents = contents
        self.plain_c = all(p.endswith((".c", ".h")) for p in contents)
        self._keep = keep  # a name that is asked for, which may be a macro's before a class
        self._macros: dict[str, list[str]] | None = None
        self._crate: Crate | None = None
        self._modules: Modules | None = None
        self._roots: dict[str, Node] = {}
        self._named: dict[str, list[Place]] = {}
        self._nodes: dict[tuple[str, str], list[Node]] = {}

    def root(self, path: str) -> Node:
        """The root of a file's tree."""
        if path not in self._roots:
            self._roots[path] = parsed(path, self.contents[path], self.plain_c, self._keep)
        return self._roots[path]

    @property
    def crate(self) -> Crate:
        """What the paths of Rust mean."""
        if self._crate is None:
            from qcode.refactor.tree.crate import Crate

            self._crate = Crate(self)
        return self._crate

    @property
    def modules(self) -> Modules:
        """What the modules of scripts give each other."""
        if self._modules is None:
            from qcode.refactor.tree.modules import Modules

            self._modules = Modules(self)
        return self._modules

    @property
    def macros(self) -> Mapping[str, Sequence[str]]:
        """C: the macros that take arguments, and the files that define them."""
        if self._macros is None:
            self._macros = {}
            for path, content in self.contents.items():
                for name in re.findall(rb"#[ \t]*define[ \t]+(\w+)\(", content):
                    self._macros.setdefault(name.decode("utf-8", "replace"), []).append(path)
        return self._macros

    def named(self, name: str) -> list[Place]:
        """Every identifier `name`, and macros' bodies that hold it."""
        if name not in self._named:
            word = name.encode()
            found = self._named[name] = []
            if name.startswith("operator") and not name.isidentifier():
                found += self._operators(name)
                return found
            for path, content in self.contents.items():
                for node in spelled(self.root(path), content, word):
                    found.append(place_of(self, path, node))
        return self._named[name]

    def _operators(self, name: str) -> Iterator[Place]:
        """C++: where a class says what an operator does with its objects: `operator[]`, `operator->`."""
        for path in (p for p, content in self.contents.items() if b"operator" in content):
            for node in self.nodes(path, "operator_name"):
                said = b"".join((node.text or b"").split()).decode()
                if said == name and (of := owner(node, self.language)):
                    yield Place(path, node, "member", owner=of)

    def nodes(self, path: str, kind: str) -> list[Node]:
        """The nodes of a kind in a file."""
        key = (path, kind)
        if key not in self._nodes:
            self._nodes[key] = [n for n in walk(self.root(path)) if n.type == kind]
        return self._nodes[key]

    def declared_at(self, name: str, node: Node, path: str) -> Place | None:
        """What declares the name that a node bears, in its file: of several the innermost, the last before it."""
        best: Place | None = None
        for place in self.named(name):
            scope = place.scope
            if place.path != path or scope is None or place.role not in ("top", "local", "import", "member"):
                continue
            if not (scope.start_byte <= node.start_byte and node.end_byte <= scope.end_byte):
                continue
            own = place.node.start_byte == node.start_byte
            if not own and node.start_byte < known_from(place, self.language):
                continue
            if best is None or best.scope is None or self._nearer(place, best):
                best = place
        return best

    @staticmethod
    def _nearer(place: Place, best: Place) -> bool:
        assert place.scope is not None and best.scope is not None
        inner, outer = place.scope, best.scope
        size, other = inner.end_byte - inner.start_byte, outer.end_byte - outer.start_byte
        return size < other or (size == other and place.node.start_byte > best.node.start_byte)

    def tops(self, name: str, path: str) -> list[Place]:
        """What a name of another file may mean: the nearest that declare it at their top."""
        found = [p for p in self.named(name) if p.role == "top" or (p.role == "member" and p.owner == "")]
        for near in (
            lambda p: p.path == path,
            lambda p: PurePosixPath(p.path).parent == PurePosixPath(path).parent,
        ):
            if own := [p for p in found if near(p)]:
                return own
        return found
