"""Examples in docstrings (`>>> name(1)`) that the project's tests run: code, though it stands in a string."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Snapshot
from qcode.refactor.python.meaning import Global, Module, Program
from qcode.refactor.python.symbols import Symbol, decode, encode

_SETTINGS = ("pyproject.toml", "setup.cfg", "pytest.ini", "tox.ini", "noxfile.py", "conftest.py", "Makefile")
_TEXTS = (".md", ".rst", ".txt")
_EXAMPLE = re.compile(r"^\s*(?:>>>|\.\.\.) ")


def examples(
    snapshot: Snapshot,
    changed: Mapping[str, bytes],
    program: Program,
    symbol: Symbol,
    new: str,
    unique: bool,
    classes: Iterable[str] = (),
) -> dict[str, bytes]:
    """The files whose docstrings use the symbol in examples that tests run, with the new name there; and the texts
    (README.md) whose examples tests run.

    A member is renamed where its name is `unique`: no other class and no library has it. Raises RefactorError
    where it is not, and examples have it beside one of its `classes`; and where a text has the name, and nothing
    says that it is the symbol.
    """
    texts = run_texts(snapshot, program, symbol.name)
    result: dict[str, bytes] = {}
    for path, (content, aliases) in texts.items():
        after = _text(content, symbol, new, unique, aliases, program)
        if symbol.name in "".join(_examples_of(after)):
            undecided = _undecided(after, symbol)
            if undecided:
                raise RefactorError(
                    f"{path}:{undecided} has {symbol.name} in an example that tests run.",
                    "Change that place first.",
                )
        if after != content:
            result[path] = after.encode()
    if not _run(snapshot, program):
        return result
    name = re.escape(symbol.name)
    homes = program.modules.binders(symbol.path, symbol.name) if not symbol.parent else set()
    dotted = "|".join(re.escape(n) for path in homes for n in program.modules.names(path))
    before = r"\." if symbol.parent else rf"(?<![\w.])(?:{dotted})\."
    qualified = re.compile(rf"{before}{name}\b")
    plain = re.compile(rf"(?<![\w.]){name}\b(?!\s*=[^=])")
    bound = re.compile(rf"(?:^|\s)(?:{name}\s*=[^=]|for\s+{name}\b|def\s+{name}\b|class\s+{name}\b)")
    beside = re.compile(rf"\b(?:{'|'.join(map(re.escape, classes)) or '(?!)'})\b")
    for path in program.files_with([symbol.name]):
        current = changed.get(path, program.contents[path])
        source = decode(current)
        if source is None or ">>>" not in source.text:
            continue
        known = not symbol.parent and program.follow(path, symbol.name) == Global(symbol.path, symbol.name)
        lines = source.text.split("\n")
        for first, last in _docstrings(program.modules.trees[path]):
            rows = [n for n in range(first - 1, last) if _EXAMPLE.match(lines[n])]
            text = "\n".join(lines[n] for n in rows)
            if symbol.parent and not unique:
                own = _objects(text, list(classes), symbol.name) if classes else None
                for row in rows if own else ():
                    assert own is not None
                    lines[row] = own.sub(lambda m: m[0][: -len(symbol.name)] + new, lines[row])
                text = "\n".join(lines[n] for n in rows)
                if qualified.search(text) and beside.search(text):
                    raise RefactorError(
                        f"{path}:{first} has {symbol.name} in an example that tests run.",
                        "Change that place first.",
                    )
                continue
            if bound.search(text):
                continue
            taken = known or _takes(program, path, text, symbol)
            for row in rows:
                line = qualified.sub(lambda m: m[0][: -len(symbol.name)] + new, lines[row])
                lines[row] = plain.sub(new, line) if taken else line
        after = "\n".join(lines)
        if after != source.text:
            result[path] = encode(current, after, path)
    return result


def run_texts(snapshot: Snapshot, program: Program, name: str) -> dict[str, tuple[str, dict[str, Module]]]:
    """The texts with examples that tests run and that hold `name`, with the modules that the test gives them by
    other names: by `doctest.testfile`, by settings (`--doctest-glob`), or from a Makefile."""
    wanted: dict[str, dict[str, Module]] = {}
    for path in program.files_with(["testfile(", "DocFileSuite(", "DocFileTest("]):
        aliases = {
            o.name: meaning
            for o in program.scopes(path).occurrences
            if o.role == "import" and isinstance(meaning := program.follow(path, o.name), Module)
        }
        for node in ast.walk(program.modules.trees[path]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(_TEXTS):
                wanted[node.value.rpartition("/")[2]] = aliases
    for path in _SETTINGS:
        try:
            settings = snapshot.read(path).decode("utf-8", "replace")
        except WorkspaceError:
            continue
        for pattern in re.findall(r"doctest[-_]globs?[\s=\"']+([^\s\"',]+)", settings):
            wanted[pattern.rpartition("/")[2]] = {}
        for pattern in re.findall(r"doctest\s+(?:-\w+\s+)*([\w./*]+\.(?:md|rst|txt))", settings):
            wanted[pattern.rpartition("/")[2]] = {}
    found: dict[str, tuple[str, dict[str, Module]]] = {}
    for path in snapshot.paths() if wanted else ():
        last = path.rpartition("/")[2]
        pattern = next((p for p in wanted if path.endswith(_TEXTS) and fnmatch(last, p)), None)
        if pattern is None:
            continue
        try:
            content = snapshot.read(path).decode("utf-8")
        except (WorkspaceError, UnicodeDecodeError):
            continue
        if name in content and ">>>" in content:
            found[path] = content, wanted[pattern]
    return found


def _text(
    content: str, symbol: Symbol, new: str, unique: bool, aliases: dict[str, Module], program: Program
) -> str:
    """A text with the new name in its examples, where these say that it is the symbol."""
    lines = content.split("\n")
    rows = [n for n, line in enumerate(lines) if _EXAMPLE.match(line)]
    whole = "\n".join(lines[n] for n in rows)
    name = re.escape(symbol.name)
    if symbol.parent:
        pattern = re.compile(rf"\.{name}\b") if unique else None
    else:
        modules = dict(aliases)
        for module, other in re.findall(r"import\s+([\w.]+)(?:\s+as\s+(\w+))?", whole):
            if (found := program.imported("setup.py", module)) is not None:
                modules[other or module] = found
        mine = Global(symbol.path, symbol.name)
        ours = [
            re.escape(alias)
            for alias, module in modules.items()
            if (file := program.file_of(module)) and program.follow(file, symbol.name) == mine
        ]
        taken = _takes(program, "setup.py", whole, symbol)
        plain = rf"|(?<![\w.]){name}\b(?!\s*=[^=])" if taken else ""
        pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(ours) or '(?!)'})\.{name}\b{plain}")
    for row in rows if pattern else ():
        assert pattern is not None
        lines[row] = pattern.sub(lambda m: m[0][: -len(symbol.name)] + new, lines[row])
    return "\n".join(lines)


def _examples_of(content: str) -> list[str]:
    return [line for line in content.split("\n") if _EXAMPLE.match(line)]


def _undecided(content: str, symbol: Symbol) -> int:
    """The line of an example that may use the symbol still, from 1; 0: none does."""
    before = r"\." if symbol.parent else r"(?<!\w)"
    word = re.compile(rf"{before}{re.escape(symbol.name)}\b(?!\s*=[^=])")
    for number, line in enumerate(content.split("\n"), 1):
        if _EXAMPLE.match(line) and word.search(line):
            return number
    return 0


def _objects(text: str, classes: list[str], name: str) -> re.Pattern[str]:
    """The member of an object that an example makes: `Class(1).name`, or `x.name` after `x = Class(1)` alone."""
    makes = rf"(?:{'|'.join(map(re.escape, classes))})\([^()\n]*\)"
    bound = re.findall(rf">>> (\w+) = {makes}\s*$", text, re.MULTILINE)
    once = [b for b in bound if len(re.findall(rf"\b{b}\b\s*=(?!=)|\b(?:for|as)\s+{b}\b", text)) == 1]
    objects = "".join(rf"|(?<![\w.]){b}" for b in once)
    return re.compile(rf"(?:(?<![\w.]){makes}{objects})\.{re.escape(name)}\b")


def _takes(program: Program, path: str, text: str, symbol: Symbol) -> bool:
    """Whether examples import the symbol themselves."""
    for module, names in re.findall(r">>> from\s+([\w.]+)\s+import\s+(.+)", text):
        found = program.imported(path, module)
        file = program.file_of(found) if found else None
        if file and symbol.name in re.findall(r"\w+", names):
            return program.follow(file, symbol.name) == Global(symbol.path, symbol.name)
    return False


def _run(snapshot: Snapshot, program: Program) -> bool:
    """Whether the project runs examples: by the settings of its test runner, or from a test."""
    for path in _SETTINGS:
        try:
            if b"doctest" in snapshot.read(path):
                return True
        except WorkspaceError:
            continue
    return any(re.search(r"\bdoctest\.\w+|\bDocTest", s.text) for s in program.modules.sources.values())


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """First and last line of every docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.lineno, first.end_lineno or first.lineno


def refuse_in_examples(snapshot: Snapshot, program: Program, word: str, pattern: str) -> None:
    """Raise RefactorError where an example that tests run matches `pattern`, which holds `word`: it is code, which
    stays as it is."""
    wanted = re.compile(pattern)
    places = [
        (path, content.split("\n")) for path, (content, _) in run_texts(snapshot, program, word).items()
    ]
    rows = [(path, number, line) for path, lines in places for number, line in enumerate(lines, 1)]
    if _run(snapshot, program):
        for path in program.files_with([word]):
            lines = program.modules.sources[path].text.split("\n")
            for first, last in _docstrings(program.modules.trees[path]):
                rows += [(path, n, lines[n - 1]) for n in range(first, last + 1)]
    for path, number, line in rows:
        if _EXAMPLE.match(line) and wanted.search(line):
            raise RefactorError(
                f"{path}:{number} has {word} in an example that tests run.", "Change that place first."
            )
