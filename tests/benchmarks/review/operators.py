"""A second set of defects, wider than `mutations.py`: more ways of going wrong, in more languages.

It was written by somebody who had not read the checks, and nothing in the checks was changed after a
look at what it found; `seeded.py --operators operators` runs it. Each operator takes the text files of
a repository (path -> text) and a dice, and returns a Defect, or None where it finds nothing to break.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import random
import re
import string
import tokenize
from collections.abc import Iterator

from mutations import Defect, Files, Operator

_BRACES = (".js", ".ts", ".tsx", ".go", ".rs", ".java", ".c", ".h", ".cpp", ".kt", ".json")
_TEST_PATH = re.compile(r"(^|/)tests?/.*\.py$|(^|/)test_\w+\.py$|_test\.py$")


def broken_syntax(files: Files, dice: random.Random) -> Defect | None:
    """A token that holds the file together is lost: a bracket, a quote, a colon, an operand."""
    if not (path := _python(files, dice)):
        return None
    rows = files[path].split("\n")
    tokens = [t for t in _tokens(files[path]) if t.type in (tokenize.OP, tokenize.STRING)]
    token = dice.choice(tokens)
    row, column = token.end[0] - 1, token.end[1]
    if token.type == tokenize.OP and token.string not in "()[]{}:=+*/,":
        return None
    rows[row] = rows[row][: column - 1] + rows[row][column:]
    text = "\n".join(rows)
    return None if _parses(text) else Defect("broken syntax", {path: text}, path)


def broken_braces(files: Files, dice: random.Random) -> Defect | None:
    """In a language with braces, the last line of a block is lost in a merge."""
    names = sorted(p for p in files if p.endswith(_BRACES) and 20 < files[p].count("\n") < 2000)
    if not names:
        return None
    path = dice.choice(names)
    rows = files[path].split("\n")
    ends = [n for n, row in enumerate(rows) if row.strip() in ("}", "};", "},", "]", "])", "});")]
    if not ends:
        return None
    del rows[dice.choice(ends)]
    return Defect("broken braces", {path: "\n".join(rows)}, path)


def slipped_indentation(files: Files, dice: random.Random) -> Defect | None:
    """A line is moved one column, or one step, by an editor's accident."""
    if not (path := _python(files, dice)):
        return None
    rows = files[path].split("\n")
    inside = [n for n, row in enumerate(rows) if row.startswith("    ") and row.strip()]
    if not inside:
        return None
    at = dice.choice(inside)
    rows[at] = dice.choice([" " + rows[at], rows[at][1:], "        " + rows[at], "\t" + rows[at].lstrip()])
    text = "\n".join(rows)
    return None if _parses(text) else Defect("slipped indentation", {path: text}, path)


def conflict_left(files: Files, dice: random.Random) -> Defect | None:
    """A conflict was resolved by half: both sides stay, with or without the ancestor, or one mark stays."""
    path = dice.choice(sorted(files))
    rows = files[path].split("\n")
    at = dice.randrange(len(rows))
    line = rows[at]
    ours, theirs = f"<<<<<<< {dice.choice(['HEAD', 'Updated upstream', 'ours'])}", ">>>>>>> 3f2c1ab (Tidy up)"
    rows[at : at + 1] = dice.choice(
        [
            [ours, line, "=======", line, theirs],
            [ours, line, "||||||| base", line, "=======", theirs],
            [ours, line],
            [line, theirs],
        ]
    )
    return Defect("conflict left", {path: "\n".join(rows)}, path)


def debugging_left(files: Files, dice: random.Random) -> Defect | None:
    """A stop for the debugger stays behind."""
    scripts = sorted(p for p in files if p.endswith((".js", ".ts", ".tsx")) and "min." not in p)
    if scripts and dice.random() < 0.3:
        path = dice.choice(scripts)
        rows = files[path].split("\n")
        ends = [n for n, row in enumerate(rows) if row.rstrip().endswith(") {")]
        if not ends:
            return None
        rows.insert(dice.choice(ends) + 1, "    debugger;")
        return Defect("debugging left", {path: "\n".join(rows)}, path)
    if not (path := _python(files, dice)):
        return None
    rows = files[path].split("\n")
    if not (place := _first_of_body(files[path], dice)):
        return None
    stop = dice.choice(
        ["import pdb; pdb.set_trace()", "breakpoint()", "import ipdb; ipdb.set_trace()", "import pudb; pu.db",
         "from pdb import set_trace; set_trace()", "import pdb\n{}pdb.set_trace()"]
    )  # fmt: skip
    rows.insert(place[0], place[1] + stop.format(place[1]))
    return Defect("debugging left", {path: "\n".join(rows)}, path)


def key_left(files: Files, dice: random.Random) -> Defect | None:
    """A credential of a well-known shape is written into code, settings or a script."""

    def drawn(alphabet: str, count: int) -> str:
        return "".join(dice.choice(alphabet) for _ in range(count))

    word = string.ascii_letters + string.digits
    secret = dice.choice(
        [
            f"AKIA{drawn(string.ascii_uppercase + '234567', 16)}", f"ghp_{drawn(word, 36)}",
            f"xoxb-{drawn(string.digits, 12)}-{drawn(string.digits, 12)}-{drawn(word, 24)}",
            f"AIza{drawn(word + '_-', 35)}", f"sk_live_{drawn(word, 24)}", f"glpat-{drawn(word, 20)}",
            f"npm_{drawn(word, 36)}", f"postgres://admin:{drawn(word, 16)}@db.internal.net:5432/app",
        ]
    )  # fmt: skip
    if dice.random() < 0.4:
        path = dice.choice(["config/prod.env", "deploy.yml", "settings.json", "deploy.sh"])
        line = {
            "env": f"TOKEN={secret}\n",
            "yml": f"service:\n  token: {secret}\n",
            "json": f'{{"token": "{secret}"}}\n',
            "sh": f'export TOKEN="{secret}"\n',
        }
        return Defect("key left", {path: line[path.rpartition(".")[2]]}, path)
    if not (path := _python(files, dice, tests=False)):
        return None
    return Defect("key left", {path: f'{files[path].rstrip()}\n\nTOKEN = "{secret}"\n'}, path)


def wrong_name(files: Files, dice: random.Random) -> Defect | None:
    """One use of a name has two letters swapped, one left out, or one doubled."""
    if not (path := _python(files, dice)):
        return None
    text = files[path]
    tree = ast.parse(text)
    if _dynamic(tree):
        return None
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    uses = [n for n in uses if len(n.id) > 3 and n.id.isascii()]
    if not uses:
        return None
    use = dice.choice(uses)
    at = dice.randrange(1, len(use.id) - 1)
    wrong = dice.choice(
        [
            use.id[:at] + use.id[at + 1] + use.id[at] + use.id[at + 2 :],
            use.id[:at] + use.id[at + 1 :],
            use.id[:at] + use.id[at] + use.id[at:],
        ]
    )
    known = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | set(dir(builtins))
    if wrong in known or keyword.iskeyword(wrong):
        return None
    changed = _replaced(text, use.lineno, use.col_offset, use.id, wrong)
    return Defect("wrong name", {path: changed}, path) if _parses(changed) else None


def import_lost(files: Files, dice: random.Random) -> Defect | None:
    """An import at the top goes, in a tidy-up, though it is used."""
    if not (path := _python(files, dice)):
        return None
    text = files[path]
    tree = ast.parse(text)
    if _dynamic(tree) or path.endswith("__init__.py"):
        return None
    loaded = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    bound = [
        node
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        and getattr(node, "module", "") != "__future__"
        and all((a.asname or a.name.partition(".")[0]) in loaded for a in node.names)
    ]
    if not bound:
        return None
    node = dice.choice(bound)
    names = {a.asname or a.name.partition(".")[0] for a in node.names}
    others = [o for o in ast.walk(tree) if isinstance(o, ast.Import | ast.ImportFrom) and o is not node]
    if any((a.asname or a.name.partition(".")[0]) in names for o in others for a in o.names):
        return None
    if any(
        isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id in names for n in ast.walk(tree)
    ):
        return None
    rows = text.split("\n")
    del rows[node.lineno - 1 : node.end_lineno]
    changed = "\n".join(rows)
    return Defect("import lost", {path: changed}, path) if _parses(changed) else None


def import_idle(files: Files, dice: random.Random) -> Defect | None:
    """An import is added that nothing uses: plain, from, or with another name."""
    if not (path := _python(files, dice)) or path.endswith("__init__.py"):
        return None
    text = files[path]
    line, name = dice.choice(
        [("import zlib", "zlib"), ("from fractions import Fraction", "Fraction"),
         ("import statistics as stats", "stats"), ("from colorsys import rgb_to_hsv", "rgb_to_hsv")]
    )  # fmt: skip
    imports = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
    if not imports or re.search(rf"\b{name}\b", text):
        return None
    rows = text.split("\n")
    rows.insert(imports[-1].end_lineno or 0, line)
    return Defect("import idle", {path: "\n".join(rows)}, path)


def function_gone(files: Files, dice: random.Random) -> Defect | None:
    """A function or a class that another file imports by name is deleted, or renamed where it stands."""
    if not (found := _imported(files, dice)):
        return None
    path, node = found
    rows = files[path].split("\n")
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    if dice.random() < 0.5:
        del rows[first - 1 : node.end_lineno]
    else:
        rows[node.lineno - 1] = re.sub(rf"\b{node.name}\b", f"{node.name}_checked", rows[node.lineno - 1])
    changed = "\n".join(rows)
    return Defect("function gone", {path: changed}, path) if _parses(changed) else None


def signature_changed(files: Files, dice: random.Random) -> Defect | None:
    """A function that another file imports and calls gets one more required parameter, or loses one."""
    if not (found := _imported(files, dice, called=True)):
        return None
    path, node = found
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    given = node.args
    if given.vararg or given.kwarg or node.decorator_list:
        return None
    if given.args and not given.defaults and dice.random() < 0.4:
        given.args.pop()
    else:
        given.args.append(ast.arg("strictness"))
        given.defaults = []
    head = ast.unparse(ast.FunctionDef(node.name, given, [ast.Pass()], [], node.returns, lineno=1))
    if isinstance(node, ast.AsyncFunctionDef):
        head = f"async {head}"
    rows = files[path].split("\n")
    body = node.body[0].lineno
    if body == node.lineno:
        return None
    rows[node.lineno - 1 : body - 1] = [head.split("\n")[0]]
    changed = "\n".join(rows)
    return Defect("signature changed", {path: changed}, path) if _parses(changed) else None


def test_gone(files: Files, dice: random.Random) -> Defect | None:
    """A test is deleted, commented out, or renamed so that nothing collects it."""
    if not (found := _a_test(files, dice)):
        return None
    path, node = found
    rows = files[path].split("\n")
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    way = dice.randrange(3)
    if way == 0:
        del rows[first - 1 : node.end_lineno]
    elif way == 1:
        for at in range(first - 1, node.end_lineno or first):
            rows[at] = f"# {rows[at]}" if rows[at].strip() else rows[at]
    else:
        rows[node.lineno - 1] = rows[node.lineno - 1].replace("def test", "def _test", 1)
    changed = "\n".join(rows)
    return Defect("test gone", {path: changed}, path) if _parses(changed) else None


def test_quiet(files: Files, dice: random.Random) -> Defect | None:
    """A test is skipped or expected to fail."""
    if not (found := _a_test(files, dice)):
        return None
    path, node = found
    rows = files[path].split("\n")
    indent = rows[node.lineno - 1][: node.col_offset]
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    mark = dice.choice(
        ['@pytest.mark.skip(reason="flaky")', "@pytest.mark.skip", '@unittest.skip("later")',
         "@pytest.mark.xfail(strict=False)", '@pytest.mark.skipif(True, reason="slow")', "body"]
    )  # fmt: skip
    if mark == "body":
        if node.body[0].lineno == node.lineno:
            return None
        rows.insert(node.body[0].lineno - 1, f'{indent}    pytest.skip("later")')
    else:
        rows.insert(first - 1, indent + mark)
    changed = "\n".join(rows)
    return Defect("test quiet", {path: changed}, path) if _parses(changed) else None


def lock_behind(files: Files, dice: random.Random) -> Defect | None:
    """A dependency is added to the manifest, and the lock file beside it stays as it was."""
    pairs = {"package.json": ("package-lock.json", "pnpm-lock.yaml", "yarn.lock"), "Cargo.toml": ("Cargo.lock",),
             "go.mod": ("go.sum",), "pyproject.toml": ("uv.lock", "poetry.lock", "pdm.lock")}  # fmt: skip
    both = sorted(
        p for p in files for lock in pairs.get(p.rpartition("/")[2], ()) if p.rpartition("/")[0] == ""
        and lock in files
    )  # fmt: skip
    if not both:
        return None
    path = dice.choice(both)
    text, number = files[path], dice.randrange(1, 9)
    added = {
        "package.json": (r'("(?:dev)?[dD]ependencies": \{\n)', rf'\1    "left-pad": "^1.{number}.0",' + "\n"),
        "Cargo.toml": (r"(\n\[dependencies\]\n)", rf'\1left-pad = "1.{number}.0"' + "\n"),
        "go.mod": (r"(\nrequire \(\n)", "\\1\tgithub.com/example/left-pad v1." + f"{number}.0\n"),
        "pyproject.toml": (r"(\ndependencies = \[\n)", rf'\1    "left-pad>=1.{number}",' + "\n"),
    }[path]
    changed = re.sub(*added, text, count=1)
    return Defect("lock behind", {path: changed}, path) if changed != text else None


def big_or_binary(files: Files, dice: random.Random) -> Defect | None:
    """A dump, or what a build made, is added."""
    path = dice.choice(["data/export.sql", "logs/run.log", "assets/points.csv", "notes/all.json"])
    row = "".join(dice.choice(string.ascii_lowercase) for _ in range(60))
    return Defect("big or binary", {path: f"{row}\n" * dice.randrange(20_000, 60_000)}, path)


def _python(files: Files, dice: random.Random, tests: bool = True) -> str | None:
    names = sorted(
        p
        for p in files
        if p.endswith(".py") and files[p].count("\n") > 12 and (tests or not _TEST_PATH.search(p))
    )
    return dice.choice(names) if names else None


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(text).readline)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _dynamic(tree: ast.Module) -> bool:
    """Whether names may come from elsewhere: a star import, or a way to define names at run time."""
    return any(
        (isinstance(n, ast.ImportFrom) and n.names[0].name == "*")
        or (isinstance(n, ast.Name) and n.id in ("globals", "exec", "locals"))
        or (isinstance(n, ast.FunctionDef) and n.name == "__getattr__")
        for n in ast.walk(tree)
    )


def _replaced(text: str, line: int, column: int, old: str, new: str) -> str:
    """`text` with `old` at a line (1-based) and a column (of UTF-8 bytes) replaced."""
    rows = text.split("\n")
    row = rows[line - 1].encode()
    rows[line - 1] = (row[:column] + new.encode() + row[column + len(old.encode()) :]).decode()
    return "\n".join(rows)


def _first_of_body(text: str, dice: random.Random) -> tuple[int, str] | None:
    """(row, indentation) before a statement inside of a function."""
    bodies = [
        statement
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body[1:]
    ]
    if not bodies:
        return None
    statement = dice.choice(bodies)
    first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
    line = text.split("\n")[first - 1]
    before = line[: statement.col_offset]
    return (first - 1, before) if not before.strip() else None


def _imported(
    files: Files, dice: random.Random, called: bool = False
) -> tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] | None:
    """A top function (or class) that another file imports by its name from the module where it stands."""
    kinds: tuple[type, ...] = (ast.FunctionDef, ast.AsyncFunctionDef) + (() if called else (ast.ClassDef,))
    names = sorted(p for p in files if p.endswith(".py") and not _TEST_PATH.search(p))
    for path in dice.sample(names, min(len(names), 12)):
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".").removeprefix("src.")
        nodes = [n for n in ast.parse(files[path]).body if isinstance(n, kinds)]
        for node in dice.sample(nodes, len(nodes)):
            wanted = re.compile(rf"from {re.escape(module)} import (?:\([^)]*|[^\n(]*)\b{node.name}\b")
            for other, text in files.items():
                if other == path or not other.endswith(".py") or not wanted.search(text):
                    continue
                if called and not re.search(rf"(?<![\w.]){node.name}\([^*)]*\)", text):
                    continue
                if sum(1 for n in nodes if n.name == node.name) == 1:
                    return path, node  # type: ignore[return-value]
    return None


def _a_test(files: Files, dice: random.Random) -> tuple[str, ast.FunctionDef] | None:
    names = sorted(p for p in files if _TEST_PATH.search(p))
    for path in dice.sample(names, min(len(names), 8)):
        tests = [
            n
            for n in ast.walk(ast.parse(files[path]))
            if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")
        ]
        if len(tests) > 1:
            return path, dice.choice(tests)
    return None


RULES = {
    "broken syntax": {"syntax"},
    "broken braces": {"syntax"},
    "slipped indentation": {"syntax"},
    "conflict left": {"conflict-marker"},
    "debugging left": {"debugger"},
    "key left": {"secret"},
    "wrong name": {"undefined-name"},
    "import lost": {"undefined-name"},
    "import idle": {"unused-import"},
    "function gone": {"broken-caller", "undefined-name"},
    "signature changed": {"broken-caller"},
    "test gone": {"test-removed"},
    "test quiet": {"test-skipped"},
    "lock behind": {"lock-file"},
    "big or binary": {"large-file"},
}
OPERATORS: tuple[Operator, ...] = (
    broken_syntax, broken_braces, slipped_indentation, conflict_left, debugging_left, key_left, wrong_name,
    import_lost, import_idle, function_gone, signature_changed, test_gone, test_quiet, lock_behind, big_or_binary,
)  # fmt: skip
