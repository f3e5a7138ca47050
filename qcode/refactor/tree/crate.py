"""What a path means in a Rust crate: its modules, their items, and what `use` brings into them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.occurrences import Trees

ITEMS = frozenset(
    ["function_item", "struct_item", "enum_item", "trait_item", "type_item", "const_item", "static_item", "mod_item", "union_item",
     "macro_definition", "function_signature_item"]
)  # fmt: skip
_ROOTS = ("lib.rs", "main.rs")
Found = tuple[str, int]  # the file of an item, and the byte at which its name begins


@dataclass(slots=True)
class Module:
    """A file, or the block of `mod name { … }`: its items by name, and what it imports."""

    path: str
    body: Node
    names: tuple[str, ...]
    root: str
    items: dict[str, list[Node]] = field(default_factory=dict)
    uses: list[tuple[tuple[str, ...], str, int]] = field(default_factory=list)
    perhaps: set[str] = field(default_factory=set)
    """Names that it imports where something is configured so (`#[cfg(…)]`), else perhaps not."""


class Crate:
    """The modules of the crates that `trees` has the files of."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._modules: dict[tuple[str, int], Module] = {}
        self.target: Found | None = None  # where a name that `use … as` gives is itself what is asked for

    def module_at(self, path: str, node: Node) -> Module:
        """The module around a node."""
        here: Node | None = node
        while here is not None and here.parent is not None:
            above = here.parent
            if above.type == "mod_item" and here.type == "declaration_list":
                return self._module(path, here)
            here = above
        return self._module(path, self._trees.root(path))

    def _module(self, path: str, body: Node) -> Module:
        key = (path, body.start_byte if body.parent is not None else -1)
        if key in self._modules:
            return self._modules[key]
        root, names = self._named(path)
        inner: list[str] = []
        here = body
        while here.parent is not None:
            if here.type == "mod_item" and (name := here.child_by_field_name("name")) is not None:
                inner.insert(0, (name.text or b"").decode())
            here = here.parent
        module = self._modules[key] = Module(path, body, (*names, *inner), root)
        for node in body.named_children:
            name = node.child_by_field_name("name")
            if node.type in ITEMS and name is not None:
                module.items.setdefault((name.text or b"").decode(), []).append(name)
            elif (
                node.type == "use_declaration" and (said := node.child_by_field_name("argument")) is not None
            ):
                module.uses += (brought := used(said))
                if (before := node.prev_named_sibling) is not None and before.type == "attribute_item":
                    module.perhaps |= {n for _, n, _ in brought} if b"cfg" in (before.text or b"") else set()
        return module

    def _named(self, path: str) -> tuple[str, tuple[str, ...]]:
        """The folder of the crate's root, and the names of the module below it."""
        folder = PurePosixPath(path).parent
        own = PurePosixPath(path)
        if own.name in _ROOTS:
            return str(folder), ()
        names: tuple[str, ...] = () if own.name == "mod.rs" else (own.stem,)
        while True:
            if any(str(folder / r) in self._trees.contents for r in _ROOTS):
                return str(folder), names
            if folder == folder.parent or str(folder) == ".":
                return str(own.parent), () if own.name != "mod.rs" else names
            names = (folder.name, *names)
            folder = folder.parent

    def _at(self, root: str, names: tuple[str, ...], asker: Module) -> Module | None:
        """The module of these names below a root."""
        if not names:
            own = asker.path if str(PurePosixPath(asker.path).parent) == root and not asker.names else ""
            files = [own] if own else [str(PurePosixPath(root) / r) for r in _ROOTS]
        else:
            base = PurePosixPath(root, *names)
            files = [f"{base}.rs", str(base / "mod.rs")]
        for path in files:
            if path in self._trees.contents:
                return self._module(path, self._trees.root(path))
        outer = self._at(root, names[:-1], asker) if names else None
        for name in outer.items.get(names[-1], ()) if outer is not None else ():
            body = name.parent.child_by_field_name("body") if name.parent is not None else None
            if (
                outer is not None
                and name.parent is not None
                and name.parent.type == "mod_item"
                and body is not None
            ):
                return self._module(outer.path, body)
        return None

    # -- paths -----------------------------------------------------------------------------------------------------

    def item(self, segments: tuple[str, ...], module: Module, depth: int = 10) -> list[Found] | None:
        """The items that a path means from a module; [] for what is of elsewhere, None where nobody knows."""
        if not segments or not depth:
            return None
        if len(segments) == 1 and segments[0] not in ("crate", "self", "super"):
            return self.name(segments[0], module, depth)
        holder = self._holder(segments[:-1], module, depth)
        if holder is None:
            return []
        if segments[-1] == "self":
            return self.item(segments[:-1], module, depth - 1)
        return self.name(segments[-1], holder, depth - 1)

    def name(self, name: str, module: Module, depth: int = 10) -> list[Found] | None:
        """The items that a plain name means in a module."""
        if not depth:
            return None
        if name in module.items:
            return [(module.path, n.start_byte) for n in module.items[name]]
        found: list[Found] = []
        for path, alias, start in module.uses:
            if alias == name:
                if self.target == (module.path, start):
                    return [self.target]
                found += self.item(path, module, depth - 1) or []
        if found and name not in module.perhaps:
            return found
        unknown = False
        for path, alias, _ in module.uses:
            if alias == "*":
                holder = self._holder(path, module, depth - 1)
                if holder is None or holder is module:
                    continue
                inner = self.name(name, holder, depth - 1)
                unknown = unknown or inner is None
                if inner:
                    return [*found, *(i for i in inner if i not in found)]
        return found or (None if unknown else [])

    def _holder(self, segments: tuple[str, ...], module: Module, depth: int) -> Module | None:
        """The module that a path leads to; None for types and other crates."""
        here: Module | None = module
        for index, word in enumerate(segments):
            if here is None or not depth:
                return None
            if word == "self" and index == 0:
                continue
            if word == "crate" and index == 0:
                here = self._at(module.root, (), module)
            elif word == "super":
                here = self._at(here.root, here.names[:-1], here)
            else:
                here = self._child(word, here, depth - 1, first=index == 0)
        return here

    def _child(self, word: str, module: Module, depth: int, first: bool) -> Module | None:
        for name in module.items.get(word, ()):
            if name.parent is not None and name.parent.type == "mod_item":
                return self._at(module.root, (*module.names, word), module)
        for found in (self.name(word, module, depth) or []) if word not in module.items else []:
            path, start = found
            meant = self._trees.root(path).descendant_for_byte_range(start, start)
            if meant is not None and meant.parent is not None and meant.parent.type == "mod_item":
                outer = self.module_at(path, meant.parent)
                return self._at(outer.root, (*outer.names, (meant.text or b"").decode()), outer)
        return self._library(word, module) if first else None

    def _library(self, word: str, module: Module) -> Module | None:
        """The library of a crate, by its name: as Cargo.toml says, else that of its folder."""
        own = PurePosixPath(module.root).parent
        folders = [f for f, name in self._trees.manifests.items() if name == word]
        folders += [str(own)] if word == own.name.replace("-", "_") else []
        for path in (
            str(PurePosixPath(f, *inner)) for f in folders for inner in (("src", "lib.rs"), ("lib.rs",))
        ):
            if path in self._trees.contents:
                return self._module(path, self._trees.root(path))
        return None


def crates_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The folders of Cargo.toml files, and how `use` names the libraries there."""
    found = {}
    for path, content in contents.items():
        try:
            said = tomllib.loads(content.decode("utf-8", "replace"))
            name = said.get("lib", {}).get("name") or said["package"]["name"]
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
            continue
        found[str(PurePosixPath(path).parent)] = str(name).replace("-", "_")
    return found


def used(node: Node, before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str, int]]:
    """What a `use` brings: paths, each with the name that it gets ("*" for everything) and where that begins."""
    kind = node.type
    if kind == "use_as_clause":
        path, alias = node.child_by_field_name("path"), node.child_by_field_name("alias")
        start = alias.start_byte if alias is not None else -1
        return [((*before, *segments(path)), ((alias.text if alias else b"") or b"").decode(), start)]
    if kind == "use_wildcard":
        inner = node.named_children[0] if node.named_children else None
        return [((*before, *segments(inner)), "*", -1)]
    if kind in ("use_list", "scoped_use_list"):
        path = node.child_by_field_name("path")
        listed = node.child_by_field_name("list") if kind == "scoped_use_list" else node
        outer = (*before, *segments(path))
        return [u for c in (listed.named_children if listed is not None else []) for u in used(c, outer)]
    path_ = (*before, *segments(node))
    last = path_[-2] if len(path_) > 1 and path_[-1] == "self" else path_[-1] if path_ else ""
    return [(path_, last, -1)]


def segments(node: Node | None) -> tuple[str, ...]:
    """The words of a path."""
    if node is None:
        return ()
    if node.type in ("scoped_identifier", "scoped_type_identifier"):
        return (*segments(node.child_by_field_name("path")), *segments(node.child_by_field_name("name")))
    if node.type == "generic_type":
        return segments(node.child_by_field_name("type"))
    return ((node.text or b"").decode(),)


def path_to(node: Node) -> tuple[str, ...]:
    """The path that ends with the name that a node is, from its first word: `a::b::name`, also within a `use`."""
    own: tuple[str, ...] = ((node.text or b"").decode(),)
    above = node.parent
    if above is not None and above.type in ("token_tree", "token_tree_pattern", "token_repetition"):
        words, first = own, node
        while (
            (colons := first.prev_sibling) is not None
            and colons.type == "::"
            and colons.prev_sibling is not None
        ):
            first = colons.prev_sibling
            words = ((first.text or b"").decode(), *words)
        return words
    field_ = field_of(node)
    if field_ in ("scoped_identifier.name", "scoped_type_identifier.name") and above is not None:
        own = (*segments(above.child_by_field_name("path")), *own)
        node = above
    elif field_ in ("scoped_identifier.path", "scoped_type_identifier.path"):
        pass
    # the words of `use a::{b}` around it
    here: Node | None = node
    while here is not None and (outer := here.parent) is not None:
        if outer.type == "scoped_use_list" and field_of(here) == "scoped_use_list.list":
            own = (*segments(outer.child_by_field_name("path")), *own)
        if outer.type in ("scoped_identifier", "scoped_type_identifier") and field_of(here).endswith(".name"):
            own = (*segments(outer.child_by_field_name("path")), *own)
        if outer.type not in (
            "use_list",
            "scoped_use_list",
            "use_as_clause",
            "use_wildcard",
            "scoped_identifier",
            "scoped_type_identifier",
        ):
            break
        here = outer
    return own
