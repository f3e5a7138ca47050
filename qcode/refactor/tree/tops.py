"""Which places of a name mean a definition at the top of a file: by scopes, imports, packages and namespaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.errors import RefactorError
from qcode.refactor.tree.crate import path_to
from qcode.refactor.tree.edits import means_program, receiver_of, same_export
from qcode.refactor.tree.languages import field_of, walk
from qcode.refactor.tree.macros import Kind, in_body, named_members
from qcode.refactor.tree.modules import source_of
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.owners import modules_around, spaces
from qcode.refactor.tree.packages import imports, package_named, same_package
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.scopes import known_from
from qcode.refactor.tree.types import Typing, accesses, expected, names, reached
from qcode.refactor.tree.types.around import classes_around
from qcode.refactor.tree.types.values import Type

if TYPE_CHECKING:
    from tree_sitter import Node

_PACKAGE = re.compile(rb"(?m)^\s*package\s+([\w.]+)\s*;")

HEADERS = (".h", ".hpp", ".hh", ".hxx")


class Tops:
    """The verdicts on the places of a definition's name. Raises RefactorError where several are declared."""

    def __init__(self, trees: Trees, places: Sequence[Place], targets: Sequence[Place], name: str) -> None:
        self._trees, self._places, self._targets, self._name = trees, places, targets, name
        self._language = trees.language
        self._plain_c = trees.plain_c
        self._local = [p for p in places if p.role == "local" and p.scope is not None]
        files = {p.path for p in self._targets}
        if len(files) > 1 and self._language.name in ("script", "rust", "java"):
            each = ", ".join(f"{p.path}:{p.line}" for p in self._targets[:6])
            raise RefactorError(
                f"{self._name} is declared {len(files)} times: {each}.", "Say which: path:name."
            )
        if self._language.name == "go" and len({str(PurePosixPath(f).parent) for f in files}) > 1:
            raise RefactorError(f"{self._name} is declared in several packages.", "Say which: path:name.")
        self._home = min(files)
        self._crate = self._trees.crate
        self._typing = Typing(self._trees)
        self._values: bool | None = None  # whether the file's module is used as a value
        self._static = self._language.name == "c" and any(self._apart(p) for p in self._targets)
        each_space = {spaces(p.node) for p in self._targets} if self._language.name == "c" else set()
        if len(each_space) > 1 and not self._plain_c:
            said = ", ".join(sorted("::".join(each) or "the file" for each in each_space))
            raise RefactorError(f"{self._name} is declared in {said}.", "Say which: namespace::name.")
        if self._static and len(files) > 1:
            raise RefactorError(f"{self._name} is static in several files.", "Say which: path:name.")

    @property
    def kind(self) -> Kind:
        """How the bodies of macros name the definition: C tells a struct from all others by its word."""
        tags = [field_of(t.node).endswith("_specifier.name") for t in self._targets]
        return "any" if not self._plain_c else "tag" if all(tags) else "any" if any(tags) else "untagged"

    def _shadowed(self, place: Place) -> bool:
        """Whether a local declaration is meant."""
        here: Node | None = place.node
        while here is not None:
            for local in self._local:
                near = local.path == place.path and local.scope is not None and local.scope.id == here.id
                if near and place.node.start_byte >= known_from(local, self._language):
                    return True
            here = here.parent
        return False

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the definition."""
        language = self._language.name
        if place.role == "use" and (handed := named_members(self._trees, place.node)):
            return "no" if handed == "member" else "doubt"
        if language == "rust":
            return self._of_item(place)
        if language == "script":
            return self._of_module(place)
        if language == "c" and self._plain_c and place.role in ("use", "top", "import"):
            return self._of_plain_c(place)
        same = place.path == self._home
        if language == "c" and not self._plain_c and place.role in ("top", "member", "access", "use"):
            return self._of_space(place)
        if place.role == "top":
            return (
                "yes" if place in self._targets or (language in ("c", "go") and self._near(place)) else "no"
            )
        if place.role == "key" and language == "go":
            return self._of_key(place)
        if place.role in ("local", "member", "key"):
            # A struct literal's key or a label bears the same name by chance.
            return "no"
        if place.role == "text":
            if (self._static and not same) or not in_body(place.node.text or b"", self._name, self.kind):
                return "no"
            return "yes" if means_program(place.node, self._name) else "no"
        if place.role == "access":
            return self._qualified(place)
        if self._shadowed(place):
            return "no"
        if self._language.name == "java":
            above = place.node.parent
            if (
                above is not None
                and above.type == "scoped_type_identifier"
                and above.named_children[0].id != place.node.id
            ):
                return "yes" if self._in_package(above.named_children[0].text or b"", place.path) else "no"
            return "yes" if same or self._of_java(place) else "no"
        if self._language.name == "go" and not self._near(place):
            return self._of_dot(place)
        return "yes" if same or self._near(place) else "doubt"

    def _near(self, place: Place) -> bool:
        """Whether a plain name in another file means the target."""
        home, path = PurePosixPath(self._home), PurePosixPath(place.path)
        match self._language.name:
            case "go":
                contents = self._trees.contents
                same = package_named(contents[self._home]) == package_named(contents[place.path])
                return home.parent == path.parent and same
            case "c":
                return not self._static
        return False

    def _of_dot(self, place: Place) -> Verdict:
        """Go: a plain name of another package, where `import . "path"` may make it known."""
        path = imports(self._trees.contents[place.path]).get(".")
        home, own = PurePosixPath(self._home).parent, PurePosixPath(place.path).parent
        if path is None:
            return "no"
        if len(re.findall(rb"(?m)^[\s\w(]*(?<!\S)\.\s+\"", self._trees.contents[place.path])) > 1:
            return "doubt"
        if any(p.role == "top" and PurePosixPath(p.path).parent == own for p in self._places):
            return "no"
        if not same_package(self._trees, path, str(home)):
            return "no"
        return "yes" if self._trees.manifests else "doubt"

    def _of_java(self, place: Place) -> bool:
        """Java: whether a file imports the class, or is of its package."""
        contents, name = self._trees.contents, re.escape(self._name.encode())
        if any(p.role == "top" and p.path == place.path for p in self._places):
            return False
        said = re.search(rb"(?m)^\s*import\s+(?:static\s+)?([\w.]+)\.%b\s*;" % name, contents[place.path])
        own, other = (_PACKAGE.search(contents[p]) for p in (self._home, place.path))
        package = own[1] if own is not None else b""
        if said is not None:
            return said[1] == package or said[1].startswith(package + b".")
        there = other[1] if other is not None else b""
        rivals = [p for p in self._places if p.role == "top" and p not in self._targets]
        return package == there or not any(
            (found := _PACKAGE.search(contents[p.path])) is not None and found[1] == there for p in rivals
        )

    def _in_package(self, before: bytes, path: str) -> bool:
        """Java: whether what stands before a class's name is its package, or the class around it or an heir of that."""
        around = modules_around(self._targets[0].node) - {self._name}
        own = _PACKAGE.search(self._trees.contents[self._home])
        before = re.sub(rb"<.*>", b"", before)  # `Outer<Film>.Inner`
        last = before.decode("utf-8", "replace").rpartition(".")[2]
        if before == (own[1] if own is not None else b"") or last in around:
            return True
        classes = self._typing.classes
        outer = [c for c in classes.in_file(self._home) if c.name in around]
        given = classes.meant(Type(last, (), path)) or [] if last else []
        return any(self._typing.inheritance.heirs(g, o) for g in given for o in outer)

    def _qualified(self, place: Place) -> Verdict:
        """`ns.old`, `pkg.Old`, `m::old`."""
        node = place.node.parent
        if node is None:
            return "doubt"
        match self._language.name:
            case "go":
                return self._of_package(place, node)
            case "java":
                if field_of(place.node) == "scoped_identifier.name":
                    scope = node.child_by_field_name("scope")
                    return (
                        "yes"
                        if scope is not None and self._in_package(scope.text or b"", place.path)
                        else "no"
                    )
                return "yes" if self._in_package(receiver_of(place.node).encode(), place.path) else "no"
            case "c":
                return (
                    "yes"
                    if place.owner and not self._static and place.node.type != "field_identifier"
                    else "no"
                )
        return "doubt"

    def _of_plain_c(self, place: Place) -> Verdict:
        """C: structs, unions and enums have names of their own; all others are one kind, known in every file unless
        they are static or of a macro."""
        tag = field_of(place.node) in ("struct_specifier.name", "union_specifier.name", "enum_specifier.name")
        tags = [field_of(t.node).endswith("_specifier.name") for t in self._targets]
        if tag:
            return "yes" if any(tags) else "no"
        if all(tags):
            return "no"
        known = self._trees.declared_at(self._name, place.node, place.path)
        typed = place.node.type == "type_identifier"  # `node *node`: a variable is not known before its type
        if known is not None and known.role == "local" and typed == (known.node.type == "type_identifier"):
            return "no"
        if place.path == self._home:
            return "yes"
        own = [p for p in self._places if p.role == "top" and p.path == place.path]
        if any(is_macro(t) for t in self._targets):
            # Where a macro is known nothing else can have its name: what looks like a declaration is a use.
            own = [p for p in own if is_macro(p)]
        return "no" if self._static or any(self._apart(p) for p in own) else "yes"

    def _of_space(self, place: Place) -> Verdict:
        """C++: what is declared in the target's namespace, or named from where that is seen."""
        space = spaces(self._targets[0].node)
        if place.role == "member":
            if place.owner == self._name:
                return "yes"  # a constructor
            outside = place.node.parent is not None and place.node.parent.type == "qualified_identifier"
            return "yes" if outside and self._same_space(spaces(place.node), space) else "no"
        if place.role == "top":
            if place in self._targets:
                return "yes"
            mine = spaces(place.node) == space
            return "yes" if mine and not self._static and not self._apart(place) else "no"
        if place.role == "access":
            if place.node.type == "field_identifier" or not place.owner or self._static:
                return "no"
            return "yes" if space and self._alias(place.owner) in {space[-1], *self._brought} else "no"
        if self._shadowed(place) or (self._static and place.path != self._home) or self._of_class(place):
            return "no"
        others = {spaces(p.node) for p in self._places if p.role == "top" and p not in self._targets} - {
            space
        }
        around = spaces(place.node)
        while True:
            if around == space:
                return "yes"
            if around in others:
                return "no"
            if not around:
                break
            around = around[:-1]
        return "doubt" if others else "yes"

    def _of_class(self, place: Place) -> bool:
        """C++: whether a plain name means a member of a class around it."""
        for owner in classes_around(self._typing.classes, place.node, place.path):
            found = self._typing.inheritance.lookup(owner.kind, self._name)
            if found is not None and any(p.owner != self._name for p in found[0]):
                return True
        return False

    @staticmethod
    def _same_space(around: tuple[str, ...], space: tuple[str, ...]) -> bool:
        """Whether a qualified definition is of a namespace: by the last names of both, the shorter way."""
        size = min(len(around), len(space))
        return size > 0 and around[-size:] == space[-size:]

    @cached_property
    def _brought(self) -> set[str]:
        """C++: other namespaces that the name is made known in: `namespace json { using path::query; }`."""
        space = spaces(self._targets[0].node)
        found: set[str] = set()
        for path in self._trees.contents:
            for node in walk(self._trees.root(path)) if b"using" in self._trees.contents[path] else []:
                if node.type != "using_declaration":
                    continue
                said = (
                    (node.text or b"").decode("utf-8", "replace").removeprefix("using").rstrip("; ").split()
                )
                whole = said[:1] == ["namespace"]
                parts = tuple(said[-1].split("::")) if said else ()
                if parts[-1:] == space[-1:] if whole else parts[-2:] == (space[-1], self._name):
                    found.update(spaces(node)[-1:])
        return found

    def _alias(self, owner: str) -> str:
        """The namespace that `namespace owner = a::b;` stands for."""
        said = re.compile(rb"\bnamespace\s+" + re.escape(owner.encode()) + rb"\s*=\s*([\w:\s]+);")
        for content in self._trees.contents.values():
            if (found := said.search(content)) is not None:
                return found[1].decode().strip().rpartition("::")[2]
        return owner

    @staticmethod
    def _apart(place: Place) -> bool:
        """C: whether a definition is its file's alone: static, or a macro, and not of a header."""
        return not place.path.endswith(HEADERS) and (is_macro(place) or _of_its_file(place.node))

    def _of_module(self, place: Place) -> Verdict:
        """JavaScript and TypeScript: what imports, exports and scopes say."""
        modules, target = self._trees.modules, (self._home, self._name)
        field, above = field_of(place.node), place.node.parent
        if place in self._targets:
            return "yes"
        if place.role == "top" and not self._taken_apart(place):
            return "no"
        if place.role == "import" or field.startswith(("export_specifier.", "import_specifier.")):
            return modules.means(place, self._name, self._home)
        if place.role == "key" and field == "pair_pattern.key" and (source := source_of(place.node)):
            file = modules.file(source, place.path)
            return "yes" if file and modules.exported(file, self._name, same=True) == target else "no"
        if place.role == "access" and above is not None:
            if place.path == self._home and same_export(above, self._name):
                return "yes"
            word = above.child_by_field_name("object") or above.child_by_field_name("module")
            return self._of_whole(self._typing.of(word, place.path) if word is not None else None)
        if self._taken_apart(place):
            return self._of_whole(names.taken_apart(self._typing, place))
        if place.role != "use":
            return "no"
        known = self._trees.declared_at(self._name, place.node, place.path)
        if known is None:
            return "doubt" if modules.of(self._home).alone and modules.of(place.path).alone else "no"
        if known.role == "import":
            return "yes" if modules.local(place.path, self._name, same=True) == target else "no"
        return "yes" if known.role == "top" and place.path == self._home else "no"

    @staticmethod
    def _taken_apart(place: Place) -> bool:
        """Whether a place is a key by which an object is taken apart: `const { name } = value`."""
        keys = ("shorthand_property_identifier_pattern", "property_identifier")
        return (
            place.role in ("local", "key", "top")
            and place.node.type in keys
            and "pattern" in field_of(place.node)
        )

    def _of_whole(self, kind: Type | None) -> Verdict:
        """What `name` of a value means: the definition, where the value is a module that exports it. A module that is
        handed around as a value may be behind what nobody knows."""
        modules = self._trees.modules
        if kind is not None and kind.name == "*":
            return (
                "yes"
                if modules.exported(kind.path, self._name, same=True) == (self._home, self._name)
                else "no"
            )
        if kind is not None:
            return "no"
        if self._values is None:
            self._values = modules.value(self._home)
        return "doubt" if self._values else "no"

    def _of_package(self, place: Place, node: Node) -> Verdict:
        """Go: `package.Name`, or the field that an embedded type makes."""
        operand = node.child_by_field_name("operand") or node.child_by_field_name("package")
        if operand is None:
            return "no"
        folder = accesses.module(self._typing, operand, place.path)
        if folder is not None:
            home = PurePosixPath(self._home).parent
            return "yes" if same_package(self._trees, folder, str(home)) else "no"
        return "yes" if self._embedded(self._typing.of(operand, place.path)) else "no"

    def _embedded(self, kind: Type | None) -> bool:
        """Whether a type, or one that it embeds, embeds the target under its own name."""
        seen: list[object] = []
        waiting = list(self._typing.classes.meant(kind) or [])
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.append(here)
            for base in self._typing.inheritance.bases(here):
                found = self._typing.classes.meant(base) or []
                targets = {(p.path, p.node.start_byte) for p in self._targets}
                for each in found:
                    name = each.node.child_by_field_name("name")
                    if (
                        base.name == self._name
                        and name is not None
                        and (each.path, name.start_byte) in targets
                    ):
                        return True
                waiting += found
        return False

    def _of_key(self, place: Place) -> Verdict:
        """Go: a key is a field of a struct, the name of an embedded type, or what a list or map is keyed by."""
        here: Node | None = place.node
        while here is not None and here.type != "literal_value":
            here = here.parent
        if here is None:
            return "no"
        kind = expected.type_for(self._typing, here, place.path)
        if reached.indexed(self._typing, kind) is not None or (
            kind is not None and kind.name in ("[]", "{}")
        ):
            return self.verdict(replace(place, role="use"))
        if self._embedded(kind):
            return "yes"
        return "no" if self._typing.classes.meant(kind) else "doubt" if self._near(place) else "no"

    def _of_item(self, place: Place) -> Verdict:
        """Rust: what a path leads to, from its module."""
        first = self._targets[0]
        if place.role in ("text", "key", "member", "local") or field_of(place.node) == "type_binding.name":
            return "no"
        if place.role == "top":
            return "yes" if place in self._targets else "no"
        dotted = field_of(place.node) in ("field_expression.field", "field_initializer.field")
        before = place.node.prev_sibling
        if dotted or (before is not None and before.type == "."):
            return "no"
        words = path_to(place.node) if place.role != "format" else (self._name,)
        heads = field_of(place.node) in ("scoped_identifier.path", "scoped_type_identifier.path", "use_list.")
        values = ("function_item", "const_item", "static_item")
        if (
            field_of(place.node).endswith("identifier.path")
            and first.node.parent
            and first.node.parent.type in values
        ):
            return "no"
        if len(words) == 1 and place.role != "import" and not heads:
            known = self._trees.declared_at(self._name, place.node, place.path)
            if known is not None and known.role == "local":
                return "no"
        self._crate.target = (first.path, first.node.start_byte)
        found = self._crate.item(words, self._crate.module_at(place.path, place.node))
        if found is None:
            return "doubt"
        target = (first.path, first.node.start_byte)
        if target in found:
            each = {(t.path, t.node.start_byte) for t in self._targets}
            return "yes" if len({path for path, _ in found}) == 1 or each.issuperset(found) else "doubt"
        macro = first.node.parent is not None and first.node.parent.type == "macro_definition"
        called = field_of(place.node) in ("macro_invocation.macro", "call_expression.function")
        return "yes" if macro and not found and called else "no"


def is_macro(place: Place) -> bool:
    """C: whether a place defines a macro."""
    return field_of(place.node) in ("preproc_def.name", "preproc_function_def.name")


def _of_its_file(node: Node) -> bool:
    """C: whether a name is declared `static`, or in a namespace without a name."""
    here: Node | None = node
    while here is not None and here.type not in ("declaration", "function_definition"):
        if here.type.endswith("_specifier") or here.type == "namespace_definition":
            here = here.parent
            break  # of a type or a namespace: `static` says something of another name
        here = here.parent
    else:
        said = here.children if here is not None else []
        if any(n.type == "storage_class_specifier" and n.text == b"static" for n in said):
            return True
    while here is not None:
        if here.type == "namespace_definition" and here.child_by_field_name("name") is None:
            return True
        here = here.parent
    return False
