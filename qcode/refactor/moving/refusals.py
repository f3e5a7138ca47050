"""What speaks against the move of a symbol, before anything is written anew."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from qcode.errors import RefactorError
from qcode.refactor.moving.carried import Needs
from qcode.refactor.moving.definition import Moved
from qcode.refactor.python.found_by_name import refuse_through_value
from qcode.refactor.python.imports import dotted
from qcode.refactor.python.meaning import Global, Program
from qcode.refactor.python.modules import top_level
from qcode.refactor.python.scopes import Scopes
from qcode.refactor.python.shown import is_test
from qcode.refactor.renaming.doctests import refuse_in_examples

_HINT = "Change that place first."


def refuse_move(moved: Moved, needed: Needs, back: bool) -> None:
    """Raise RefactorError where the symbol would break elsewhere. `back`: the old module keeps its name.

    The old module or a test replaces what the symbol reads, or the old module does not load everywhere; the new
    one is a program, or has one of the names with another meaning; a text that is run has the old place.
    """
    _refuse_home(moved, needed)
    _refuse_program(moved)
    if found := _code_in_strings(moved.program, moved.home):
        raise RefactorError(f"{found} holds code that imports {moved.home}, in a string.", _HINT)
    if not back:
        modules = "|".join(re.escape(n) for n in moved.program.modules.names(moved.home))
        name = re.escape(moved.name)
        taken = rf"\b(?:{modules})\.{name}\b|\bfrom\s+(?:{modules})\s+import\b.*\b{name}\b"
        refuse_in_examples(moved.program.snapshot, moved.program, moved.name, taken)
        refuse_through_value(moved.program, moved.home, moved.name)
    if not moved.to_is_new:
        _refuse_taken(moved, needed)
        _refuse_other_meaning(moved, needed)


def _refuse_home(moved: Moved, needed: Needs) -> None:
    names = {**needed.source, **needed.copied}
    if patched := next(_replaced(moved.program, moved.home, names), None):
        raise RefactorError(
            f"{patched} replaces a name of {moved.home} that {moved.name} reads; moved, it would not see that.",
            _HINT,
        )
    unsure = any(isinstance(n, ast.Assert | ast.Raise) for n in top_level(moved.scopes.tree))
    if needed.source and unsure:
        raise RefactorError(
            f"{moved.home} refuses to load in some places, and {moved.to} would load it.", "Leave it."
        )


def _replaced(program: Program, home: str, names: Collection[str]) -> Iterator[str]:
    """Places ("path:line") that put something else at one of `names` of the module `home`: assignments to
    `module.name`, and patches of tests by string or `setattr`."""
    targets = {f"{m}.{n}" for m in [dotted(program, home), *program.modules.names(home)] for n in names}
    for file in program.files_with(names):
        if not file.endswith(".py"):
            continue
        for node in ast.walk(program.modules.trees[file]):
            match node:
                case ast.Constant(value=str(text)) if text in targets:
                    hit = _is_patched(program, file, node)
                case ast.Call(func=func, args=[first, ast.Constant(value=str(text)), *_]) if text in names:
                    sets = ast.unparse(func).endswith(("setattr", "patch.object", "delattr"))
                    hit = sets and _means(program, file, first, home)
                case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del(), value=value) if name in names:
                    hit = _means(program, file, value, home)
                case _:
                    continue
            if hit:
                yield f"{file}:{node.lineno}"


def _is_patched(program: Program, file: str, node: ast.Constant) -> bool:
    """Whether a dotted name in a string is given to something that may put another thing there."""
    parents = program.scopes(file).parents
    above = parents.get(node)
    call = parents.get(above) if isinstance(above, ast.keyword) else above
    if isinstance(call, ast.Call) and (_is_for_tests(file) or _patches(call)):
        return True
    return isinstance(above, ast.Assign) and "patch" in program.modules.sources[file].text


def _is_for_tests(file: str) -> bool:
    """Whether a file is of tests: there any function may hand a string on to one that patches."""
    return is_test(file) or any(part in ("conftest.py", "tests", "test") for part in file.split("/"))


def _patches(call: ast.Call) -> bool:
    return any(word in ast.unparse(call.func).lower() for word in ("patch", "mock", "setattr", "delattr"))


def _means(program: Program, file: str, node: ast.expr, path: str) -> bool:
    """Whether an expression is the module at `path`."""
    module = program.module_of(file, node)
    return module is not None and program.file_of(module) == path


def _refuse_program(moved: Moved) -> None:
    if moved.to_is_new:
        return
    main = moved.to.endswith("__main__.py")
    if line := 1 if main else _program_line(moved.program.modules.trees[moved.to]):
        raise RefactorError(
            f"{moved.to} is a program, which runs when it is loaded ({moved.to}:{line}).",
            "Move it to a module.",
        )


def _program_line(tree: ast.Module) -> int:
    """The line where a module, when it is loaded, reads the command line or ends the process; 0: it does not."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for node in ast.walk(statement) if "__name__" not in ast.unparse(statement) else ():
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.argv", "sys.exit"):
                return node.lineno
    return 0


def _code_in_strings(program: Program, path: str) -> str | None:
    """Where a string holds code that imports the module `path` ("path:line"), as generated code does."""
    names = "|".join(re.escape(n) for n in {dotted(program, path), *program.modules.names(path)})
    imports = re.compile(rf"^\s*(?:from|import)\s+(?:{names})\b(?!\.)")
    for file in program.files_with(["import"]):
        for node in ast.walk(program.modules.trees[file]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and imports.match(node.value):
                return f"{file}:{node.lineno}"
    return None


def _refuse_taken(moved: Moved, needed: Needs) -> None:
    """Raise RefactorError where the new module binds the name itself, or that of a builtin that the code uses."""
    there = moved.program.scopes(moved.to)
    own = {r.node for r in moved.references if r.path == moved.to}
    for word in {moved.name, *needed.builtin} & there.module.bound:
        for one in there.places(there.module, word):
            if one.role != "use" and one.node not in own:
                line = there.text.line_of(one.start)
                raise RefactorError(f"{word} is taken: {moved.to}:{line}.", "Rename that first.")


def _refuse_other_meaning(moved: Moved, needed: Needs) -> None:
    """Raise RefactorError where a name that comes with the code means something else in the new module."""
    program, home, to = moved.program, moved.home, moved.to
    there = program.scopes(to)
    for word in {**needed.copied, **needed.source, **needed.typing}:
        known = program.follow(home, word)
        if word not in there.module.bound:
            if isinstance(known, Global) and known.path == to:
                raise RefactorError(f"{word} is called {known.name} in {to}.", f"Rename it in {home} first.")
            continue
        line = needed.copied.get(word)
        if program.follow(to, word) != known or (line and not _same_import(program, to, word, line)):
            one = next(o for o in there.places(there.module, word) if o.role != "use")
            raise RefactorError(
                f"{word} means something else in {to} (line {there.text.line_of(one.start)}).",
                "Rename that first.",
            )


def _same_import(program: Program, to: str, word: str, line: str) -> bool:
    """Whether the file `to`, which has the name, has it of what the import `line` would give it."""
    there = program.scopes(to)
    bindings = [o for o in there.places(there.module, word) if o.role != "use"]
    known = program.follow(to, word)
    if any(o.role != "import" for o in bindings):
        return known == Global(to, word)  # the old module imports what is defined there
    if known:
        return True  # both lead to the same thing of this repository
    (wanted,) = ast.parse(line).body
    assert isinstance(wanted, ast.Import | ast.ImportFrom)
    return all(_alike(there, one.node, wanted) for one in bindings)


def _alike(there: Scopes, alias: ast.AST, wanted: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import takes from the module that another one takes from, and the same thing of it."""
    assert isinstance(alias, ast.alias)
    statement, (name,) = there.statement_of[alias], wanted.names
    if not isinstance(wanted, ast.ImportFrom):
        plain = not alias.asname and not name.asname  # `import os` and `import os.path` give the same `os`
        return isinstance(statement, ast.Import) and (plain or alias.name == name.name)
    return (
        isinstance(statement, ast.ImportFrom)
        and statement.module == wanted.module
        and alias.name == name.name
    )
