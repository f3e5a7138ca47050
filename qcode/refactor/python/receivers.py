"""Whose member `x.name` is, by the class of `x`.

What the class does not decide is decided by elimination: a name that one family of classes alone has, and no
builtin or standard type, is theirs. The rest is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.idioms import bears_name, stands_in
from qcode.refactor.python.kinds import FOREIGN, Foreign, Kind
from qcode.refactor.python.meaning import Module, Program
from qcode.refactor.python.objects import Objects
from qcode.refactor.python.outside import elsewhere
from qcode.refactor.python.standard import standard

Verdict = Literal["yes", "no", "unknown"]


class Receivers:
    """Decides members of one family of classes."""

    def __init__(self, program: Program, hierarchy: Hierarchy, owner: ClassId, name: str) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._name = name
        self._objects = Objects(program, hierarchy)
        self.family = hierarchy.family(owner, name)
        self.either: set[ast.Attribute] = set()
        """Undecided uses of what holds objects of the family and others."""
        self.everyday = standard(program, name)
        """Whether the name is one that builtin and standard types have too, as `get`."""
        self.alone = not self.everyday and not any(
            name in members(node) for known, node in hierarchy.nodes.items() if known not in self.family
        )
        """Whether no other class and no library that the program uses has the name."""

    def uses(self) -> Iterator[tuple[str, ast.Attribute, Verdict]]:
        """Every `x.name` in files that parse, with whose it is."""
        for path in self._program.files_with([self._name]):
            if not path.endswith(".py"):
                continue
            for node in self._program.scopes(path).attributes:
                if node.attr == self._name:
                    yield path, node, self.verdict(path, node)

    def verdict(self, path: str, node: ast.Attribute) -> Verdict:
        """Whether `node` is the member."""
        meaning = self._program.meaning(path, node.value)
        if isinstance(meaning, Module):
            return "no"
        if (found := self._objects.named(meaning)) is not None:
            return self._of(found)
        kind = self._objects.kind(path, node.value)
        if isinstance(kind, frozenset):
            verdicts: set[Verdict] = {"no" if isinstance(k, Foreign) else self._of(k) for k in kind}
            if verdicts == {"yes", "no"} and isinstance(node.value, ast.Attribute):
                self.either.add(node)  # a variable may be another one at another time
            return verdicts.pop() if len(verdicts) == 1 else "unknown"
        if kind is FOREIGN:
            return "no"
        if isinstance(kind, tuple):
            return self._of(kind)
        likely = self._named_after(node.value) or (self.alone and not self._forwards(path, node))
        if likely and not self.elsewhere(path, node.value):
            return "yes"
        if self.alone and stands_in(self._program.scopes(path), node.value, self._names()):
            return "yes"
        return "unknown"

    def class_of(self, path: str, node: ast.expr) -> ClassId | None:
        """The class of an object, or the class that an expression means, where that is known and no guess."""
        return self._objects.class_of(path, node)

    def elsewhere(self, path: str, node: ast.expr) -> bool:
        """Whether an expression begins at something that is not of this repository."""
        return elsewhere(self._program, path, node)

    def _named_after(self, node: ast.expr) -> bool:
        """Whether an object bears the name of a class of the family: `signer`, `self._signer`."""
        return bears_name(node, self._names())

    def _forwards(self, path: str, node: ast.Attribute) -> bool:
        """Whether all that a method of the name does is to use it of what the object wraps, which may be a library's:
        `def attr(self): return self.wrapped.attr`."""
        function = self._program.scopes(path).function_around(node)
        if getattr(function, "name", "") != self._name or not isinstance(node.value, ast.Attribute):
            return False
        body = [
            s
            for s in getattr(function, "body", [])
            if not isinstance(getattr(s, "value", None), ast.Constant)
        ]
        return len(body) == 1 and ast.unparse(node.value.value) == "self"

    def _names(self) -> list[str]:
        return [name.rpartition(".")[2] for _, name in self.family]

    def _of(self, owner: ClassId) -> Verdict:
        if owner in self.family:
            return "yes"
        line = [owner, *self._hierarchy.above([owner])]
        if set(line) & self.family and not any(
            self._name in members(self._hierarchy.nodes[c]) for c in line if c not in self.family
        ):
            return "yes"
        if any(self._name in members(self._hierarchy.nodes[c]) for c in line):
            return "no"
        for known in line:
            if "__getattr__" in members(self._hierarchy.nodes[known]):
                further = self._handed_on(known)
                return self._of(further) if isinstance(further, tuple) and further not in line else "unknown"
        if any(c in self._hierarchy.above(self.family) for c in line):
            return "unknown"  # a base class's own method may meet an heir's member
        return "unknown" if any(self._hierarchy.foreign[c] for c in line) else "no"

    def _handed_on(self, owner: ClassId) -> Kind:
        """The class of the object whose members `__getattr__` of a class gives: `return getattr(self.x, name)`."""
        for method in self._hierarchy.nodes[owner].body:
            if isinstance(method, ast.FunctionDef) and method.name == "__getattr__":
                found = [n.value for n in ast.walk(method) if isinstance(n, ast.Return)]
                match found:
                    case [ast.Call(func=ast.Name(id="getattr"), args=[inner, ast.Name(id=name)])] if (
                        name == method.args.args[-1].arg
                    ):
                        return self._objects.kind(owner[0], inner)
        return None
