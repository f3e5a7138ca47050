"""Which places of a name mean a member of a class: by the types of what stands before the dot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qcode.refactor.tree.declared import derives
from qcode.refactor.tree.edits import means_program
from qcode.refactor.tree.everyday import everyday
from qcode.refactor.tree.family import Family
from qcode.refactor.tree.kinds import asks, fits
from qcode.refactor.tree.languages import field_of, walk
from qcode.refactor.tree.macros import before_tokens, fields_beside, in_body, named_members
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.quoted import around
from qcode.refactor.tree.types import Class, Typing, accesses, bindings, enums, expected
from qcode.refactor.tree.types.around import class_around, classes_around
from qcode.refactor.tree.types.context import in_context
from qcode.refactor.tree.types.dotted import parts
from qcode.refactor.tree.types.values import Type

if TYPE_CHECKING:
    from tree_sitter import Node

_GLOBALS = frozenset(["JSON", "console", "Object", "Math", "Array", "Promise", "process", "Reflect", "Number", "String", "Symbol",
                      "Date", "document", "window", "globalThis"])  # fmt: skip

_HANDED = ("arguments.", "argument_list.")


class Members:
    """The verdicts on the places of a member's name; `in_data`: it is a key of data files, too, so that what is not
    typed may be read from there. Raises RefactorError where it cannot be renamed."""

    def __init__(
        self,
        trees: Trees,
        places: Sequence[Place],
        targets: Sequence[Place],
        name: str,
        in_data: bool = False,
    ) -> None:
        self._trees, self._places, self._name = trees, places, name
        self._language = trees.language.name
        self._typing = Typing(trees)
        self.family = Family(self._typing, places, targets, name)
        self._asked = ""
        self._elsewhere = Place("", trees.root(targets[0].path), "member")  # a library's own
        self._extends = self.family.extends
        if self._language == "script":
            self._through_unions()
        everyone = [p for p in places if p.role == "member"]
        self.alone = all(p in self.family for p in everyone) and (
            trees.plain_c or name not in everyday(self._language)
        )
        if self.alone and self._language == "script":
            self.alone = False
            self.alone = not in_data and all(self._of_object(*each) == "yes" for each in self._literals())

    def _literals(self) -> Iterator[tuple[Node, str]]:
        """The objects' literals that have a key of the name: what is not typed may be one of them."""
        for place in self._places:
            field, above = field_of(place.node), place.node.parent
            if above is not None and field == "object.":
                yield above, place.path
            holder = above.parent if above is not None else None
            keyed = field in ("pair.key", "method_definition.name") and place not in self.family
            if keyed and holder is not None and holder.type == "object":
                yield holder, place.path

    def _through_unions(self) -> None:
        """TypeScript: what is used of one of several types is one member of them all."""
        known = {(p.path, p.node.start_byte): self._found(p) for p in self._places if p.role == "access"}
        grown = True
        while grown:
            grown = False
            for found in known.values():
                inside = [p in self.family for p in found]
                if any(inside) and not all(inside):
                    self.family.take(p for p in found if p not in self.family)
                    grown = True

    def _found(self, place: Place) -> Sequence[Place]:
        """The declarations that an access may mean."""
        above = place.node.parent
        before = parts(above)[0] if above is not None and above.type == "member_expression" else None
        kind = self._typing.of(before, place.path) if before is not None else None
        return [p for p in self._looked_up(kind) or [] if p is not self._elsewhere]

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the member."""
        self._asked = asks(place.node, self._language)
        if self._language == "rust" and derives(place.node):
            return "no"
        if place.node.type in ("shorthand_property_identifier_pattern", "shorthand_field_identifier"):
            return self._taken_apart(place)
        if place.role == "member":
            if (
                field_of(place.node) == "method_definition.name"
                and (literal := _literal(place.node)) is not None
            ):
                verdict = self._of_object(literal, place.path)
                return "yes" if place in self.family else verdict
            return "yes" if place in self.family else "doubt" if place in self.family.alike else "no"
        if place.role in ("top", "local", "import", "format"):
            return "no"
        if place.role == "text":
            return self._in_macro(place)
        if (offset := _offset(place.node)) is not None:
            return self._reached(place, offset)
        if place.role == "key":
            return self._keyed(place)
        if place.role == "use":
            return self._plain(place)
        return self._accessed(place)

    def related(self, place: Place) -> bool:
        """Whether what a place declares is a member of a class of the family, or of an heir."""
        home = self._typing.classes.home(place)
        homes = [self._typing.classes.home(p) for p in self.family.places]
        return home is None or any(h is not None and self._typing.inheritance.heirs(home, h) for h in homes)

    def _judged(self, found: Sequence[Place] | None) -> Verdict:
        """What the declarations that a place may mean say."""
        if found is None or (not found and self._extends):
            fitting = any(fits(p, self._asked, self._language) for p in self.family.places)
            return "no" if not fitting else "yes" if self.alone else "doubt"
        found = [p for p in found if fits(p, self._asked, self._language)]
        inside = [p in self.family for p in found]
        if not any(inside):
            return "doubt" if any(p in self.family.alike for p in found) else "no"
        return "yes" if all(inside) else "doubt"

    def _looked_up(self, kind: Type | None) -> Sequence[Place] | None:
        found = self._typing.inheritance.lookup(kind, self._name) if kind is not None else None
        if found and found[0] and kind is not None and self._also_of_library(kind):
            return [*found[0], self._elsewhere]
        return None if found is None else self._inherent(found[0])

    def _inferred(self, kind: Type | None) -> Sequence[Place] | None:
        """The like for a type that nobody wrote there. Where the type, and all that it inherits from, is of the
        repository and none declares the member, the program would not work: it is another type than was found."""
        found = self._looked_up(kind)
        if not found and any(c in self.family.askers for c in self._typing.classes.meant(kind) or []):
            heirs = [p for p in self.family.places if self._asked_of(p)]
            return heirs or found
        if found is None or found or self._name in everyday(self._language):
            return found
        return None if self._typing.inheritance.whole(kind) else found

    def _asked_of(self, place: Place) -> bool:
        """Whether a class that declares the member is an heir of one that uses it of `this` without declaring it."""
        home = self._typing.classes.home(place)
        return home is not None and any(self._typing.inheritance.heirs(home, a) for a in self.family.askers)

    def _inherent(self, found: Sequence[Place]) -> Sequence[Place]:
        """Rust: of a type's own method and a trait's, which take the type alike, its own."""
        if self._language != "rust" or len(found) < 2:
            return found
        own = [p for p in found if not _of_trait(p.node)]
        return own if own and len({_receiver(p.node) for p in found}) == 1 else found

    def _also_of_library(self, kind: Type) -> bool:
        """Whether a type may also be one of a library that has a member of the name: `(ready ? heap : list).push(x)`."""
        if kind.name != "|" or self._name not in everyday(self._language):
            return False
        return any(a is not None and self._typing.classes.meant(a) == [] for a in kind.args)

    def _in_macro(self, place: Place) -> Verdict:
        """C: the body of a macro. What is made there by names (`{ .name = 1, .size = 2 }`) is of what has them all."""
        text = place.node.text or b""
        reached = in_body(text, self._name, "member")
        if not reached or not means_program(place.node, self._name):
            return "no"
        if self.alone:
            return "yes"
        verdicts = {self._among(fields_beside(text, start)) for start in reached}
        return verdicts.pop() if len(verdicts) == 1 else "doubt"

    def _among(self, fields: set[str]) -> Verdict:
        """What a designator means beside others, by the classes that have members of all their names."""
        found = []
        for place in self._trees.named(self._name) if fields else ():
            home = self._typing.classes.home(place) if place.role == "member" else None
            kind = _of_class(home)
            if kind is not None and all(
                (self._typing.inheritance.lookup(kind, f) or ([], {}))[0] for f in fields
            ):
                found.append(place)
        return self._judged(found) if found else "doubt"

    # -- after a dot ------------------------------------------------------------------------------------------------

    def _accessed(self, place: Place) -> Verdict:
        node, path = place.node, place.path
        above = node.parent
        if above is not None and above.type in ("template_method", "template_function"):
            node, above = above, above.parent
        if above is None:
            return "doubt"
        if above.type in ("qualified_identifier", "scoped_identifier", "scoped_type_identifier"):
            return self._scoped(place, above)
        if above.type == "field_initializer":  # Rust: Type { field: value }
            return self._made(place)
        if above.type == "field_designator":
            return self._designated(place)
        if above.type == "method_reference":
            return self._judged(self._inferred(self._typing.of(above.named_children[0], path)))
        before: Node | None
        if above.type == "method_invocation":
            before = above.child_by_field_name("object")
        elif above.type.startswith("token_"):
            return self._judged(None)
        else:
            before, _ = parts(above)
        if before is None:
            return self._judged(None)
        module = accesses.module(self._typing, before, path)
        if module is not None:
            odd = self._language == "script" and self._trees.modules.of(module).odd
            return self._judged(None) if odd else "no"
        return self._judged(self._inferred(self._typing.receiver(before, node, path)))

    def _reached(self, place: Place, offset: Node) -> Verdict:
        """C: `offsetof(type, member.member)`."""
        kind = self._typing.classes.type_at(offset.child_by_field_name("type"), place.path)
        said = offset.child_by_field_name("type")
        for node in walk(offset):
            inside = said is None or node.start_byte >= said.end_byte
            if "identifier" in node.type and inside and node.end_byte <= place.node.start_byte:
                kind = self._typing.member_of(kind, (node.text or b"").decode()) if kind is not None else None
        return self._judged(self._looked_up(kind))

    def _scoped(self, place: Place, above: Node) -> Verdict:
        """`Class::member`, `Enum::Variant`, `<T as Trait>::member`."""
        before = above.child_by_field_name("scope") or above.child_by_field_name("path")
        if before is None:
            return "no"
        if before.type == "bracketed_type" and before.named_children:
            inner = before.named_children[0]
            before = inner.child_by_field_name("alias") or inner
        kind = self._typing.classes.type_at(before, place.path)
        if kind is None:
            return self._judged(None)
        found = self._looked_up(kind)
        if found is None and self._typing.classes.meant(kind) is None:
            return self._judged(None)
        return self._judged(found or [])

    def _made(self, place: Place) -> Verdict:
        """A field of a struct expression, or of a constructor's initialisers (C++)."""
        here: Node | None = place.node.parent
        while here is not None and here.type not in ("struct_expression", "function_definition"):
            here = here.parent
        if here is None:
            return self._judged(None)
        classes = self._typing.classes
        if here.type == "function_definition":
            return self._judged(self._looked_up(_of_class(class_around(classes, place.node, place.path))))
        name = here.child_by_field_name("name")
        variant = enums.variant(classes, name, place.path)
        return self._judged(self._looked_up(variant or classes.type_at(name, place.path)))

    def _designated(self, place: Place) -> Verdict:
        """C: `.field = value`."""
        here: Node | None = place.node.parent
        while here is not None and here.type != "initializer_list":
            here = here.parent
        kind = expected.type_for(self._typing, here, place.path) if here is not None else None
        return self._judged(self._inferred(kind))

    # -- keys and patterns ------------------------------------------------------------------------------------------

    def _keyed(self, place: Place) -> Verdict:
        node, path = place.node, place.path
        field = field_of(node)
        if node.type == "string_fragment":
            return self._quoted(place)
        if field.startswith(("labeled_statement", "goto_statement")):
            return "no"
        holder = node.parent
        if field == "field_pattern.name" and holder is not None:
            struct = holder.parent.child_by_field_name("type") if holder.parent is not None else None
            variant = enums.variant(self._typing.classes, struct, path)
            return self._judged(self._looked_up(variant or self._typing.classes.type_at(struct, path)))
        if field == "pair_pattern.key" and holder is not None and holder.parent is not None:
            return self._of_options(holder.parent, self._inferred(self._of_pattern(holder.parent, path)))
        if field == "pair.key" and holder is not None and holder.parent is not None:
            return self._of_object(holder.parent, path)
        here: Node | None = node
        while here is not None and here.type != "literal_value":
            here = here.parent
        if here is None:
            return "doubt" if self.alone or self._language == "script" else "no"
        kind = expected.type_for(self._typing, here, path)
        return self._judged(self._inferred(kind))

    def _quoted(self, place: Place) -> Verdict:
        """A member's name in quotes. Of a value that nobody knows it may be any text."""
        holder, path = around(place.node), place.path
        if holder is None:
            return "no"
        if holder.type == "object":
            return self._of_object(holder, path)
        if holder.type == "subscript_expression":
            kind = self._typing.of(holder.child_by_field_name("object"), path)
        else:
            kind = self._typing.classes.type_at(holder.named_children[0], path)
        found = self._looked_up(kind)
        return "doubt" if found is None else self._judged(found)

    def _taken_apart(self, place: Place) -> Verdict:
        """`const { name } = value`, `let Type { name } = value`."""
        here: Node | None = place.node.parent
        while here is not None and here.type not in ("object_pattern", "struct_pattern"):
            here = here.parent
        if here is None:
            return "doubt"
        if here.type == "object_pattern":
            return self._of_options(here, self._inferred(self._of_pattern(here, place.path)))
        struct = here.child_by_field_name("type")
        variant = enums.variant(self._typing.classes, struct, place.path)
        return self._judged(self._looked_up(variant or self._typing.classes.type_at(struct, place.path)))

    def _of_options(self, pattern: Node, found: Sequence[Place] | None) -> Verdict:
        """A key of what is taken apart. A function that takes its own parameter apart gives names to its options:
        where nothing says what they are, they are no member's for bearing its name."""
        here: Node | None = pattern
        while here is not None and ("pattern" in here.type or here.type.endswith("_parameter")):
            here = here.parent
        function = here.parent if here is not None and here.type == "formal_parameters" else None
        verdict = self._judged(found)
        if function is None or found is not None or verdict != "yes":
            return verdict
        return verdict if field_of(function) in _HANDED else "doubt"

    def _of_pattern(self, pattern: Node, path: str) -> Type | None:
        """The type of what is taken apart."""
        return bindings.declared(self._typing, Place(path, pattern, "local"), pattern)

    def _of_object(self, literal: Node, path: str) -> Verdict:
        """A key of an object's literal: of the type that is expected of it."""
        kind = expected.type_for(self._typing, literal, path)
        if kind is not None:
            return self._judged(self._inferred(kind))
        above = literal.parent
        call = above.parent if above is not None and above.type == "arguments" else None
        function = call.child_by_field_name("function") if call is not None else None
        if function is not None and (function.text or b"").split(b".")[0].decode() in _GLOBALS:
            return "no"
        left = (
            above.child_by_field_name("left")
            if above is not None and above.type == "assignment_expression"
            else None
        )
        if left is not None and (left.text or b"").startswith((b"module.exports", b"exports.")):
            return "no"
        return "no" if self._methods else "doubt"

    @property
    def _methods(self) -> bool:
        """Whether the member is a method of classes alone: no object's literal has it."""
        return all(
            field_of(p.node) == "method_definition.name" and _literal(p.node) is None
            for p in self.family.places
        )

    # -- plain names ------------------------------------------------------------------------------------------------

    def _plain(self, place: Place) -> Verdict:
        node, path = place.node, place.path
        field = field_of(node)
        if field == "shorthand_field_initializer.":
            return self._made(place)
        if field == "field_initializer.":
            return self._made(place)
        if field == "object." and node.parent is not None:
            return self._of_object(node.parent, path)
        if field.startswith("switch_label."):
            return self._labelled(place)
        if handed := named_members(self._trees, node):
            return self._judged(None) if handed == "member" else "doubt"
        if node.type == "type_identifier" and self._language == "c" and self._names_type(node):
            return "no"
        known = self._trees.declared_at(self._name, node, path)
        if self._language == "java" and field == "method_invocation.name":
            known = None  # no variable is called
        if known is not None and known.role == "member":  # a constructor's that is kept, or a namespace's
            return "yes" if known in self.family else "no"
        if known is not None:
            return "no"
        if self._language == "rust" and node.parent is not None and node.parent.type.startswith("token_"):
            return self._in_tokens(place)
        if self._language not in ("java", "c"):
            return self._imported(place)
        unknown = False
        for owner in classes_around(self._typing.classes, node, path):
            found = self._looked_up(_of_class(owner))
            if found:
                return self._judged(found)
            unknown = unknown or found is None
        if self._language == "java" and self._statically(path):
            return "yes"
        return "doubt" if unknown and self._language == "java" else "no"

    def _names_type(self, node: Node) -> bool:
        """C: whether a name is a type's, where the member is none: `struct stats stats;`."""
        types = [p for p in self._places if p.role == "top" and p.node.type == "type_identifier"]
        own = any(p.node.type == "type_identifier" for p in self.family.places)
        return not own and (bool(types) or field_of(node).endswith("_specifier.name"))

    def _in_tokens(self, place: Place) -> Verdict:
        """Rust: a plain name in what a macro gets or makes, which is not read as code: `Type::name`, `Type { name: 1 }`,
        or a name of which the macro makes what it will."""
        node, before = place.node, before_tokens(place.node)
        if node.prev_sibling is not None and node.prev_sibling.type == "@":
            return "no"  # a mark by which a macro tells its rules apart
        if before:
            return self._judged(
                self._looked_up(
                    in_context(Type(before, (), place.path), node, place.path, self._typing.classes, True)
                )
            )
        imported = self._imported(place)
        return "doubt" if imported == "no" and not self._trees.tops(self._name, place.path) else imported

    def _labelled(self, place: Place) -> Verdict:
        """Java: `case NAME:`."""
        here: Node | None = place.node
        while here is not None and here.type not in ("switch_expression", "switch_statement"):
            here = here.parent
        kind = (
            self._typing.of(here.child_by_field_name("condition"), place.path) if here is not None else None
        )
        return self._judged(self._looked_up(kind))

    def _imported(self, place: Place) -> Verdict:
        """Rust: `use Enum::Variant`, `use Enum::*`."""
        if self._language != "rust":
            return "no"
        text = self._trees.contents[place.path].decode("utf-8", "replace")
        owners = {p.owner for p in self.family.places}
        for owner in owners:
            listed = rf"\b{re.escape(owner)}\s*::\s*(?:\*|{re.escape(self._name)}\b|\{{[^;]*\b{re.escape(self._name)}\b)"
            if re.search(rf"\buse\b[^;]*{listed}", text):
                return "yes"
        return "no"

    def _statically(self, path: str) -> bool:
        """Java: whether a file imports the member, or all of its class, statically."""
        text = self._trees.contents[path].decode("utf-8", "replace")
        owners = "|".join(re.escape(p.owner) for p in self.family.places)
        return (
            re.search(rf"import\s+static\s+[\w.]*\b(?:{owners})\.(?:\*|{re.escape(self._name)})\s*;", text)
            is not None
        )


def _offset(node: Node) -> Node | None:
    """The `offsetof` in which a node is the name of a member."""
    here = node.parent
    while here is not None and here.type in ("ERROR", "field_expression", "subscript_expression"):
        here = here.parent
    return here if here is not None and here.type == "offsetof_expression" else None


def _of_trait(node: Node) -> bool:
    """Rust: whether a method is declared by a trait, or for one."""
    here: Node | None = node
    while here is not None and here.type not in ("impl_item", "trait_item"):
        here = here.parent
    return here is not None and (here.type == "trait_item" or here.child_by_field_name("trait") is not None)


def _receiver(node: Node) -> bytes | None:
    """Rust: how a method takes its type: `&self`."""
    parameters = node.parent.child_by_field_name("parameters") if node.parent is not None else None
    first = parameters.named_children[0] if parameters is not None and parameters.named_children else None
    return first.text if first is not None and first.type == "self_parameter" else None


def _literal(node: Node) -> Node | None:
    """The object's literal that a method stands in."""
    above = node.parent.parent if node.parent is not None else None
    return above if above is not None and above.type == "object" else None


def _of_class(owner: Class | None) -> Type | None:
    return owner.kind if owner is not None else None
