"""Rename in a language that is read by its syntax tree alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.result import Refactoring, finished
from qcode.refactor.tree import data
from qcode.refactor.tree.crate import crates_of
from qcode.refactor.tree.edits import (
    edit_of,
    spliced,
)
from qcode.refactor.tree.languages import Language, field_of, language_of, parsed, walk
from qcode.refactor.tree.linkage import HEADERS, is_macro
from qcode.refactor.tree.macros import Kind, pasted, text_rows
from qcode.refactor.tree.members import Members
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.owners import spaces
from qcode.refactor.tree.packages import modules_of
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.quoted import names_member
from qcode.refactor.tree.spelled import unfilled
from qcode.refactor.tree.tops import Tops

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.servers import Answer


def rename_in_tree(snapshot: Snapshot, old: str, new: str) -> Refactoring | None:
    """Rename `name`, `Class.member`, or `path:name`; None when no file of these languages declares it.

    Raises RefactorError: ambiguous, taken, a keyword, or found by its name elsewhere.
    """
    said = re.fullmatch(r"(?:(.*[^:]):)?((?:[^:]|::)*)", old)
    path, qualified = (said[1] or "", said[2]) if said is not None else ("", old)
    owner, _, name = qualified.replace("::", ".").rpartition(".")
    for language, contents in _by_language(snapshot).items():
        if path and (language_of(path) is not language):
            continue
        trees = Trees(language, contents, name, _manifests(snapshot, language.name))
        places = trees.named(name)
        targets = _targets(trees, places, owner, path)
        if targets:
            return _Rename(snapshot, trees, places, targets, name, new).done()
    return None


def declares(snapshot: Snapshot, name: str, path: str = "") -> bool:
    """Whether a file of these languages declares `name`, or `Class.member`, at its top or in a class."""
    owner, _, last = name.replace("::", ".").rpartition(".")
    for language, contents in _by_language(snapshot).items():
        trees = Trees(language, contents)
        if _targets(trees, trees.named(last), owner, path):
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


def _manifests(snapshot: Snapshot, language: str) -> dict[str, str]:
    """The folders that go.mod or Cargo.toml files give a name."""
    file = {"go": "go.mod", "rust": "Cargo.toml"}.get(language)
    contents = {}
    for path in (p for p in snapshot.paths() if PurePosixPath(p).name == file):
        with contextlib.suppress(WorkspaceError):
            contents[path] = snapshot.read(path)
    return modules_of(contents) if language == "go" else crates_of(contents)


def _targets(trees: Trees, places: Sequence[Place], owner: str, path: str) -> list[Place]:
    """The declarations that are meant."""
    space = tuple(owner.split("."))
    spaced = trees.language.name == "c" and bool(owner)
    found = [
        p
        for p in places
        if p.role in ("top", "member")
        and (not path or p.path == path or p.path.endswith(f"/{path}"))
        and (
            not owner
            or p.owner in (owner, owner.rpartition(".")[2])
            or (spaced and p.role == "top" and spaces(p.node)[-len(space) :] == space)
        )
    ]
    if trees.language.name == "c" and any(is_macro(p) and p.path.endswith(HEADERS) for p in places):
        found = [p for p in found if not _called(p)]  # what looks declared where a macro is used
    tops = [p for p in found if p.role == "top"]
    return tops or found


def _called(place: Place) -> bool:
    above = place.node.parent
    return above is not None and above.type == "function_declarator"


class _Rename:
    def __init__(
        self, snapshot: Snapshot, trees: Trees, places: list[Place], targets: list[Place], name: str, new: str
    ) -> None:
        self._snapshot, self._trees, self._places = snapshot, trees, places
        self._language, self._name, self._new = trees.language, name, new
        self._targets = targets
        self._member = targets[0].role == "member"
        self._taken: list[Place] = []
        self._doubtful: list[str] = []
        self._keys: list[str] = []  # of data files, and of what builds a program

    def done(self) -> Refactoring:
        self._refuse()
        verdicts = {
            p: self._members.verdict(p) if self._member else self._tops.verdict(p) for p in self._places
        }
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
            edits.setdefault(place.path, []).append(
                edit_of(place, self._name, self._new, self._member, place in self._targets, self._kind)
            )
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
        if self._language.name == "c":
            self._doubtful += pasted(self._trees, self._name)
        said = f"Renamed {self._name} to {self._new}: {len(self._taken)} places in {len(edits)} files"
        said += f", as {answer.server} says." if answer else "."
        made = finished(
            self._snapshot,
            changes,
            said,
            tuple(dict.fromkeys([*self._doubtful, *self._keys, *self._mentions()]))[:200],
        )
        return Refactoring(made.changes, len(self._taken), made.doubtful, said)

    @property
    def _kind(self) -> Kind:
        """How the bodies of macros name what is renamed."""
        if self._member:
            return "member"
        return self._tops.kind

    def _asked(self) -> Answer | None:
        """What the user's language server says of the places."""
        from qcode.refactor.servers import meant

        files = {p.path: self._trees.contents[p.path] for p in self._places}
        first = self._targets[0]
        return meant(self._snapshot, self._language.name, files, first.path, first.node.start_byte, self._new)

    def _with(self, answer: Answer, place: Place, verdict: Verdict) -> Verdict:
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
            self._keys = list(data.keys(self._snapshot, self._name))
            self._members = Members(self._trees, self._places, self._targets, self._name, bool(self._keys))
            return
        if self._language.name == "c":
            self._keys = list(data.built_by(self._snapshot, self._name))
        self._tops = Tops(self._trees, self._places, self._targets, self._name)

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
        if (
            self._language.name != "java"
            or self._member
            or path != self._targets[0].path
            or place.stem != self._name
        ):
            return None
        return str(place.with_name(f"{self._new}.java"))

    def _mentions(self) -> list[str]:
        """Where the name stands in strings and comments of these files."""
        word = re.compile(rb"\b" + re.escape(self._name.encode()) + rb"\b")
        found = []
        done = {(p.path, p.node.start_byte) for p in self._taken if p.role == "format"}
        if self._member:  # of what is in quotes and names a member there is a verdict
            done |= {(p.path, p.node.start_byte) for p in self._places if names_member(p.node)}
        for path, content in self._trees.contents.items():
            if not word.search(content):
                continue
            for node in walk(self._trees.root(path)):
                if node.children or _names_module(node) or (path, node.start_byte) in done:
                    continue
                body = node.type == "preproc_arg"
                inside = "comment" in node.type or node.type in ("string_fragment", "string_content", "string_literal",
                                                                "interpreted_string_literal_content")  # fmt: skip
                if not inside and not body:
                    continue
                rows = (
                    text_rows(node, word) if body else {0} if word.search(unfilled(node, self._name)) else ()
                )
                for row in sorted(node.start_point.row + r for r in rows):
                    line = content.split(b"\n")[row].decode("utf-8", "replace").strip()[:120]
                    found.append(f"{path}:{row + 1}: {line}")
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
