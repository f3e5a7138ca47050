"""Parameters: "add a parameter timeout=30 to f", "drop verbose from f", "swap a and b in f"."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from qcode.router.clause import Clause, Reading
from qcode.router.frames.order import CALLABLE, NOUNS, changed, parameters
from qcode.router.mentions import Span, read, targets
from qcode.router.plan import Question
from qcode.router.words import Token, raw, vocabulary
from qcode.router.world import Target

CUES_ADD = vocabulary(
    "make have has add give take takes accept accepts extend extended introduce let need needs wants receive get "
    "gets append insert"
)
CUES_REMOVE = vocabulary("strip remove drop delete rid doesn't unused eliminate kill")
_DEFAULT = frozenset(["default", "defaults", "defaulting"])
_REMARKS = tuple(
    tuple(phrase.split())
    for phrase in (
        "at the very end", "at the end", "at end", "placed last", "as the last one", "as last parameter", "in the last place",
        "without using it yet", "without using it", "not used yet", "unused for now", "( no behaviour yet )", "( unused )",
        "even if not used for the moment", "even if it is not used yet", "for the moment", "for now", "no other changes",
    )
)  # fmt: skip
_GLUE = CUES_ADD | CUES_REMOVE | NOUNS | _DEFAULT | vocabulary(
    "constructor init initialiser initializer named called as make flag bool boolean int integer str float number new optional extra another additional more one two three following say e.g out take throw dropped removed deleted be keyword positional with to of by value that which and "
    "signature change its any more longer not no use using from ' it is nobody noone anyone anymore isn't never used uses useless needless unnecessary unneeded pointless dead simply can go away there entirely completely altogether so we're which that"
)  # fmt: skip


def read_clause(clause: Clause) -> Reading:
    """Parameters that come, go, or change places."""
    clause = replace(clause, tokens=_without_remarks(clause.tokens))
    noun = clause.has(*NOUNS)
    assigned = [t for t in clause.tokens if t.kind == "assign"]
    if (noun or clause.has("signature")) and clause.has(*CUES_REMOVE) and not assigned:
        return _removed(clause, sure=True)
    adds = clause.has(*CUES_ADD) or (assigned and (noun or clause.has("new")) and clause.has("new", "+"))
    if (assigned or noun or clause.has(*_DEFAULT)) and (adds or (assigned and clause.has("+"))):
        return _added(clause, assigned)
    if clause.has(*CUES_REMOVE, "take", "throw", "dropped", "removed", "deleted") and (
        found := _removed_before(clause)
    ):
        return found
    if clause.has("remove", "drop", "delete") and (found := _of_the_focus(clause)):
        return found
    if clause.has("remove", "drop", "delete") and not clause.has(
        "code", "line", "lines", "function", "method"
    ):
        return _removed(clause, sure=False)
    return None


def _without_remarks(tokens: Sequence[Token]) -> list[Token]:
    """Without "at the end", "not used yet": a new parameter comes last, and nothing reads it."""
    left = list(tokens)
    said = [t.lower for t in left]
    for phrase in _REMARKS:
        size = len(phrase)
        for i in range(len(said) - size, 0, -1):
            if said[i : i + size] == list(phrase) and not any(t.quoted for t in left[i : i + size]):
                del left[i : i + size], said[i : i + size]
    return left


def _added(clause: Clause, assigned: Sequence[Token]) -> Reading:
    if assigned:
        steps = [f"+{tight(t.text)}" for t in assigned]
        rest = [t for t in clause.tokens if t not in assigned]
        names = [t.text.partition("=")[0].partition(":")[0].strip() for t in assigned]
        # "add an option `x` x=1": said twice
        rest = [t for t in rest if t.text not in names]
    else:
        one = _described(clause)
        if one is None or isinstance(one, Question):
            return one
        step, rest = one
        steps = [step]
    rest = [t for t in rest if t.lower not in NOUNS | {"keyword"}]
    found = clause.one(rest, _GLUE, CALLABLE)
    if _nothing(rest, clause) and clause.function and clause.function.kind in CALLABLE:
        found = clause.function  # "f: a -> b, add c=1"
    if (
        not isinstance(found, Target)
        and steps != ["?"]
        and any(t.lower in ("and", ",", "both") for t in rest)
    ):
        each = clause.several(rest, _GLUE, CALLABLE)
        made = [changed(clause, one, " ".join(steps)) for one in each] if isinstance(each, list) else []
        if made and all(isinstance(m, list) for m in made):
            return [call for m in made if isinstance(m, list) for call in m]
    if found is None or (isinstance(found, Question) and not clause.has(*NOUNS) and not assigned):
        return None
    if isinstance(found, Question):
        # "add a flag to the CLI" is no parameter of a function
        return None if clause.has("flag") and not found.candidates and not assigned else found
    if steps == ["?"]:
        return Question(
            "A new parameter needs a default, so that the calls that are there go on. Which one?",
            (f"add a parameter NAME=VALUE to {found.qualname}",),
        )
    return changed(clause, found, " ".join(steps))


def _nothing(tokens: Sequence[Token], clause: Clause) -> bool:
    """Whether no function is named, so that it is the one that was spoken of."""
    span = read(tokens, clause.world, _GLUE)
    return not (span.names or span.places or span.missing or span.rest)


def tight(text: str) -> str:
    """`x: int = 3`, `x = 3` as `x: int=3`, `x=3`."""
    name, _, value = text.partition("=")
    return (
        f"{name.strip()}={value.strip()}"
        if ":" not in name
        else f"{name.strip()} = {value.strip()}".replace(" = ", "=", 1)
    )


def _described(clause: Clause) -> tuple[str, list[Token]] | Question | None:
    """ "a timeout parameter, default 30": the step, and the other tokens."""
    tokens = list(clause.tokens)
    noun = next((i for i, t in enumerate(tokens) if t.lower in NOUNS), -1)
    if noun < 0:  # "f: add timeout (default 30)"
        noun = next((i for i, t in enumerate(tokens) if t.lower in CUES_ADD), -1)
        if noun < 0 or not any(t.lower in _DEFAULT for t in tokens[noun + 1 : noun + 5]):
            return None
    at = _name_beside(tokens, noun, clause)
    if at < 0:
        return Question(
            "What shall the parameter be called, what is its default, and which function gets it?",
            ("add a parameter NAME=VALUE to FUNCTION",),
        )
    name = tokens.pop(at).text
    if value := _bracketed(tokens, at, clause.text):
        return f"+{name}={value}", [t for k, t in enumerate(tokens) if not at <= k < at + 3]
    for i, token in enumerate(tokens):
        if token.lower in _DEFAULT | {"value"}:
            value, used = _value(tokens, i, clause.text)
            if value:
                return f"+{name}={value}", [t for k, t in enumerate(tokens) if k not in used]
    return "?", tokens


def _bracketed(tokens: Sequence[Token], at: int, text: str) -> str:
    """The default in "a parameter strict (False)"; `at`: the bracket, where the name stood."""
    inside = len(tokens) > at + 2 and tokens[at].text == "(" and tokens[at + 2].text == ")"
    return _literal(tokens, at + 1, text) if inside else ""


def _name_beside(tokens: Sequence[Token], noun: int, clause: Clause) -> int:
    silent = _GLUE | {"a", "an", "the", "called", "named", "keyword", "optional", "for", "in", ",", "(", ":"}
    for at in (noun + 1, noun + 2, noun - 1):
        if (
            0 <= at < len(tokens)
            and tokens[at].kind in ("name", "word")
            and tokens[at].text.isidentifier()
            and tokens[at].lower not in silent
        ):
            if at == noun + 2 and tokens[noun + 1].lower not in ("called", "named", "a", ":", ","):
                continue
            return at
    return -1


def _value(tokens: Sequence[Token], at: int, text: str) -> tuple[str, set[int]]:
    """The default beside the word "default" at `at`, and the places of its tokens."""
    i = at + 1
    while i < len(tokens) and tokens[i].lower in ("to", "of", "value", "is", "=", ":", "should", "be"):
        i += 1
    for first, step in ((i, 1), (at - 1, -1)):
        k = first
        while step < 0 and k >= 0 and tokens[k].lower in ("by", "as", "a", "the", "(", "is", "its"):
            k -= 1
        if 0 <= k < len(tokens) and (value := _literal(tokens, k, text)):
            size = 3 if tokens[k].kind == "number" and "." in value else 1
            return value, {*range(min(at, k), max(at, k + size - 1) + 1)}
    return "", set()


def _literal(tokens: Sequence[Token], at: int, text: str) -> str:
    written = raw(text, tokens[at : at + 1]).strip("`")
    if tokens[at].lower in ("none", "true", "false"):
        return tokens[at].text.capitalize()
    if (
        at + 2 < len(tokens)
        and tokens[at].kind == "number"
        and tokens[at + 1].text == "."
        and tokens[at + 2].kind == "number"
    ):
        return raw(text, tokens[at : at + 3])
    try:
        ast.literal_eval(written)
    except (ValueError, SyntaxError):
        return ""
    return written


_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}


def _by_place(clause: Clause) -> Reading:
    """ "remove the third argument of f" """
    said = [t.lower for t in clause.tokens]
    at = next(
        (i for i, w in enumerate(said) if w in _PLACES and said[i + 1 : i + 2] and said[i + 1] in NOUNS), -1
    )
    if at < 0:
        return None
    function = clause.one(
        [*clause.tokens[:at], *clause.tokens[at + 2 :]], _GLUE | {"prototype", ":"}, CALLABLE
    )
    own = parameters(function, clause) if isinstance(function, Target) else []
    place = _PLACES[said[at]]
    if not isinstance(function, Target) or not own or place >= len(own):
        return None
    return changed(clause, function, f"-{own[place]}")


def _removed(clause: Clause, sure: bool) -> Reading:
    if counted := _by_place(clause):
        return counted
    span = read(clause.tokens, clause.world, _GLUE)
    if span.rest and span.names:
        one = span.rest[0] if len(span.rest) == 1 and sure and clause.has(*NOUNS) else None
        functions = [t for t in targets(Span(span.names, span.places), clause.world) if t.kind in CALLABLE]
        if one is None or len(functions) != 1 or not _beside_a_noun(one, clause):
            return None
        own = ", ".join(parameters(functions[0], clause)) or "none"
        return Question(f"{functions[0].qualname} has no parameter {one.text}; it has: {own}. Which one?")
    found = [t for t in targets(span, clause.world, ("parameter",)) if t.kind == "parameter"]
    if len(found) == 1 and (sure or len(span.names) > 1):
        return changed(clause, function_of(found[0], clause), f"-{found[0].name}")
    if not sure:
        return None
    if len(found) > 1:
        return Question(
            f"{found[0].name} is a parameter of several. Which one?",
            tuple(f"remove {t.name} from {t.owner}" for t in found[:8]),
        )
    if span.rest:
        near = clause.world.nearest(span.rest[0].text)
        return (
            Question(f"There is no parameter {' '.join(t.text for t in span.rest)} here.", near)
            if len(span.rest) < 3
            else None
        )
    return Question("Which parameter of which function?", ("remove the parameter NAME from FUNCTION",))


def _removed_before(clause: Clause) -> Reading:
    """ "nobody uses verbose in f, get rid of it": the parameter that was spoken of."""
    span = read(clause.tokens, clause.world, _GLUE)
    if clause.focus is None or clause.focus.kind != "parameter" or span.rest or span.names or span.places:
        return None
    if not clause.has("it", "that", "this"):
        return None
    if clause.has("take", "throw") and not clause.has("out"):
        return None
    return changed(clause, function_of(clause.focus, clause), f"-{clause.focus.name}")


def _of_the_focus(clause: Clause) -> Reading:
    """ "drop ext", where the function before has a parameter of that name."""
    span = read(clause.tokens, clause.world, _GLUE)
    about = clause.function
    if about is None or len(span.names) != 1 or span.rest or span.places or span.kinds:
        return None
    name = span.names[0].text
    return changed(clause, about, f"-{name}") if name in parameters(about, clause) else None


def _beside_a_noun(token: Token, clause: Clause) -> bool:
    at = clause.tokens.index(token)
    return any(t.lower in NOUNS for t in clause.tokens[max(0, at - 1) : at + 2])


def function_of(parameter: Target, clause: Clause) -> Target:
    """The function, or the class whose constructor it is, that has a parameter."""
    owner = parameter.owner.removesuffix(".__init__")
    return next((t for t in clause.world.named(owner, [parameter.path]) if t.qualname == owner), parameter)
