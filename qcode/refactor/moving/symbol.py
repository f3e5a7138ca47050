"""A top-level function, class or variable goes to another module; its uses follow."""

from __future__ import annotations

import ast
import re

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.moving.carried import (
    Needs,
    bound_at_run,
    code_in_strings,
    lazy_imports,
    needs,
    program_line,
    replaced_names,
    runs_later,
)
from qcode.refactor.moving.circles import Circles, Plan
from qcode.refactor.moving.later import later
from qcode.refactor.python.found_by_name import refuse_through_value
from qcode.refactor.python.hierarchy import made_by
from qcode.refactor.python.imports import (
    added,
    dotted,
    from_module,
    is_own,
    is_relative,
    merged,
    unlisted,
    without,
)
from qcode.refactor.python.meaning import Global, Module, Program, Reference, module_place
from qcode.refactor.python.modules import top_level
from qcode.refactor.python.shown import is_test
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.renaming.doctests import refuse_in_examples
from qcode.refactor.result import Refactoring, finished, read_text
from qcode.refactor.splice import Edit, Text, rewritten


def move_symbol(snapshot: Snapshot, symbol: Symbol, destination: str) -> Refactoring:
    """Move `symbol` to the file `destination`, which is created when it is not there.

    Raises RefactorError: nested or bound several times, the name is taken there, an import circle,
    a name that would mean something else.
    """
    return _Move(snapshot, symbol, destination).done()


class _Move:
    def __init__(self, snapshot: Snapshot, symbol: Symbol, destination: str) -> None:
        self._snapshot = snapshot
        self._program = program = Program(snapshot)
        self._home, self._name, self._to = symbol.path, symbol.qualname, destination
        self._scopes = program.scopes(symbol.path)
        self._text = self._scopes.text
        self._new_file = destination not in program.contents
        if not self._new_file:
            read_text(snapshot, destination)
        elif snapshot.exists(destination):
            raise RefactorError(f"{destination} cannot be read as Python.", "Choose another module.")
        self._first: ast.stmt | None = None
        self._node = self._definition(symbol)
        self._references = program.references(self._home, self._name)
        self._start, self._end = region = self._region()
        self._circles = Circles(program, self._home, destination, self._name, region, self._references)
        self._edits: dict[str, list[Edit]] = {}
        self._imports: dict[str, list[str]] = {}
        self._doubtful: list[str] = []

    def done(self) -> Refactoring:
        program, home, to, name = self._program, self._home, self._to, self._name
        required = needs(program, home, self._start, self._end, name, to)
        if patched := replaced_names(program, home, {**required.source, **required.copied}):
            raise RefactorError(
                f"{patched[0]} replaces a name of {home} that {name} reads; moved, it would not see that.",
                "Change that place first.",
            )
        if required.source and any(
            isinstance(n, ast.Assert | ast.Raise) for n in top_level(self._scopes.tree)
        ):
            raise RefactorError(
                f"{home} refuses to load in some places, and {to} would load it.", "Leave it."
            )
        line = 1 if to.endswith("__main__.py") else 0
        if not self._new_file and (line := line or program_line(program.modules.trees[to])):
            raise RefactorError(
                f"{to} is a program, which runs when it is loaded ({to}:{line}).", "Move it to a module."
            )
        if found := code_in_strings(program, home):
            raise RefactorError(
                f"{found} holds code that imports {home}, in a string.", "Change that place first."
            )
        outside = [r for r in self._references if not self._within(r)]
        back = any(r.path == home and r.kind == "name" for r in outside) or self._circles.starred()
        if not back:
            names = "|".join(re.escape(n) for n in program.modules.names(home))
            taken = (
                rf"\b(?:{names})\.{re.escape(name)}\b|\bfrom\s+(?:{names})\s+import\b.*\b{re.escape(name)}\b"
            )
            refuse_in_examples(self._snapshot, program, name, taken)
            refuse_through_value(program, home, name)
        self._refuse_taken(required)
        for one in outside:
            self._follow(one, back)
        plan = self._circles.plan(required, back, set(self._edits))
        for path in plan.lazy_users:
            self._edits[path] = later(program, path, to, name, outside)
            self._imports.pop(path, None)
        if plan.package:
            self._edits, self._imports = {}, {}
            for one in outside:
                if not one.path.startswith(f"{plan.package}/"):
                    self._follow(one, back)
                elif one.kind == "import" and one.path != home:
                    line = self._program.scopes(one.path).text.line_of(one.start)
                    self._doubtful.append(f"{one.path}:{line}: takes {name} from {home}, which hands it on")
        self._cut(required, back, plan)
        self._paste(required, plan.eager, plan.lazy)
        self._patches(back)
        changes = [self._change(path) for path in sorted({*self._edits, *self._imports})]
        if self._new_file:
            changes = [c for c in changes if c.path != to]
            changes.append(Change(to, None, self._created.encode()))
        summary = f"Moved {name} from {home} to {to}: {{places}} in {{files}}."
        return finished(self._snapshot, changes, summary, tuple(self._doubtful))

    def _definition(self, symbol: Symbol) -> ast.stmt:
        """The statement to move; it must be the only binding, at the top of the module."""
        if symbol.parent:
            raise RefactorError(f"{symbol.qualname} is inside of {symbol.parent}.", "Move that instead.")
        bindings = [o for o in self._scopes.places(self._scopes.module, symbol.name) if o.role != "use"]
        node = self._program.node_of(symbol)
        overloads = self._overloads(symbol.name)
        if overloads and len(bindings) == len(overloads):
            node = overloads[-1]
            self._first = overloads[0]
        elif len(bindings) != 1 or node is None:
            lines = ", ".join(str(self._text.line_of(o.start)) for o in bindings[:5])
            raise RefactorError(
                f"{symbol.name} is bound {len(bindings)} times in {symbol.path} (lines {lines}).",
                "Move it by hand.",
            )
        targets = getattr(node, "targets", [None])
        if node not in self._scopes.tree.body or len(targets) != 1 or isinstance(targets[0], ast.Tuple):
            raise RefactorError(
                f"{symbol.name} is defined inside of another statement ({symbol.path}:{symbol.line}).",
                "Move it by hand.",
            )
        if isinstance(node, ast.ClassDef) and (made := made_by(self._program.modules, symbol)):
            raise RefactorError(f"{symbol.name} is made by {made}, which may look where.", "Move it by hand.")
        if isinstance(node, ast.ClassDef) and (line := self._closed()):
            raise RefactorError(
                f"{symbol.path}:{line} changes how classes are made; elsewhere {symbol.name} could not be made.",
                "Leave it.",
            )
        if symbol.name.startswith("__") and symbol.name.endswith("__"):
            raise RefactorError(f"{symbol.name} belongs to its module.", "It cannot be moved.")
        return node

    def _closed(self) -> int | None:
        """Where the module replaces a method that makes classes or objects, as one that lets nobody add more."""
        for statement in self._scopes.tree.body:
            for target in statement.targets if isinstance(statement, ast.Assign) else ():
                if isinstance(target, ast.Attribute) and target.attr in (
                    "__new__",
                    "__init_subclass__",
                    "__call__",
                ):
                    return statement.lineno
        return None

    def _overloads(self, name: str) -> list[ast.stmt]:
        """Definitions of one function right behind each other, all but the last of them `@overload`."""
        body = self._scopes.tree.body
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        places = [i for i, n in enumerate(body) if isinstance(n, functions) and n.name == name]
        found = [body[i] for i in places]
        if len(found) < 2 or places[-1] - places[0] != len(places) - 1:
            return []
        declared = [
            any(ast.unparse(d).rpartition(".")[2] == "overload" for d in getattr(n, "decorator_list", []))
            for n in found
        ]
        return found if all(declared[:-1]) and not declared[-1] else []

    def _region(self) -> tuple[int, int]:
        last = self._text.lines_of(self._node)[1]
        first = self._text.lines_of(self._first or self._node)[0]
        while first > 1 and self._text.line(first - 1).startswith("#") and first - 1 > 2:
            first -= 1
        start, end = self._text.at(first), self._text.at(last + 1)
        body = self._scopes.tree.body
        above, below = body.index(self._first or self._node), body.index(self._node) + 1
        neighbours = [*body[max(0, above - 1) : above], *body[below : below + 1]]
        if any(
            start <= self._text.span(n)[0] < end or start < self._text.span(n)[1] <= end for n in neighbours
        ):
            raise RefactorError(f"{self._name} shares its line with another statement.", "Move it by hand.")
        return start, end

    def _within(self, one: Reference) -> bool:
        return one.path == self._home and self._start <= one.start < self._end

    def _refuse_taken(self, required: Needs) -> None:
        if self._new_file:
            return
        there = self._program.scopes(self._to)
        own = {r.node for r in self._references if r.path == self._to}
        for word in {self._name, *required.builtin} & there.module.bound:
            for one in there.places(there.module, word):
                if one.role != "use" and one.node not in own:
                    line = there.text.line_of(one.start)
                    raise RefactorError(f"{word} is taken: {self._to}:{line}.", "Rename that first.")
        for word in {**required.copied, **required.source, **required.typing}:
            if word not in there.module.bound:
                known = self._program.follow(self._home, word)
                if isinstance(known, Global) and known.path == self._to:
                    raise RefactorError(
                        f"{word} is called {known.name} in {self._to}.", f"Rename it in {self._home} first."
                    )
                continue
            if self._program.follow(self._to, word) != self._program.follow(self._home, word) or (
                word in required.copied and not self._same_import(word, required.copied[word])
            ):
                one = next(o for o in there.places(there.module, word) if o.role != "use")
                line = there.text.line_of(one.start)
                raise RefactorError(
                    f"{word} means something else in {self._to} (line {line}).", "Rename that first."
                )

    def _same_import(self, word: str, line: str) -> bool:
        there = self._program.scopes(self._to)
        bindings = [o for o in there.places(there.module, word) if o.role != "use"]
        known = self._program.follow(self._to, word)
        if any(o.role != "import" for o in bindings):
            return known == Global(self._to, word)  # the old module imports what is defined there
        if known:
            return True  # both lead to the same thing of this repository
        (wanted,) = ast.parse(line).body
        for one in bindings:
            statement, alias = there.parents[one.node], one.node
            assert isinstance(alias, ast.alias) and isinstance(wanted, ast.Import | ast.ImportFrom)
            module = getattr(statement, "module", None), type(statement)
            if module != (getattr(wanted, "module", None), type(wanted)):
                return False
            if isinstance(wanted, ast.ImportFrom) and alias.name != wanted.names[0].name:
                return False
        return True

    def _follow(self, one: Reference, back: bool) -> None:
        """One use of the symbol outside of its definition."""
        program, name, path = self._program, self._name, one.path
        text = program.scopes(path).text
        if one.kind == "import":
            alias, statement = one.node, program.scopes(path).parents[one.node]
            assert isinstance(alias, ast.alias) and isinstance(statement, ast.ImportFrom)
            module = program.imported(path, statement.module or "", statement.level)
            if module is None or program.file_of(module) != self._home:
                return  # it goes through a module whose own import is rewritten
            if path == self._to and program.scopes(path).where(alias).kind != "module":
                raise RefactorError(
                    f"{path}:{alias.lineno} imports {name} inside of a function.", "Change that place first."
                )
            edits = self._edits.setdefault(path, [])
            if path == self._to:
                edits += without(text, statement, [alias])
                return
            written = f"{name} as {alias.asname}" if alias.asname else name
            line = f"from {from_module(program, path, self._to, statement.level)} import {written}"
            if len(statement.names) == 1:
                edits.append((*text.span(statement), line))
            else:
                edits += without(text, statement, [alias])
                indent = text.indent(statement.lineno)
                below = text.at((statement.end_lineno or 0) + 1)
                start = text.span(statement)[0]
                if text.between(text.at(statement.lineno), start).strip():
                    raise RefactorError(
                        f"{path}:{statement.lineno} holds two statements.", "Split that line first."
                    )
                edits.append((below, below, f"{indent}{line}\n"))
        elif one.kind == "attribute":
            self._attribute(one, text)
        elif one.kind == "alias" and path == self._to:
            self._edits.setdefault(path, []).append((one.start, one.end, name))

    def _attribute(self, one: Reference, text: Text) -> None:
        """`module.name`: the module's new name, which is imported beside the old one."""
        program, node = self._program, one.node
        assert isinstance(node, ast.Attribute)
        base = program.module_of(one.path, node.value)
        if base is None or program.file_of(base) != self._home:
            return  # through a package that imports it: that import is rewritten
        edits = self._edits.setdefault(one.path, [])
        start = text.span(node)[0]
        if one.path == self._to:
            edits.append((start, one.end, self._name))
            return
        if isinstance(node.ctx, ast.Store | ast.Del):
            raise RefactorError(
                f"{one.path}:{node.lineno} sets {ast.unparse(node)}.", "Change that place first."
            )
        module = dotted(program, self._to, one.path)
        if isinstance(node.value, ast.Name) and "." in module:
            package, _, last = module.rpartition(".")
            scopes = program.scopes(one.path)
            if last in {n for s in scopes.scope_of.values() for n in s.bound}:
                known = program.follow(one.path, last)
                if known != Module(module_place(self._to)):
                    if any(o.name == self._name for o in scopes.occurrences):
                        raise RefactorError(f"{last} is taken in {one.path}.", "Rename that first.")
                    self._imports.setdefault(one.path, []).append(f"from {module} import {self._name}")
                    edits.append((start, one.end, self._name))
                    return
            self._imports.setdefault(one.path, []).append(f"from {package} import {last}")
            edits.append((start, one.end, f"{last}.{self._name}"))
        else:
            self._imports.setdefault(one.path, []).append(f"import {module}")
            edits.append((start, one.end, f"{module}.{self._name}"))

    def _cut(self, required: Needs, back: bool, plan: Plan) -> None:
        text, path = self._text, self._home
        edits = self._edits.setdefault(path, [])
        start, end = self._start, self._end
        while text.raw[end : end + 1] == b"\n" and (text.raw[:start].endswith(b"\n\n") or start == 0):
            end += 1
        if not text.raw[end:].strip():
            start = len(text.raw[:start].rstrip(b"\n")) + 1 if text.raw[:start].strip() else start
        if plan.package:
            level = int(is_relative(self._program, path))
            line = f"from {from_module(self._program, path, self._to, level)} import {self._name}\n"
            edits.append((start, end, f"{line}\n\n" if text.raw[end:].strip() else line))
            return
        edits.append((start, end, ""))
        if plan.lazy_home:
            level = int(is_relative(self._program, path))
            line = f"from {from_module(self._program, path, self._to, level)} import {self._name}"
            found = lazy_imports(self._scopes.tree, text, {self._name: line})
            edits += [e for e in found if not self._start <= e[0] < self._end]
        elif back:
            level = int(is_relative(self._program, path))
            line = f"from {from_module(self._program, path, self._to, level)} import {self._name}"
            self._imports.setdefault(path, []).append(line)
        else:
            for one in self._program.exports(path, self._name):
                edits += unlisted(text, one)
                if not self._new_file and (listed := self._listed()):
                    self._edits.setdefault(self._to, []).append(listed)
        if not path.endswith("__init__.py"):
            edits += self._unused(required, back)

    def _listed(self) -> Edit | None:
        """The symbol in `__all__` of the new module, where that is a plain list."""
        there = self._program.scopes(self._to)
        for node in there.tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                value = node.value
                if isinstance(value, ast.List | ast.Tuple) and value.elts:
                    end = there.text.span(value.elts[-1])[1]
                    return end, end, f', "{self._name}"'
        return None

    def _unused(self, required: Needs, back: bool) -> list[Edit]:
        """Imports that only the moved code used, and that no other file takes from here."""
        scopes, program = self._scopes, self._program
        by_statement: dict[ast.AST, list[ast.alias]] = {}
        for name in required.copied:
            places = scopes.places(scopes.module, name)
            if any(o.role == "use" and not self._start <= o.start < self._end for o in places):
                continue
            if program.exports(self._home, name) or self._taken_from_here(name):
                continue
            alias = next((o.node for o in places if o.role == "import"), None)
            if alias is None:
                continue  # of a star, which stays
            assert isinstance(alias, ast.alias)
            line = self._text.line(alias.lineno)
            if "noqa" not in line:
                by_statement.setdefault(scopes.parents[alias], []).append(alias)
        edits: list[Edit] = []
        for statement, gone in by_statement.items():
            assert isinstance(statement, ast.Import | ast.ImportFrom)
            edits += without(self._text, statement, gone)
        return edits

    def _taken_from_here(self, name: str) -> bool:
        """Whether another file may take `name` from the old module: it says both names."""
        leaf = module_place(self._home).rpartition("/")[2]
        words = [re.compile(rf"\b{re.escape(word)}\b") for word in (name, leaf)]
        return any(
            path != self._home and all(word.search(source.text) for word in words)
            for path, source in self._program.modules.sources.items()
        )

    def _paste(self, required: Needs, eager: dict[str, bool], lazy: dict[str, str]) -> None:
        program, to = self._program, self._to
        code = self._text.between(self._start, self._end).strip("\n") + "\n"
        there = None if self._new_file else program.scopes(to)
        known, bound = (there.module.bound, bound_at_run(there)) if there else (set(), set())
        source = from_module(program, to, self._home, self._circles.level())
        if lazy:
            code = self._lazily(code, {n: line for n, line in lazy.items() if n not in bound})
        lines = [line for name, line in required.copied.items() if name not in bound]
        if names := sorted(n for n in eager if n not in bound):
            lines.append(f"from {source} import {', '.join(names)}")
        typing = [line for name, line in required.typing.items() if name not in known]
        if typing and "TYPE_CHECKING" not in bound:
            lines.append("from typing import TYPE_CHECKING")
        lines = merged(lines)
        lines.sort(key=lambda line: (is_own(program, line), line.startswith("from"), line))
        guarded = ["", "if TYPE_CHECKING:", *(f"    {line}" for line in typing)] if typing else []
        if there is None:
            future = [
                ast.unparse(n)
                for n in self._scopes.tree.body
                if isinstance(n, ast.ImportFrom) and n.module == "__future__"
            ]
            head = "\n".join([*future, *([""] if future and lines else []), *lines, *guarded])
            self._created = (head + "\n\n\n" if head else "") + code
            return
        edits = self._edits.setdefault(to, [])
        if guarded:
            lines += guarded
        self._imports.setdefault(to, []).extend(lines)
        used = any(r.path == to for r in self._references)
        body = there.tree.body
        last = body[-1] if body else None
        if used:
            early = [o for o in required.inside if not runs_later(self._scopes, o)]
            if own := next((o for o in early if program.follow(to, o.name) == Global(to, o.name)), None):
                raise RefactorError(
                    f"{to} uses {self._name}, which takes {own.name} of it while it is loaded.",
                    "Move it by hand: it has to stand between the two.",
                )
            code = "\n" + code + "\n"
            self._imports[to].append(code)
        elif isinstance(last, ast.If) and "__name__" in ast.unparse(last.test):
            at = there.text.at(last.lineno)
            edits.append((at, at, code + "\n\n"))
        else:
            raw = there.text.raw
            at = len(raw.rstrip(b"\n"))
            edits.append((at, len(raw), ("\n\n\n" if at else "") + code))

    def _lazily(self, code: str, lines: dict[str, str]) -> str:
        """The moved code with imports inside of the functions that use them."""
        text = Text(code)
        return text.spliced(lazy_imports(ast.parse(code), text, lines)) if lines else code

    def _patches(self, back: bool) -> None:
        """Strings that name the symbol by its old dotted path, as `mock.patch` takes them."""
        program = self._program
        old = {f"{module}.{self._name}" for module in program.modules.names(self._home)}
        for path in program.files_with([self._name]):
            text = program.scopes(path).text if path.endswith(".py") else None
            for node in ast.walk(program.modules.trees[path]) if text else ():
                if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                    continue
                assert text is not None
                hit = next((o for o in old if node.value == o or node.value.startswith(f"{o}.")), None)
                if hit is None and isinstance(self._node, ast.ClassDef) and is_test(path):
                    self._shown(path, node, text, old)
                if hit is None:
                    continue
                if back:
                    self._doubtful.append(f"{path}:{node.lineno}: {text.line(node.lineno).strip()[:120]}")
                    continue
                start, end = text.span(node)
                written = text.between(start, end)
                if (
                    "." in hit
                    and hit in written
                    and not (path == self._home and self._start <= start < self._end)
                ):
                    new = f"{dotted(program, self._to)}.{self._name}"
                    self._edits.setdefault(path, []).append((start, end, written.replace(hit, new)))

    def _shown(self, path: str, node: ast.Constant, text: Text, old: set[str]) -> None:
        """A test's text in which the class is shown with its module, as `<package.module.Name object …>`."""
        above = self._program.scopes(path).parents.get(node)
        start, end = text.span(node)
        written = text.between(start, end)
        module = dotted(self._program, self._to)
        for hit in old if not isinstance(above, ast.JoinedStr | ast.Expr) else ():
            for dot in (".", "\\."):
                shown, new = hit.replace(".", dot), f"{module}.{self._name}".replace(".", dot)
                after = re.sub(rf"(?<![\w.]){re.escape(shown)}\b", new.replace("\\", "\\\\"), written)
                if "." in hit and after != written:
                    self._edits.setdefault(path, []).append((start, end, after))
                    return

    def _change(self, path: str) -> Change:
        before = self._program.contents[path]
        scopes = self._program.scopes(path)
        edits = self._edits.get(path, [])
        top = added(scopes.tree, scopes.text, self._imports.get(path, []))
        return Change(path, before, rewritten(before, scopes.text.spliced([*edits, *top]), path))
