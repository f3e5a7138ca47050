"""Where a sentence about a rename is cut: the old name before, the new one after "to", "called", an arrow …"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qcode.router.mentions import GLUE, KINDS
from qcode.router.words import Token, vocabulary

CUES = vocabulary("rename renaming renamed relabel rechristen renames retitle shorten abbreviate")
NAMING = vocabulary("name named naming called call identifier known names")
_TO = vocabulary("renamed to into as called named become becomes : be by with is")
_SURE = vocabulary("to into called named : become as")
_BEFORE_NEW = vocabulary("a the be known as called named new name : just simply now it")
WORDS = CUES | NAMING | _TO | vocabulary(
    "fix change switch give replace find new better best clearer shorter another different pythonic "
    "proper nicer good bad terrible horrible awful poor confusing misleading unclear generic vague "
    "long short ugly wrong outdated camelcase like i'm everything anything spelled spelt out fully signature possible instead of rather than from now "
    "badly poorly wrongly oddly rename please would work fits make makes over across refactor spelling typo its own id "
    "snake snake_case camel case pep8 pep lowercase uppercase pascal style convention conventions prefer sounds reads more too up say sure maybe perhaps bears bear carry go goes by"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """`sure`: what stands before the new name says that one comes. `after`: what follows it."""

    old: list[Token]
    new: Token
    after: list[Token]
    sure: bool
    firm: bool = False
    """After "to" or an arrow, an adverb is a name, too."""


def splits(tokens: Sequence[Token]) -> Iterator[Split]:
    """Every way to cut, the likeliest first."""
    said = [t.lower for t in tokens]
    for i, token in enumerate(tokens):
        if said[i : i + 2] in (["instead", "of"], ["rather", "than"]) and i:
            if (at := _last_name(tokens[:i])) >= 0:
                old = [*tokens[:at], *tokens[at + 1 : i], *tokens[i + 2 :]]
                yield Split(old, tokens[at], [], tokens[at].kind == "name")
        elif token.kind == "arrow" or (_announces(said, i) and not token.quoted):
            at = i + 1
            while at < len(tokens) and said[at] in _BEFORE_NEW and not tokens[at].quoted:
                at += 1
            # "should be a dataclass" is no name
            article = at > i + 1 and said[at - 1] in ("a", "the")
            if at + 1 < len(tokens) and said[at].endswith("ly") and said[at + 1] in NAMING:
                continue  # "is badly named"
            doing = at < len(tokens) and said[at] in CUES and token.kind != "arrow"  # "so good as to rename"
            if at < len(tokens) and (not (article or doing) or tokens[at].quoted):
                sure = token.kind == "arrow" or any(w in _SURE for w in said[i:at])
                firm = token.kind == "arrow" or said[i] in ("to", "into")
                yield Split(list(tokens[:i]), tokens[at], list(tokens[at + 1 :]), sure, firm)
        elif i and token.kind in ("name", "word") and _praised(said[i + 1 : i + 5]):
            yield Split(list(tokens[:i]), token, list(tokens[i + 1 :]), token.kind == "name")
    yield from _side_by_side(tokens)


def _announces(said: Sequence[str], at: int) -> bool:
    # "give f the name g": the old name stands in between
    given = said[max(0, at - 1) : at + 1] == ["the", "name"] and any(
        w in ("give", "gave", "gets", "get") for w in said[:at]
    )
    named = given or said[max(0, at - 2) : at + 1] in (
        ["have", "the", "name"],
        ["prefer", "the", "name"],
        ["must", "have", "name"],
        ["should", "have", "name"],
        ["to", "have", "name"],
        ["shall", "have", "name"],
        ["like", "the", "name"],
        ["get", "the", "name"],
        ["under", "the", "name"],
    )
    # "a package called x": what is so called already, or will be, and not by this name alone
    described = (
        said[at] in ("called", "named")
        and said[max(0, at - 1)] in KINDS
        and said[max(0, at - 2)] in ("a", "an", "the", "new")
    )
    if described:
        return False
    everything = said[max(0, at - 1)] in ("everything", "anything", "all") and said[at] in ("called", "named")
    if everything:
        return False  # "everything called f": that is the old name
    return said[at] in _TO or said[max(0, at - 1) : at + 1] == ["new", "name"] or named


def _praised(words: Sequence[str]) -> bool:
    """ "clip would be better" """
    return words[:1] in (["is"], ["would"], ["fits"], ["sounds"]) and any(
        w in ("better", "clearer", "nicer", "best", "fits") for w in words
    )


def _side_by_side(tokens: Sequence[Token]) -> Iterator[Split]:
    """ "rename OLD NEW", "call it NEW" """
    for i in range(len(tokens) - 1, 0, -1):
        before, token = tokens[i - 1], tokens[i]
        if (
            token.kind not in ("name", "word")
            or before.kind not in ("name", "word")
            or token.lower in GLUE | WORDS
        ):
            continue
        it = before.lower in ("it", "that")
        if it and i > 1 and tokens[i - 2].lower == "make" and token.kind != "name":
            continue  # "make it async"
        if it or before.lower not in GLUE | WORDS or before.kind == "name":
            exact = len(tokens) == 3 and tokens[0].lower == "rename" and not token.lower.endswith("ly")
            sure = token.kind == "name" or it or exact
            yield Split(list(tokens[:i]), token, list(tokens[i + 1 :]), sure)


def _last_name(tokens: Sequence[Token]) -> int:
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].kind == "name" or (
            tokens[at].kind == "word" and tokens[at].lower not in GLUE | WORDS | KINDS.keys()
        ):
            return at
    return -1
