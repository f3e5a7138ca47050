"""A request in its parts: sentences, and the requests that "and" joins."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from itertools import pairwise

from qcode.router.frames import cuts, inline, move
from qcode.router.shared import placed
from qcode.router.words import Token, vocabulary
from qcode.router.world import World

_CUES = cuts.CUES | move.CUES | inline.CUES | vocabulary(
    "extract factor pull use convert replace swap turn make add remove drop delete tidy clean sort "
    "modernise modernize call name change put fix give let write document optimise optimize simplify "
    "create build implement log test explain f-strings fstrings keep handle cache delete commit push run reorder"
)  # fmt: skip
_VERBS = (
    "rename",
    "move",
    "extract",
    "inline",
    "remove",
    "replace",
    "convert",
    "tidy",
    "modernise",
    "reorder",
)
_AFTER_IT = vocabulary("after afterwards")
_THEN = vocabulary("then afterwards finally lastly next also")
_COMPLAINTS = (
    ("do", "not", "like"), ("don't", "like"), ("do", "not", "need"), ("don't", "need"), ("isn't",), ("is", "not"), ("aren't",),
)  # fmt: skip
_WHY = frozenset(["because", "since"])


def corrected(request: str) -> str:
    """The request with its verb spelt as it should be."""
    words = request.split()
    for i, word in enumerate(words[:4]):
        near = (
            difflib.get_close_matches(word.lower(), _VERBS, 1, 0.8)
            if word.isalpha() and word.lower() not in _VERBS
            else []
        )
        if near:
            return " ".join([*words[:i], near[0], *words[i + 1 :]])
    return request


def spoken_to(tokens: list[Token]) -> list[Token]:
    """The tokens without the reason that is given at the end: "… because the name is unclear"."""
    for i, token in enumerate(tokens):
        if (
            token.lower in _WHY
            and not token.quoted
            and i
            and not any(t.text in (";", ".", "and") for t in tokens[i:-1])
        ):
            return tokens[:i]
    return tokens


def _without_complaints(tokens: list[Token]) -> list[Token]:
    """ "I don't like f, call it g" says no more than "f, call it g"."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        said = [t.lower for t in tokens[at : at + 3]]
        size = next((len(p) for p in _COMPLAINTS if said[: len(p)] == list(p)), 0)
        if not size:
            kept.append(tokens[at])
        at += size or 1
    return kept


def hard_parts(tokens: Sequence[Token]) -> list[list[Token]]:
    """Parts that a full stop, a semicolon, a line break, a number of a list or "then" sets off."""
    parts: list[list[Token]] = [[]]
    for i, token in enumerate(tokens):
        numbered = (
            token.kind == "number"
            and i + 1 < len(tokens)
            and tokens[i + 1].text in (".", ")")
            and _starts_item(tokens, i)
        )
        if token.text == ";" or (token.text in (".", "!", "?") and token.kind == "mark") or numbered:
            parts.append([])
        elif (
            token.lower in _AFTER_IT
            and not token.quoted
            and parts[-1]
            and parts[-1][-1].lower in ("and", ",")
        ) or (
            token.lower in _THEN
            and not token.quoted
            and token.kind == "word"
            and (token.lower != "also" or not parts[-1] or parts[-1][-1].lower in ("and", ",", "but"))
        ):
            while parts[-1] and parts[-1][-1].lower in ("and", ","):
                parts[-1].pop()
            parts.append([])
        elif not (token.text in (")", ".") and parts[-1] == []):
            parts[-1].append(token)
    return [p for p in parts if any(t.kind != "mark" for t in p)]


def _starts_item(tokens: Sequence[Token], at: int) -> bool:
    return at == 0 or (at + 2 < len(tokens) and tokens[at + 2].lower in _CUES)


def _cue(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb stands there: beside an arrow the same word is a name."""
    beside = (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2])
    token = tokens[at]
    return token.lower in _CUES and not token.quoted and not any(t.kind == "arrow" for t in beside)


def soft_parts(tokens: Sequence[Token], world: World) -> list[list[Token]]:
    """Parts that "and" or a comma joins, where the second has a verb of its own."""
    parts: list[list[Token]] = [[]]
    i = 0
    while i < len(tokens):
        token = tokens[i]
        joint = token.lower in ("and", ",", ":", "+", "&", "plus", "but") and not token.quoted
        after = i + 1
        while (
            joint
            and after < len(tokens)
            and tokens[after].lower in ("and", "also", "please", ",", "then", "let's", "just")
        ):
            after += 1
        if joint and after < len(tokens) and _cue(tokens, after) and parts[-1]:
            parts.append([])
            i = after
            continue
        parts[-1].append(token)
        i += 1
    return placed([p for p in parts if any(t.kind != "mark" for t in p)], world)


def distributed(tokens: Sequence[Token]) -> list[list[Token]]:
    """ "rename a to b, c to d and e to f": each with the verb of the first. Empty where it is no list."""
    cut = [i for i, t in enumerate(tokens) if t.lower in ("and", ",") and not t.quoted]
    if not cut:
        return []
    first = next((i for i in range(len(tokens)) if _cue(tokens, i)), -1)
    bounds = [(a, b) for a, b in pairwise([-1, *cut, len(tokens)]) if b > a + 1]
    if first < 0 and all(any(t.kind == "arrow" for t in tokens[a + 1 : b]) for a, b in bounds):
        return [list(tokens[a + 1 : b]) for a, b in bounds]
    if (
        first < 0
        or first > 6
        or (cut[0] < first and tokens[0].lower not in ("in", "inside", "within", "for"))
    ):
        return []
    located = first > 1 and tokens[0].lower in ("in", "inside", "within", "for")
    cut = [c for c in cut if c > first]
    if not cut:
        return []
    parts = [list(tokens[: cut[0]])]
    where = [t for t in tokens[:first] if t.text != ","] if located else []
    for a, b in pairwise([*cut, len(tokens)]):
        if part := list(tokens[a + 1 : b]):
            parts.append([*where, tokens[first], *part])
    return parts if len(parts) > 1 else []
