"""What lines take from the variables around them, and what they give back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qcode.refactor.extracting.statements import Lines, blocks
from qcode.refactor.python.flow import Effect, effect
from qcode.refactor.python.scopes import Occurrence, Scope

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


class Passed:
    """The variables that a function made of `lines` takes and gives."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def variables(self, returns: bool) -> tuple[list[str], list[str]]:
        """What the function takes, and what it gives back, each in order of first use."""
        inputs: list[str] = []
        outputs: list[str] = []
        for name, owner, places in self._locals():
            sets = any(o.role in ("bind", "import") for o in places)
            inside = effect(self._lines.chosen, name)
            own = (
                self._lines.function is not None
                and owner is self._lines.scopes.scope_of[self._lines.function]
            )
            if sets and not own and owner.kind != "module":
                self._lines.refuse(f"it sets {name} of the function around.")
            if owner.kind == "module":
                if sets:
                    outputs.append(name)
                    if not inside.sets:
                        self._lines.refuse(f"{name} is not set on every way through it.")
                    if inside.reads:
                        inputs.append(name)
                continue
            self._refuse_captured(name, owner, places)
            out = sets and not returns and self._read_later(name)
            needs = inside.reads or (out and not inside.sets)
            if needs and (not own or self._bound_before(name, owner)):
                if own and not self._surely_before(name):
                    self._lines.refuse(f"{name} may not be set when it begins.")
                inputs.append(name)
            elif out and not inside.sets:
                self._lines.refuse(f"{name} is not set on every way through it.")
            elif inside.reads and not sets:
                self._lines.refuse(f"{name} may not be set when it begins.")
            if out:
                outputs.append(name)
            if sets and self._read_on_failure(name) and not self._set_at_last(places):
                self._lines.refuse(f"{name} is read where an error of it is handled.")
        return inputs, outputs

    def _locals(self) -> Iterator[tuple[str, Scope, list[Occurrence]]]:
        """Variables of functions around (of the module, for lines at its top) that the lines use."""
        found: dict[tuple[str, Scope], list[Occurrence]] = {}
        for one in sorted(self._lines.scopes.occurrences, key=lambda o: o.start):
            if not self._lines.start <= one.start < self._lines.end:
                continue
            owner = self._lines.scopes.owner(one.name, one.scope)
            if owner is None or (self._inside(owner.node) and owner.kind != "module"):
                continue
            if owner.kind == "class":
                self._lines.refuse("it uses names of a class body.")
            if owner.kind == "module" and self._lines.function is not None:
                if one.role in ("bind", "import"):
                    self._lines.refuse(
                        f"it sets {one.name} of the module.", self._lines.text.line_of(one.start)
                    )
                continue
            found.setdefault((one.name, owner), []).append(one)
        for (name, owner), places in found.items():
            yield name, owner, places

    def _inside(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.stmt | ast.expr)
            and self._lines.start <= self._lines.text.span(node)[0] < self._lines.end
        )

    def _refuse_captured(self, name: str, owner: Scope, places: list[Occurrence]) -> None:
        """A function inside keeps a variable, not its value: both must see the same one."""
        binds = [
            o for o in self._lines.scopes.places(owner, name) if o.role in ("bind", "import", "parameter")
        ]
        within = [o for o in binds if self._lines.start <= o.start < self._lines.end]
        loop = self._loop_around()
        if loop is None:
            apart = [n for branch in self._other_branches() for s in branch for n in ast.walk(s)]
            binds = [o for o in binds if o.node not in apart]
        later = [o for o in binds if o.start >= self._lines.end]
        again = [
            o
            for o in binds
            if loop and self._lines.text.span(loop)[0] <= o.start < self._lines.text.span(loop)[1]
        ]
        if any(self._kept(o, owner) for o in places) and (
            later or (within and len(within) < len(binds)) or again
        ):
            self._lines.refuse(f"a function in it keeps {name}, which is set elsewhere too.")
        outside = [
            o
            for o in self._lines.scopes.places(owner, name)
            if not self._lines.start <= o.start < self._lines.end
        ]
        if within and any(self._kept(o, owner) for o in outside):
            self._lines.refuse(f"another function keeps {name}, which it sets.")

    def _other_branches(self) -> Iterator[list[ast.stmt]]:
        """Blocks that do not run where the lines do: other branches of the same `if`."""
        for around, block, _, _ in self._around():
            if isinstance(around, ast.If):
                yield around.orelse if block is around.body else around.body

    def _kept(self, one: Occurrence, owner: Scope) -> bool:
        scope: Scope | None = one.scope
        while scope is not None and scope is not owner:
            if scope.kind in ("function", "class"):
                return True
            if isinstance(scope.node, ast.GeneratorExp):
                call = self._lines.scopes.parents.get(scope.node)
                if not (isinstance(call, ast.Call) and last_name(call.func) in _AT_ONCE):
                    return True
            scope = scope.parent
        return False

    def _loop_around(self) -> ast.stmt | None:
        """The outermost loop around the lines, within their function."""
        found = None
        here = self._lines.scopes.parents.get(self._lines.chosen[0])
        while here is not None and here is not self._lines.function:
            if isinstance(here, ast.For | ast.AsyncFor | ast.While):
                found = here
            here = self._lines.scopes.parents.get(here)
        return found

    def _around(self) -> Iterator[tuple[ast.AST, list[ast.stmt], int, int]]:
        """From the inside out: the statement around, its block, and the chosen part's slice of the block."""
        block, start, end = self._lines.block, self._lines.index, self._lines.index + self._lines.count
        here = self._lines.scopes.parents.get(self._lines.chosen[0])
        while here is not None:
            yield here, block, start, end
            if here is self._lines.function or not isinstance(
                here, ast.stmt | ast.excepthandler | ast.match_case
            ):
                return
            above = self._lines.scopes.parents.get(here)
            if above is None:
                return
            if isinstance(here, ast.stmt):
                block = next((b for b in blocks(above) if here in b), [])
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
        if self._lines.function is None:
            return True
        owner = self._lines.scopes.scope_of[self._lines.function]
        return any(
            self._kept(o, owner) for o in self._lines.scopes.places(owner, name) if o.start >= self._lines.end
        )

    def _read_on_failure(self, name: str) -> bool:
        for around, block, _, _ in self._around():
            if isinstance(around, ast.Try | ast.TryStar) and block is around.body:
                caught: list[ast.stmt] = [s for h in around.handlers for s in h.body] + around.finalbody
                if any(isinstance(n, ast.Name) and n.id == name for s in caught for n in ast.walk(s)):
                    return True
        return False

    def _set_at_last(self, places: list[Occurrence]) -> bool:
        """Whether a variable is only set by the end of the last statement, behind which nothing can fail."""
        last = self._lines.chosen[-1]
        return isinstance(last, ast.Assign) and all(
            o.role == "use" or [o.node] == last.targets for o in places
        )

    def _bound_before(self, name: str, owner: Scope) -> bool:
        loop = self._loop_around()
        binds = [
            o for o in self._lines.scopes.places(owner, name) if o.role in ("bind", "import", "parameter")
        ]
        return any(o.start < self._lines.start or (loop and o.start >= self._lines.end) for o in binds)

    def _surely_before(self, name: str) -> bool:
        """Whether every way to the lines sets the variable."""
        function = self._lines.function
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


def last_name(node: ast.expr) -> str:
    """The name that an expression ends with: `b` of `a.b`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
