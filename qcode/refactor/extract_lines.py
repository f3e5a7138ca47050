"""Whole lines become a function, or a method of their class."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qcode.errors import RefactorError
from qcode.messages import Snapshot
from qcode.refactor.flow import Effect, effect, own_nodes
from qcode.refactor.hierarchy import Hierarchy, members
from qcode.refactor.modules import Modules
from qcode.refactor.scopes import Occurrence, Scope, Scopes
from qcode.refactor.splice import Edit, Text
from qcode.refactor.symbols import python_files

_BY_NAME = frozenset(
    ["locals", "vars", "eval", "exec", "dir", "globals", "currentframe", "_getframe", "stack"]
)
_AT_ONCE = frozenset(
    [
        "all",
        "any",
        "dict",
        "frozenset",
        "join",
        "list",
        "max",
        "min",
        "set",
        "sorted",
        "sum",
        "tuple",
        "update",
        "extend",
    ]
)


class Selection:
    """Whole statements, one after the other, in one block."""

    def __init__(
        self, snapshot: Snapshot, path: str, scopes: Scopes, first: int, last: int, new_name: str
    ) -> None:
        self._snapshot, self._path, self._name = snapshot, path, new_name
        self._scopes, self._text = scopes, scopes.text
        self._block, self._index, self._count = _statements(scopes, path, first, last)
        self._chosen = self._block[self._index : self._index + self._count]
        self._first = self._text.lines_of(self._chosen[0])[0]
        while self._first > first and self._text.line(self._first - 1).strip().startswith("#"):
            self._first -= 1
        self._last = self._text.lines_of(self._chosen[-1])[1]
        self._start, self._end = self._text.at(self._first), self._text.at(self._last + 1)
        self._function = scopes.function_around(self._chosen[0])
        self.kind = "function"

    def edits(self) -> list[Edit]:
        self._refuse_shape()
        returns = self._returns()
        inputs, outputs = self._variables(returns)
        owner, receiver = self._home()
        self._refuse_taken(owner)
        inputs = [n for n in inputs if n != receiver]
        return [
            *self._definition(owner, receiver, inputs, outputs),
            self._call(receiver, inputs, outputs, returns),
        ]

    def _refuse(self, why: str, line: int | None = None) -> None:
        where = f"{self._path}:{line or self._first}"
        raise RefactorError(f"{where}: {why}", "Choose other lines.")

    def _refuse_shape(self) -> None:
        above = self._scopes.parents.get(self._chosen[0])
        if isinstance(above, ast.ClassDef) or (self._function is None and not isinstance(above, ast.Module)):
            self._refuse("only lines of a function, or of the module's own top, can be extracted.")
        first = self._chosen[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and self._index == 0:
            self._refuse("that is a docstring.")
        for node in own_nodes(self._chosen):
            line = getattr(node, "lineno", None)
            match node:
                case ast.Yield() | ast.YieldFrom():
                    self._refuse("it yields, which only the function itself can do.", line)
                case ast.Nonlocal() | ast.Global():
                    self._refuse("it declares variables of another scope.", line)
                case ast.Delete(targets=targets) if any(isinstance(t, ast.Name) for t in targets):
                    self._refuse("it deletes a variable.", line)
                case ast.Call(func=func) if _last(func) in _BY_NAME:
                    self._refuse("it looks at variables by name.", line)
                case ast.Call(keywords=words) if any(k.arg == "stacklevel" for k in words):
                    self._refuse("it counts the callers (stacklevel).", line)
                case ast.Break() | ast.Continue() if not self._has_own_loop(node):
                    self._refuse("it leaves a loop that is not selected.", line)
                case ast.Name(id="__class__"):
                    self._refuse("it uses __class__.", line)
                case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef() if (
                    self._function is None
                ):
                    self._refuse("it defines or imports for the whole module.", line)
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    self._refuse("it imports everything.", line)

    def _has_own_loop(self, node: ast.AST) -> bool:
        here = self._scopes.parents.get(node)
        below = node
        while here is not None and here not in self._scopes.scope_of:
            inside = (
                self._start <= self._text.span(here)[0] < self._end if isinstance(here, ast.stmt) else True
            )
            if isinstance(here, ast.For | ast.AsyncFor | ast.While) and below in here.body:
                return inside
            below, here = here, self._scopes.parents.get(here)
        return False

    def _returns(self) -> bool:
        """Whether every way through the lines ends in a return. Raises RefactorError when only some do."""
        if not any(isinstance(n, ast.Return) for n in own_nodes(self._chosen)):
            return False
        if not effect(self._chosen, "").leaves:
            self._refuse("it returns on some ways through it, and goes on behind it on others.")
        return True

    def _variables(self, returns: bool) -> tuple[list[str], list[str]]:
        """What the function takes, and what it gives back, each in order of first use."""
        inputs: list[str] = []
        outputs: list[str] = []
        for name, owner, places in self._locals():
            sets = any(o.role in ("bind", "import") for o in places)
            inside = effect(self._chosen, name)
            own = self._function is not None and owner is self._scopes.scope_of[self._function]
            if sets and not own and owner.kind != "module":
                self._refuse(f"it sets {name} of the function around.")
            if owner.kind == "module":
                if sets:
                    outputs.append(name)
                    if not inside.sets:
                        self._refuse(f"{name} is not set on every way through it.")
                    if inside.reads:
                        inputs.append(name)
                continue
            self._refuse_captured(name, owner, places)
            out = sets and not returns and self._read_later(name)
            needs = inside.reads or (out and not inside.sets)
            if needs and (not own or self._bound_before(name, owner)):
                if own and not self._surely_before(name):
                    self._refuse(f"{name} may not be set when it begins.")
                inputs.append(name)
            elif out and not inside.sets:
                self._refuse(f"{name} is not set on every way through it.")
            elif inside.reads and not sets:
                self._refuse(f"{name} may not be set when it begins.")
            if out:
                outputs.append(name)
            if sets and self._read_on_failure(name) and not self._set_at_last(places):
                self._refuse(f"{name} is read where an error of it is handled.")
        return inputs, outputs

    def _locals(self) -> Iterator[tuple[str, Scope, list[Occurrence]]]:
        """Variables of functions around (of the module, for lines at its top) that the lines use."""
        found: dict[tuple[str, Scope], list[Occurrence]] = {}
        for one in sorted(self._scopes.occurrences, key=lambda o: o.start):
            if not self._start <= one.start < self._end:
                continue
            owner = self._scopes.owner(one.name, one.scope)
            if owner is None or (self._inside(owner.node) and owner.kind != "module"):
                continue
            if owner.kind == "class":
                self._refuse("it uses names of a class body.")
            if owner.kind == "module" and self._function is not None:
                if one.role in ("bind", "import"):
                    self._refuse(f"it sets {one.name} of the module.", self._text.line_of(one.start))
                continue
            found.setdefault((one.name, owner), []).append(one)
        for (name, owner), places in found.items():
            yield name, owner, places

    def _inside(self, node: ast.AST) -> bool:
        return isinstance(node, ast.stmt | ast.expr) and self._start <= self._text.span(node)[0] < self._end

    def _refuse_captured(self, name: str, owner: Scope, places: list[Occurrence]) -> None:
        """A function inside keeps a variable, not its value: both must see the same one."""
        binds = [o for o in self._scopes.places(owner, name) if o.role in ("bind", "import", "parameter")]
        within = [o for o in binds if self._start <= o.start < self._end]
        later = [o for o in binds if o.start >= self._end]
        loop = self._loop_around()
        again = [o for o in binds if loop and self._text.span(loop)[0] <= o.start < self._text.span(loop)[1]]
        if any(self._kept(o, owner) for o in places) and (
            later or (within and len(within) < len(binds)) or again
        ):
            self._refuse(f"a function in it keeps {name}, which is set elsewhere too.")
        outside = [o for o in self._scopes.places(owner, name) if not self._start <= o.start < self._end]
        if within and any(self._kept(o, owner) for o in outside):
            self._refuse(f"another function keeps {name}, which it sets.")

    def _kept(self, one: Occurrence, owner: Scope) -> bool:
        scope: Scope | None = one.scope
        while scope is not None and scope is not owner:
            if scope.kind in ("function", "class"):
                return True
            if isinstance(scope.node, ast.GeneratorExp):
                call = self._scopes.parents.get(scope.node)
                if not (isinstance(call, ast.Call) and _last(call.func) in _AT_ONCE):
                    return True
            scope = scope.parent
        return False

    def _loop_around(self) -> ast.stmt | None:
        """The outermost loop around the lines, within their function."""
        found = None
        here = self._scopes.parents.get(self._chosen[0])
        while here is not None and here is not self._function:
            if isinstance(here, ast.For | ast.AsyncFor | ast.While):
                found = here
            here = self._scopes.parents.get(here)
        return found

    def _around(self) -> Iterator[tuple[ast.AST, list[ast.stmt], int, int]]:
        """From the inside out: the statement around, its block, and the chosen part's slice of the block."""
        block, start, end = self._block, self._index, self._index + self._count
        here = self._scopes.parents.get(self._chosen[0])
        while here is not None:
            yield here, block, start, end
            if here is self._function or not isinstance(here, ast.stmt | ast.excepthandler | ast.match_case):
                return
            above = self._scopes.parents.get(here)
            if above is None:
                return
            if isinstance(here, ast.stmt):
                block = next((b for b in _blocks(above) if here in b), [])
                start = block.index(here) if block else 0
                end = start + 1
            else:
                block, start, end = [], 0, 0
            here = above

    def _read_later(self, name: str) -> bool:
        """Whether what the lines set may be read behind them."""
        rest = Effect()
        for around, block, _, end in self._around():
            rest = rest.then(effect(block[end:], name))
            if rest.reads:
                return True
            if isinstance(around, ast.For | ast.AsyncFor | ast.While):
                if effect([around], name).reads or (
                    not isinstance(around, ast.While) and effect([*around.body], name).reads
                ):
                    return True
                if effect(around.orelse, name).reads:
                    return True
                rest = Effect()
            elif isinstance(around, ast.Try | ast.TryStar):
                if block is around.body and effect(around.orelse, name).reads:
                    return True
                if effect(around.finalbody, name).reads:
                    return True
                rest = Effect()
        if self._function is None:
            return True
        owner = self._scopes.scope_of[self._function]
        return any(self._kept(o, owner) for o in self._scopes.places(owner, name) if o.start >= self._end)

    def _read_on_failure(self, name: str) -> bool:
        for around, block, _, _ in self._around():
            if isinstance(around, ast.Try | ast.TryStar) and block is around.body:
                caught: list[ast.stmt] = [s for h in around.handlers for s in h.body] + around.finalbody
                if any(isinstance(n, ast.Name) and n.id == name for s in caught for n in ast.walk(s)):
                    return True
        return False

    def _set_at_last(self, places: list[Occurrence]) -> bool:
        """Whether a variable is only set by the end of the last statement, behind which nothing can fail."""
        last = self._chosen[-1]
        return isinstance(last, ast.Assign) and all(
            o.role == "use" or [o.node] == last.targets for o in places
        )

    def _bound_before(self, name: str, owner: Scope) -> bool:
        loop = self._loop_around()
        binds = [o for o in self._scopes.places(owner, name) if o.role in ("bind", "import", "parameter")]
        return any(o.start < self._start or (loop and o.start >= self._end) for o in binds)

    def _surely_before(self, name: str) -> bool:
        """Whether every way to the lines sets the variable."""
        function = self._function
        assert function is not None
        arguments = function.args
        every = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        if any(a and a.arg == name for a in every):
            return True
        for around, block, start, _ in self._around():
            if effect(block[:start], name).sets:
                return True
            match around:
                case ast.For(target=target, body=body) | ast.AsyncFor(target=target, body=body) if (
                    block is body
                ):
                    if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(target)):
                        return True
                case ast.With(items=items) | ast.AsyncWith(items=items):
                    bound = [i.optional_vars for i in items if i.optional_vars]
                    if any(isinstance(n, ast.Name) and n.id == name for b in bound for n in ast.walk(b)):
                        return True
                case ast.Try(body=body, orelse=orelse) if block is orelse and effect(body, name).sets:
                    return True
                case ast.ExceptHandler(name=caught) if caught == name:
                    return True
                case ast.If(test=test) | ast.While(test=test):
                    if any(isinstance(n, ast.NamedExpr) and n.target.id == name for n in ast.walk(test)):
                        return block is around.body and not isinstance(test, ast.BoolOp)
                case ast.match_case(pattern=pattern):
                    if any(
                        name in (getattr(n, "name", ""), getattr(n, "rest", "")) for n in ast.walk(pattern)
                    ):
                        return True
        return False

    def _home(self) -> tuple[ast.ClassDef | None, str]:
        """The class that the new function becomes a method of, and the name that it is called on."""
        function = self._function
        owner = self._scopes.class_of(function) if function else None
        if function is None or owner is None:
            inner = next((n for n in ast.walk(ast.Module(self._chosen, [])) if _is_super(n)), None)
            if inner is not None:
                self._refuse("it calls super().", getattr(inner, "lineno", None))
            return None, ""
        decorators = {ast.unparse(d) for d in function.decorator_list}
        first = [*function.args.posonlyargs, *function.args.args][:1]
        inside = list(ast.walk(ast.Module(self._chosen, [])))
        uses = bool(first) and any(isinstance(n, ast.Name) and n.id == first[0].arg for n in inside)
        private = any(
            name.startswith("__") and not name.endswith("__")
            for n in inside
            if (name := getattr(n, "attr", getattr(n, "id", "")))
        )
        if "staticmethod" in decorators or not first or not (uses or private or any(map(_is_super, inside))):
            if private:
                self._refuse("it uses names that are private to its class.")
            return None, ""
        if any(
            isinstance(n, ast.Name) and n.id == first[0].arg and not isinstance(n.ctx, ast.Load)
            for n in ast.walk(function)
        ):
            self._refuse(f"{first[0].arg} is set anew in its function.")
        self.kind = "method"
        return owner, first[0].arg

    def _refuse_taken(self, owner: ast.ClassDef | None) -> None:
        if owner is None:
            for one in self._scopes.occurrences:
                if one.name == self._name:
                    self._refuse_name(f"{self._path}:{self._text.line_of(one.start)}")
            return
        hierarchy = Hierarchy(Modules(dict(python_files(self._snapshot))))
        for (path, name), node in hierarchy.nodes.items():
            if path == self._path and node.lineno == owner.lineno:
                line = hierarchy.family((path, name), self._name) | hierarchy.above([(path, name)])
                for where, relative in sorted(line):
                    if found := members(hierarchy.nodes[where, relative]).get(self._name):
                        self._refuse_name(f"{where}:{found} ({relative})")

    def _refuse_name(self, where: str) -> None:
        raise RefactorError(f"{self._name} is taken: {where}.", "Choose another name.")

    def _definition(
        self, owner: ast.ClassDef | None, receiver: str, inputs: list[str], outputs: list[str]
    ) -> list[Edit]:
        function, text = self._function, self._text
        waits = any(
            isinstance(n, ast.Await | ast.AsyncFor | ast.AsyncWith)
            or (isinstance(n, ast.comprehension) and n.is_async)
            for n in own_nodes(self._chosen)
        )
        self._await = "await " if waits else ""
        word = "async def" if waits else "def"
        indent = " " * function.col_offset if owner and function else ""
        body = reindented(text, self._first, self._last, self._chosen[0].col_offset, f"{indent}    ")
        if outputs:
            body += f"{indent}    return {', '.join(outputs)}\n"
        takes = ", ".join([*([receiver] if receiver else []), *inputs])
        head = f"{indent}{word} {self._name}({takes}):\n"
        if owner and function:
            if "classmethod" in {ast.unparse(d) for d in function.decorator_list}:
                head = f"{indent}@classmethod\n{head}"
            at = text.at((function.end_lineno or 0) + 1)
            opening = "" if text.raw[:at].endswith(b"\n") else "\n"
            return [(at, at, f"{opening}\n{head}{body}")]
        top: ast.AST = self._chosen[0]
        while not isinstance(self._scopes.parents.get(top), ast.Module):
            top = self._scopes.parents[top]
        assert isinstance(top, ast.stmt)
        row = text.lines_of(top)[0] if function else self._first
        while row > 1 and function and text.line(row - 1).startswith("#"):
            row -= 1
        at = text.at(row)
        return [(at, at, f"{head}{body}\n\n")]

    def _call(self, receiver: str, inputs: list[str], outputs: list[str], returns: bool) -> Edit:
        name = f"{receiver}.{self._name}" if receiver else self._name
        call = f"{self._await}{name}({', '.join(inputs)})"
        if returns:
            call = f"return {call}"
        elif outputs:
            call = f"{', '.join(outputs)} = {call}"
        return (self._start, self._end, " " * self._chosen[0].col_offset + call + "\n")


def _statements(scopes: Scopes, path: str, first: int, last: int) -> tuple[list[ast.stmt], int, int]:
    """The block that the lines lie in, the index of the first statement, and how many they are."""
    text = scopes.text
    while first < last and not _code(text.line(first)):
        first += 1
    while last > first and not _code(text.line(last)):
        last -= 1
    for node in ast.walk(scopes.tree):
        for block in _blocks(node):
            inside = [
                i for i, s in enumerate(block) if first <= text.lines_of(s)[0] and text.lines_of(s)[1] <= last
            ]
            if not inside:
                continue
            start, end = text.lines_of(block[inside[0]])[0], text.lines_of(block[inside[-1]])[1]
            shared = [
                s
                for i, s in enumerate(block)
                if i not in inside and set(range(*text.lines_of(s))) & {start, end}
            ]
            if start == first and end == last and not shared and _alone(text, block, inside):
                return block, inside[0], len(inside)
    cut = [
        text.lines_of(s)
        for s in ast.walk(scopes.tree)
        if isinstance(s, ast.stmt) and text.lines_of(s)[0] <= last and first <= text.lines_of(s)[1]
    ]
    near = min(cut, key=lambda c: abs(c[0] - first) + abs(c[1] - last), default=(first, last))
    raise RefactorError(
        f"{path}:{first}-{last} are no whole statements of one block.",
        f"The nearest are {path}:{near[0]}-{near[1]}.",
    )


def _alone(text: Text, block: list[ast.stmt], inside: list[int]) -> bool:
    """Whether the statements share no line with others (`if x: y`, `a; b`)."""
    start, end = text.span(block[inside[0]])[0], text.span(block[inside[-1]])[1]
    decorated = getattr(block[inside[0]], "decorator_list", [])
    before = text.raw[text.raw.rfind(b"\n", 0, start) + 1 : start].strip()
    after = text.raw[end : (text.raw.find(b"\n", end) + 1) or None].strip()
    if text.raw[start:].startswith(b"elif"):
        return False
    return (bool(decorated) or not before) and (not after or after.startswith(b"#"))


def _code(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith("#")


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


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


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
