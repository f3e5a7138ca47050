"""Code by its structure: "replace `time.time()` with `time.monotonic()` in src/"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from qcode.router.clause import Clause, Reading
from qcode.router.frames.order import written
from qcode.router.mentions import GLUE, read
from qcode.router.plan import Question
from qcode.router.words import Token, raw, vocabulary

_CUES = vocabulary("swap replace substitute change turn rewrite convert")
_WORDS = frozenset(["in", "and", "or", "not", "if", "for", "is"])
_BY = frozenset(["with", "by", "into", "to", "for"])
_BEFORE = vocabulary(
    "every all each any the calls call of to uses usages occurrences please pattern expression number value literal"
)


def read_clause(clause: Clause) -> Reading:
    """A replacement of code by its structure."""
    tokens = clause.tokens
    if written(clause):
        return None
    first = next((i for i, t in enumerate(tokens) if t.lower in _CUES and not t.quoted), -1)
    arrow = first < 0 and any(t.kind == "arrow" for t in tokens)
    if not arrow and (first < 0 or read(tokens[:first], clause.world).rest):
        return None
    start = first + 1
    while start < len(tokens) and tokens[start].lower in _BEFORE and not tokens[start].quoted:
        start += 1
    for i in range(start + 1, len(tokens) - 1):
        if tokens[i].quoted or (tokens[i].kind != "arrow" if arrow else tokens[i].lower not in _BY):
            continue
        pattern = _written(clause, tokens[start:i])
        part = tokens[start:i]
        plain = any(
            t.kind == "word" and ("-" in t.text or (t.lower in _WORDS and len(part) > 1)) for t in part
        )
        named = len(part) == 1 and part[0].kind == "path" and clause.world.files(part[0].text)
        called = arrow and re.fullmatch(r"[\w.]+\(\)", pattern)  # "f() -> g()" is a rename
        if plain or named or called or not is_code(pattern):
            continue
        for end in _ends(tokens, i, clause):
            replacement = _written(clause, tokens[i + 1 : end])
            if not _parses(replacement):
                continue
            span = read(tokens[end:], clause.world)
            if span.rest or span.names:
                continue
            if span.missing or len(span.within) > 1:
                return Question(f"Where is {(span.missing or ['that'])[0]}?", tuple(span.within[:8]))
            path = next(iter(span.within), "")
            where = {"path": path} if path else {}
            sentence = f"Replace {pattern} by {replacement}" + (f" in {path}" if path else "")
            if _number(pattern) and not path:
                return Question(f"Where shall {pattern} become {replacement}?")
            return [
                clause.call("replace", {"pattern": pattern, "replacement": replacement, **where}, sentence)
            ]
    return None


def _ends(tokens: list[Token], by: int, clause: Clause) -> Iterator[int]:
    """Where the replacement may end: before "in a.py" first, for that is no operator of it."""
    located = [
        k
        for k in range(by + 2, len(tokens))
        if tokens[k].lower in ("in", "under", "inside", "within") and not tokens[k].quoted
    ]
    compared = any(t.lower == "in" and not t.quoted for t in tokens[:by])
    if located and not compared:
        yield from (k for k in located if _places_only(tokens[k:], clause))
        yield from range(located[0], by + 1, -1)
        return
    yield from range(len(tokens), by + 1, -1)


def _places_only(tokens: list[Token], clause: Clause) -> bool:
    if all(t.kind in ("path", "mark") or t.lower in GLUE for t in tokens):
        return True
    span = read(tokens, clause.world)
    return bool(span.places) and not (span.names or span.rest)


def _written(clause: Clause, part: list[Token]) -> str:
    text = raw(clause.text, part)
    return text[1:-1].strip() if len(part) == 1 and part[0].quoted else text


def is_code(text: str) -> bool:
    """Whether `text` is an expression that is more than a name: a name alone is plain language."""
    found = _parses(text)
    if _number(text):
        return True
    return found is not None and not isinstance(found, ast.Name | ast.Attribute | ast.Constant | ast.Tuple)


def _number(text: str) -> bool:
    found = _parses(text)
    return isinstance(found, ast.Constant) and isinstance(found.value, int | float) and text[:1].isdigit()


def _parses(text: str) -> ast.expr | None:
    try:
        return ast.parse(re.sub(r"\$+(?=[A-Z_])", "", text), mode="eval").body
    except (SyntaxError, ValueError):
        return None
