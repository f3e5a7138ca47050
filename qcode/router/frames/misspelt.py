"""A name that does not exist, and the one that is meant: "NameError: name 'foo' is not defined. Did you mean: 'bar'?"."""

from __future__ import annotations

import ast
import builtins
import difflib
import keyword
import re
from collections.abc import Iterator, Sequence

from qcode.errors import WorkspaceError
from qcode.router.clause import Clause, Reading
from qcode.router.plan import Question
from qcode.router.words import Token, vocabulary

_CUES = re.compile(
    r"NameError|ImportError|AttributeError|is not defined|undefined|cannot import name|did you mean|\btypo\b|misspel|F821|"
    r"does not exist|doesn't exist|(?:should|must|has to|ought to) (?:be|say|read)\b|(?:correct|right|proper) (?:name |one )?(?:is|would be)|supposed to be|wrongly|mistyped",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"Traceback|FAILED|File \"|^E\b|\w+\.py:\d+|(?:Name|Import|Attribute)Error\b[^\n]*?(?:Did you mean:? ['\"`]?\w+['\"`]?\??|defined|\))"
    r"|did you mean:? ['\"`]?\w+['\"`]?\??",
    re.IGNORECASE | re.MULTILINE,
)
_TYPO = re.compile(r"\btypo\b|misspel|NameError|ImportError|AttributeError|mistyped", re.IGNORECASE)
_NO_ATTRIBUTE = re.compile(r"has no attribute ['\"`]?([^\W\d]\w*)['\"`]?")
_MENDING = frozenset(["fix", "replace", "correct", "mend"])
_OTHER_WORK = vocabulary(
    "add rename move inline extract write refactor document create implement test tests: delete "
    "remove drop optimise split and then also"
)
_PYTHON = (".py", ".pyi")


def read_clause(clause: Clause) -> Reading:
    """A name that does not exist."""
    cued = bool(_CUES.search(clause.text[clause.tokens[0].start : clause.tokens[-1].end]))
    if not cued and not clause.has(*_MENDING) and not _pair(clause):
        return None
    said = list(
        dict.fromkeys(t.text for t in clause.tokens if t.kind in ("name", "word") and t.text.isidentifier())
    )
    named = [
        w
        for w in said
        if "_" in w or not w.isalpha() or w in clause.world.names or _plainly_named(w, clause.tokens)
    ]
    wrong = [
        w for w in said if w not in clause.world.names and not hasattr(builtins, w) and _places(w, clause)
    ] or _attribute(clause)
    if len(wrong) != 1:
        if not cued or _error(clause):
            quoted = [t.text for t in clause.tokens if t.quoted and t.kind == "name"]
            return (
                Question(f"{quoted[0]} does not stand in this repository. Which name is meant?")
                if cued and quoted
                else None
            )
        return None
    if any(t.lower in _OTHER_WORK for t in _without_the_failure(_around(clause))):
        return None
    if not cued and len([t for t in clause.tokens if t.kind == "word" and t.text != wrong[0]]) > 5:
        return None
    return _meant(clause, wrong[0], [n for n in named if n != wrong[0]])


def _attribute(clause: Clause) -> list[str]:
    """What Python says an object has not: "'Ticket' object has no attribute 'asignee'"."""
    found = _NO_ATTRIBUTE.search(clause.text)
    named = [found[1]] if found else []
    if not found and _TYPO.search(clause.text):
        named = [t.text for t in clause.tokens if t.kind in ("word", "name") and t.text.isidentifier()]
    unknown = [n for n in dict.fromkeys(named) if n not in clause.world.names and len(n) > 3]
    return [n for n in unknown if any(re.search(rf"\.{n}\b", text) for _, text in _texts(clause))]


def _texts(clause: Clause) -> Iterator[tuple[str, str]]:
    for path in clause.world.paths:
        if path.endswith(_PYTHON):
            try:
                yield path, clause.world.snapshot.read(path).decode("utf-8", "replace")
            except WorkspaceError:
                continue


def _pair(clause: Clause) -> bool:
    """ "prise_of -> price_of": what is known there can be no new name."""
    said = [t for t in clause.tokens if t.kind != "mark"]
    return len(said) == 3 and said[1].kind == "arrow" and said[2].text in clause.world.names


def _error(clause: Clause) -> bool:
    """Whether an error of Python stands there as it is."""
    return bool(
        re.search(
            r"(Name|Import|Attribute)Error\b|name ['\"]\w+['\"] is not defined|cannot import name ['\"]",
            clause.text,
        )
    )


def _around(clause: Clause) -> list[Token]:
    """The tokens outside of an error that Python wrote."""
    first = _WRITTEN.search(clause.text)
    if not first:
        return clause.tokens
    last = max(m.end() for m in _WRITTEN.finditer(clause.text))
    return [t for t in clause.tokens if t.end <= first.start() or t.start >= last]


def _without_the_failure(tokens: Sequence[Token]) -> list[Token]:
    """Without "the failing test", "the tests are broken": that is why, not what."""
    failing = ("failing", "broken", "failed", "red", "fails", "fail", "failure", "failures")
    said = [t.lower for t in tokens]
    return [
        t
        for i, t in enumerate(tokens)
        if not (t.lower in ("test", "tests") and set(said[max(0, i - 1) : i + 3]) & {*failing})
    ]


def _plainly_named(word: str, tokens: Sequence[Token]) -> bool:
    return any(t.text == word and t.quoted for t in tokens)


def _meant(clause: Clause, wrong: str, named: Sequence[str]) -> Reading:
    places = _places(wrong, clause) or [p for p, text in _texts(clause) if f".{wrong}" in text]
    asked = [
        p
        for t in clause.tokens
        if t.kind in ("path", "lines")
        for p in clause.world.files(t.text.partition(":")[0])
    ]
    if narrowed := [p for p in places if p in asked]:
        places = narrowed
    names = clause.world.names | {t.name for t in clause.world.held}
    known = [n for n in named if n in names]
    hinted = re.search(
        r"(?:did you mean|should be|must be|it is|means?|probably|presumably|typo for|->|\bby\b|\bto\b|\bas\b)[:\s]*['\"`]?(\w+)",
        clause.text,
        re.IGNORECASE,
    )
    if hinted and hinted[1] in known:
        right = [hinted[1]]
    else:
        right = [k for k in known if difflib.SequenceMatcher(None, k, wrong).ratio() > 0.6]
    if not right:
        right = _of_the_module(wrong, clause)
    if len(right) != 1:
        near = difflib.get_close_matches(wrong, sorted(names), 3, 0.6)
        right = _slip_of(wrong, near) if _TYPO.search(clause.text) else []
    if len(right) != 1:
        return Question(f"Which name is meant by {wrong}?", tuple(f"replace {wrong} by {n}" for n in near))
    return [
        clause.call(
            "respell",
            {"wrong": wrong, "right": right[0], "path": path},
            f"Spell {wrong} as {right[0]} in {path}",
            (right[0],),
        )
        for path in places
    ]


def _slip_of(wrong: str, near: Sequence[str]) -> list[str]:
    """The one name of which `wrong` is a slip: much nearer than any other."""
    likeness = [difflib.SequenceMatcher(None, wrong, n).ratio() for n in near]
    alone = bool(likeness) and likeness[0] >= 0.85 and (len(likeness) == 1 or likeness[1] < 0.75)
    return [near[0]] if alone else []


def _of_the_module(wrong: str, clause: Clause) -> list[str]:
    """What is so called in the module that an error names: "cannot import name 'x' from 'package.m'"."""
    said = re.search(r"cannot import name ['\"]\w+['\"] from ['\"]([\w.]+)['\"]", clause.text)
    paths = [m.path for m in clause.world.module(said[1])] if said else []
    names = {t.name for t in clause.world.defined if t.path in paths and "." not in t.qualname}
    return difflib.get_close_matches(wrong, sorted(names), 2, 0.8)


def _places(name: str, clause: Clause) -> list[str]:
    """Python files that use the name, or import it, without anything that defines it."""
    found = []
    for path in clause.world.paths:
        if not path.endswith(_PYTHON) or keyword.iskeyword(name):
            continue
        try:
            content = clause.world.snapshot.read(path)
            tree = ast.parse(content) if name.encode() in content else None
        except (WorkspaceError, SyntaxError, ValueError, RecursionError):
            continue
        if tree is not None and _undefined(name, tree):
            found.append(path)
    return found


def _undefined(name: str, tree: ast.Module) -> bool:
    nodes = list(ast.walk(tree))
    if any(isinstance(n, ast.ImportFrom) and name in [a.name for a in n.names] for n in nodes):
        return True
    return any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in nodes
    ) and not any(
        (isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load))
        or (isinstance(n, ast.arg) and n.arg == name)
        or (isinstance(n, ast.alias) and (n.asname or n.name).partition(".")[0] == name)
        for n in nodes
    )
