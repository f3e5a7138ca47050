"""Whole lines become a function, or a method of their class."""

from __future__ import annotations

import ast

from qcode.errors import RefactorError
from qcode.messages import Snapshot
from qcode.refactor.extracting.passed import Passed, last_name
from qcode.refactor.extracting.statements import Lines
from qcode.refactor.python.flow import effect, own_nodes
from qcode.refactor.python.hierarchy import Hierarchy, members
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.scopes import Scopes
from qcode.refactor.python.symbols import python_files
from qcode.refactor.splice import Edit, Text

_BY_NAME = frozenset(
    ["locals", "vars", "eval", "exec", "dir", "globals", "currentframe", "_getframe", "stack"]
)


class Selection:
    """Whole statements, one after the other, in one block."""

    def __init__(
        self, snapshot: Snapshot, path: str, scopes: Scopes, first: int, last: int, new_name: str
    ) -> None:
        self._snapshot, self._name = snapshot, new_name
        self._lines = Lines(path, scopes, first, last)
        self.kind = "function"

    def edits(self) -> list[Edit]:
        self._refuse_shape()
        returns = self._returns()
        inputs, outputs = Passed(self._lines).variables(returns)
        owner, receiver = self._home()
        self._refuse_taken(owner)
        inputs = [n for n in inputs if n != receiver]
        return [
            *self._definition(owner, receiver, inputs, outputs),
            self._call(receiver, inputs, outputs, returns),
        ]

    def _refuse_shape(self) -> None:
        above = self._lines.scopes.parents.get(self._lines.chosen[0])
        if isinstance(above, ast.ClassDef) or (
            self._lines.function is None and not isinstance(above, ast.Module)
        ):
            self._lines.refuse("only lines of a function, or of the module's own top, can be extracted.")
        first = self._lines.chosen[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and self._lines.index == 0:
            self._lines.refuse("that is a docstring.")
        for node in own_nodes(self._lines.chosen):
            line = getattr(node, "lineno", None)
            match node:
                case ast.Yield() | ast.YieldFrom():
                    self._lines.refuse("it yields, which only the function itself can do.", line)
                case ast.Nonlocal() | ast.Global():
                    self._lines.refuse("it declares variables of another scope.", line)
                case ast.Delete(targets=targets) if any(isinstance(t, ast.Name) for t in targets):
                    self._lines.refuse("it deletes a variable.", line)
                case ast.Call(func=func) if last_name(func) in _BY_NAME:
                    self._lines.refuse("it looks at variables by name.", line)
                case ast.Call(keywords=words) if any(k.arg == "stacklevel" for k in words):
                    self._lines.refuse("it counts the callers (stacklevel).", line)
                case ast.Break() | ast.Continue() if not self._has_own_loop(node):
                    self._lines.refuse("it leaves a loop that is not selected.", line)
                case ast.Name(id="__class__"):
                    self._lines.refuse("it uses __class__.", line)
                case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef() if (
                    self._lines.function is None
                ):
                    self._lines.refuse("it defines or imports for the whole module.", line)
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    self._lines.refuse("it imports everything.", line)

    def _has_own_loop(self, node: ast.AST) -> bool:
        here = self._lines.scopes.parents.get(node)
        below = node
        while here is not None and here not in self._lines.scopes.scope_of:
            inside = (
                self._lines.start <= self._lines.text.span(here)[0] < self._lines.end
                if isinstance(here, ast.stmt)
                else True
            )
            if isinstance(here, ast.For | ast.AsyncFor | ast.While) and below in here.body:
                return inside
            below, here = here, self._lines.scopes.parents.get(here)
        return False

    def _returns(self) -> bool:
        """Whether every way through the lines ends in a return. Raises RefactorError when only some do."""
        if not any(isinstance(n, ast.Return) for n in own_nodes(self._lines.chosen)):
            return False
        if not effect(self._lines.chosen, "").leaves:
            self._lines.refuse("it returns on some ways through it, and goes on behind it on others.")
        return True

    def _home(self) -> tuple[ast.ClassDef | None, str]:
        """The class that the new function becomes a method of, and the name that it is called on."""
        function = self._lines.function
        owner = self._lines.scopes.class_of(function) if function else None
        if function is None or owner is None:
            inner = next((n for n in ast.walk(ast.Module(self._lines.chosen, [])) if _is_super(n)), None)
            if inner is not None:
                self._lines.refuse("it calls super().", getattr(inner, "lineno", None))
            return None, ""
        decorators = {ast.unparse(d) for d in function.decorator_list}
        first = [*function.args.posonlyargs, *function.args.args][:1]
        inside = list(ast.walk(ast.Module(self._lines.chosen, [])))
        uses = bool(first) and any(isinstance(n, ast.Name) and n.id == first[0].arg for n in inside)
        private = any(
            name.startswith("__") and not name.endswith("__")
            for n in inside
            if (name := getattr(n, "attr", getattr(n, "id", "")))
        )
        if "staticmethod" in decorators or not first or not (uses or private or any(map(_is_super, inside))):
            if private:
                self._lines.refuse("it uses names that are private to its class.")
            return None, ""
        if any(
            isinstance(n, ast.Name) and n.id == first[0].arg and not isinstance(n.ctx, ast.Load)
            for n in ast.walk(function)
        ):
            self._lines.refuse(f"{first[0].arg} is set anew in its function.")
        self.kind = "method"
        return owner, first[0].arg

    def _refuse_taken(self, owner: ast.ClassDef | None) -> None:
        if owner is None:
            for one in self._lines.scopes.occurrences:
                if one.name == self._name:
                    self._refuse_name(f"{self._lines.path}:{self._lines.text.line_of(one.start)}")
            return
        hierarchy = Hierarchy(Modules(dict(python_files(self._snapshot))))
        for (path, name), node in hierarchy.nodes.items():
            if path == self._lines.path and node.lineno == owner.lineno:
                line = hierarchy.family((path, name), self._name) | hierarchy.above([(path, name)])
                for where, relative in sorted(line):
                    if found := members(hierarchy.nodes[where, relative]).get(self._name):
                        self._refuse_name(f"{where}:{found} ({relative})")

    def _refuse_name(self, where: str) -> None:
        raise RefactorError(f"{self._name} is taken: {where}.", "Choose another name.")

    def _definition(
        self, owner: ast.ClassDef | None, receiver: str, inputs: list[str], outputs: list[str]
    ) -> list[Edit]:
        function, text = self._lines.function, self._lines.text
        waits = any(
            isinstance(n, ast.Await | ast.AsyncFor | ast.AsyncWith)
            or (isinstance(n, ast.comprehension) and n.is_async)
            for n in own_nodes(self._lines.chosen)
        )
        self._await = "await " if waits else ""
        word = "async def" if waits else "def"
        indent = text.indent(function.lineno) if owner and function else ""
        inner = indent + text.step(self._lines.scopes.tree)
        body = reindented(text, self._lines.first, self._lines.last, self._lines.chosen[0].col_offset, inner)
        if outputs:
            body += f"{inner}return {', '.join(outputs)}\n"
        takes = ", ".join([*([receiver] if receiver else []), *inputs])
        head = f"{indent}{word} {self._name}({takes}):\n"
        if owner and function:
            if "classmethod" in {ast.unparse(d) for d in function.decorator_list}:
                head = f"{indent}@classmethod\n{head}"
            at = text.at((function.end_lineno or 0) + 1)
            opening = "" if text.raw[:at].endswith(b"\n") else "\n"
            return [(at, at, f"{opening}\n{head}{body}")]
        top: ast.AST = self._lines.chosen[0]
        while not isinstance(self._lines.scopes.parents.get(top), ast.Module):
            top = self._lines.scopes.parents[top]
        assert isinstance(top, ast.stmt)
        row = text.lines_of(top)[0] if function else self._lines.first
        while row > 1 and function and text.line(row - 1).startswith("#"):
            row -= 1
        at = text.at(row)
        return [(at, at, f"{head}{body}\n\n")]

    def _call(self, receiver: str, inputs: list[str], outputs: list[str], returns: bool) -> Edit:
        text = self._lines.text
        name = f"{receiver}.{self._name}" if receiver else self._name
        call = f"{self._await}{name}({', '.join(inputs)})"
        if returns:
            call = f"return {call}"
        elif outputs:
            call = f"{', '.join(outputs)} = {call}"
        return (
            self._lines.start,
            self._lines.end,
            text.indent(text.lines_of(self._lines.chosen[0])[0]) + call + "\n",
        )


def reindented(text: Text, first: int, last: int, old: int, indent: str) -> str:
    """Lines with another indentation; the insides of strings stay."""
    tree = ast.parse(text.raw.decode("utf-8", "surrogatepass"))
    kept: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and (node.end_lineno or 0) > node.lineno:
            kept.update(range(node.lineno + 1, (node.end_lineno or 0) + 1))
    lines = []
    for number in range(first, last + 1):
        line = text.line(number)
        if number in kept or not line.strip():
            lines.append(line if number in kept else "")
        else:
            cut = len(line) - len(line.lstrip())
            lines.append(indent + line[min(old, cut) :])
    return "\n".join(lines) + "\n"


def _is_super(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "super"
        and not node.args
    )
