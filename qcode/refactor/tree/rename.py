"""Rename in a language that is read by its syntax tree alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.result import Refactoring, finished
from qcode.refactor.tree.crate import path_to
from qcode.refactor.tree.edits import (
    edit_of,
    means_program,
    receiver_of,
    same_export,
    spliced,
    statement_of,
)
from qcode.refactor.tree.languages import Language, field_of, language_of, parsed, walk
from qcode.refactor.tree.members import Members
from qcode.refactor.tree.modules import source_of
from qcode.refactor.tree.occurrences import Place, Trees
from qcode.refactor.tree.packages import same_package
from qcode.refactor.tree.types import Typing, expected
from qcode.refactor.tree.types.values import Type

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.servers import Answer


def rename_in_tree(snapshot: Snapshot, old: str, new: str) -> Refactoring | None:
    """Rename `name`, `Class.member`, or `path:name`; None when no file of these languages declares it.

    Raises RefactorError: ambiguous, taken, a keyword, or found by its name elsewhere.
    """
    path, _, qualified = old.rpartition(":")
    owner, _, name = qualified.replace("::", ".").rpartition(".")
    for language, contents in _by_language(snapshot).items():
        if path and (language_of(path) is not language):
            continue
        trees = Trees(language, contents)
        places = trees.named(name)
        targets = _targets(places, owner, path)
        if targets:
            return _Rename(snapshot, trees, places, targets, name, new).done()
    return None


def declares(snapshot: Snapshot, name: str, path: str = "") -> bool:
    """Whether a file of these languages declares `name`, or `Class.member`, at its top or in a class."""
    owner, _, last = name.replace("::", ".").rpartition(".")
    for language, contents in _by_language(snapshot).items():
        if _targets(Trees(language, contents).named(last), owner, path):
            return True
    return False


def _by_language(snapshot: Snapshot) -> dict[Language, dict[str, bytes]]:
    found: dict[Language, dict[str, bytes]] = {}
    for path in snapshot.paths():
        if (language := language_of(path)) is not None:
            try:
                found.setdefault(language, {})[path] = snapshot.read(path)
            except WorkspaceError:
                continue
    return found


def _targets(places: Sequence[Place], owner: str, path: str) -> list[Place]:
    """The declarations that are meant."""
    found = [
        p
        for p in places
        if p.role in ("top", "member")
        and (not path or p.path == path or p.path.endswith(f"/{path}"))
        and (p.owner == owner if owner else True)
    ]
    tops = [p for p in found if p.role == "top"]
    return tops or found


class _Rename:
    def __init__(
        self, snapshot: Snapshot, trees: Trees, places: list[Place], targets: list[Place], name: str, new: str
    ) -> None:
        self._snapshot, self._trees, self._places = snapshot, trees, places
        self._language, self._name, self._new = trees.language, name, new
        self._targets = targets
        self._member = targets[0].role == "member"
        self._local = [p for p in places if p.role == "local" and p.scope is not None]
        self._plain_c = trees.plain_c
        self._taken: list[Place] = []
        self._doubtful: list[str] = []

    def done(self) -> Refactoring:
        self._refuse()
        verdicts = {p: self._members.verdict(p) if self._member else self._of_top(p) for p in self._places}
        answer = self._asked() if self._member or "doubt" in verdicts.values() else None
        for place, verdict in verdicts.items():
            verdict = verdict if answer is None else self._with(answer, place, verdict)
            if verdict == "yes":
                self._taken.append(place)
            elif verdict == "doubt":
                self._doubtful.append(self._said(place))
        self._refuse_taken()
        edits: dict[str, list[tuple[int, int, bytes]]] = {}
        for place in self._taken:
            edits.setdefault(place.path, []).append(edit_of(place, self._name, self._new, self._member))
        changes = []
        for path, found in edits.items():
            before = self._trees.contents[path]
            after = spliced(before, found)
            self._check(path, before, after)
            target = self._moved(path)
            if target:
                changes += [Change(path, before, None), Change(target, None, after)]
            else:
                changes.append(Change(path, before, after))
        changes += [
            each
            for path in self._trees.contents
            if path not in edits and (target := self._moved(path))
            for each in (
                Change(path, self._trees.contents[path], None),
                Change(target, None, self._trees.contents[path]),
            )
        ]
        said = f"Renamed {self._name} to {self._new}: {len(self._taken)} places in {len(edits)} files"
        said += f", as {answer.server} says." if answer else "."
        made = finished(self._snapshot, changes, said, tuple([*self._doubtful, *self._mentions()][:200]))
        return Refactoring(made.changes, len(self._taken), made.doubtful, said)

    def _asked(self) -> Answer | None:
        """What the user's language server says of the places."""
        from qcode.refactor.servers import meant

        files = {p.path: self._trees.contents[p.path] for p in self._places}
        first = self._targets[0]
        return meant(self._snapshot, self._language.name, files, first.path, first.node.start_byte, self._new)

    def _with(self, answer: Answer, place: Place, verdict: str) -> str:
        """The verdict of the tree, and what a server that knows types says. Where they contradict each
        other it is a doubt; that a server does not see a use does not rule it out (an object of any type)."""
        if place.role == "text" or place.path not in answer.asked or place in self._targets:
            return verdict
        seen = (place.path, place.node.start_byte) in answer.places
        if seen and self._member:  # a variable that gives a member its value in `{ name }` keeps its name
            return "yes" if verdict != "no" or place.role in ("access", "key", "member") else "no"
        if seen:
            return "yes" if verdict != "no" else "doubt"
        return "doubt" if verdict == "yes" else verdict

    def _said(self, place: Place) -> str:
        line = self._trees.contents[place.path].split(b"\n")[place.line - 1]
        return f"{place.path}:{place.line}: {line.decode('utf-8', 'replace').strip()[:120]}"

    def _refuse(self) -> None:
        if self._name.startswith("#"):  # what a class of JavaScript keeps to itself
            self._new = f"#{self._new.lstrip('#')}"
        new = self._new.lstrip("#") if self._name.startswith("#") else self._new
        if not re.fullmatch(r"[^\W\d][\w$]*", new) or new in self._language.keywords:
            raise RefactorError(f"{new!r} is no name that this language allows.", "Choose another name.")
        if self._name in self._language.keywords:
            raise RefactorError(f"{self._name} is a word of the language.", "It cannot be renamed.")
        if self._member:
            self._members = Members(self._trees, self._places, self._targets, self._name)
            return
        files = {p.path for p in self._targets}
        if len(files) > 1 and self._language.name in ("script", "rust", "java"):
            places = ", ".join(f"{p.path}:{p.line}" for p in self._targets[:6])
            raise RefactorError(
                f"{self._name} is declared {len(files)} times: {places}.", "Say which: path:name."
            )
        if self._language.name == "go" and len({str(PurePosixPath(f).parent) for f in files}) > 1:
            raise RefactorError(f"{self._name} is declared in several packages.", "Say which: path:name.")
        self._home = min(files)
        self._crate = self._trees.crate
        self._typing = Typing(self._trees)
        self._static = self._language.name == "c" and any(self._apart(p) for p in self._targets)
        if self._static and len(files) > 1:
            raise RefactorError(f"{self._name} is static in several files.", "Say which: path:name.")

    def _shadowed(self, place: Place) -> bool:
        """Whether a local declaration is meant."""
        here: Node | None = place.node
        while here is not None:
            for local in self._local:
                near = local.path == place.path and local.scope is not None and local.scope.id == here.id
                if near and place.node.start_byte >= self._trees.known_from(local):
                    return True
            here = here.parent
        return False

    def _of_top(self, place: Place) -> str:
        language = self._language.name
        if language == "rust":
            return self._of_item(place)
        if language == "script":
            return self._of_module(place)
        if language == "c" and self._plain_c and place.role in ("use", "top", "import"):
            return self._of_plain_c(place)
        same = place.path == self._home
        if place.role == "top":
            return (
                "yes" if place in self._targets or (language in ("c", "go") and self._near(place)) else "no"
            )
        if language == "c" and place.role == "member" and place.owner == self._name:
            return "yes"  # a constructor
        if place.role == "key" and language == "go":
            return self._of_key(place)
        if place.role in ("local", "member", "key"):
            # A struct literal's key or a label bears the same name by chance.
            return "no"
        if place.role == "text":
            return (
                "no"
                if self._static and not same
                else "doubt"
                if not means_program(place.node, self._name)
                else "yes"
            )
        if place.role == "access":
            return self._qualified(place)
        if self._shadowed(place):
            return "no"
        return "yes" if same or self._near(place) else "doubt"

    def _near(self, place: Place) -> bool:
        """Whether a plain name in another file means the target."""
        home, path = PurePosixPath(self._home), PurePosixPath(place.path)
        match self._language.name:
            case "go":
                return home.parent == path.parent
            case "c":
                return not self._static
            case "java":
                own = any(p.role == "top" and p.path == place.path for p in self._places)
                return not own
        return False

    def _qualified(self, place: Place) -> str:
        """`ns.old`, `pkg.Old`, `m::old`."""
        node = place.node.parent
        if node is None:
            return "doubt"
        match self._language.name:
            case "go":
                return self._of_package(place, node)
            case "java":
                around = self._targets[0].node.parent
                outer = self._trees.owner(around.parent) if around is not None and around.parent else ""
                if outer and receiver_of(place.node).rpartition(".")[2] == outer:
                    return "yes"
                return (
                    "no"
                    if field_of(place.node) in ("field_access.field", "method_invocation.name")
                    else "yes"
                )
            case "c":
                return (
                    "yes"
                    if place.owner and not self._static and place.node.type != "field_identifier"
                    else "no"
                )
        return "doubt"

    def _of_plain_c(self, place: Place) -> str:
        """C: structs, unions and enums have names of their own; all others are one kind, known in every file unless
        they are static or of a macro."""
        tag = field_of(place.node) in ("struct_specifier.name", "union_specifier.name", "enum_specifier.name")
        tags = [field_of(t.node).endswith("_specifier.name") for t in self._targets]
        if tag:
            return "yes" if any(tags) else "no"
        if all(tags):
            return "no"
        known = self._trees.declared_at(self._name, place.node, place.path)
        if known is not None and known.role == "local":
            return "no"
        if place.path == self._home:
            return "yes"
        own = [p for p in self._places if p.role == "top" and p.path == place.path]
        return "no" if self._static or any(self._apart(p) for p in own) else "yes"

    def _apart(self, place: Place) -> bool:
        """C: whether a definition is its file's alone: static, or a macro, and not of a header."""
        if place.path.endswith((".h", ".hpp", ".hh", ".hxx")):
            return False
        macro = field_of(place.node) in ("preproc_def.name", "preproc_function_def.name")
        return macro or b"static" in (statement_of(place.node).text or b"").split(b"(")[0].split()

    def _of_module(self, place: Place) -> str:
        """JavaScript and TypeScript: what imports, exports and scopes say."""
        modules, target = self._trees.modules, (self._home, self._name)
        field, above = field_of(place.node), place.node.parent
        if place.role == "top":
            return "yes" if place in self._targets else "no"
        if place.role == "import" or field.startswith(("export_specifier.", "import_specifier.")):
            return modules.means(place, self._name, self._home)
        if place.role == "key" and field == "pair_pattern.key" and (source := source_of(place.node)):
            file = modules.file(source, place.path)
            return "yes" if file and modules.exported(file, self._name, same=True) == target else "no"
        if place.role == "access" and above is not None:
            if place.path == self._home and same_export(above, self._name):
                return "yes"
            word = above.child_by_field_name("object") or above.child_by_field_name("module")
            file = self._typing.module(word, place.path) if word is not None else None
            return "yes" if file and modules.exported(file, self._name, same=True) == target else "no"
        if place.role != "use":
            return "no"
        known = self._trees.declared_at(self._name, place.node, place.path)
        if known is None:
            return "doubt" if modules.of(self._home).alone and modules.of(place.path).alone else "no"
        if known.role == "import":
            return "yes" if modules.local(place.path, self._name, same=True) == target else "no"
        return "yes" if known.role == "top" and place.path == self._home else "no"

    def _of_package(self, place: Place, node: Node) -> str:
        """Go: `package.Name`, or the field that an embedded type makes."""
        operand = node.child_by_field_name("operand") or node.child_by_field_name("package")
        if operand is None:
            return "no"
        folder = self._typing.module(operand, place.path)
        if folder is not None:
            home = PurePosixPath(self._home).parent
            return "yes" if same_package(folder, str(home)) else "no"
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
            for base in self._typing.classes.bases(here):
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

    def _of_key(self, place: Place) -> str:
        """Go: a key is a field of a struct, the name of an embedded type, or what a list or map is keyed by."""
        here: Node | None = place.node
        while here is not None and here.type != "literal_value":
            here = here.parent
        if here is None:
            return "no"
        kind = expected.type_for(self._typing, here, place.path)
        if self._typing.indexed(kind) is not None or (kind is not None and kind.name in ("[]", "{}")):
            return self._of_top(replace(place, role="use"))
        if self._embedded(kind):
            return "yes"
        return "no" if self._typing.classes.meant(kind) else "doubt" if self._near(place) else "no"

    def _of_item(self, place: Place) -> str:
        """Rust: what a path leads to, from its module."""
        first = self._targets[0]
        if place.role in ("text", "key", "member", "local") or field_of(place.node) == "type_binding.name":
            return "no"
        if place.role == "top":
            return "yes" if place in self._targets else "no"
        words = path_to(place.node) if place.role != "format" else (self._name,)
        heads = field_of(place.node) in ("scoped_identifier.path", "scoped_type_identifier.path", "use_list.")
        values = ("function_item", "const_item", "static_item")
        if field_of(place.node).endswith("identifier.path") and first.node.parent and first.node.parent.type in values:
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
            return "yes"
        macro = first.node.parent is not None and first.node.parent.type == "macro_definition"
        called = field_of(place.node) in ("macro_invocation.macro", "call_expression.function")
        return "yes" if macro and not found and called else "no"

    def _refuse_taken(self) -> None:
        """The new name must be free in every file that changes."""
        files = {p.path for p in self._taken}
        for place in self._trees.named(self._new):
            if place.path not in files or place.role in ("text", "key"):
                continue
            if self._member and place.role == "member" and not self._members.related(place):
                continue
            if self._member != (place.role in ("member", "access")) and self._language.name in (
                "script",
                "go",
                "rust",
            ):
                continue
            if self._member and place.role == "access":
                continue
            raise RefactorError(f"{self._new} is taken: {place.path}:{place.line}.", "Choose another name.")

    def _check(self, path: str, before: bytes, after: bytes) -> None:
        """The tree is the same, but for the name."""
        was, now = list(walk(parsed(path, before))), list(walk(parsed(path, after)))
        short = any(
            p.path == path
            and (p.node.type.startswith("shorthand") or field_of(p.node).startswith("shorthand"))
            for p in self._taken
        )
        same = len(was) == len(now) and all(a.type == b.type for a, b in zip(was, now, strict=False))
        if not (same or short) or sum(n.is_error for n in was) < sum(n.is_error for n in now):
            raise RefactorError(
                f"The rename would change more than the name in {path}.", "Rename it by hand."
            )

    def _moved(self, path: str) -> str | None:
        """Where a file goes that is named as what it holds: a class of Java, a module of Rust."""
        first = self._targets[0]
        above = first.node.parent
        if above is not None and above.type == "mod_item" and above.child_by_field_name("body") is None:
            home = PurePosixPath(first.path)
            folder = home.parent if home.name in ("main.rs", "lib.rs", "mod.rs") else home.parent / home.stem
            own = PurePosixPath(path)
            if own == folder / f"{self._name}.rs":
                return str(folder / f"{self._new}.rs")
            if folder / self._name in own.parents:
                return str(folder / self._new / own.relative_to(folder / self._name))
            return None
        place = PurePosixPath(path)
        if self._language.name != "java" or self._member or path != self._home or place.stem != self._name:
            return None
        return str(place.with_name(f"{self._new}.java"))

    def _mentions(self) -> list[str]:
        """Where the name stands in strings and comments of these files."""
        word = re.compile(rb"\b" + re.escape(self._name.encode()) + rb"\b")
        found = []
        for path, content in self._trees.contents.items():
            if not word.search(content):
                continue
            for node in walk(self._trees.root(path)):
                if _names_module(node):
                    continue
                inside = "comment" in node.type or node.type in ("string_fragment", "string_content", "string_literal",
                                                                "interpreted_string_literal_content")  # fmt: skip
                if inside and not node.children and word.search(node.text or b""):
                    line = content.split(b"\n")[node.start_point.row].decode("utf-8", "replace").strip()[:120]
                    found.append(f"{path}:{node.start_point.row + 1}: {line}")
        return found


def _names_module(node: Node) -> bool:
    """Whether a text is the path of a module that a script imports."""
    above = node.parent.parent if node.parent is not None else None
    if node.type != "string_fragment" or above is None:
        return False
    if above.type in ("import_statement", "export_statement"):
        return True
    call = above.parent if above.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    return function is not None and function.text in (b"require", b"import")
