"""A function whose body is one returned expression goes to its calls."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.arguments import harmless
from qcode.refactor.inlining.quotes import string_around, with_other_quotes
from qcode.refactor.python.calls import Function, calls_of, function_at
from qcode.refactor.python.hierarchy import Hierarchy
from qcode.refactor.python.imports import added, from_module, is_relative, loads, reaches, without
from qcode.refactor.python.meaning import Program, Reference
from qcode.refactor.python.order import before, computed
from qcode.refactor.python.purity import Purity, imported_name
from qcode.refactor.python.scopes import Scope, Scopes
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.result import Refactoring, finished, read_text
from qcode.refactor.splice import Edit, Text, rewritten

_SETTINGS = frozenset(
    ["", ".sh", ".bash", ".bat", ".cfg", ".toml", ".ini", ".mk", ".in", ".am", ".yml", ".yaml", ".json"]
)


def inline_function(snapshot: Snapshot, symbol: Symbol) -> Refactoring:
    """Put the body of a function in place of its calls, and remove it.

    Raises RefactorError: more than one expression, methods, decorators, used as a value, arguments
    that would be computed twice or in another order, names that mean something else at a call.
    """
    read_text(snapshot, symbol.path)
    return _Inline(snapshot, symbol).done()


class _Inline:
    def __init__(self, snapshot: Snapshot, symbol: Symbol) -> None:
        self._snapshot, self._symbol = snapshot, symbol
        self._program = program = Program(snapshot)
        self._node: Function = function_at(program, symbol)
        self._purity = Purity(program)
        self._scopes: Scopes = program.scopes(symbol.path)
        self._text: Text = self._scopes.text
        self._value = self._returned()
        self._calls = calls_of(program, Hierarchy(program.modules), symbol, self._node)
        self._edits: dict[str, list[Edit]] = {}
        self._imports: dict[str, list[str]] = {}

    def _refuse(self, why: str, hint: str = "Do it by hand, or ask a model.") -> None:
        raise RefactorError(f"{self._symbol.qualname} cannot be inlined: {why}.", hint)

    def _returned(self) -> ast.expr:
        node = self._node
        if self._scopes.class_of(node) is not None:
            self._refuse("it is a method, which others may override")
        if self._scopes.where(node).kind != "module" or node not in self._scopes.tree.body:
            self._refuse("it is not at the top of its module")
        if node.decorator_list:
            self._refuse("it is decorated")
        if isinstance(node, ast.AsyncFunctionDef) or node.args.vararg or node.args.kwarg:
            self._refuse("it is async, or takes * or **")
        body = node.body
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
            self._refuse("its body is more than one returned expression")
        statement = body[0]
        assert isinstance(statement, ast.Return) and statement.value is not None
        for inner in ast.walk(statement.value):
            if isinstance(inner, ast.Lambda | ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await):
                self._refuse("it makes variables of its own")
        return statement.value

    def done(self) -> Refactoring:
        home, name = self._symbol.path, self._node.name
        references = self._program.references(home, name)
        if self._calls.values:
            path, place = self._calls.values[0]
            self._refuse(f"it is used as a value in {path}:{getattr(place, 'lineno', 1)}")
        if self._program.exports(home, name):
            self._refuse("it is in __all__")
        start, end = self._text.span(self._node)
        if any(r.path == home and start <= r.start < end and r.kind == "name" for r in references):
            self._refuse("it calls itself")
        if not self._calls.calls:
            self._refuse("nothing calls it", "Remove it by hand.")
        self._refuse_named(references)
        for path, call, _ in self._calls.calls:
            self._inline(path, call)
        for one in references:
            if one.kind == "import":
                statement = self._program.scopes(one.path).parents[one.node]
                assert isinstance(statement, ast.ImportFrom) and isinstance(one.node, ast.alias)
                text = self._program.scopes(one.path).text
                inner = not isinstance(self._program.scopes(one.path).parents.get(statement), ast.Module)
                gone = without(text, statement, [one.node])
                if inner and len(statement.names) == 1:
                    gone = [(*text.span(statement), "pass")]
                self._edits.setdefault(one.path, []).extend(gone)
        self._remove()
        changes = []
        for path, edits in self._edits.items():
            scopes, before = self._program.scopes(path), self._program.contents[path]
            top = added(scopes.tree, scopes.text, self._imports.get(path, []))
            changes.append(Change(path, before, rewritten(before, scopes.text.spliced([*edits, *top]), path)))
        return finished(self._snapshot, changes, f"Inlined {name}: {{places}} in {{files}}.")

    def _refuse_named(self, references: list[Reference]) -> None:
        """Imports through other modules, and strings that name it, as patches do."""
        home, name = self._symbol.path, self._node.name
        for one in references:
            if one.kind == "import":
                statement = self._program.scopes(one.path).parents[one.node]
                assert isinstance(statement, ast.ImportFrom)
                if one.path.endswith("__init__.py"):
                    self._refuse(f"{one.path} exports it")
        called = {name} | {n for r in references if (n := getattr(r.node, "asname", None))}
        if found := _extracts(self._snapshot, called):
            self._refuse(f"{found} has texts taken out of its calls")
        dotted = {f"{module}.{name}" for module in self._program.modules.names(home)}
        for path in self._program.files_with([name]):
            for node in ast.walk(self._program.modules.trees[path]):
                if (
                    isinstance(node, ast.Constant)
                    and node.value in (*dotted, name)
                    and isinstance(node.value, str)
                ):
                    self._refuse(f"{path}:{node.lineno} names it in a string")

    def _inline(self, path: str, call: ast.Call) -> None:
        scopes = self._program.scopes(path)
        arguments = self._bound(path, call)
        self._refuse_effects(path, call, arguments)
        self._refuse_inner(path, call, arguments)
        self._needs(path, call, arguments)
        text, value = self._text, self._value
        base = text.span(value)[0]
        inner: list[Edit] = []
        for one in ast.walk(value):
            if isinstance(one, ast.Name) and self._is_parameter(one):
                start, end = text.span(one)
                source, argument = arguments[one.id]
                new = _atom(source.of(argument), argument)
                if self._in_string(one):
                    new = self._in_braces(one, argument, new)
                inner.append((start - base, end - base, new))
        written = Text(text.of(value)).spliced(inner)
        above = scopes.parents.get(call)
        plain = isinstance(above, ast.Assign | ast.Return | ast.Expr | ast.AnnAssign) and "\n" not in written
        if any(c is not call and _within(c, call) for p, c, _ in self._calls.calls if p == path):
            self._refuse(f"{path}:{call.lineno} calls it inside of its own arguments")
        if isinstance(above, ast.FormattedValue) and set("'\"{}\n\\!:") & set(written):
            self._refuse(f"{path}:{call.lineno} calls it in an f-string")
        new = written if plain and not isinstance(value, ast.Tuple) else _atom(written, value)
        self._edits.setdefault(path, []).append((*scopes.text.span(call), new))

    def _in_braces(self, one: ast.Name, argument: ast.expr, new: str) -> str:
        """An argument as it may stand for a parameter in an f-string."""
        text = self._text
        around = string_around(self._program.scopes(self._symbol.path), one)
        if "'" in new or '"' in new:
            new = (with_other_quotes(new, argument, text.of(around)) if around else None) or "\n"
        plain = isinstance(argument, ast.Constant) and not set("\n\\#") & set(new)
        if text.between(*text.span(one)) != one.id or (not plain and set("{}\n\\!:#") & set(new)):
            self._refuse("it formats an f-string")  # before Python 3.12 places in it are not sure
        return new

    def _bound(self, path: str, call: ast.Call) -> dict[str, tuple[Text, ast.expr]]:
        """Parameter -> the text it is written in, and its argument or default."""
        arguments = self._node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        given: dict[str, tuple[Text, ast.expr]] = {}
        text = self._program.scopes(path).text
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            self._refuse(f"{path}:{call.lineno} passes * or **")
        defaults = positional[len(positional) - len(arguments.defaults) :]
        for parameter, default in [
            *zip(defaults, arguments.defaults, strict=True),
            *((k, d) for k, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d),
        ]:
            if not isinstance(default, ast.Constant) and not self._stays(default):
                self._refuse(f"its default {self._text.of(default)} is computed once, when it is made")
            given[parameter.arg] = (self._text, default)
        given |= {p.arg: (text, a) for p, a in zip(positional, call.args, strict=False)}
        given |= {k.arg: (text, k.value) for k in call.keywords if k.arg}
        names = {a.arg for a in [*positional, *arguments.kwonlyargs]}
        if given.keys() != names or len(call.args) > len(positional):
            self._refuse(f"{path}:{call.lineno} passes other arguments than it takes")
        return given

    def _stays(self, default: ast.expr) -> bool:
        """Whether a default is a builtin, or a variable of the module that is given a value once, and that nothing
        sets from elsewhere: then it is the same at every call."""
        if not isinstance(default, ast.Name):
            return False
        scopes, name = self._scopes, default.id
        if scopes.owner(name, scopes.where(default)) is None:
            return hasattr(builtins, name)
        bound = [o for o in scopes.places(scopes.module, name) if o.role != "use"]
        statement = scopes.parents.get(bound[0].node) if len(bound) == 1 else None
        if scopes.owner(name, scopes.where(default)) is not scopes.module or not (
            isinstance(statement, ast.Assign | ast.AnnAssign) and statement in scopes.tree.body
        ):
            return False
        for path in self._program.files_with([name]):
            for node in ast.walk(self._program.modules.trees[path]):
                match node:
                    case ast.Attribute(attr=found, ctx=ast.Store() | ast.Del()) if found == name:
                        return False
                    case ast.Constant(value=str(text)) if text.rpartition(".")[2] == name:
                        return False  # as what replaces it in tests says
        return True

    def _refuse_effects(self, path: str, call: ast.Call, arguments: dict[str, tuple[Text, ast.expr]]) -> None:
        uses = [n for n in computed(self._value) if isinstance(n, ast.Name) and self._is_parameter(n)]
        order = [n.id for n in uses]
        costly = [name for name, (_, a) in arguments.items() if not isinstance(a, ast.Name | ast.Constant)]
        if not costly:
            return
        conditional = any(isinstance(n, ast.IfExp | ast.BoolOp) for n in ast.walk(self._value))
        reads = [n for n in costly if not harmless(arguments[n][1])]
        if reads and any(not self._passes(n) for n in before(self._value, uses[-1])):
            self._refuse(f"{path}:{call.lineno} computes arguments, which would happen in another order")
        impure = [n for n in reads if not self._purity.pure(path, arguments[n][1])]
        for name in costly:
            if order.count(name) != 1 and not (
                harmless(arguments[name][1]) and order.count(name) > 0 and name not in impure
            ):
                self._refuse(f"{path}:{call.lineno} computes {name}, which it uses {order.count(name)} times")
        if impure:
            given = [a for _, a in arguments.values() if a in [*call.args, *(k.value for k in call.keywords)]]
            written = sorted(given, key=lambda a: (a.lineno, a.col_offset))
            by_node = {id(a): n for n, (_, a) in arguments.items()}
            sequence = [by_node[id(a)] for a in written if by_node[id(a)] in costly]
            if conditional or [n for n in order if n in costly] != sequence:
                self._refuse(f"{path}:{call.lineno} computes arguments, which would happen in another order")

    def _is_parameter(self, node: ast.Name) -> bool:
        """Whether a name of the body means a parameter, and no variable of a comprehension."""
        own = self._scopes.scope_of[self._node]
        return node.id in own.bound and self._scopes.owner(node.id, self._scopes.where(node)) is own

    def _in_string(self, node: ast.AST) -> bool:
        here: ast.AST | None = node
        while here is not None and here is not self._value:
            here = self._scopes.parents.get(here)
            if isinstance(here, ast.JoinedStr):
                return True
        return False

    def _refuse_inner(self, path: str, call: ast.Call, arguments: dict[str, tuple[Text, ast.expr]]) -> None:
        """What a comprehension of the body computes again and again, or late, must stay the same there."""
        scopes = self._program.scopes(path)
        loops = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        if not any(isinstance(n, loops) for n in ast.walk(self._value)):
            return
        if scopes.where(call).kind == "class":
            self._refuse(f"{path}:{call.lineno} calls it in a class, which its comprehension cannot see")
        for one in ast.walk(self._value):
            if not isinstance(one, ast.Name) or not self._is_parameter(one):
                continue
            argument = arguments[one.id][1]
            inside: Scope | None = self._scopes.where(one)
            while inside is not None and inside.kind == "comprehension":
                if any(isinstance(n, ast.Name) and n.id in inside.bound for n in ast.walk(argument)):
                    self._refuse(f"{path}:{call.lineno} passes a name that it uses itself")
                if not isinstance(argument, ast.Name | ast.Constant):
                    self._refuse(f"{path}:{call.lineno} computes {one.id}, which it uses again and again")
                if isinstance(inside.node, ast.GeneratorExp) and isinstance(argument, ast.Name):
                    owner = scopes.owner(argument.id, scopes.where(call))
                    bound = [o for o in scopes.places(owner, argument.id) if o.role != "use"] if owner else []
                    if len(bound) > 1:
                        self._refuse(f"{path}:{call.lineno} passes {argument.id}, which is set several times")
                inside = inside.parent

    def _passes(self, node: ast.expr) -> bool:
        """Whether something of the body may be computed before the arguments: it does nothing by itself."""
        calls = ast.Call | ast.Await | ast.NamedExpr
        return not isinstance(node, calls) or self._purity.pure(self._symbol.path, node)

    def _needs(self, path: str, call: ast.Call, arguments: Mapping[str, tuple[Text, ast.expr]]) -> None:
        """What the body reads of its module must mean the same where it goes; so must defaults that it uses."""
        home, scopes = self._symbol.path, self._program.scopes(path)
        inside = scopes.where(call)
        parameters = {
            a.arg for a in [*self._node.args.posonlyargs, *self._node.args.args, *self._node.args.kwonlyargs]
        }
        wanted: list[str] = []
        body = [n for n in ast.walk(self._value) if isinstance(n, ast.Name) and n.id not in parameters]
        own = [*self._node.args.defaults, *filter(None, self._node.args.kw_defaults)]
        for one in [*body, *(a for _, a in arguments.values() if a in own and isinstance(a, ast.Name))]:
            known = self._scopes.owner(one.id, self._scopes.where(one))
            if known is not None and known.kind == "comprehension":
                continue
            there = scopes.owner(one.id, inside)
            if path == home:
                if known is not there:
                    self._refuse(f"{one.id} means something else in {path}:{call.lineno}")
            elif known is None and there is not None:
                self._refuse(f"{one.id} means something else in {path}:{call.lineno}")
            elif known is not None:
                known_as = imported_name(self._scopes, known, one.id)
                if known_as and there is scopes.module and imported_name(scopes, there, one.id) == known_as:
                    continue  # both files import the same
                same = self._program.meaning(path, one) if there is None else None
                meaning = self._program.follow(home, one.id)
                if (
                    there is not None
                    and there.kind == "module"
                    and meaning
                    and self._program.follow(path, one.id) == meaning
                ):
                    continue
                if there is not None or same is not None:
                    self._refuse(f"{one.id} means something else in {path}:{call.lineno}")
                if any(o.role == "declare" for o in self._scopes.places(self._scopes.module, one.id)):
                    self._refuse(f"{one.id} of {home} is set anew while the program runs")
                wanted.append(one.id)
        if wanted:
            if not reaches({p: set(f) for p, f in loads(self._program).items()}, path, home):
                self._refuse(f"{path} does not load {home}")
            level = int(is_relative(self._program, path))
            source = from_module(self._program, path, home, level)
            names = ", ".join(sorted(set(wanted)))
            self._imports.setdefault(path, []).append(f"from {source} import {names}")

    def _remove(self) -> None:
        text = self._text
        first, last = text.lines_of(self._node)
        while first > 2 and text.line(first - 1).startswith("#"):
            first -= 1
        start, end = text.at(first), text.at(last + 1)
        while text.raw[end : end + 1] == b"\n" and (start == 0 or text.raw[:start].endswith(b"\n\n")):
            end += 1
        self._edits.setdefault(self._symbol.path, []).append((start, end, ""))


def _extracts(snapshot: Snapshot, names: set[str]) -> str | None:
    """Where a tool is told to read the calls of one of `names`, as xgettext and Babel do ("path:line")."""
    words = "|".join(map(re.escape, sorted(names))).encode()
    told = re.compile(
        rb"(?:-k[ \t]*|--keywords?[= \t]+|^keywords[ \t]*=.*?)['\"]?(?<!\w)(?:" + words + rb")(?!\w)",
        re.MULTILINE,
    )
    for path in snapshot.paths():
        if PurePosixPath(path).suffix not in _SETTINGS:
            continue
        try:
            content = snapshot.read(path)
        except WorkspaceError:
            continue
        if b"\0" not in content[:2000] and (found := told.search(content)):
            line = content.count(b"\n", 0, found.start()) + 1
            return f"{path}:{line}"
    return None


def _within(inner: ast.AST, outer: ast.AST) -> bool:
    return any(n is inner for n in ast.walk(outer))


def _atom(written: str, node: ast.expr) -> str:
    tight = ast.Name | ast.Call | ast.Attribute | ast.Subscript | ast.List | ast.Dict | ast.Set
    if isinstance(node, tight) and "\n" not in written:
        return written
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes | None) and "\n" not in written:
        return written if len(written.split(written[-1])) <= 3 else f"({written})"
    return f"({written})"
