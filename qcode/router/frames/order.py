"""The order of parameters: "swap a and b in f", "f should take b first", "f(a, b) -> f(b, a)"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcode.router.clause import Clause, Reading
from qcode.router.mentions import Span, read
from qcode.router.plan import Question
from qcode.router.words import Token, vocabulary
from qcode.router.world import Target

CALLABLE = ("function", "method", "class")
NOUNS = vocabulary("parameter param argument arg parameters params arguments args option flag kwarg kwargs")
_SWAPS = vocabulary("swap exchange switch flip swapped flipped swapping flipping reverse reversed")
_CUES = _SWAPS | vocabulary("reorder order first before b4 last rearrange ahead behind")
_OTHER_WAY = ("other way round", "other way around", "wrong way round", "wrong way around", "wrong order")
_WORDS = (
    _CUES
    | NOUNS
    | vocabulary(
        "let comes coming leading change order two both to of in the then signature put make come go goes around position "
        "places with should take takes accept accepts be as instead is ( ) , now after front end way round other wrong list prototype "
        "rather prefer have has wants gets second third want must shall i'd that at from -> => \u2192 change turn update adapt adjust"
    )
)
_CALL = re.compile(
    r"`?([\w.]+)\(([\w\s,.*\u2026]*)\)`?\s*(?:->|=>|\u2192|\u21d2|to|into|becomes?|(?:should|shall|must|has to|ought to|to|can) (?:be|become|read))"
    r"\s*`?(?:([\w.]+))?\(([\w\s,.*\u2026]*)\)`?"
)
"""`f(a, b) -> f(b, a)`, `f(a, b) should be (b, a)`"""
_REST = ("...", "\u2026", "..", "*")


def read_clause(clause: Clause) -> Reading:
    """Parameters that change places."""
    if found := written(clause):
        return found
    if clause.has(*_CUES) or _listed(clause) or _other_way(clause):
        return _ordered(clause)
    found = _ordered(clause) if clause.has("after") else None
    return found if isinstance(found, list) else None  # "after" says more often when than where


def written(clause: Clause) -> Reading:
    """What is asked for by a definition's head as it is and as it shall be: "f(a, b) => f(b, a)"."""
    start = clause.tokens[0].start
    found = _CALL.search(clause.text[start : clause.tokens[-1].end])
    if not found or (found[3] and found[3].rpartition(".")[2] != found[1].rpartition(".")[2]):
        return None
    functions = [t for t in clause.world.named(found[1]) if t.kind in CALLABLE]
    around = [t for t in clause.tokens if t.end <= start + found.start() or t.start >= start + found.end()]
    span = read(around, clause.world, _WORDS)
    if len(functions) != 1 or span.rest or span.names or span.missing:
        return None
    own = parameters(functions[0], clause)
    before, after = (_names(found[2], own), _names(found[4], own))
    if before == own and found[3] and sorted(after) != sorted(own):
        # no code that is replaced wherever it stands so: other parameters, which calls have to follow
        return Question(
            f"{functions[0].qualname} takes {', '.join(own)}. Which parameter goes, or what is the default of a new one?",
            tuple(f"signature {functions[0].qualname} -{p}" for p in own if p not in after),
        )
    if _named(found[2]) != _named(found[4]) or before != own or sorted(after) != sorted(own) or after == own:
        return None
    return changed(clause, functions[0], f"({', '.join(after)})")


def _named(text: str) -> set[str]:
    return {p.strip() for p in text.split(",")} - {*_REST}


def _names(text: str, own: Sequence[str]) -> list[str]:
    """The parameters in brackets; an ellipsis is all that are not named."""
    said = [p.strip() for p in text.split(",") if p.strip()]
    left = [p for p in own if p not in said]
    return [name for p in said for name in (left if p in _REST else [p])]


def _other_way(clause: Clause) -> bool:
    return any(clause.says(phrase) for phrase in _OTHER_WAY)


def _ordered(clause: Clause) -> Reading:
    span = read(clause.tokens, clause.world, _WORDS)
    if span.rest:
        return None
    function = function_of(clause, span)
    if function is None:
        return None
    own = parameters(function, clause)
    named = [n.text for n in span.names if n.text not in (function.name, function.qualname)]
    # "func" is a word for a function, too, and here it is a parameter
    said = [t for t in clause.tokens if t.text in named or (t.text in own and t.text != function.name)]
    names = list(dict.fromkeys(t.text for t in said))
    plain = (f"signature {function.qualname} ({', '.join(own)})",)
    if any(n not in own for n in names) or (len(names) != len(said) and not _swapped(clause)):
        return Question(f"{function.qualname} has the parameters {', '.join(own)}. Which order?", plain)
    order = _swap(clause, own, names) if _swapped(clause) else _placed(clause, own, said)
    if isinstance(order, Question):
        return order
    if order is None:
        return Question(f"In which order: {', '.join(own)}?", plain)
    return changed(clause, function, f"({', '.join(order)})") if order != own else None


def function_of(clause: Clause, span: Span) -> Target | None:
    """The function whose parameters are spoken of."""
    said = {n.text for n in span.names}
    found = [t for n in said for t in clause.world.named(n, span.within) if t.kind in CALLABLE]
    if len(found) > 1:
        found = [f for f in found if set(parameters(f, clause)) & said]
    about = clause.function
    if not found and about and about.kind in CALLABLE and said & {*parameters(about, clause)}:
        return about
    return found[0] if len(found) == 1 else None


def _swapped(clause: Clause) -> bool:
    return clause.has(*_SWAPS) or _other_way(clause)


def _swap(clause: Clause, own: Sequence[str], names: Sequence[str]) -> list[str] | Question:
    slashed = any(t.kind == "path" and {*t.text.split("/")} == {*own} for t in clause.tokens)
    told = (
        slashed or _other_way(clause) or clause.has(*NOUNS, "order", "two", "both", "flip", "reverse", "them")
    )
    pair = names if len(names) == 2 else own if len(own) == 2 and (told or names) else []
    if len(pair) != 2:
        return Question(f"Which two of {', '.join(own)}?")
    order = [pair[1] if p == pair[0] else pair[0] if p == pair[1] else p for p in own]
    if len(names) == 1 and clause.has("first") and order[0] != names[0]:
        return Question(f"{names[0]} comes first already. Which order shall it be?")
    return order


def _placed(clause: Clause, own: Sequence[str], said: Sequence[Token]) -> list[str] | None:
    """The order that "first", "last", "before" and "after" make; None where it is not clear."""
    names = [t.text for t in said]
    if len(names) == 2 and (between := _between(clause.tokens, said)):
        a, b = names if between == "before" else reversed(names)
        order = [p for p in own if p != a]
        if between == "before":
            order.insert(order.index(b), a)
            return order
        order = [p for p in own if p != names[0]]
        order.insert(order.index(names[1]) + 1, names[0])
        return order
    first, last = _chain(clause.tokens, said), _at_end(clause.tokens, said)
    if first or last:
        if set(first) | set(last) != set(names):
            return None
        return [*first, *(p for p in own if p not in names), *last]
    return names if len(names) == len(own) else None


def _between(said: Sequence[Token], pair: Sequence[Token]) -> str:
    """Whether the first of two comes before or after the second: what stands between them says it."""
    inner = [t.lower for t in said if pair[0].end <= t.start and t.end <= pair[1].start]
    if {"before", "b4", "ahead", "front"} & set(inner):
        return "before"
    return "after" if {"after", "behind"} & set(inner) else ""


def _chain(said: Sequence[Token], names: Sequence[Token]) -> list[str]:
    """ "b first, then a": what comes first, and next."""
    at = next((i for i, t in enumerate(said) if t.lower == "first"), -1)
    if at < 0:
        return []
    before = [n for n in names if n.end <= said[at].start]
    after = [n for n in names if n.start >= said[at].end]
    head = before[-1:] or after[:1]
    further = [n for n in after if n not in head]
    ends = _at_end(said, names)
    return [n.text for n in (*head, *further) if n.text not in ends]


def _at_end(said: Sequence[Token], names: Sequence[Token]) -> list[str]:
    """ "a last", "a at the end" """
    at = next((i for i, t in enumerate(said) if t.lower in ("last", "end")), -1)
    before = [n.text for n in names if at >= 0 and n.end <= said[at].start]
    return before[-1:]


def _listed(clause: Clause) -> bool:
    """Whether an order stands there as code: "f should take (b, a)"."""
    said = [t.text for t in clause.tokens]
    if "(" not in said or ")" not in said[said.index("(") :]:
        return False
    told = clause.has("take", "takes", "be", "signature", "accept", "order", "prototype", *NOUNS)
    inner = clause.tokens[said.index("(") + 1 : said.index(")")]
    return told and len(inner) > 2 and all(t.text == "," or t.text in clause.world.names for t in inner)


def parameters(function: Target, clause: Clause) -> list[str]:
    """The parameters that a caller gives, in order; a class has those of its constructor."""
    owner = f"{function.qualname}.__init__" if function.kind == "class" else function.qualname
    own = [
        t.name for t in clause.world.inner
        if t.kind == "parameter" and t.path == function.path and t.owner == owner
    ]  # fmt: skip
    return own[1:] if function.kind in ("method", "class") and own[:1] in (["self"], ["cls"]) else own


def changed(clause: Clause, function: Target, changes: str) -> Reading:
    """The call that changes the parameters of `function`."""
    if function.kind not in CALLABLE:
        return None
    sentence = f"Change the parameters of {function.qualname} ({function.path}:{function.line}): {changes}"
    arguments = {"function": function.symbol, "changes": changes}
    return [clause.call("signature", arguments, sentence, (function.qualname,))]
