""" "extract lines 10-20 of a.py into f", "pull `weight * 3` in line 22 of b.py out into freight"."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from qcode.errors import WorkspaceError
from qcode.router.clause import Clause, Reading, unique_file
from qcode.router.mentions import GLUE, KINDS, Span, read, targets
from qcode.router.plan import Question
from qcode.router.words import Token, raw, vocabulary

CUES = vocabulary("extraction extract factor pull split extracted extracting introduce carve lift")
_OTHERS = vocabulary("take make turn create put move refactor want deserve should lines line")
_TO = vocabulary("into as to called named : name call be contain")
_GLUE = CUES | _OTHERS | _TO | vocabulary(
    "-> => \u2192 line lines through until till out off from of separate own new expression piece block part body "
    "following for with that name make them become becomes would fitting suitable fine choice ( ) variable code it rows row down at function up between inclusive block section chunk snippet bit its they their separate standalone reusable nice good neat useful handy proper private small dedicated break breaking splitting carve lift out"
)  # fmt: skip
_NUMBERS = vocabulary("two three four five six seven eight nine ten few several")
_OPERATORS = vocabulary("+ - * / % [ ] ( ) < > | & @ ==")
_COMPUTED = vocabulary("* / % + == < >")
"""What stands between two values; where the lines alone were understood, it is a part of what was not."""
_AROUND = vocabulary(
    "extract expression the for make of pull in at into on as a take introduce name to out from line "
    "lines variable"
)


@dataclass(frozen=True, slots=True)
class _Lines:
    """`path` "" where the lines are named without their file."""

    path: str
    numbers: str
    start: int
    end: int


def read_clause(clause: Clause) -> Reading:
    """Lines that become a function, or an expression that becomes a variable."""
    tokens = clause.tokens
    lines = _lines(tokens)
    expression = _expression(clause, lines)
    cued = clause.has(*CUES)
    if not lines and not expression:
        return _without_lines(clause) if cued and not _goes(clause) else None
    if not cued and not clause.has(*_OTHERS) and not any(t.kind == "arrow" for t in tokens):
        return None
    rest = list(tokens)
    if lines:
        rest = [t for i, t in enumerate(tokens) if not lines.start <= i < lines.end]
    if expression:
        first, last = expression[0], expression[-1]
        rest = [t for t in rest if t.end <= first.start or t.start >= last.end]
    new, rest = _new_name(rest, clause)
    span = read(
        [t for t in rest if t.lower not in KINDS], clause.world, _GLUE | (_NUMBERS if lines else frozenset())
    )
    if span.rest or (lines and not expression and any(t.text in _COMPUTED for t in rest)):
        return None
    if not cued and span.names and not clause.has(*_OTHERS):
        return None  # "a.py:57 share -> part": a name there gets another one
    text = _code(clause, expression) if expression else ""
    place = _place(clause, lines, span, text)
    if isinstance(place, Question) or place is None:
        return place
    if new is None:
        return Question(
            "What shall the new function be called?"
            if not text
            else "What shall the new variable be called?",
            (f"extract {place} into NAME",),
        )
    arguments = {"place": place, "new_name": new.text, **({"expression": text} if text else {})}
    return [
        clause.call(
            "extract",
            arguments,
            f"Extract {text or 'the lines'} at {place} as {new.text}",
            creates=(new.text,),
        )
    ]


def _goes(clause: Clause) -> bool:
    """Whether something named goes to a file: "pull f and g out of a.py into b.py" is a move."""
    said = clause.tokens
    to = next((i for i, t in enumerate(said) if t.lower in ("into", "to") and i + 1 < len(said)), -1)
    goal = [t for t in said[to + 1 :] if t.kind == "path"] if to >= 0 else []
    return bool(goal) and bool(read(said[:to], clause.world, _GLUE).names)


def _lines(tokens: Sequence[Token]) -> _Lines | None:
    spelt = [i for i, t in enumerate(tokens) if t.kind == "range"]
    if len(spelt) == 1 and not any(t.lower in ("line", "lines") or t.kind == "lines" for t in tokens):
        return _Lines("", tokens[spelt[0]].text, spelt[0], spelt[0] + 1)
    for i, token in enumerate(tokens):
        if token.kind == "lines":
            path, _, numbers = token.text.rpartition(":")
            return _Lines(path, numbers, i, i + 1)
        if token.lower in ("line", "lines") and i + 1 < len(tokens):
            one = tokens[i + 1]
            if one.kind == "range":
                return _Lines("", one.text, i, i + 2)
            if one.kind == "number":
                further = [t for t in tokens[i + 2 : i + 5] if t.lower not in ("line", "lines")][:2]
                if (
                    len(further) == 2
                    and further[0].lower in ("to", "through", "until", "till", "and", "-")
                    and further[1].kind == "number"
                ):
                    return _Lines("", f"{one.text}-{further[1].text}", i, tokens.index(further[1]) + 1)
                return _Lines("", one.text, i, i + 2)
    return None


def _expression(clause: Clause, lines: _Lines | None) -> list[Token]:
    """The tokens of code that stand in the sentence, in quotes or as they are."""
    quoted = [t for t in clause.tokens if t.kind == "code"]
    if quoted:
        return quoted[:1]
    for i, token in enumerate(clause.tokens):
        if token.text in _OPERATORS and not (lines and lines.start <= i < lines.end):
            first, last = i, i
            while (
                first
                and clause.tokens[first - 1].lower not in _AROUND
                and not clause.tokens[first - 1].quoted
            ):
                first -= 1
            while (
                last + 1 < len(clause.tokens)
                and clause.tokens[last + 1].lower not in _AROUND
                and clause.tokens[last + 1].kind not in ("lines", "path")
            ):
                last += 1
            for end in range(last, first, -1):  # "a * b (a.py, line 3)": what stands behind is no part of it
                part = list(clause.tokens[first : end + 1])
                if part[-1].end > token.start and _parses(raw(clause.text, part)):
                    return part
    return []


def _code(clause: Clause, tokens: Sequence[Token]) -> str:
    return tokens[0].text if tokens[0].kind == "code" else raw(clause.text, tokens)


def _parses(text: str) -> bool:
    try:
        return not isinstance(ast.parse(text, mode="eval").body, ast.Name | ast.Constant | ast.Tuple)
    except (SyntaxError, ValueError):
        return False


def _new_name(tokens: list[Token], clause: Clause) -> tuple[Token | None, list[Token]]:
    """The name that is new, and the tokens without it."""
    for i in range(len(tokens) - 1, -1, -1):
        token = tokens[i]
        if token.kind not in ("name", "word") or not token.text.isidentifier() or token.lower in KINDS:
            continue
        if i + 1 < len(tokens) and tokens[i + 1].lower in ("name", "names") and not token.quoted:
            continue  # "a fitting name"
        j = i - 1
        while j >= 0 and tokens[j].lower in ("a", "an", "the", "new", "it", "them") | KINDS.keys():
            j -= 1
        introduced = (
            j >= 0 and (tokens[j].lower in _TO or tokens[j].kind == "arrow") and token.lower not in _GLUE
        ) or (i == len(tokens) - 1 and i and tokens[i - 1].text == "," and token.lower not in _GLUE | GLUE)
        noun = (
            i
            and tokens[i - 1].lower in ("function", "helper", "method", "variable")
            and token.lower not in _GLUE | {"in", "of"}
        )
        if token.lower in ("in", "of", "from", "out", "own", "a", "an", "the", "it", "this", "that"):
            continue
        if introduced or noun or (token.kind == "name" and token.text not in clause.world.names):
            return token, [*tokens[:i], *tokens[i + 1 :]]
    return None, tokens


def _place(clause: Clause, lines: _Lines | None, span: Span, text: str) -> str | Question | None:
    if lines:
        path: str | Question = lines.path
        if lines.path:
            found = [p for p in clause.world.files(lines.path) if p in clause.world.paths]
            if len(found) != 1:
                return Question(
                    f"There is no {lines.path} here." if not found else "Which file is meant?",
                    tuple(found[:8]),
                )
            path = found[0]
        elif not span.places and span.names and (owners := targets(span, clause.world)):
            path = owners[0].path
        else:
            path = unique_file(span, clause)
        return path if isinstance(path, Question) else f"{path}:{lines.numbers}"
    owners = targets(span, clause.world, ("function", "method"))
    if len(owners) != 1:
        return Question("In which function or line is that?")
    return line_in(owners[0].path, owners[0].qualname, text, clause)


def line_in(path: str, qualname: str, text: str, clause: Clause) -> str | Question:
    """The one line of a function that holds an expression."""
    try:
        source = clause.world.snapshot.read(path).decode()
        tree: ast.AST = ast.parse(source)
    except (WorkspaceError, UnicodeDecodeError, SyntaxError):
        return Question(f"{path} cannot be read.")
    for name in qualname.split("."):
        tree = next((n for n in ast.walk(tree) if getattr(n, "name", None) == name), tree)
    first, last = getattr(tree, "lineno", 1), getattr(tree, "end_lineno", 1)
    rows = source.split("\n")
    hits = [n for n in range(first, last + 1) if text in rows[n - 1]]
    if len(hits) == 1:
        return f"{path}:{hits[0]}"
    return Question(
        f"{text} stands in {qualname} {len(hits)} times. Which line?", tuple(f"{path}:{n}" for n in hits[:8])
    )


def _without_lines(clause: Clause) -> Question | None:
    span = read(clause.tokens, clause.world, _GLUE | frozenset(["loop", "body", "if"]))
    if span.rest:
        return None
    return Question(
        "Which lines shall be extracted, and what shall they be called?", ("extract PATH:10-20 into NAME",)
    )
