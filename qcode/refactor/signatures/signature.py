"""Parameters of a function are added, removed, renamed or put in another order; its calls follow."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable, Sequence

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.arguments import harmless, parameter_end, passed, without_argument, without_parameter
from qcode.refactor.python.calls import Calls, Function, calls_of, function_at, settle, unusual_decorator
from qcode.refactor.python.foreign import foreign_callers
from qcode.refactor.python.found_by_name import through_value
from qcode.refactor.python.handed import keyword_unseen, unseen_call
from qcode.refactor.python.hierarchy import Hierarchy
from qcode.refactor.python.introspection import looks_at_number
from qcode.refactor.python.keywords import Keywords
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.purity import Purity
from qcode.refactor.python.symbols import Symbol, resolve
from qcode.refactor.renaming.doctests import refuse_in_examples
from qcode.refactor.result import Refactoring, finished, read_text
from qcode.refactor.signatures.steps import Step, parsed
from qcode.refactor.splice import Edit, Text, rewritten


def signature(snapshot: Snapshot, function: str, changes: str, *, scope: Sequence[str] = ()) -> Refactoring:
    """Change the parameters of `function` (a class means its `__init__`).

    `changes`, one or more of: `+timeout=30` (add, with a default), `-debug` (remove), `old->new`
    (rename), `(b, a)` (order). Raises RefactorError: not understood, still used, taken, or calls that
    cannot be seen would break.
    """
    made: Refactoring | None = None
    layer = snapshot
    for step in parsed(changes):
        one = _Signature(layer, function, step).done()
        layer = layer.with_changes(one.changes)
        if made is None:
            made = one
        else:
            both = made.changes.then(one.changes)
            made = Refactoring(both, made.places + one.places, one.doubtful, f"{made.summary} {one.summary}")
    assert made is not None
    return made


class _Signature:
    def __init__(self, snapshot: Snapshot, function: str, step: Step) -> None:
        self._snapshot = snapshot
        self._step = step
        self._symbol: Symbol = resolve(snapshot, function)
        read_text(snapshot, self._symbol.path)
        self._program = Program(snapshot)
        self._hierarchy = Hierarchy(self._program.modules)
        self._node = function_at(self._program, self._symbol)
        self._calls: Calls = calls_of(self._program, self._hierarchy, self._symbol, self._node)
        if step.kind != "add":
            old = step.name if step.kind == "rename" else ""
            settle(
                self._program,
                self._hierarchy,
                self._calls,
                lambda call: not old or any(k.arg == old for k in call.keywords),
            )
        self._edits: dict[str, list[Edit]] = {}
        self._doubtful: list[str] = []
        self._refuse_symbol()

    def done(self) -> Refactoring:
        step = self._step
        work: dict[str, Callable[[], str]] = {
            "add": self._add,
            "remove": self._remove,
            "rename": self._rename,
            "order": self._reorder,
        }
        said = work[step.kind]()
        changes = []
        for path, edits in self._edits.items():
            before = self._program.contents[path]
            text = self._program.scopes(path).text.spliced(edits)
            changes.append(Change(path, before, rewritten(before, text, path)))
        stub = f"{self._symbol.path}i"
        if stub in self._program.contents:
            self._doubtful.append(f"{stub}:1: the stub beside {self._symbol.path} was left alone")
        summary = f"{said} {self._symbol.qualname}: {{places}} in {{files}}."
        return finished(self._snapshot, changes, summary, tuple(dict.fromkeys(self._doubtful)))

    def _refuse_symbol(self) -> None:
        name = self._node.name
        if name.startswith("__") and name.endswith("__") and name not in ("__init__", "__call__"):
            raise RefactorError(f"{name} is called by Python itself.", "Its parameters are fixed.")
        if self._step.kind == "add":
            return
        called = (
            self._symbol.parent.rpartition(".")[2]
            if name == "__init__" and self._symbol.kind != "class"
            else ""
        )
        called = called or self._symbol.name
        given = rf".*\b{re.escape(self._step.name)}\s*=(?!=)" if self._step.kind == "rename" else ""
        pattern = rf"(?<!def )(?<!class )\b{re.escape(called)}\({given}"
        refuse_in_examples(self._snapshot, self._program, called, pattern)
        for path, definition in self._calls.definitions:
            if found := unusual_decorator(definition):
                raise RefactorError(
                    f"{name} is decorated by {found} ({path}:{definition.lineno}), which may look at its parameters.",
                    "Do it by hand, or ask a model.",
                )
        if name.startswith(("test", "pytest_")):
            raise RefactorError(f"{name} is called by its test runner.", "Do it by hand.")
        owner = (self._symbol.path, self._symbol.parent)
        if owner in self._hierarchy.nodes and name != "__init__":
            for known in {(p, self._program.scopes(p).qualname(f)) for p, f in self._calls.definitions}:
                word = self._step.name if self._step.kind == "rename" else ""
                if known in self._hierarchy.nodes and (
                    base := foreign_callers(self._hierarchy, known, name, word)
                ):
                    raise RefactorError(
                        f"{known[1]} inherits from {base}, which may call {name}.",
                        "Do it by hand, or ask a model.",
                    )

    def _refuse_values(self) -> None:
        """A function that is passed on is called where nobody can see it."""
        if self._calls.values:
            path, place = self._calls.values[0]
            raise RefactorError(
                f"{self._symbol.qualname} is passed on as a value ({path}:{_line(place)}): its calls cannot be seen.",
                "Do it by hand, or ask a model.",
            )

    def _text(self, path: str) -> Text:
        return self._program.scopes(path).text

    def _edit(self, path: str, edit: Edit) -> None:
        self._edits.setdefault(path, []).append(edit)

    def _refuse_taken(self, path: str, node: Function, name: str) -> None:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise RefactorError(
                f"{name!r} is no name that Python allows.", "Use letters, digits and _; no keyword."
            )
        text = self._text(path)
        start, end = text.span(node)
        inside = [
            o for o in self._program.scopes(path).occurrences if o.name == name and start <= o.start < end
        ]
        if inside:
            line = text.line_of(inside[0].start)
            raise RefactorError(f"{name} is taken: {path}:{line}.", "Choose another name.")
        for where, call, _ in self._calls.calls:
            if any(k.arg == name for k in call.keywords):
                raise RefactorError(f"{where}:{call.lineno} passes {name} already.", "Choose another name.")

    def _refuse_magic(self, path: str, node: Function) -> None:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and ast.unparse(inner.func) in ("locals", "vars", "eval", "exec"):
                raise RefactorError(
                    f"{node.name} looks at its variables by name ({path}:{inner.lineno}).", "Do it by hand."
                )

    def _add(self) -> str:
        name = self._step.name
        for path, source in self._program.modules.sources.items():
            if self._calls.values and looks_at_number(source.text):
                raise RefactorError(
                    f"{self._symbol.qualname} is passed on as a value, and {path} looks at parameters.",
                    "Do it by hand, or ask a model.",
                )
        for path, node in self._calls.definitions:
            self._refuse_taken(path, node, name)
            text, arguments = self._text(path), node.args
            positional = [*arguments.posonlyargs, *arguments.args]
            # Behind *args only a keyword can follow; before them it would take the first of them.
            before = [*arguments.kwonlyargs] if arguments.vararg or arguments.kwonlyargs else positional
            before = before or ([arguments.vararg] if arguments.vararg else positional)
            if before:
                end = parameter_end(text, node, before[-1])
                self._edit(path, (end, end, f", {self._step.value}"))
            else:
                opening = text.raw.find(b"(", self._name_end(path, node)) + 1
                comma = ", " if arguments.kwarg else ""
                self._edit(path, (opening, opening, self._step.value + comma))
        return f"Added {name} to"

    def _name_end(self, path: str, node: Function) -> int:
        (place,) = [
            o for o in self._program.scopes(path).occurrences if o.node is node and o.name == node.name
        ]
        return place.end

    def _parameter(self, node: Function, name: str) -> ast.arg | None:
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return next((a for a in every if a.arg == name), None)

    def _required(self) -> list[tuple[str, Function, ast.arg]]:
        """The parameter in every definition. Raises RefactorError when it is missing, or is `self`."""
        name = self._step.name
        found = [(p, f, a) for p, f in self._calls.definitions if (a := self._parameter(f, name))]
        names = [
            a.arg for a in [*self._node.args.posonlyargs, *self._node.args.args, *self._node.args.kwonlyargs]
        ]
        if not any(f is self._node for _, f, _ in found):
            stars = [a.arg for a in (self._node.args.vararg, self._node.args.kwarg) if a]
            if name in stars:
                raise RefactorError(f"{name} takes what is left over.", "Do it by hand.")
            raise RefactorError(
                f"{self._symbol.qualname} has no parameter {name}.", f"It has: {', '.join(names) or 'none'}."
            )
        if self._calls.method and name == names[0]:
            raise RefactorError(f"{name} is the instance itself.", "It cannot be changed.")
        return found

    def _rename(self) -> str:
        old, new = self._step.name, self._step.value
        for path, node, _ in self._required():
            self._refuse_taken(path, node, new)
            self._refuse_magic(path, node)
            scopes = self._program.scopes(path)
            for one in scopes.places(scopes.scope_of[node], old):
                self._edit(path, (one.start, one.end, new))
        positional_only = self._parameter(self._node, old) in self._node.args.posonlyargs
        if not positional_only:
            self._refuse_unseen(lambda call, bound: any(k.arg == old for k in call.keywords))
            for path, call in [*((p, c) for p, c, _ in self._calls.calls), *self._calls.partials]:
                text = self._text(path)
                for word in call.keywords:
                    if word.arg == old:
                        start = text.span(word)[0]
                        self._edit(path, (start, start + len(old.encode()), new))
        self._docs(old)
        return f"Renamed the parameter {old} to {new} in"

    def _docs(self, old: str) -> None:
        for path, node in self._calls.definitions:
            docstring = ast.get_docstring(node, clean=False) or ""
            if re.search(rf"\b{re.escape(old)}\b", docstring):
                first = node.body[0]
                line = self._text(path).line(first.lineno).strip()[:120]
                self._doubtful.append(f"{path}:{first.lineno}: {line}")

    def _index(self) -> int | None:
        """The position of the parameter among the positional ones, `self` included."""
        positional = [a.arg for a in [*self._node.args.posonlyargs, *self._node.args.args]]
        return positional.index(self._step.name) if self._step.name in positional else None

    def _remove(self) -> str:
        name, index = self._step.name, self._index()
        for path, node, argument in self._required():
            self._refuse_magic(path, node)
            scopes, text = self._program.scopes(path), self._text(path)
            uses = [o for o in scopes.places(scopes.scope_of[node], name) if o.role != "parameter"]
            if uses:
                raise RefactorError(
                    f"{name} is still used: {path}:{text.line_of(uses[0].start)}.",
                    "Take its uses away first.",
                )
            self._edit(path, without_parameter(text, node, argument))
        self._refuse_unseen(
            lambda call, bound: passed(call, name, index, bound, self._calls.method) is not None
        )
        if self._calls.values and (place := unseen_call(self._program, self._calls, name, index)):
            path, value = self._calls.values[0]
            raise RefactorError(
                f"{self._symbol.qualname} is passed on as a value ({path}:{_line(value)}): its calls cannot be seen"
                + (f", and {place} may pass {name}." if place != f"{path}:{_line(value)}" else "."),
                "Do it by hand, or ask a model.",
            )
        purity = Purity(self._program)
        for path, call, bound in self._calls.calls:
            given = passed(call, name, index, bound, self._calls.method)
            if given is None:
                continue
            if given == "stars" or isinstance(given, str):
                raise RefactorError(
                    f"{path}:{call.lineno} passes * or **, which may hold {name}.", "Do it by hand."
                )
            value = given.value if isinstance(given, ast.keyword) else given
            if not harmless(value) and not purity.pure(path, value):
                raise RefactorError(
                    f"{path}:{call.lineno} computes {name} by {ast.unparse(value)[:60]}, which may do something else.",
                    "Change that call first.",
                )
            self._edit(path, without_argument(self._text(path), call, given))
        return f"Removed {name} from"

    def _reorder(self) -> str:
        wanted = [w.strip() for w in self._step.value.split(",") if w.strip()]
        if self._node.args.posonlyargs or self._node.args.vararg:
            raise RefactorError(
                f"{self._symbol.qualname} has positional-only or * parameters.", "Do it by hand."
            )
        old = [a.arg for a in self._node.args.args]
        own = old[1:] if self._calls.method else old
        if sorted(wanted) != sorted(own):
            raise RefactorError(
                f"{self._symbol.qualname} has the parameters: {', '.join(own)}.", "Name them all, once."
            )
        skip = len(old) - len(own)
        for path, node in self._calls.definitions:
            arguments = node.args.args[skip:]
            if [a.arg for a in arguments] != own:
                raise RefactorError(f"{path}:{node.lineno} has other parameters.", "Do it by hand.")
            text = self._text(path)
            spans = {a.arg: (text.span(a)[0], parameter_end(text, node, a)) for a in arguments}
            pieces = {name: text.between(*spans[name]) for name in own}
            first_default = len(own) - len(node.args.defaults)
            defaults = set(own[first_default:] if node.args.defaults else [])
            late = [n for n in wanted if n not in defaults and set(wanted[: wanted.index(n)]) & defaults]
            if late:
                raise RefactorError(
                    f"{late[0]} has no default, and would follow one that has.", "Choose another order."
                )
            for slot, name in zip(own, wanted, strict=True):
                self._edit(path, (*spans[slot], pieces[name]))
        self._refuse_unseen(lambda call, bound: len(call.args) > 1)
        self._refuse_values()
        for path, call, bound in self._calls.calls:
            self._reorder_call(path, call, own, wanted, 1 if bound and self._calls.method else 0)
        return f"Put the parameters ({', '.join(wanted)}) in order in"

    def _reorder_call(self, path: str, call: ast.Call, own: list[str], wanted: list[str], skip: int) -> None:
        given = call.args[skip:]
        if any(isinstance(a, ast.Starred) for a in call.args):
            raise RefactorError(f"{path}:{call.lineno} passes *, whose order is unknown.", "Do it by hand.")
        names = own[: len(given)]
        if names == wanted[: len(given)] or not given:
            return
        text = self._text(path)
        pieces = {n: text.of(a) for n, a in zip(names, given, strict=True)}
        pure = all(harmless(a) for a in given)
        if pure and set(wanted[: len(given)]) == set(names):
            for slot, name in zip(given, wanted, strict=False):
                self._edit(path, (*text.span(slot), pieces[name]))
            return
        # By keyword the values are computed in the order in which they were.
        same = 0
        while same < len(names) and names[same] == wanted[same]:
            same += 1
        for name, slot in list(zip(names, given, strict=True))[same:]:
            if isinstance(slot, ast.GeneratorExp):
                raise RefactorError(
                    f"{path}:{call.lineno} passes a bare generator.", "Put it in parentheses."
                )
            self._edit(path, (*text.span(slot), f"{name}={pieces[name]}"))

    def _refuse_unseen(self, breaks: Callable[[ast.Call, bool], bool]) -> None:
        """Raise RefactorError when a call that may be one of this function would break."""
        top = not self._symbol.parent and self._symbol.kind != "class"
        passed_on = through_value(self._program, self._symbol.path, self._symbol.name) if top else []
        for path, use in [*self._calls.unknown, *passed_on]:
            call = self._program.scopes(path).parents.get(use)
            if isinstance(call, ast.Call) and call.func is use and breaks(call, False):
                raise RefactorError(
                    f"{path}:{use.lineno}: it cannot be said whose {use.attr} `{ast.unparse(use)[:60]}` is.",
                    "Annotate its type, or do it by hand.",
                )
        if self._step.kind == "order":
            return
        name, keywords = self._step.name, Keywords(self._program, self._hierarchy, self._node)
        spread = any(k.arg is None for _, c, _ in self._calls.calls for k in c.keywords)
        for path, text in keywords.in_texts(name, spread):
            raise RefactorError(
                f"{path}:{_line(text)} has {name} in a text, which may be this parameter.",
                "Do it by hand, or ask a model.",
            )
        if not (spread or (self._calls.values and keyword_unseen(self._program, self._calls, name))):
            return
        known = {id(c) for _, c, _ in self._calls.calls} | {id(c) for _, c in self._calls.partials}
        for path, call in keywords.handing_on(name, known):
            raise RefactorError(
                f"{path}:{call.lineno} passes {name} to something that may hand it on to {self._symbol.qualname}.",
                "Do it by hand, or ask a model.",
            )


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))
