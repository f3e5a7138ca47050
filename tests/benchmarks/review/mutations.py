"""Defects put into real code, one class an operator. Written from what people do wrong, without a
look at the checks: they know nothing of each other.

Each operator takes the files of a repository (path -> text) and a dice, and returns the changed
files and the place that is wrong afterwards, or None where it finds nothing to break.
"""

from __future__ import annotations

import ast
import random
import string
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Defect:
    """`changes`: path -> new text (None: removed). `rules`: what a finding may be called."""

    kind: str
    changes: dict[str, str | None]
    path: str


Files = dict[str, str]
Operator = Callable[[Files, random.Random], Defect | None]


def _pick(files: Files, dice: random.Random, suffix: str = ".py") -> str | None:
    names = sorted(p for p in files if p.endswith(suffix) and len(files[p].splitlines()) > 15)
    return dice.choice(names) if names else None


def _lines(files: Files, path: str) -> list[str]:
    return files[path].split("\n")


def _functions(text: str) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]


def lost_bracket(files: Files, dice: random.Random) -> Defect | None:
    """A closing bracket is deleted."""
    if not (path := _pick(files, dice)):
        return None
    text = files[path]
    tree = ast.parse(text)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and n.end_lineno]
    if not calls:
        return None
    call = dice.choice(calls)
    rows = text.split("\n")
    row = rows[call.end_lineno - 1].encode()
    rows[call.end_lineno - 1] = (row[: call.end_col_offset - 1] + row[call.end_col_offset :]).decode()
    return Defect("lost bracket", {path: "\n".join(rows)}, path)


def lost_colon(files: Files, dice: random.Random) -> Defect | None:
    """The colon after a def or an if is forgotten."""
    if not (path := _pick(files, dice)):
        return None
    rows = _lines(files, path)
    ends = [
        n
        for n, row in enumerate(rows)
        if row.rstrip().endswith("):") and row.strip().startswith(("def ", "if "))
    ]
    if not ends:
        return None
    at = dice.choice(ends)
    rows[at] = rows[at].rstrip()[:-1]
    text = "\n".join(rows)
    # A program in a string, of which tests of a test runner are full, may lack any colon.
    return None if _parses(text) else Defect("lost colon", {path: text}, path)


def wrong_indentation(files: Files, dice: random.Random) -> Defect | None:
    """The first line of a body is not indented."""
    if not (path := _pick(files, dice)):
        return None
    functions = [f for f in _functions(files[path]) if f.body[0].lineno > f.lineno and not f.decorator_list]
    if not functions:
        return None
    function = dice.choice(functions)
    rows = _lines(files, path)
    at = function.body[0].lineno - 1
    rows[at] = rows[at][4:] if rows[at].startswith("    ") else " " + rows[at]
    return Defect("wrong indentation", {path: "\n".join(rows)}, path)


def merge_rest(files: Files, dice: random.Random) -> Defect | None:
    """A merge conflict is committed."""
    if not (path := dice.choice(sorted(files)) if files else None):
        return None
    rows = _lines(files, path)
    at = dice.randrange(len(rows))
    rows[at : at + 1] = ["<<<<<<< HEAD", rows[at], "=======", rows[at] + " ", ">>>>>>> feature/x"]
    return Defect("merge rest", {path: "\n".join(rows)}, path)


def forgotten_debugger(files: Files, dice: random.Random) -> Defect | None:
    """A breakpoint is left in a function."""
    if not (path := _pick(files, dice)):
        return None
    functions = [f for f in _functions(files[path]) if f.body[0].lineno > f.lineno]
    if not functions:
        return None
    function = dice.choice(functions)
    rows = _lines(files, path)
    first = function.body[-1]
    indent = rows[first.lineno - 1][: first.col_offset]
    words = dice.choice(
        ["breakpoint()", "import pdb; pdb.set_trace()", "import ipdb", "__import__('pdb').set_trace()"]
    )
    rows.insert(first.lineno - 1, indent + words)
    return Defect("forgotten debugger", {path: "\n".join(rows)}, path)


def committed_key(files: Files, dice: random.Random) -> Defect | None:
    """A real-shaped credential is written into the code."""
    if not (path := _pick(files, dice)):
        return None
    letters = string.ascii_letters + string.digits

    def some(count: int, alphabet: str = letters) -> str:
        return "".join(dice.choice(alphabet) for _ in range(count))

    key = dice.choice(
        [
            f'AWS_KEY = "AKIA{some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}"',
            f'token = "ghp_{some(36)}"',
            f'SLACK = "xoxb-{some(12, string.digits)}-{some(12, string.digits)}-{some(24)}"',
            f'stripe.api_key = "sk_live_{some(24)}"',
            f'headers = {{"Authorization": "Bearer glpat-{some(20)}"}}',
            f'GOOGLE = "AIza{some(35)}"',
            'KEY = """-----BEGIN RSA PRIVATE KEY-----',
        ]
    )
    rows = _lines(files, path)
    rows.append(key + ('\nMIIEow\n-----END RSA PRIVATE KEY-----"""' if "BEGIN" in key else ""))
    return Defect("committed key", {path: "\n".join(rows) + "\n"}, path)


def misspelt_name(files: Files, dice: random.Random) -> Defect | None:
    """A use of a local variable or a global function is misspelt."""
    if not (path := _pick(files, dice)):
        return None
    tree = ast.parse(files[path])
    uses = [
        n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and len(n.id) > 4
    ]
    if not uses:
        return None
    use = dice.choice(uses)
    at = dice.randrange(1, len(use.id) - 1)
    wrong = use.id[:at] + use.id[at + 1] + use.id[at] + use.id[at + 2 :]
    if wrong == use.id or wrong in files[path]:
        return None
    rows = _lines(files, path)
    row = rows[use.lineno - 1].encode()
    rows[use.lineno - 1] = (row[: use.col_offset] + wrong.encode() + row[use.end_col_offset :]).decode()
    text = "\n".join(rows)
    return Defect("misspelt name", {path: text}, path) if _parses(text) else None


def lost_import(files: Files, dice: random.Random) -> Defect | None:
    """An import that is used is deleted."""
    if not (path := _pick(files, dice)):
        return None
    tree = ast.parse(files[path])
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    imports = [
        n
        for n in tree.body
        if isinstance(n, ast.Import | ast.ImportFrom)
        and n.lineno == n.end_lineno
        and any((a.asname or a.name.split(".")[0]) in used for a in n.names)
        and (not isinstance(n, ast.ImportFrom) or n.module != "__future__")
    ]
    if not imports or path.endswith("__init__.py"):
        return None
    rows = _lines(files, path)
    del rows[dice.choice(imports).lineno - 1]
    return Defect("lost import", {path: "\n".join(rows)}, path)


def idle_import(files: Files, dice: random.Random) -> Defect | None:
    """An import is added and not used."""
    if not (path := _pick(files, dice)) or path.endswith("__init__.py"):
        return None
    name = dice.choice(["colorsys", "mailbox", "wave", "graphlib", "plistlib"])
    if name in files[path]:
        return None
    tree = ast.parse(files[path])
    first = next((n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)), None)
    if first is None or (isinstance(first, ast.ImportFrom) and first.module == "__future__"):
        return None
    rows = _lines(files, path)
    rows.insert(first.lineno - 1, f"import {name}")
    return Defect("idle import", {path: "\n".join(rows)}, path)


def _imported(files: Files) -> list[tuple[str, str, ast.FunctionDef]]:
    """(path, name, def) of undecorated top functions that another file imports by name from there."""
    found = []
    files = _only_python(files)
    wanted: dict[str, set[str]] = {}
    for text in files.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module:
                wanted.setdefault(node.module.split(".")[-1], set()).update(a.name for a in node.names)
    for path, text in sorted(files.items()):
        stem = path.rpartition("/")[2].removesuffix(".py")
        for node in ast.parse(text).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.decorator_list
                and node.name in wanted.get(stem, ())
            ):
                found.append((path, node.name, node))
    return found


def removed_function(files: Files, dice: random.Random) -> Defect | None:
    """A function that other files import is renamed where it stands, and nowhere else."""
    if not (known := _imported(files)):
        return None
    path, name, node = dice.choice(known)
    rows = _lines(files, path)
    rows[node.lineno - 1] = rows[node.lineno - 1].replace(f"def {name}(", f"def {name}_impl(", 1)
    return Defect("removed function", {path: "\n".join(rows)}, path)


def new_parameter(files: Files, dice: random.Random) -> Defect | None:
    """A parameter without a default is added; the callers stay as they are."""
    files = _only_python(files)
    called = {
        n.func.id
        for text in files.values()
        for n in ast.walk(ast.parse(text))
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Name)
        and not any(isinstance(a, ast.Starred) for a in n.args)
        and all(k.arg for k in n.keywords)
    }
    known = [
        (p, n, d)
        for p, n, d in _imported(files)
        if n in called and not d.args.vararg and not d.args.kwonlyargs
    ]
    known = [(p, n, d) for p, n, d in known if f"def {n}(" in _lines(files, p)[d.lineno - 1]]
    if not known:
        return None
    path, name, node = dice.choice(known)
    rows = _lines(files, path)
    comma = ", " if node.args.args else ""
    rows[node.lineno - 1] = rows[node.lineno - 1].replace(f"def {name}(", f"def {name}(strictly{comma}", 1)
    text = "\n".join(rows)
    return Defect("new parameter", {path: text}, path) if _parses(text) else None


def dropped_test(files: Files, dice: random.Random) -> Defect | None:
    """A test is deleted."""
    tests = sorted(p for p in files if p.rpartition("/")[2].startswith("test_") and p.endswith(".py"))
    if not tests:
        return None
    path = dice.choice(tests)
    known = [
        n
        for n in ast.parse(files[path]).body
        if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")
    ]
    if len(known) < 2:
        return None
    node = dice.choice(known)
    rows = _lines(files, path)
    start = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
    del rows[start : node.end_lineno]
    return Defect("dropped test", {path: "\n".join(rows)}, path)


def silenced_test(files: Files, dice: random.Random) -> Defect | None:
    """A test is marked to be skipped."""
    tests = sorted(
        p
        for p in _only_python(files)
        if p.rpartition("/")[2].startswith("test_") and "import pytest" in files[p]
    )
    if not tests:
        return None
    path = dice.choice(tests)
    known = [
        n
        for n in ast.parse(files[path]).body
        if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")
    ]
    if not known:
        return None
    node = dice.choice(known)
    rows = _lines(files, path)
    start = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
    rows.insert(
        start,
        dice.choice(
            [
                "@pytest.mark.skip",
                '@pytest.mark.skip(reason="flaky")',
                "@pytest.mark.skipif(True, reason='x')",
            ]
        ),
    )
    return Defect("silenced test", {path: "\n".join(rows)}, path)


def large_blob(files: Files, dice: random.Random) -> Defect | None:
    """A big data file is added."""
    return Defect("large blob", {"dump.csv": "1,2,3,4,5,6,7,8\n" * 70_000}, "dump.csv")


def _only_python(files: Files) -> Files:
    return {path: text for path, text in files.items() if path.endswith(".py")}


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


OPERATORS: tuple[Operator, ...] = (
    lost_bracket,
    lost_colon,
    wrong_indentation,
    merge_rest,
    forgotten_debugger,
    committed_key,
    misspelt_name,
    lost_import,
    idle_import,
    removed_function,
    new_parameter,
    dropped_test,
    silenced_test,
    large_blob,
)
