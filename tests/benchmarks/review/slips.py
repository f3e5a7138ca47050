"""A third set of defects: half-done merges, search-and-replace accidents, moved code, tests made quiet.

Its author had not read the checks nor their tests, only what the reviewer promises, and each operator makes
sure by itself that what it returns is wrong in that place; `seeded.py --operators slips` runs it.
"""

from __future__ import annotations

import ast
import base64
import builtins
import copy
import inspect
import json
import posixpath
import random
import re
import string
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from mutations import Defect, Files, Operator
from operators import _dynamic, _first_of_body, _parses, _python, _replaced

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = string.ascii_letters + string.digits
_SIDE = re.compile(r"(^|[/_.-])(tests?|specs?|__tests__|examples?|docs?|playground|vendor)([/_.-]|$)")
_CURLY = re.compile(r"(?<!\.min)\.(py|[mc]?[jt]s|[jt]sx|go|rs|java|[ch]|cpp|cs|kt|swift|scala|css)$")
_RAW = r'r(#*)"(?s:.*?)"\1|"(?:\\(?s:.)|[^"\\])*"' + r"|'(?:\\[^\n]{1,10}?|[^'\\\n])'"
_QUOTED = r'"""(?s:.*?)"""|"(?:\\.|[^"\\\n])*"' + r"|'(?:\\.|[^'\\\n])*'|`(?:\\(?s:.)|[^`\\])*`"
# Small programs: `|` ends a line, `@` is a line where a statement may stand; every bracket is one of the code.
_PROGRAMS = {
    "src/Basket.java": "class Basket {|  int add(int price) {|    int[] rows = new int[3];|    return rows[0];|  }|}|",
    "native/sum.c": "int sum(int *rows) {|@|  for (int i = 0; i < 9; i++) {|    rows++;|  }|  return rows[0];|}|",
    "native/pool.cpp": "namespace pool {|int best(const int (&rows)[4]) {|@|  if (rows[0]) return 1;|  return 0;|}|}|",
    "src/Invoice.cs": "class Invoice {|  int Total(int[] rows) {|@|    if (rows == null) return 0;|    return 1;|  }|}|",
    "lib/ledger.rb": "class Ledger|  def total(rows)|@|    if rows.any?|      rows.sum { it.amount }|    end|  end|end|",
    "src/Mailer.php": "<?php|class Mailer {|  function send(array $to): int {|@|    foreach ($to as $row) { echo $row; }|  }|}|",
    "app/Cart.kt": "class Cart(val rows: List<Int>) {|  fun total(): Int {|    return rows.map { it * 2 }.sum()|  }|}|",
    "Sources/Cart.swift": "struct Cart {|  var rows: [Int] = []|  func total() -> Int {|    return rows.count|  }|}|",
    "src/Cart.scala": "class Cart(rows: List[Int]) {|  def total(): Int = {|    if (rows.isEmpty) { 0 } else { 1 }|  }|}|",
    "scripts/tag.sh": "publish() {|  for tag in a b; do|    if test -n x; then|      git push origin tag|    fi|  done|}|",
    "scripts/init.lua": "local function total(rows)|@|  for _, row in ipairs(rows) do|    print(row)|  end|end|",
    "web/Badge.tsx": "export function Badge({ count }: { count: number }) {|@|  return <span>{count}</span>|}|",
}
_HOLDS = {".rb": r"\bend\b|[(){}]", ".lua": r"\bend\b|[()]", ".sh": r"\b(?:fi|done|do|then)\b"}
_STOPS = {
    ".rb": ["binding.pry", "byebug", "binding.irb"], ".php": ["xdebug_break();", "eval(\\Psy\\sh());"],
    ".cs": ["System.Diagnostics.Debugger.Break();", "System.Diagnostics.Debugger.Launch();"],
    ".c": ["__builtin_debugtrap();", "raise(SIGTRAP);"], ".cpp": ["__debugbreak();", "std::raise(SIGTRAP);"],
    ".lua": ['require("mobdebug").start()', "debug.debug()"], ".tsx": ["debugger", "debugger;", "if (1) debugger;"],
    ".py": ["import pdb as p; p.set_trace()", "from ipdb import set_trace; set_trace()", "import pdb; pdb.post_mortem()",
            "import IPython; IPython.embed()", "import debugpy; debugpy.listen(5678); debugpy.wait_for_client()",
            "import pydevd_pycharm; pydevd_pycharm.settrace('localhost', port=5678)", "if __debug__: breakpoint()",
            "import code; code.interact(local=locals())", "import pytest; pytest.set_trace()", "breakpoint()  # XXX"],
}  # fmt: skip
_tree = lru_cache(maxsize=4096)(lambda text: ast.parse(text))
_QUIET = {
    ".py": ["@pytest.mark.skip(reason='flaky')", "@pytest.mark.skipif(True, reason='#12')", "@pytest.mark.skip",
            "@unittest.skipIf(True, 'slow')", "@unittest.skip('broken')", "@pytest.mark.xfail(run=False)"],
    ".go": ['\tt.Skip("flaky")', "\tt.SkipNow()", '\tt.Skipf("#%d", 43)'], ".rs": ["#[ignore]", '#[ignore = "slow"]'],
}  # fmt: skip


def merge_half_done(files: Files, dice: random.Random) -> Defect | None:
    """A merge was stopped half way: whole blocks, with the ancestor, or the marks of one side stay."""
    path = dice.choice(sorted(files))
    rows = files[path].split("\n")
    at = dice.randrange(len(rows))
    ours, other = rows[at : at + 3], ["=======", *(f"{row} " for row in rows[at : at + 2])]
    first = "<<<<<<< " + dice.choice(["HEAD", f"HEAD:{path}", "Updated upstream", "main"])
    last = ">>>>>>> " + dice.choice(["origin/main", "Stashed changes", "5d0c2e9 (Merge #812)"])
    base = dice.choice([[], ["||||||| 91ac3de", ours[0]]])
    sides = [[first, *ours, *base, *other, last], [first, *ours], [*ours, *other, last]]
    rows[at : at + 3] = dice.choice(sides)
    return Defect("merge half done", {path: "\n".join(rows)}, path)


def brackets_slip(files: Files, dice: random.Random) -> Defect | None:
    """A bracket is lost or doubled, the head of a block stands twice, or the end of the file is cut off."""
    names = [p for p in sorted(files) if _CURLY.search(p) and 8 < files[p].count("\n") < 4000]
    path = dice.choice(names or [""])
    text, only = files.get(path, ""), r"[{}]" if path.endswith(("sx", ".css", ".js")) else r"[()\[\]{}]"
    places = [m.start() for m in re.finditer(only, _code(path, text))]  # round ones may be text in JSX
    if not places or _broken(path, text) or re.search(r"\n *# *(else|elif)", text):
        return None
    at = dice.choice(places)
    start = text.rfind("\n", 0, at) + 1
    row = text[start:].partition("\n")[0]
    twice, lost = f"{text[:start]}{row}\n{text[start:]}", text[:at] + text[at + 1 :]
    changed = dice.choice([lost, text[: at + 1] + text[at:], twice, text[: at + 1] + "\n"])
    sure = not re.search("[\"'`/#\\\\]", row) and _broken(path, changed)
    return Defect("brackets slip", {path: changed}, path) if sure else None


def broken_arrival(files: Files, dice: random.Random) -> Defect | None:
    """A new file, in one of many languages, arrives with a bracket or a closing word lost or doubled."""
    path = dice.choice(sorted(_PROGRAMS))
    text = _PROGRAMS[path].replace("|@|", "|").replace("|", "\n")
    hold = dice.choice(list(re.finditer(_HOLDS.get(posixpath.splitext(path)[1], r"[()\[\]{}]"), text)))
    word = f"{hold[0]} {hold[0]}" if dice.random() < 0.3 else ""
    return Defect("broken arrival", {path: text[: hold.start()] + word + text[hold.end() :]}, path)


def data_slip(files: Files, dice: random.Random) -> Defect | None:
    """JSON, TOML, YAML or HTML edited by hand: a comma, a quote, a bracket, a tab, the end of a tag."""
    kind = dice.choice([".json", ".toml", ".yml", ".html"])
    loose = re.compile(r"tsconfig|jsconfig|\.vscode|renovate|\{[{%]|<script|<!--|[|&*]|: >|: ['\"]\w*\n")
    names = [p for p in sorted(files) if p.endswith(kind) and not loose.search(p + files[p])]
    slips = {
        ".json": [(r",(?=\n)", ""), (r"(?<=[\w\"\]}])(?=\n\s*[}\]])", ","), (r'"(\w+)":', r"\1:"), ('": ', '" ')],
        ".toml": [(r'"(?=\n)', ""), (r"(?<=\w)\](?=\n)", ""), (" = ", " "), (r"(?<=\n)(\w+ = \w+\n)", r"\1\1")],
        ".html": [(r"(?<=\w)>(?=\s*<)", " "), ('"(?=>)', ""), ("</(div|ul|body|table|form)>", r"</\1></b>")],
        ".yml": [(r"(?<=:\n) +(?=[\w-]+: \w+\n)", "\t"), (r"(?<=\n)([\w-]+: )(\w+)(?=\n)", r"\1\2: \1[")],
    }[kind]  # fmt: skip
    text = files.get(path := dice.choice(names or [""]), "")
    found = [(m, new) for old, new in slips for m in re.finditer(old, text)]
    match, new = dice.choice(found) if found else (re.compile("").match(""), "")
    changed = text[: match.start()] + match.expand(new) + text[match.end() :] if match else ""
    sure = found and (kind in (".yml", ".html") or (_broken(path, changed) and not _broken(path, text)))
    return Defect("data slip", {path: changed}, path) if sure else None


def secret_left(files: Files, dice: random.Random) -> Defect | None:
    """A token or a key is pasted into the source, or a file that belongs to one machine is committed."""
    names = [p for p in sorted(files) if p.endswith((".py", ".ts", ".js", ".go")) and not _SIDE.search(p)]
    if names and dice.random() < 0.5:
        path, secret = dice.choice(names), json.dumps(dice.choice([_token, _token, _token, _pem])(dice))
        line = f"{'' if path.endswith('.py') else 'const '}apiToken = {secret}"
        return Defect("secret left", {path: f"{files[path].rstrip()}\n\n{line}\n"}, path)
    first, second = "AKIA" + _drawn(dice, 16, string.ascii_uppercase + "234567"), _drawn(dice, 40)
    word, pem = _drawn(dice, 36), _pem(dice)
    path, text = dice.choice(
        [(".env", f"DEBUG=0\nSECRET_KEY={word}\nSERVICE_TOKEN={_token(dice)}\n"),
         ("deploy/credentials", f"[default]\naws_access_key_id = {first}\naws_secret_access_key = {second}\n"),
         ("infra/main.tf", f'provider "aws" {{\n  access_key = "{first}"\n  secret_key = "{second}"\n}}\n'),
         ("ci/.npmrc", f"//registry.npmjs.org/:_authToken=npm_{word}\n"), ("deploy/id_rsa", pem),
         ("compose.prod.yml", f"x-env:\n  DATABASE_URL: postgresql://app:{word[:20]}@db.prod.acme.io:5432/app\n"),
         ("deploy/secret.yaml", f"kind: Secret\nstringData:\n  tls.key: |\n{textwrap.indent(pem, '    ')}"),
         ("config/account.json", json.dumps({"private_key": pem}) + "\n"), ("certs/server.key", pem)]
    )  # fmt: skip
    return None if path in files else Defect("secret left", {path: text}, path)


def stop_left(files: Files, dice: random.Random) -> Defect | None:
    """A stop for a debugger stays, in Python, JavaScript, Go or Rust, or in a new file of another language."""
    names = [p for p in sorted(files) if re.search(r"(?<!\.min)\.(py|js|tsx?|go|rs)$", p)]
    if dice.random() < 0.3 or not names:
        path = dice.choice([p for p in _PROGRAMS if "|@|" in _PROGRAMS[p]])
        text = _PROGRAMS[path].replace("@", "    " + dice.choice(_STOPS[posixpath.splitext(path)[1]]))
        return Defect("stop left", {path: text.replace("|", "\n")}, path)
    rows = files[path := dice.choice(names)].split("\n")
    if path.endswith(".py"):
        at, indent = _first_of_body(files[path], dice) or (len(rows), "")
        return _parsed("stop left", path, [*rows[:at], indent + dice.choice(_STOPS[".py"]), *rows[at:]])
    forms = {".rs": r"(\s*let (?:mut )?\w+ = )([\w.()&:]+);", ".go": r"()func .* \{"}
    form = re.compile(forms.get(path[-3:], r"(\s*)(?!.*\b(?:switch|class)\b).*(?:\)|=>) \{"))
    code = _code(path, files[path]).split("\n")
    places = [n for n, row in enumerate(code) if form.fullmatch(row) and rows[n] == row]
    at = dice.choice(places) if places else 0
    stop = "runtime.Breakpoint()" if path.endswith(".go") else dice.choice(_STOPS[".tsx"])
    call = [form.sub(r"\1dbg!(\2);", rows[at])] if path.endswith(".rs") else []
    rows[at : at + 1] = call or [rows[at], form.sub(r"\1    ", rows[at]) + stop]
    return Defect("stop left", {path: "\n".join(rows)}, path) if places else None


def name_half_renamed(files: Files, dice: random.Random) -> Defect | None:
    """A variable or a parameter gets another name where it is bound, and not where it is used."""
    if not (path := _python(files, dice)) or _dynamic(_tree(files[path])):
        return None
    bound, loads = _names(files[path])
    lone = {n for n, c in bound.items() if c == 1 and loads[n] and n not in dir(builtins)} - {"self", "cls"}
    places: list[tuple[int, int, str, str]] = []
    for n in ast.walk(_tree(files[path])):
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id in lone:
            places.append((n.lineno, n.col_offset, n.id, dice.choice([f"{n.id}_", f"new_{n.id}"])))
        elif isinstance(n, ast.arg) and n.arg in lone:
            places.append((n.lineno, n.col_offset, n.arg, f"raw_{n.arg}"))
    line, column, old, new = dice.choice(places or [(1, 0, "", "")])
    changed = _replaced(files[path], line, column, old, new)
    sure = _parses(changed) and not _names(changed)[0][old] and _names(changed)[1][old]
    return Defect("name half renamed", {path: changed}, path) if sure else None


def import_outlived(files: Files, dice: random.Random) -> Defect | None:
    """The last use of an import goes, or a new import, inside of a function or among the others, has none."""
    text = files[path] if (path := _python(files, dice)) else ""
    rows, place, name = text.split("\n"), _first_of_body(text, dice), dice.choice(["secrets", "heapq"])
    if not path or not place or path.endswith(("__init__.py", "conftest.py")):
        return None
    tops = [(n, row[7:]) for n, row in enumerate(rows) if re.match(r"import \w+$", row)]
    for _, word in tops:
        uses = [n for n, row in enumerate(rows) if re.match(rf"\s+(\w+ = )?{word}\.[\w.]+\([^()]*\)$", row)]
        if len(uses) == 1 and len(re.findall(rf"\b{word}\b", text)) == 2:
            rows[uses[0]] = re.sub(r"(\s+).*", r"\1pass", rows[uses[0]])
            return _parsed("import outlived", path, rows)
    at, step = (tops[0][0], "") if tops and dice.random() < 0.5 else place
    rows.insert(at, f"{step}import {name}")
    return None if name in text else _parsed("import outlived", path, rows)


def signature_slip(files: Files, dice: random.Random) -> Defect | None:
    """The parameters of a function, class or method change so that a call elsewhere no longer fits."""
    for path, _, node, calls in _used(files, dice):
        if not isinstance(node, _Function) or node.decorator_list or isinstance(node.body[0], _Function):
            continue
        args, way, bound = copy.deepcopy(node.args), dice.randrange(3), node.col_offset > 0
        keys = {k.arg for c in calls for k in c.keywords}
        if (named := [a for a in args.args + args.kwonlyargs if a.arg in keys]) and dice.random() < 0.5:
            dice.choice(named).arg += dice.choice(["_name", "_value", "_override"])
        elif way == 0:
            args.kwonlyargs.append(ast.arg("strict_mode"))
            args.kw_defaults = [*args.kw_defaults, None]
        elif way == 1:
            args.args.insert(len(args.args) - len(args.defaults), ast.arg("call_context"))
        elif len(args.args) > bound and not args.vararg:
            args.kwonlyargs.insert(0, args.args.pop())
            args.kw_defaults.insert(0, args.defaults.pop() if args.defaults else None)
        if any(_fits(node.args, c, bound) and _fits(args, c, bound) is False for c in calls):
            head, rows = copy.copy(node), files[path].split("\n")
            head.args, head.body = args, [ast.Pass()]
            line = " " * node.col_offset + ast.unparse(head).split("\n")[0]
            rows[node.lineno - 1 : node.body[0].lineno - 1] = [line]
            return _parsed("signature slip", path, rows)
    return None


def symbol_gone(files: Files, dice: random.Random) -> Defect | None:
    """A function, class, constant or method used elsewhere goes, is renamed or moved, or its module is renamed."""
    for path, node, _, _ in _used(files, dice):
        rows, name, way = files[path].split("\n"), _named(node), dice.randrange(4)
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
        home, moved = f"{path[:-3]}_impl.py", "\n".join([*rows[start : node.end_lineno], ""])
        way = 2 if way < 2 and (node.col_offset or home in files) else way
        if way == 0 and not path.endswith("__init__.py"):
            return Defect("symbol gone", {path: None, home: files[path]}, home)
        rows[node.lineno - 1] = re.sub(rf"\b{name}\b", f"{name}_v2", rows[node.lineno - 1], count=1)
        if way < 3:
            rows[start : node.end_lineno] = [" " * node.col_offset + "pass"] if node.col_offset else []
        text = "\n".join(rows)
        if _parses(text) and not _names(text)[0][name]:
            return Defect("symbol gone", {path: text, **({home: moved} if way == 1 else {})}, path)
    return None


def test_lost(files: Files, dice: random.Random) -> Defect | None:
    """A test (Python, Go, Rust, JavaScript) goes, is commented out, or nothing collects it any more."""
    if not (found := _a_test(files, dice)):
        return None
    path, start, head, end = found
    rows, way = files[path].split("\n"), dice.randrange(4)
    if way == 0 and path.endswith(".py"):
        new = dice.choice([f"{path}.disabled", re.sub(r"test_(\w+\.py)$", r"old_\1", path)])
        return Defect("test lost", {path: None, new: files[path]}, path)
    if way < 2 and path.endswith((".go", ".py")):
        new = dice.choice(["disabled_test", "tset" if path.endswith(".py") else "XTest", "check"])
        rows[head] = re.sub(r"(def|func) [tT]est", rf"\1 {new}", rows[head], count=1)
    elif way < 2 and path.endswith(".rs"):
        del rows[start]
    else:
        note = "# " if path.endswith(".py") else "// "
        rows[start : end + 1] = [note + row for row in rows[start : end + 1]] if way == 2 else []
    sure = not path.endswith(".py") or _parses("\n".join(rows))
    return Defect("test lost", {path: "\n".join(rows)}, path) if sure else None


def test_quiet(files: Files, dice: random.Random) -> Defect | None:
    """A test, or its file, is skipped: a mark or a condition that always holds, `t.Skip`, `#[ignore]`, `it.skip`."""
    if not (found := _a_test(files, dice)):
        return None
    path, start, head, _ = found
    rows = files[path].split("\n")
    line = re.sub(r"\S.*", "", rows[head]) + dice.choice(_QUIET.get(path[-3:], [""]))
    if path.endswith(".py"):
        if f"import {'unittest' if 'unittest' in line else 'pytest'}" not in rows:
            return None
        rows.insert(start, line)
    elif path.endswith((".go", ".rs")):
        rows.insert(head + path.endswith(".go"), line)
    else:
        new = dice.choice([r"\1.skip(", r"\1.skipIf(true)(" if "from 'vitest'" in files[path] else r"x\1("])
        rows[head] = re.sub(r"\b(test|it|describe)\(", new, rows[head], count=1)
    return Defect("test quiet", {path: "\n".join(rows)}, path)


def lock_slip(files: Files, dice: random.Random) -> Defect | None:
    """A requirement is raised, dropped or added without its lock file; or the lock loses one in a merge."""
    forms = {"package.json": ('    "(?P<n>[^"]+)": "[\\^~]?(?P<v>\\d+)\\.[\\w.-]+",', '    "{}": "^{}.0.0",', "left-pad"),
             "Cargo.toml": ('(?P<n>[\\w-]+) = "(?P<v>\\d+)\\.[\\d.]+"', '{} = "{}.0.0"', "smallstr"),
             "go.mod": ("\t(?P<n>[\\w./-]+) v1\\.(?P<v>\\d+)\\.\\d+", "\t{} v1.{}.0", "github.com/jmoiron/sqlx"),
             "pyproject.toml": ('    "(?P<n>[\\w-]+) ?\\(?>=(?P<v>\\d+)[^;]*",', '    "{}>={}",', "tenacity")}  # fmt: skip
    locks = {"pnpm-lock.yaml": "package.json", "package-lock.json": "package.json", "Cargo.lock": "Cargo.toml",
             "go.sum": "go.mod", "uv.lock": "pyproject.toml", "poetry.lock": "pyproject.toml"}  # fmt: skip
    pairs = [(p, lock) for lock, kind in locks.items() if lock in files for p in sorted(files)
             if p == kind or f"\n  {p.removesuffix('/' + kind)}:\n" in files[lock]]  # fmt: skip
    path, lock = dice.choice(pairs or [("go.mod", "")])
    form, line, other = forms[path.rpartition("/")[2]]
    rows, sealed, way = files.get(path, "").split("\n"), files.get(lock, ""), dice.randrange(4)
    fixed = sealed.partition("importers:")[0] if "pnpm" in lock else ""  # overrides and catalogs stand there
    held = [(n, m) for n, row in enumerate(rows) if (m := re.fullmatch(form, row)) and f"\n  {m['n']}: " not in fixed
            and (path[:2] == "py" or len(re.findall(rf"(?m)^\W*{re.escape(m['n'])}\b", files[path])) == 1)
            and re.search(rf"(?m)\b{re.escape(m['n'])}\b['\"]?( v|:$|\n)", sealed)]  # fmt: skip
    if not held or other in sealed:
        return None
    at, match = dice.choice(held)
    block = r'\[\[package\]\]\nname = "@"\n(?s:.*?)(?=\n\[\[|\Z)|(?<=\n)@ .*\n'
    if way == 0 and (changed := re.sub(block.replace("@", re.escape(match["n"])), "", sealed)) != sealed:
        return Defect("lock slip", {lock: changed}, lock)
    if way == 1 and path != "go.mod":
        del rows[at]
    elif way == 2:
        rows.insert(at, line.format(other, 1))
    else:
        rows[at] = line.format(match["n"], int(match["v"]) + 40)
    return Defect("lock slip", {path: "\n".join(rows)}, path)


def heavy_file(files: Files, dice: random.Random) -> Defect | None:
    """What a build or a run made is added: a bundle or a dump on one line, a database, an archive, an object."""
    name, start, row = dice.choice(
        [("dist/app.bundle.js", "", "function a(n){return n+%s}"), ("data/users.json", "[0", ',{"id":%s}'),
         ("build/native.so", "\x7fELF\2\1\1", "\0\1%s"), ("app.sqlite3", "SQLite format 3\0", "\0\2%s\0row"),
         ("release.zip", "PK\3\4", "\0\3%s\6"), ("src/__pycache__/app.cpython-312.pyc", "\xcb\r\r\n", "\0\4%s")]
    )  # fmt: skip
    text = "".join(row % dice.getrandbits(60) for _ in range(500)) * dice.randrange(200, 500)
    return Defect("heavy file", {name: start + text + "]" * (start == "[0")}, name)


def _drawn(dice: random.Random, count: int, alphabet: str = _WORD) -> str:
    return "".join(dice.choices(alphabet, k=count))


def _token(dice: random.Random) -> str:
    low, digits = "0123456789abcdef", _drawn(dice, 24, string.digits)
    parts = [b'{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{digits}"}}'.encode(), dice.randbytes(32)]
    return dice.choice(
        [f"gho_{_drawn(dice, 36)}", f"github_pat_{_drawn(dice, 22)}_{_drawn(dice, 59)}", f"glpat-{_drawn(dice, 20)}",
         f"rk_live_{_drawn(dice, 24)}", f"hf_{_drawn(dice, 34)}", f"SG.{_drawn(dice, 22)}.{_drawn(dice, 43)}",
         f"sk-proj-{_drawn(dice, 48)}", f"sk-ant-api03-{_drawn(dice, 93)}AA", f"dop_v1_{_drawn(dice, 64, low)}",
         f"pypi-AgEIcHlwaS5vcmc{_drawn(dice, 120)}", f"xoxp-{digits[:12]}-{digits[12:]}-{_drawn(dice, 32, low)}",
         f"https://hooks.slack.com/services/T{digits[:9]}/B{digits[9:18]}/{_drawn(dice, 24)}",
         ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts)]
    )  # fmt: skip


def _pem(dice: random.Random) -> str:
    word, start, size = dice.choice([("RSA ", b"0\x82\4\xa4\2\1\0", 1185), ("EC ", b"0w\2\1\1\4 ", 114)])
    body = "\n".join(textwrap.wrap(base64.b64encode(start + dice.randbytes(size)).decode(), 64))
    return f"-----BEGIN {word}PRIVATE KEY-----\n{body}\n-----END {word}PRIVATE KEY-----\n"


def _parsed(kind: str, path: str, rows: list[str]) -> Defect | None:
    text = "\n".join(rows)
    return Defect(kind, {path: text}, path) if _parses(text) else None


@lru_cache(maxsize=2048)
def _names(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often each name is bound, wherever in the file and as whatever, and how often loaded."""
    bound, loads = Counter[str](), Counter[str]()
    for node in ast.walk(_tree(text)):
        if isinstance(node, ast.Name):
            (loads if isinstance(node.ctx, ast.Load) else bound)[node.id] += 1
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            bound[node.attr] += 1
        elif isinstance(node, ast.Global | ast.Nonlocal):
            bound.update(node.names)
        elif not isinstance(node, ast.keyword):
            words = [getattr(node, key, None) for key in ("asname", "arg", "name")]
            bound[next((w for w in words if isinstance(w, str)), "").partition(".")[0]] += 1
    return bound, loads


@lru_cache(maxsize=2048)
def _calls(text: str, name: str) -> list[ast.Call]:
    return [n for n in ast.walk(_tree(text)) if isinstance(n, ast.Call) and ast.unparse(n.func) == name]


@lru_cache(maxsize=2048)
def _imports(path: str, text: str) -> dict[tuple[str, str], str]:
    """(module, name) -> name in the file, of what it imports by name, binds once, and loads."""
    home, (bound, loads) = path.removesuffix(".py").removeprefix("src/").split("/"), _names(text)
    found = {}
    for node in ast.walk(_tree(text)):
        if isinstance(node, ast.ImportFrom):
            parts = [*(home[: -node.level] if node.level else []), *filter(None, [node.module])]
            for local, name in [(a.asname or a.name, a.name) for a in node.names]:
                if bound[local] == 1 and loads[local]:
                    found[".".join(parts), name] = local
    return found


def _named(node: ast.stmt) -> str:
    one = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    return one.id if isinstance(one, ast.Name) else str(getattr(node, "name", ""))


def _used(files: Files, dice: random.Random) -> Iterator[tuple[str, ast.stmt, ast.stmt, list[ast.Call]]]:
    """(path, statement, the function or else that a call meets, calls) of what is defined once, and used:
    imported by name into another file, or a method that no base can have, called on `self` by its class."""
    names = [p for p in sorted(files) if p.endswith(".py")]
    taken, homes = {p: _imports(p, files[p]) for p in names}, [p for p in names if not _SIDE.search(p)]
    for path in (p for p in dice.sample(homes, len(homes)) if not _dynamic(_tree(files[p]))):
        module = path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/").replace("/", ".")
        for node in dice.sample(tops := _tree(files[path]).body, len(tops)):
            name, of_class = _named(node), node.body if isinstance(node, ast.ClassDef) else []
            at = [(p, taken[p][module, name]) for p in names if p != path and (module, name) in taken[p]]
            inits = [n for n in of_class if _named(n) in ("__init__", "__new__")]
            if at and _names(files[path])[0][name] == 1 and dice.random() < 0.5:
                calls = [c for p, local in at for c in _calls(files[p], local)]
                yield path, node, inits[0] if len(inits) == 1 else node, calls
            if not isinstance(node, ast.ClassDef) or node.bases or node.keywords or dice.random() < 0.5:
                continue
            for method in [n for n in of_class if isinstance(n, _Function) and not n.decorator_list]:
                if sum(_names(files[p])[0][method.name] for p in names) == 1:
                    rest = "\n".join(ast.unparse(n) for n in of_class if n is not method)
                    if calls := _calls(rest, f"self.{method.name}"):
                        yield path, method, method, calls


def _fits(args: ast.arguments, call: ast.Call, bound: bool) -> bool | None:
    """Whether a call fits the parameters; None where a star hides what it passes."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return None
    args, zero = copy.deepcopy(args), ast.Constant(0)
    args.defaults, args.kw_defaults = [zero] * len(args.defaults), [d and zero for d in args.kw_defaults]
    made = compile(ast.fix_missing_locations(ast.Expression(ast.Lambda(args, zero))), "", "eval")
    try:
        given = [0] * (len(call.args) + bound)
        inspect.signature(eval(made)).bind(*given, **{k.arg: 0 for k in call.keywords if k.arg})
    except TypeError:
        return False
    return True


@lru_cache(maxsize=2048)
def _code(path: str, text: str) -> str:
    """`text` with its strings and comments blotted out: crude, for languages with braces."""
    notes = r"/\*(?s:.*?)\*/|" if path.endswith(".css") else r"/\*(?s:.*?)\*/|//[^\n]*|"
    words = notes + (_RAW if path.endswith(".rs") else _QUOTED)
    return re.sub(words, lambda m: re.sub(r"[^\n]", "~", m[0]), text)


def _balanced(code: str) -> bool:
    code = re.sub(r"[^()\[\]{}]", "", code)
    while (less := re.sub(r"\(\)|\[\]|\{\}", "", code)) != code:
        code = less
    return not code


def _broken(path: str, text: str) -> bool:
    """Whether a file cannot be parsed, for certain."""
    try:
        json.loads(text) if path.endswith(".json") else path.endswith(".toml") and tomllib.loads(text)
    except ValueError:
        return True
    curly = _CURLY.search(path) and not _balanced(_code(path, text))
    return not _parses(text) if path.endswith(".py") else bool(curly)


def _a_test(files: Files, dice: random.Random) -> tuple[str, int, int, int] | None:
    """(path, first row, row of the head, last row) of a test that its language's own runner collects."""
    kinds = [r"(^|/)test_\w*\.py$", r"_test\.go$", r"\.rs$", r"\.(test|spec)\.[jt]sx?$"]
    groups = [g for k in kinds if (g := [p for p in sorted(files) if re.search(k, p) and "test" in files[p]])]
    path = dice.choice(dice.choice(groups)) if groups else ""
    rows, rust = files.get(path, "").split("\n"), path.endswith(".rs")
    if path.endswith(".py"):
        top = _tree(files[path]).body
        bodies = [top, *(n.body for n in top if isinstance(n, ast.ClassDef) and n.name.startswith("Test"))]
        tests = [n for b in bodies for n in b if isinstance(n, _Function) and n.name.startswith("test_")]
        for node in dice.sample(tests, min(len(tests), 1)):
            start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return path, start - 1, node.lineno - 1, (node.end_lineno or 0) - 1
        return None
    forms = {".go": r"func Test[A-Z]\w*\(t \*testing\.T\) \{", ".rs": r" *fn \w+\(\) \{"}
    form = re.compile(forms.get(path[-3:], r" *(?:test|it|describe)\(.*(?:=>|\)) \{"))
    code = _code(path, "\n".join(rows)).split("\n")
    heads = [n for n, row in enumerate(code) if form.fullmatch(row)]
    head = dice.choice([n for n in heads if not rust or rows[n - 1].strip() == "#[test]"] or [0])
    close = re.sub(r"\S.*", "", rows[head]) + ("}" if path.endswith((".rs", ".go")) else "})")
    end = next((n for n in range(head, len(rows)) if code[n] == close), 0)
    sure = head and end > head + 1 and _balanced("\n".join(code[head : end + 1]))
    return (path, head - rust, head, end) if sure else None


RULES = {
    "merge half done": {"conflict-marker"}, "brackets slip": {"syntax"}, "broken arrival": {"syntax"},
    "data slip": {"syntax"}, "secret left": {"secret"}, "stop left": {"debugger"}, "heavy file": {"large-file"},
    "name half renamed": {"undefined-name"}, "import outlived": {"unused-import"}, "lock slip": {"lock-file"},
    "signature slip": {"broken-caller"}, "symbol gone": {"broken-caller", "undefined-name"},
    "test lost": {"test-removed"}, "test quiet": {"test-skipped"},
}  # fmt: skip
OPERATORS: tuple[Operator, ...] = (
    merge_half_done, brackets_slip, broken_arrival, data_slip, secret_left, stop_left, name_half_renamed,
    import_outlived, signature_slip, symbol_gone, test_lost, test_quiet, lock_slip, heavy_file,
)  # fmt: skip
