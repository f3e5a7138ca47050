"""The declarations that must bear one name: a method, what it overrides, and what overrides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from qcode.errors import RefactorError
from qcode.refactor.tree.kinds import declares
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import Class, Typing
from qcode.refactor.tree.types.around import class_around
from qcode.refactor.tree.types.written import written

if TYPE_CHECKING:
    from tree_sitter import Node

# Methods that the standard library of Go asks for by an interface, and what a loop or the language itself calls.
_ASKED = {
    "c": "begin end rbegin rend cbegin cend await_ready await_suspend await_resume",
    "script": "toString toJSON valueOf then toLocaleString",
}
# Those of Java with how many values they take.
_ASKED_OF_JAVA = {0: "toString hashCode clone finalize run iterator hasNext next", 1: "equals compareTo"}
# Those of Go with how many values they take and give.
_ASKED_OF_GO = {
    (0, 0): "Lock Unlock",
    (0, 1): "String Error Close Len Unwrap GoString",
    (0, 2): "MarshalJSON MarshalText MarshalBinary MarshalYAML Value ReadByte",
    (0, 3): "ReadRune",
    (1, 1): "UnmarshalJSON UnmarshalText UnmarshalBinary UnmarshalYAML Is As Scan WriteByte",
    (1, 2): "Write Read ReadFrom WriteTo RoundTrip WriteString",
    (2, 0): "Swap ServeHTTP Format",
    (2, 1): "Less Scan",
    (2, 2): "Seek ReadAt WriteAt",
}
# What errors have of their library's.
_OF_ERRORS = {
    "script": "name message stack cause",
    "java": "getMessage getLocalizedMessage getCause getStackTrace",
    "c": "what",
}
_TYPED = (".ts", ".tsx", ".mts", ".cts")
_SORT = frozenset(["Len", "Less", "Swap"])


class Family:
    """The declarations of `name` that are one member with `targets`; `alike` are those that may be by their shape."""

    def __init__(self, typing: Typing, places: Sequence[Place], targets: Sequence[Place], name: str) -> None:
        self._typing, self._name = typing, name
        self._classes, self._inheritance = typing.classes, typing.inheritance
        self._language = typing.language
        self._everyone = [p for p in places if p.role == "member"]
        self.askers = self._askers(places) if self._language == "script" else []
        home = self._classes.home(targets[0])
        self.places: list[Place] = [
            p for p in targets if p is targets[0] or (home and self._classes.home(p) is home)
        ]
        self.alike: list[Place] = []
        self._grow()
        left = [p for p in targets if p not in self.places]
        if left:
            said = ", ".join(f"{p.path}:{p.line} ({p.owner}.{name})" for p in targets[:6])
            raise RefactorError(f"{name} is declared several times: {said}.", "Say which: path:Class.member.")
        self._refuse()
        if self._language == "script":
            self._look_alike()

    def __contains__(self, place: Place) -> bool:
        return place in self.places

    def take(self, places: Iterable[Place]) -> None:
        """More declarations that must bear the name, and what is one with them."""
        self.places += places
        self._grow()

    def _grow(self) -> None:
        grown = True
        while grown:
            grown = False
            for place in self._everyone:
                if place not in self.places and any(self._linked(place, p) for p in self.places):
                    self.places.append(place)
                    grown = True

    def _linked(self, one: Place, other: Place) -> bool:
        kinds = {declares(one, self._language), declares(other, self._language)} - {""}
        if len(kinds) > 1:
            return False
        first, second = self._classes.home(one), self._classes.home(other)
        if self._language == "rust":
            return self._linked_traits(one, first, other, second)
        if first is None or second is None:
            return one.owner == other.owner and one.path == other.path
        if first is second:
            return True
        if self._arms(first, second) or (_union(first) is not None and _union(first) == _union(second)):
            return True
        if self._inheritance.heirs(first, second) or self._inheritance.heirs(second, first):
            return self._language != "go" or self._of_interfaces(one, first, other, second)
        if self._language == "go":
            return self._of_interfaces(one, first, other, second)
        if any(self._inheritance.heirs(first, a) and self._inheritance.heirs(second, a) for a in self.askers):
            return True
        return any(
            self._inheritance.heirs(d, first) and self._inheritance.heirs(d, second)
            for d in self._descendants(first)
        )

    def _askers(self, places: Sequence[Place]) -> list[Class]:
        """JavaScript: classes that use the member of `this` and leave it to their heirs to declare it."""
        found = []
        for place in places:
            above = place.node.parent
            before = above.child_by_field_name("object") if above is not None else None
            if place.role != "access" or before is None or before.type != "this":
                continue
            owner = class_around(self._classes, place.node, place.path)
            if owner is not None and owner not in found:
                known = self._inheritance.lookup(owner.kind, self._name)
                found += [owner] if known is not None and not known[0] else []
        return found

    @staticmethod
    def _arms(first: Class, second: Class) -> bool:
        """Whether two declarations of a class are one: merged interfaces of TypeScript, a C++ class and its template."""
        return (
            first.path == second.path
            and first.name == second.name != ""
            and first.node.type == second.node.type == ("interface_declaration")
        )

    def _linked_traits(self, one: Place, first: Class | None, other: Place, second: Class | None) -> bool:
        """Rust: a trait's method and those of its implementations; or the same of one type."""
        a, b = self._trait(one), self._trait(other)
        if first is second and a is b:
            return first is not None or (one.owner == other.owner and one.path == other.path)
        return (a is not None and (a is second or a is b)) or (b is not None and b is first)

    @property
    def extends(self) -> bool:
        """Rust: whether the member is that of a trait which is implemented for types of elsewhere, or for all."""
        return self._language == "rust" and any(
            self._classes.home(p) is None and self._trait(p) is not None for p in self.places
        )

    def _trait(self, place: Place) -> Class | None:
        """The trait that the `impl` around a place is of."""
        here: Node | None = place.node
        while here is not None and here.type != "impl_item":
            here = here.parent
        said = here.child_by_field_name("trait") if here is not None else None
        kind = written(said, place.path) if said is not None else None
        found = self._classes.meant(kind) if kind is not None else None
        return found[0] if found else None

    def _descendants(self, owner: Class) -> Iterator[Class]:
        """The classes that inherit from a class."""
        seen, waiting = {owner}, [owner]
        while waiting:
            here = waiting.pop()
            if not here.name:
                continue
            for path in self._classes.files_with(here.name):
                for found in self._classes.in_file(path):
                    if found not in seen and any(
                        here in (self._classes.meant(b) or []) for b in self._inheritance.bases(found)
                    ):
                        seen.add(found)
                        waiting.append(found)
                        yield found

    # -- Go: interfaces ask for methods by name ---------------------------------------------------------------------

    def _of_interfaces(self, one: Place, first: Class, other: Place, second: Class) -> bool:
        for asked, asker, given, giver in ((one, first, other, second), (other, second, one, first)):
            if field_of(asked.node) != "method_elem.name":
                continue
            if field_of(given.node) == "method_elem.name":
                if self._inheritance.heirs(asker, giver) or any(
                    self._satisfies(d, asker) and self._satisfies(d, giver) for d in self._givers()
                ):
                    return True
            elif self._same_shape(asked, given) and any(
                self._satisfies(d, asker) for d in [giver, *self._descendants(giver)]
            ):
                return True
        return False

    def _givers(self) -> list[Class]:
        found = [
            self._classes.home(p) for p in self._everyone if field_of(p.node) == "method_declaration.name"
        ]
        return [f for f in found if f is not None]

    def _satisfies(self, giver: Class, asker: Class) -> bool:
        """Whether a type has all methods that an interface asks for."""
        names = self._asked(asker)
        kind = giver.kind
        return bool(names) and all((self._inheritance.lookup(kind, n) or ([], {}))[0] for n in names)

    def _asked(self, asker: Class) -> set[str]:
        names: set[str] = set()
        body = asker.node.child_by_field_name("type")
        for child in body.named_children if body is not None else []:
            name = child.child_by_field_name("name")
            if child.type == "method_elem" and name is not None:
                names.add((name.text or b"").decode())
        for base in self._inheritance.bases(asker):
            for above in self._classes.meant(base) or []:
                names |= self._asked(above)
        return names

    @staticmethod
    def _same_shape(one: Place, other: Place) -> bool:
        """Whether two methods take and give equally many."""
        return _sizes(one)[0] == _sizes(other)[0]

    # -- what may not be renamed ------------------------------------------------------------------------------------

    def _refuse(self) -> None:
        for place in self.places:
            match self._language:
                case "go":
                    asked = _ASKED_OF_GO.get(_sizes(place), "").split()
                case "java":
                    asked = _ASKED_OF_JAVA.get(_sizes(place)[0], "").split()
                case other:
                    asked = _ASKED.get(other, "").split()
            above = place.node.parent
            method = field_of(place.node) in (
                "method_declaration.name",
                "method_elem.name",
                "method_definition.name",
            ) or (self._language == "c" and above is not None and above.type == "function_declarator")
            if method and self._name in asked and not _static(place.node) and self._whole(place):
                raise RefactorError(
                    f"{self._name} may be called by the language or its library ({place.path}:{place.line}).",
                    "Rename it by hand.",
                )
            self._refuse_foreign(place)
            self._refuse_inherited(place)

    def _refuse_inherited(self, place: Place) -> None:
        """What the errors of a language's library have, and what a constructor of TypeScript sets that no class of
        ours declares, is the library's."""
        home = self._classes.home(place)
        if home is None or _static(place.node):
            return
        kept = field_of(place.node) == "member_expression.property" and place.path.endswith(_TYPED)
        undeclared = kept and not any(field_of(p.node) != "member_expression.property" for p in self.places)
        if (
            self._name in _OF_ERRORS.get(self._language, "").split()
            and self._foreign(home, "Error", "Exception", "exception", "Throwable")
        ) or (undeclared and self._foreign(home, "")):
            raise RefactorError(
                f"{self._name} may be read by the language or its library ({place.path}:{place.line}).",
                "Rename it by hand.",
            )

    def _foreign(self, owner: Class, *endings: str, depth: int = 8) -> bool:
        """Whether a class inherits from one of elsewhere whose name ends so."""
        for base in self._inheritance.bases(owner) if depth else ():
            found = self._classes.meant(base)
            if not found and base.name.endswith(endings):
                return True
            if any(self._foreign(c, *endings, depth=depth - 1) for c in found or []):
                return True
        return False

    def _whole(self, place: Place) -> bool:
        """Whether what a library asks for together is there: what Go sorts has three methods, Java's iterator two."""
        if self._language == "go" and self._name in _SORT:
            others = (self._typing.trees.named(n) for n in _SORT - {self._name})
            return all(any(field_of(p.node) == "method_declaration.name" for p in each) for each in others)
        if self._language == "java" and self._name == "next":
            home = self._classes.home(place)
            return home is None or bool(self._inheritance.members(home, "hasNext"))
        return True

    def _refuse_foreign(self, place: Place) -> None:
        node: Node | None = place.node
        while node is not None and node.type not in ("impl_item", "method_declaration", "class_body", "method_definition",
                                                     "field_declaration", "function_definition"):  # fmt: skip
            node = node.parent
        if node is None:
            return
        trait = node.child_by_field_name("trait") if node.type == "impl_item" else None
        if trait is not None and self._trait(place) is None:
            name = (trait.text or b"").decode().rpartition("::")[2].partition("<")[0]
            raise RefactorError(f"{self._name} is a method of the trait {name}.", "It cannot be renamed.")
        if not _overrides(node):
            return
        home = self._classes.home(place)
        above = [p for p in self.places if p is not place and (h := self._classes.home(p)) is not home and h is not None
                 and home is not None and self._inheritance.heirs(home, h)]  # fmt: skip
        if not above:
            raise RefactorError(f"{self._name} overrides a method of elsewhere.", "It cannot be renamed.")

    def _look_alike(self) -> None:
        """TypeScript: a class may be taken for an interface that it does not name, if it has all of its members."""
        shapes = [
            h
            for p in self.places
            if (h := self._classes.home(p)) is not None and h.node.type == "interface_declaration"
        ]
        for place in self._everyone:
            home = self._classes.home(place)
            if (
                place in self.places
                or home is None
                or home.node.type not in ("class_declaration", "abstract_class_declaration")
            ):
                continue
            kind = home.kind
            for shape in shapes:
                names = _members_of(shape)
                if names and all((self._inheritance.lookup(kind, n) or ([], {}))[0] for n in names):
                    self.alike.append(place)
                    break


def _sizes(place: Place) -> tuple[int, int]:
    """How many values a method of Go or Java takes, and how many one of Go gives."""
    above = place.node.parent
    found = []
    for name in ("parameters", "result"):
        holder = above.child_by_field_name(name) if above is not None else None
        if holder is not None and holder.type not in ("parameter_list", "formal_parameters"):
            found.append(1)
            continue
        each = [p for p in holder.named_children if "comment" not in p.type] if holder is not None else []
        found.append(sum(max(1, len(p.children_by_field_name("name"))) for p in each))
    return found[0], found[1]


def _union(owner: Class) -> tuple[str, int] | None:
    """The alias whose arms an object type is one of."""
    here: Node | None = owner.node if owner.node.type == "object_type" else None
    while (
        here is not None
        and here.parent is not None
        and here.parent.type in ("union_type", "parenthesized_type", "type_alias_declaration")
    ):
        here = here.parent
    return (
        (owner.path, here.start_byte) if here is not None and here.type == "type_alias_declaration" else None
    )


def _members_of(owner: Class) -> list[str]:
    body = owner.node.child_by_field_name("body")
    found = []
    for child in body.named_children if body is not None else []:
        name = child.child_by_field_name("name")
        optional = any(c.type == "?" for c in child.children)
        if name is not None and not optional:
            found.append((name.text or b"").decode())
    return found


def _overrides(node: Node) -> bool:
    head = (node.text or b"").split(b"{")[0]
    if node.type == "method_declaration":
        return b"@Override" in head.split(b"(")[0]
    if node.type in ("field_declaration", "function_definition"):
        return any(
            c.text == b"override"
            for d in node.children
            for c in [d, *d.children]
            if c.type == "virtual_specifier"
        )
    return any(c.type == "override_modifier" for c in node.children)


def _static(node: Node) -> bool:
    above = node.parent
    return above is not None and any(
        c.type == "static" or (c.type == "modifiers" and b"static" in (c.text or b"")) for c in above.children
    )
