"""Import statements: how a file would name a module, where imports stand, and which modules load which."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from qcode.errors import RefactorError
from qcode.refactor.python.checkers import guarded
from qcode.refactor.python.meaning import Module, Program, Reference, module_place
from qcode.refactor.python.modules import top_level
from qcode.refactor.splice import Edit, Text


def root_of(program: Program, path: str) -> str:
    """The folder from which `path` is imported: the nearest above it that is no package ("" for the top)."""
    folder = str(PurePosixPath(path).parent)
    folder = "" if folder == "." else folder
    while folder in program.modules.packages:
        folder = folder.rpartition("/")[0]
    return folder


def dotted(program: Program, path: str, importer: str = "") -> str:
    """The absolute name of the module at `path`, as `importer` would write it."""
    place = module_place(path)
    if place.startswith("src/") and _through_src(program, importer):
        return place.replace("/", ".")
    roots = [root_of(program, importer)] if importer else []
    for root in [*roots, root_of(program, path)]:
        if not root or place.startswith(f"{root}/"):
            inner = place.removeprefix(f"{root}/") if root else place
            if root != "" or not place.startswith("src/"):
                return inner.replace("/", ".")
    return place.removeprefix("src/").replace("/", ".")


def _through_src(program: Program, importer: str) -> bool:
    """Whether a file imports by `src.package`, under which names a module is another one than under `package`."""
    if importer not in program.modules.trees or "src" not in program.modules.sources[importer].text:
        return False
    for node in ast.walk(program.modules.trees[importer]):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        else:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if any(n.partition(".")[0] == "src" for n in names):
            return True
    return False


def from_module(program: Program, importer: str, path: str, level: int) -> str:
    """What follows `from` in `importer` to import from the module at `path`: relative when `level` is
    not 0 and both lie in one package, else absolute."""
    place, base = module_place(path), str(PurePosixPath(importer).parent)
    top = root_of(program, importer)
    package = base.removeprefix(f"{top}/" if top else "").split("/")[0] if base not in (".", top) else ""
    inside = package and f"{place}/".startswith(f"{top}/{package}/".lstrip("/"))
    if not (level and inside):
        return dotted(program, path, importer)
    dots, here = 1, base
    while not f"{place}/".startswith(f"{here}/"):
        here = here.rpartition("/")[0]
        dots += 1
    return "." * dots + place.removeprefix(here).strip("/").replace("/", ".")


def taking(program: Program, importer: str, path: str, name: str) -> str:
    """The line that imports `name` from the module at `path`, as the file `importer` imports its neighbours."""
    level = int(is_relative(program, importer))
    return f"from {from_module(program, importer, path, level)} import {name}"


def is_relative(program: Program, path: str) -> bool:
    """Whether a file imports its neighbours by relative imports."""
    if "__main__" in program.modules.sources[path].text:
        return False  # it may be started as a program, which has no package
    levels = [
        node.level
        for node in ast.walk(program.modules.trees[path])
        if isinstance(node, ast.ImportFrom) and (node.level or program.imported(path, node.module or ""))
    ]
    return any(levels)


def insertion(tree: ast.Module, text: Text) -> int:
    """The offset of the line where a new top-level import belongs: below the last plain one."""
    last = 0
    for index, node in enumerate(tree.body):
        docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if docstring or isinstance(node, ast.Import | ast.ImportFrom):
            last = node.end_lineno or 0
        elif last and not isinstance(node, ast.If | ast.Try | ast.Assign):
            break
    if last:
        return text.at(last + 1)
    row = 1
    while text.line(row).startswith("#"):
        row += 1
    return text.at(row)


def added(tree: ast.Module, text: Text, lines: Iterable[str]) -> list[Edit]:
    """The edit that adds import lines at the top; those that are there already are left out."""
    have = {ast.unparse(n) for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)}
    new = [line for line in dict.fromkeys(lines) if line not in have]
    if not new:
        return []
    at = insertion(tree, text)
    before = text.raw[:at]
    opening = "" if before.endswith(b"\n") or not before else "\n"
    after_docstring = bool(tree.body) and not any(
        isinstance(n, ast.Import | ast.ImportFrom) and text.at(n.end_lineno or 0) < at for n in tree.body
    )
    gap = "\n" if before and after_docstring else ""
    end = "\n" if not text.raw[at:].startswith(b"\n") and after_docstring and text.raw[at:].strip() else ""
    return [(at, at, opening + gap + "\n".join(new) + "\n" + end)]


def without(text: Text, statement: ast.Import | ast.ImportFrom, gone: Iterable[ast.alias]) -> list[Edit]:
    """The edits that take names out of an import statement; all of it when none is left."""
    left = [a for a in statement.names if a not in set(gone)]
    start, end = text.span(statement)
    if left:
        first = text.span(statement.names[0])[0]
        last = text.span(statement.names[-1])[1]
        written = text.between(first, last)
        rows = "\n" in written and "(" in text.between(start, first)
        separator = ",\n" + " " * statement.names[0].col_offset if rows else ", "
        return [(first, last, separator.join(text.of(a) for a in left))]
    line_start, line_end = text.at(statement.lineno), text.at((statement.end_lineno or 0) + 1)
    alone = not text.raw[line_start:start].strip() and not text.raw[end:line_end].strip(b" \t\r\n;")
    comment = text.raw[end:line_end].strip().startswith(b"#")
    return [(line_start, line_end, "")] if alone or comment else [(start, end, "pass")]


def loads(program: Program) -> dict[str, set[str]]:
    """File -> files that are loaded while it is loaded: imports that run at its top, the packages
    above these included. Imports for type checkers alone do not run."""
    return {path: _loaded(program, path) for path in program.modules.trees if path.endswith(".py")}


def _loaded(program: Program, path: str) -> set[str]:
    tree = program.modules.trees[path]
    asleep = guarded(tree)
    found: set[Module] = set()
    for node in _running(tree):
        if node in asleep:
            continue
        if isinstance(node, ast.Import):
            found |= {m for a in node.names if (m := program.imported(path, a.name))}
        elif isinstance(node, ast.ImportFrom) and (
            module := program.imported(path, node.module or "", node.level)
        ):
            inner = inside(program, module, node)
            found |= inner
            if not takes_modules(program, path, module, node):
                found.add(module)
    files = {f for m in found if (f := program.file_of(m))}
    for file in list(files):
        for above in PurePosixPath(file).parents:
            package = program.file_of(Module(str(above)))
            if package and not path.startswith(f"{above}/"):
                files.add(package)
    return files - {path}


def inside(program: Program, package: Module, node: ast.ImportFrom) -> set[Module]:
    """The modules of a package that `from package import …` names."""
    modules = (Module(f"{package.place}/{alias.name}") for alias in node.names)
    return {m for m in modules if program.file_of(m)}


def takes_modules(program: Program, path: str, package: Module, node: ast.ImportFrom) -> bool:
    """Whether an import takes modules alone, from a package that `path` lies in: Python has begun to load that one
    then, and does not wait for its end."""
    around = path.startswith(f"{package.place}/")
    return around and len(inside(program, package, node)) == len(node.names)


def _running(tree: ast.Module) -> Iterable[ast.stmt]:
    """Statements that run when the module is loaded, those in class bodies too."""
    for node in top_level(tree):
        yield node
        if isinstance(node, ast.ClassDef):
            yield from _running(ast.Module(node.body, []))


def reaches(graph: Mapping[str, set[str]], start: str, goal: str) -> bool:
    """Whether loading `start` loads `goal`."""
    seen, waiting = {start}, [start]
    while waiting:
        for other in graph.get(waiting.pop(), ()):
            if other == goal:
                return True
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return False


def file_for(program: Program, near: str, module: str) -> str:
    """The file of a dotted module that is there, or where it would be created, beside `near`."""
    found = program.modules.resolve(near, module)
    if len(found) > 1:
        raise RefactorError(f"{module} may be {' or '.join(found)}.", "Name the file.")
    if found:
        return found[0]
    root = root_of(program, near)
    place = module.replace(".", "/")
    return f"{root}/{place}.py" if root else f"{place}.py"


def unlisted(text: Text, one: Reference) -> list[Edit]:
    """A string taken out of a list, with its comma."""
    raw, end = text.raw, one.end
    while raw[end : end + 1] in (b",", b" "):
        end += 1
        if raw[end - 1 : end] == b",":
            break
    start = one.start
    line_start = raw.rfind(b"\n", 0, start) + 1
    line_end = raw.find(b"\n", end)
    if not raw[line_start:start].strip() and not raw[end:line_end].strip():
        return [(line_start, line_end + 1, "")]
    while raw[end : end + 1] == b" ":
        end += 1
    return [(start, end, "")]


def is_own(program: Program, line: str) -> bool:
    """Whether an import line takes from this repository."""
    (statement,) = ast.parse(line).body
    if isinstance(statement, ast.ImportFrom):
        return bool(statement.level or program.modules.resolve("", statement.module or ""))
    assert isinstance(statement, ast.Import)
    return bool(program.modules.resolve("", statement.names[0].name))


def merged(lines: Iterable[str]) -> list[str]:
    """Import lines with the names of each module in one line, as far as that stays short."""
    found: dict[str, list[str]] = {}
    for line in lines:
        head, _, names = line.partition(" import ")
        found.setdefault(head if line.startswith("from ") else line, []).append(names)
    result: list[str] = []
    for head, several in found.items():
        row = ""
        for names in sorted(dict.fromkeys(several)) if head.startswith("from ") else ():
            if row and len(row) + len(names) > 86:
                result.append(row)
                row = ""
            row = f"{row}, {names}" if row else f"{head} import {names}"
        result.append(row or head)
    return result
