"""What the modules of JavaScript and TypeScript give each other: which definition an imported or exported name means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from qcode.refactor.tree.languages import walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.occurrences import Trees
    from qcode.refactor.tree.place import Place

EVERYTHING = "*"
WHOLE = "="  # what `module.exports = name` makes the module itself


@dataclass(slots=True)
class Module:
    """`exports`: the name that others see -> the name here, and the module that it comes from ("" for this one);
    `stars`: modules all of whose names are handed on; `imports`: the name here -> its name in a module, and which."""

    exports: dict[str, tuple[str, str]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    odd: bool = False  # it exports what has no name
    kept: set[str] = field(default_factory=set)
    """Exported names that stand apart from what they export (`{ a: b }`): a rename of that leaves them."""
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether it is a script that gives and takes nothing: what it declares is everybody's."""
        return not (self.exports or self.stars or self.imports)


class Modules:
    """The modules of the files of `trees`."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._known: dict[str, Module] = {}

    def of(self, path: str) -> Module:
        """What a file imports and exports."""
        if path not in self._known:
            self._known[path] = _read(self._trees.root(path))
        return self._known[path]

    def file(self, source: str, importer: str) -> str | None:
        """The file that a relative module is; None for packages and for what is not here."""
        if not source.startswith("."):
            return None
        parts = list(PurePosixPath(importer).parent.parts)
        for part in source.split("/"):
            if part == ".." and parts:
                parts.pop()
            elif part not in (".", "..", ""):
                parts.append(part)
        base = "/".join(parts)
        stem = base.rpartition(".")[0] if base.endswith((".js", ".jsx", ".mjs", ".cjs")) else base
        ends = [*self._trees.language.suffixes, *(f"/index{s}" for s in self._trees.language.suffixes)]
        tried = [base, *(f"{base}{e}" for e in ends), *(f"{stem}{e}" for e in ends)]
        if not base:
            tried += [f"index{s}" for s in self._trees.language.suffixes]
        return next((t for t in tried if t in self._trees.contents), None)

    def exported(self, path: str, name: str, same: bool = False, depth: int = 10) -> tuple[str, str] | None:
        """The file that defines what a module exports by a name, and its name there; "*" for a module itself. With
        `same`, only where each module on the way hands it on under that name."""
        module = self.of(path)
        if not depth:
            return None
        if name in module.exports:
            own, source = module.exports[name]
            if same and (own != name or name in module.kept):
                return None
            if source:
                file = self.file(source, path)
                if file is None:
                    return None
                return (file, EVERYTHING) if own == EVERYTHING else self.exported(file, own, same, depth - 1)
            return self.local(path, own, same, depth - 1)
        for source in module.stars if name != "default" else []:
            file = self.file(source, path)
            found = self.exported(file, name, same, depth - 1) if file is not None else None
            if found is not None:
                return found
        return None

    def local(self, path: str, name: str, same: bool = False, depth: int = 10) -> tuple[str, str] | None:
        """The file that defines what a name at the top of a file means, and its name there."""
        said = self.of(path).imports.get(name)
        if said is None:
            return path, name
        own, source = said
        file = self.file(source, path)
        if file is None or not depth or (same and own != name):
            return None
        if own in (EVERYTHING, "default") and WHOLE in self.of(file).exports:
            return None if same else self.exported(file, WHOLE, same, depth - 1)
        return (file, EVERYTHING) if own == EVERYTHING else self.exported(file, own, same, depth - 1)

    def value(self, path: str) -> bool:
        """Whether a module is used as a value somewhere: handed on, kept, taken apart; not only asked for its members."""
        for importer, content in self._trees.contents.items():
            for said in re.findall(rb"(?<![\w$.])import\(\s*[\"']([^\"']+)", content):
                file = self.file(said.decode("utf-8", "replace"), importer)
                if file is not None and self._gives(file, path):
                    return True
            for alias in self.of(importer).imports:
                found = self.local(importer, alias)
                if found is None or found[1] != EVERYTHING or not self._gives(found[0], path):
                    continue
                for place in self._trees.named(alias):
                    above = place.node.parent
                    asked = above is not None and above.type in (
                        "member_expression",
                        "nested_type_identifier",
                    )
                    if place.path == importer and place.role == "use" and not asked:
                        return True
        return False

    def _gives(self, path: str, home: str, depth: int = 10) -> bool:
        """Whether a module is another, or hands on what that one exports."""
        if path == home:
            return True
        module = self.of(path)
        sources = {s for _, s in module.exports.values() if s} | set(module.stars)
        files = {self.file(s, path) for s in sources} | {
            f[0] for n in module.imports if (f := self.local(path, n)) is not None
        }
        return depth > 0 and any(
            f is not None and f != path and self._gives(f, home, depth - 1) for f in files
        )

    def means(self, place: Place, name: str, home: str) -> Literal["yes", "no"]:
        """Whether a place in an import or export means the definition `name` of the file `home`."""
        node = place.node
        above = node.parent
        source = source_of(node)
        target = (home, name)
        if above is not None and above.type in ("import_specifier", "export_specifier") and source:
            file = self.file(source, place.path)
            alias = above.child_by_field_name("alias")
            if file is None or (alias is not None and alias.id == node.id):
                return "no"
            return "yes" if self.exported(file, name, same=True) == target else "no"
        if above is not None and above.type == "export_specifier":
            alias = above.child_by_field_name("alias")
            if alias is not None and alias.id == node.id:
                return "no"
        return "yes" if self.local(place.path, name, same=True) == target else "no"


def source_of(node: Node) -> str:
    """The module that the import or export statement around a node names."""
    here: Node | None = node
    while here is not None and here.type not in (
        "import_statement",
        "export_statement",
        "variable_declarator",
    ):
        here = here.parent
    if here is None:
        return ""
    if here.type == "variable_declarator":
        return required(here.child_by_field_name("value"))
    said = here.child_by_field_name("source")
    return _string(said) if said is not None else ""


def _string(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace").strip("'\"`")


def _text(node: Node | None) -> str:
    return ((node.text if node is not None else b"") or b"").decode("utf-8", "replace")


def required(value: Node | None, by: tuple[bytes, ...] = (b"require",)) -> str:
    """The module that `require("./a")` names; "" for anything else."""
    function = (
        value.child_by_field_name("function")
        if value is not None and value.type == "call_expression"
        else None
    )
    if value is None or function is None or function.text not in by:
        return ""
    arguments = value.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    return _string(first) if first is not None and first.type == "string" else ""


def _read(root: Node) -> Module:
    module = Module()
    for node in root.named_children:
        if node.type == "import_statement":
            _imported(module, node)
        elif node.type == "export_statement":
            _exported(module, node)
        elif node.type in ("lexical_declaration", "variable_declaration"):
            for each in node.named_children:
                source = required(each.child_by_field_name("value"))
                if source:
                    _taken(module, each.child_by_field_name("name"), source)
        elif node.type == "expression_statement":
            _assigned(module, node.named_children[0] if node.named_children else None)
    return module


def _imported(module: Module, node: Node) -> None:
    source = node.child_by_field_name("source")
    clause = next((c for c in node.named_children if c.type == "import_clause"), None)
    if source is None or clause is None:
        return
    for child in clause.named_children:
        if child.type == "identifier":
            module.imports[_text(child)] = ("default", _string(source))
        elif child.type == "namespace_import":
            module.imports[_text(child.named_children[-1])] = (EVERYTHING, _string(source))
        for each in child.named_children if child.type == "named_imports" else []:
            name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
            module.imports[_text(alias or name)] = (_text(name), _string(source))


def _exported(module: Module, node: Node) -> None:
    said = node.child_by_field_name("source")
    source = _string(said) if said is not None else ""
    declared = node.child_by_field_name("declaration")
    default = any(c.type == "default" for c in node.children)
    if declared is not None:
        for each in _names(declared):
            module.exports["default" if default else each] = (each, "")
        return
    if default:
        value = node.child_by_field_name("value")
        if value is not None and value.type == "identifier":
            module.exports["default"] = (_text(value), "")
        return
    clause = next((c for c in node.named_children if c.type in ("export_clause", "namespace_export")), None)
    if clause is None and source:
        module.stars.append(source)
    elif clause is not None and clause.type == "namespace_export":
        module.exports[_text(clause.named_children[-1])] = (EVERYTHING, source)
    for part in clause.named_children if clause is not None and clause.type == "export_clause" else []:
        name, alias = part.child_by_field_name("name"), part.child_by_field_name("alias")
        module.exports[_text(alias or name)] = (_text(name), source)


def _names(declared: Node) -> list[str]:
    """What a declaration declares."""
    name = declared.child_by_field_name("name")
    if name is not None:
        return [_text(name)]
    found = []
    for each in declared.named_children:
        target = each.child_by_field_name("name")
        if target is None:
            continue
        kinds = ("identifier", "shorthand_property_identifier_pattern")
        found += [_text(n) for n in walk(target) if n.type in kinds]
    return found


def _taken(module: Module, pattern: Node | None, source: str) -> None:
    """`const a = require(…)`, `const { a, b: c } = require(…)`."""
    if pattern is None:
        return
    if pattern.type == "identifier":
        module.imports[_text(pattern)] = (EVERYTHING, source)
    for child in pattern.named_children if pattern.type == "object_pattern" else []:
        if child.type == "shorthand_property_identifier_pattern":
            module.imports[_text(child)] = (_text(child), source)
        elif child.type == "pair_pattern":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            module.imports[_text(value)] = (_text(key), source)


def _of_module(module: Module, value: Node | None) -> tuple[str, str]:
    """What `require("./a")`, `require("./a").b`, or a module that is kept in a variable, gives: the name in the module
    ("*" for all of it), and the module; ("", "") for anything else."""
    if value is None:
        return "", ""
    if source := required(value):
        return EVERYTHING, source
    if value.type == "identifier":
        own, source = module.imports.get(_text(value), ("", ""))
        return (own, source) if own == EVERYTHING else ("", "")
    if value.type == "member_expression":
        whole, source = _of_module(module, value.child_by_field_name("object"))
        return (_text(value.child_by_field_name("property")), source) if whole == EVERYTHING else ("", "")
    return "", ""


def _assigned(module: Module, node: Node | None) -> None:
    """`module.exports = { a, b: c }`, `exports.a = b`."""
    if node is None or node.type != "assignment_expression":
        return
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type != "member_expression":
        return
    if _text(left) == "module.exports":
        if right.type == "identifier":
            module.exports[WHOLE] = (_text(right), "")
        elif source := required(right):
            module.stars.append(source)
        module.odd = module.odd or not (right.type in ("identifier", "object") or required(right))
        for child in right.named_children if right.type == "object" else []:
            if child.type == "shorthand_property_identifier":
                module.exports[_text(child)] = (_text(child), "")
            elif child.type == "spread_element":
                own, source = _of_module(module, child.named_children[0])
                module.stars += [source] if own == EVERYTHING else []
            elif child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                module.kept.add(_text(key))
                own, source = _of_module(module, value)
                if source:
                    module.exports[_text(key)] = (own, source)
                elif value is not None and value.type == "identifier":
                    module.exports[_text(key)] = (_text(value), "")
    elif (
        _text(left.child_by_field_name("object")) in ("exports", "module.exports")
        and right.type == "identifier"
    ):
        module.exports[_text(left.child_by_field_name("property"))] = (_text(right), "")
