"""What is done to whole files, and code that is replaced by its structure."""

from __future__ import annotations

import ast
import dataclasses
import difflib
import re

from qcode import refactor
from qcode.errors import QcodeError
from qcode.router.clause import Reading
from qcode.router.frames.files import COMMON, SENTENCES, WORDS
from qcode.router.mentions import GLUE, KINDS
from qcode.router.plan import Question
from qcode.router.weighed.items import HALF, Item, stands
from qcode.router.weighed.said import Said
from qcode.router.words import vocabulary
from qcode.router.world import Target

_NO_PLACES = vocabulary(
    "production favour favor general order python code style logging print prints printing strings string imports import types typing "
    "place front back old new modern future syntax sight sync date total particular my our your their stdout console formatting "
    "annotations hints use percent format names addition alphabetical groups control line"
)
_ANYWHERE = vocabulary(
    "annotation annotations hint hints type types typing generics builtin builtins union optional list dict lists base bases object objects "
    "class classes everywhere left over still around there here really please python3 pep8 style guide convention consistency "
    "though require requires required supports support still bring up date prefer favor favour time ones thing things replace replaced conversion into would could should good nice great "
    "percent interpolation templates template concatenation module standard library alphabetical alphabetically order group groups "
    "unsorted unneeded linter complains complaining clean cleaned cleanup housekeeping tidy tidied sort sorted organise organised"
)
ALL = (
    "everywhere",
    "all",
    "whole",
    "entire",
    "project",
    "repo",
    "repository",
    "codebase",
    "throughout",
    "every",
)


def in_files(verb: str, said: Said) -> Reading:
    """`verb` in the files or folders that are named, or everywhere where none is."""
    clause = said.clause
    if _unwanted(verb, said):
        return None
    if verb != "tidy" and said.of("lines"):
        return Question("Only whole files are done, not lines of them. Shall all of it be?")
    said.take(*said.of("file", "name", "new", "code", "lines"))
    if said.of("newfile"):
        return Question(f"There is no {said.of('newfile')[0].text} here. Which file or folder is meant?")
    if clause.scope.unknown:
        return Question(f"There is no {clause.scope.unknown} here. Which file or folder is meant?")
    places: list[str] = []
    for item in said.files():
        if len(item.places) > 1 and set(item.places) - set(clause.world.tests):
            return Question("Which one is meant?", item.places[:8])
        places += item.places
    if not places and (
        homes := [
            t
            for n in said.of("name")
            if (not n.weak or said.before(n) in ("in", "of", "inside"))
            and isinstance(t := said.target(n), Target)
        ]
    ):
        if len(homes) == 1 and _only_within(verb, homes[0], said):
            places = [homes[0].path]
        else:
            where = homes[0].path
            return Question(f"Only whole files are done. Shall all of {where} be?", (f"{verb} {where}",))
    if not places and (unknown := _unknown_place(said)):
        return Question(f"Where is {unknown}? Which file or folder is meant?")
    if not places and not clause.scope.only and not said.has(*ALL):
        if clause.topic:
            places = [clause.topic]
        elif said.has("there", "that", "it", "here") and (clause.home or clause.place):
            places = [clause.home or clause.place]
        elif said.has("file", "module", "here", "there"):
            return Question("Which file is meant?")
    if not places and not clause.scope.only and not said.has(*ALL) and (odd := _odd(verb, said)):
        return Question(f"Everywhere? And what is meant by {odd}?", (f"{verb} .",))
    where_to = places or list(clause.scope.only) or [""]
    return [
        clause.call(verb, {"path": p} if p else {}, SENTENCES[verb] + (f" in {p}" if p else ""))
        for p in dict.fromkeys(where_to)
    ]


def _unwanted(verb: str, said: Said) -> bool:
    """ "no f-strings in a.py", "the import is mistyped" """
    words = [i.lower for i in said.row]
    wanted = {
        "fstrings": ("f-strings", "f-string", "fstrings", "fstring"),
        "logging": ("logging", "logger", "log"),
    }.get(verb, ())
    refused = any(
        w in wanted
        and {"no", "not", "never", "without", "stop", "avoid", "don't"} & set(words[max(0, i - 2) : i])
        for i, w in enumerate(words)
    )
    broken = verb == "tidy" and set(words) & {
        "mistyped",
        "misspelt",
        "misspelled",
        "wrong",
        "broken",
        "error",
        "fails",
        "missing",
        "circular",
    }
    return refused or bool(broken)


def _only_within(verb: str, target: Target, said: Said) -> bool:
    """Whether `verb` changes nothing in a file but what is in one function or class of it."""
    snapshot = said.clause.world.snapshot
    try:
        changed = refactor.perform(snapshot, verb, {"path": target.path}).changes.changes
        before = snapshot.read(target.path).decode()
        node: ast.AST = ast.parse(before)
    except (QcodeError, SyntaxError, UnicodeDecodeError):
        return False
    for name in target.qualname.split("."):
        node = next((n for n in ast.walk(node) if getattr(n, "name", None) == name), node)
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    if set(changed) != {target.path} or not first:
        return False
    after = (changed[target.path].after or b"").decode()
    steps = difflib.SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False).get_opcodes()
    return all(first <= a + 1 and b <= last for kind, a, b, _, _ in steps if kind != "equal")


def _odd(verb: str, said: Said) -> str:
    """A word that says nothing about `verb`, where that would be done everywhere: "modernise the website"."""
    known = GLUE | KINDS.keys() | COMMON | WORDS[verb] | _NO_PLACES | _ANYWHERE
    for item in said.row:
        if item.kind == "word" and item.lower not in known and item.text.isalpha() and len(item.text) > 3:
            return item.text
    return ""


def _unknown_place(said: Said) -> str:
    """ "in the billing": a place that is none."""
    for item in said.row:
        plain = (
            item.kind == "word" and item.lower not in GLUE | KINDS.keys() | _NO_PLACES and item.text.isalpha()
        )
        if plain and said.before(item) in ("in", "inside", "under", "of", "from") and item.lower not in ALL:
            return item.text
    return ""


def replace(said: Said) -> Reading:
    """Code by other code: what stands in the repository is the old one."""
    clause = said.clause
    codes = [i for i in said.row if i.kind == "code" or (i.quoted and i.kind in ("name", "new", "word"))]
    others = [i for i in said.row if i.kind in ("name", "new") and i not in codes and not i.weak]
    if len(codes) == 1 and len(others) == 1 and others[0].called:
        codes = sorted([*codes, *others], key=lambda i: i.first)
    if len(codes) > 2 and len(quoted := [c for c in codes if c.quoted]) == 2:
        codes = quoted
    if len(codes) != 2 or not any(i.kind == "code" for i in codes):
        return (
            Question("Which code shall be replaced by which?", ("replace 'OLD' 'NEW' PATH",))
            if codes
            else None
        )
    old, new = codes
    if _backwards(said, old, new):
        old, new = new, old
    called = [re.match(r"[\w.]+(?=\()", c.text) for c in (old, new)]
    if called[0] and called[1] and called[0][0] == called[1][0] and clause.world.named(called[0][0]):
        return Question(
            f"Shall the parameters of {called[0][0]} change? Which ones?", (f"signature {called[0][0]} …",)
        )
    said.take(*codes, *said.files())
    places = [p for f in said.files() for p in f.places]
    if len(places) > 1:
        return Question("Where shall it be replaced?", tuple(places[:8]))
    if not places and (unknown := _unknown_place(said)):
        return Question(f"Where is {unknown}? Which file or folder is meant?")
    path = places[0] if places else next(iter(clause.scope.only), "")
    if HALF.fullmatch(old.text) and HALF.fullmatch(new.text):
        old, new = (dataclasses.replace(c, text=f"$X {c.text}") for c in (old, new))
    pattern, replacement = _holes(_dotted(old.text), _dotted(new.text), said)
    sentence = f"Replace {pattern} by {replacement}" + (f" in {path}" if path else "")
    return [
        clause.call(
            "replace",
            {"pattern": pattern, "replacement": replacement, **({"path": path} if path else {})},
            sentence,
        )
    ]


def _backwards(said: Said, one: Item, other: Item) -> bool:
    between = [i.lower for i in said.row if one.last <= i.first < other.first]
    if "instead" in between or "rather" in between or "not" in between:
        return True
    if said.has("substitute") and "for" in between:
        return True
    world = said.clause.world
    return stands(other.text, world) and not stands(one.text, world)


def _holes(pattern: str, replacement: str, said: Said) -> tuple[str, str]:
    """ "every json.dumps(x)": where nothing so written stands in the repository, a bare name means any expression."""
    if stands(pattern, said.clause.world):
        return pattern, replacement
    try:
        tree = ast.parse(re.sub(r"\$+[A-Z_]+", "_", pattern), mode="eval").body
    except SyntaxError:
        return pattern, replacement
    given = [a for n in ast.walk(tree) if isinstance(n, ast.Call) for a in n.args]
    if isinstance(tree, ast.Compare):
        given = [tree.left]
    for name in {a.id for a in given if isinstance(a, ast.Name) and a.id != "_"}:
        hole = f"${name.upper()}"
        pattern = re.sub(rf"\b{name}\b", hole, pattern)
        replacement = re.sub(rf"\b{name}\b", hole, replacement)
    return pattern, replacement


def _dotted(code: str) -> str:
    """`f(...)` as the engine writes it: `f($$$ARGS)`."""
    return re.sub(r"(?<=[(,])\s*\.\.\.\s*(?=[),])", "$$$ARGS", code)
