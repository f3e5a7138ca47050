"""Which variable each identifier of a Python file means: scopes as the language reference defines them
("Naming and binding", section 4.2), with the place of every identifier."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from qcode.refactor.splice import Text

Role = Literal["bind", "use", "import", "parameter", "declare"]
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class, function (lambdas too) or comprehension."""

    kind: Literal["module", "class", "function", "comprehension"]
    node: ast.AST
    parent: Scope | None
    bound: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    children: list[Scope] = field(default_factory=list)


@dataclass(eq=False, frozen=True, slots=True)
class Occurrence:
    """One identifier: where it stands (offsets in bytes), and the scope in which it is looked up."""

    name: str
    node: ast.AST
    scope: Scope
    role: Role
    start: int
    end: int


class Scopes:
    """All identifiers of a parsed file."""

    def __init__(self, tree: ast.Module, text: Text) -> None:
        self.tree = tree
        self.text = text
        self.module = Scope("module", tree, None)
        self.occurrences: list[Occurrence] = []
        self.scope_of: dict[ast.AST, Scope] = {tree: self.module}
        """The scope that a function, class, lambda or comprehension makes."""
        self.attributes: list[ast.Attribute] = []
        self.statement_of: dict[ast.alias, ast.Import | ast.ImportFrom] = {}
        self._lookup_in: dict[ast.AST, Scope] = {}
        self._declared: set[ast.AST] = set()
        """Names that a class's body annotates and does not set: `date: date` reads the module's."""
        self._parents: dict[ast.AST, ast.AST] | None = None
        self._by_owner: dict[tuple[Scope, str], list[Occurrence]] | None = None
        for statement in tree.body:
            self._visit(statement, self.module)

    def qualname(self, node: ast.AST) -> str:
        """The names of the functions and classes that `node` stands in, joined with dots."""
        names, here = [], self.parents.get(node)
        while here is not None:
            if isinstance(here, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                names.append(here.name)
            here = self.parents.get(here)
        return ".".join(reversed(names))

    def owner(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose variable `name` means in `scope`; None for a builtin or an unknown name."""
        here: Scope | None = scope
        first = True
        while here is not None:
            if name in here.globals:
                return self.module
            if name in here.bound and name not in here.nonlocals and (first or here.kind != "class"):
                return here
            first = False
            here = here.parent
        return None

    def places(self, owner: Scope, name: str) -> list[Occurrence]:
        """Every identifier that means the variable `name` of the scope `owner`."""
        if self._by_owner is None:
            self._by_owner = {}
            for one in self.occurrences:
                if found := self.owner(one.name, one.scope):
                    self._by_owner.setdefault((found, one.name), []).append(one)
        return self._by_owner.get((owner, name), [])

    def where(self, node: ast.AST) -> Scope:
        """The scope in which a name or expression is looked up."""
        here: ast.AST | None = node
        while here is not None:
            if here in self._lookup_in:
                return self._lookup_in[here]
            here = self.parents.get(here)
        return self.module

    @property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node above each node."""
        if self._parents is None:
            self._parents = {
                child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
            }
        return self._parents

    def function_around(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The innermost `def` that a node stands in."""
        here = self.parents.get(node)
        while here is not None and not isinstance(here, _FUNCTIONS):
            here = self.parents.get(here)
        return here

    def class_of(self, function: ast.AST) -> ast.ClassDef | None:
        """The class whose member a function is."""
        above = self.parents.get(function)
        while isinstance(above, ast.If | ast.Try | ast.With):
            above = self.parents.get(above)
        return above if isinstance(above, ast.ClassDef) else None

    def class_around(self, function: ast.AST) -> ast.ClassDef | None:
        """The class whose method a function becomes that another one, called in the class's body, makes:
        `def operator(sign): def visit(self): …`."""
        outer = self.function_around(function)
        own = [a.arg for a in outer.args.args] if outer else []
        return self.class_of(outer) if outer and "self" not in own else None

    def _note(self, name: str, node: ast.AST, scope: Scope, role: Role, start: int) -> None:
        self.occurrences.append(
            Occurrence(name, node, scope, role, start, start + len(name.encode("utf-8", "surrogatepass")))
        )
        if role in ("bind", "import", "parameter"):
            scope.bound.add(name)

    def _after(self, start: int, words: str, name: str) -> int:
        """Where `name` stands after `words` (a pattern), from `start` on."""
        pattern = re.compile(rb"(?:" + words.encode() + rb")[\s\\]+(" + re.escape(name.encode()) + rb")\b")
        found = pattern.search(self.text.raw, start)
        return found.start(1) if found else start

    def _inner(
        self, kind: Literal["class", "function", "comprehension"], node: ast.AST, above: Scope
    ) -> Scope:
        made = Scope(kind, node, above)
        above.children.append(made)
        self.scope_of[node] = made
        return made

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        self._lookup_in[node] = scope
        match node:
            case ast.Name():
                role: Role = "use" if isinstance(node.ctx, ast.Load) else "bind"
                self._note(node.id, node, scope, role, self.text.at(node.lineno, node.col_offset))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._definition(node, scope)
            case ast.Attribute():
                self.attributes.append(node)
                self._visit(node.value, scope)
            case ast.Lambda():
                inner = self._inner("function", node, scope)
                self._arguments(node.args, scope, inner)
                self._visit(node.body, inner)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, scope)
            case ast.NamedExpr():
                target = scope
                while target.kind == "comprehension" and target.parent:
                    target = target.parent
                self._visit(node.value, scope)
                self._visit(node.target, target)
            case ast.Import() | ast.ImportFrom():
                self._imports(node, scope)
            case ast.Global() | ast.Nonlocal():
                start = self.text.at(node.lineno, node.col_offset)
                (scope.globals if isinstance(node, ast.Global) else scope.nonlocals).update(node.names)
                for name in node.names:
                    at = self._after(start, r"global|nonlocal|,", name)
                    if self.text.raw[start:at].find(b"\n") < 0:
                        self._note(name, node, scope, "declare", at)
                    if isinstance(node, ast.Global):
                        self.module.bound.add(name)
            case ast.ExceptHandler(name=str(name)):
                start = self.text.span(node.type)[1] if node.type else self.text.at(node.lineno)
                self._note(name, node, scope, "bind", self._after(start, r"\bas", name))
                self._children(node, scope)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                end = self.text.span(node)[1]
                self._children(node, scope)
                self._note(name, node, scope, "bind", end - len(name.encode()))
            case ast.MatchMapping(rest=str(name)):
                self._children(node, scope)
                start, end = self.text.span(node)
                at = self.text.raw.rfind(b"**", start, end)
                self._note(name, node, scope, "bind", self.text.raw.find(name.encode(), at))
            case ast.Assign(targets=targets, value=value) if scope.kind == "class":
                self._all([value, *targets], scope)
            case ast.AnnAssign():
                if node.value is None and scope.kind == "class":
                    self._declared.add(node.target)
                if node.value and scope.kind == "class":
                    self._visit(node.value, scope)
                self._visit(node.target, scope)
                self._annotation(node.annotation, scope)
                if node.value and scope.kind != "class":
                    self._visit(node.value, scope)
            case _:
                self._children(node, scope)

    def _children(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            self._visit(child, scope)

    def _all(self, nodes: Iterable[ast.AST], scope: Scope) -> None:
        for node in nodes:
            self._visit(node, scope)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope) -> None:
        word = r"\bclass" if isinstance(node, ast.ClassDef) else r"\bdef"
        start = self.text.at(node.lineno, node.col_offset)
        self._note(node.name, node, scope, "bind", self._after(start, word, node.name))
        self._all(node.decorator_list, scope)
        around = scope
        if parameters := getattr(node, "type_params", []):
            around = Scope("function", node, scope)
            scope.children.append(around)
            for one in parameters:
                self._lookup_in[one] = around
                self._note(one.name, one, around, "bind", self.text.span(one)[0])
                self._children(one, around)
        if isinstance(node, ast.ClassDef):
            self._all([*node.bases, *node.keywords], around)
            before, made = len(self.occurrences), self._inner("class", node, around)
            self._all(node.body, made)
            self._outside(before, made)
            return
        inner = self._inner("function", node, around)
        self._arguments(node.args, around, inner)
        if node.returns:
            self._annotation(node.returns, around)
        self._all(node.body, inner)

    def _outside(self, first: int, made: Scope) -> None:
        """A class's body reads what it has not set yet from the module: `sender = sender`."""
        known: set[str] = set(made.globals | made.nonlocals)
        for number in range(first, len(self.occurrences)):
            one = self.occurrences[number]
            if one.scope is not made:
                continue
            if one.role == "use" and one.name in made.bound - known:
                self.occurrences[number] = replace(one, scope=self.module)
                self._lookup_in[one.node] = self.module
            elif one.role != "use" and one.node not in self._declared:
                known.add(one.name)

    def _arguments(self, arguments: ast.arguments, outer: Scope, inner: Scope) -> None:
        self._all([*arguments.defaults, *(d for d in arguments.kw_defaults if d)], outer)
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for one in [*every, *filter(None, (arguments.vararg, arguments.kwarg))]:
            self._lookup_in[one] = inner
            self._note(one.arg, one, inner, "parameter", self.text.at(one.lineno, one.col_offset))
            if one.annotation:
                self._annotation(one.annotation, outer)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: Scope
    ) -> None:
        inner = self._inner("comprehension", node, scope)
        for index, generator in enumerate(node.generators):
            self._lookup_in[generator] = inner
            self._visit(generator.iter, scope if index == 0 else inner)
            self._visit(generator.target, inner)
            self._all(generator.ifs, inner)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._all(parts, inner)

    def _imports(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            self.statement_of[alias] = node
            self._lookup_in[alias] = scope
            if alias.name == "*":
                continue
            start, end = self.text.span(alias)
            if alias.asname:
                self._note(alias.asname, alias, scope, "import", end - len(alias.asname.encode()))
            else:
                self._note(alias.name.partition(".")[0], alias, scope, "import", start)

    def _annotation(self, node: ast.expr, scope: Scope) -> None:
        """An annotation; one in quotes is read as code, where its text stands plainly in the file."""
        self._visit(node, scope)
        for inner in ast.walk(node):
            if not (isinstance(inner, ast.Constant) and isinstance(inner.value, str)):
                continue
            start, end = self.text.span(inner)
            raw = self.text.raw[start:end]
            if raw[1:-1] != inner.value.encode() or raw[:1] not in (b"'", b'"'):
                continue
            try:
                quoted = ast.parse(inner.value.strip() and inner.value, mode="eval")
            except SyntaxError:
                continue
            for name in ast.walk(quoted):
                if isinstance(name, ast.Name):
                    name.lineno, name.col_offset = inner.lineno, inner.col_offset + 1 + name.col_offset
                    name.end_lineno, name.end_col_offset = (
                        inner.lineno,
                        name.col_offset + len(name.id.encode()),
                    )
                    self._lookup_in[name] = scope
                    at = self.text.at(name.lineno, name.col_offset)
                    self._note(name.id, name, scope, "use", at)
