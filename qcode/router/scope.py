"""Where a request wants something done, and where not: "only under src/", "but leave the tests alone"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qcode.router.mentions import Span, by_stem, place_at
from qcode.router.words import Token, vocabulary
from qcode.router.world import World

_NOT = tuple(
    tuple(phrase.split())
    for phrase in sorted(
        (
            "but not in", "but not for", "but not under", "but not", "and not in", "and not", "not in", "not under", "not for",
            "but do not touch", "but don't touch", "don't touch", "do not touch", "but don't change", "without touching",
            "but leave", "leave", "leaving", "and leave", "but keep", "keep", "but skip", "skip", "skipping", "ignore", "ignoring",
            "except in", "except for", "except under", "except", "excluding", "excepting", "other than", "apart from", "besides",
            "outside of", "outside", "without", "anywhere but in", "everywhere but in", "anywhere but", "everywhere but",
            "everything but", "all but", "but in everything but", "in everything but", "in everything except", "not",
            "in all files except", "in every file except", "for everything except", "everything except", "everywhere except in",
            "everywhere except", "everywhere outside", "everywhere outside of", "but no in", "no in", "but no", "no", "and no",
            "hands off", "but hands off", "but please leave", "please leave", "and please leave", "but let", "please let", "let",
            "but do not edit", "do not edit", "don't edit", "don't change", "do not change", "but do not change",
            *(f"{no} {touch} anything {under}" for no in ("don't", "do not", "but do not", "but don't", "just don't")
              for touch in ("touch", "change", "edit") for under in ("under", "in", "below", "inside")),
            "just don't touch", "just do not touch", "please don't touch", "but please don't touch", "without changing",
            "let's not touch", "though not in", "though not", "please not in", "only please not in", "just not in", "only not in",
            "but never in", "never in", "but not inside", "not inside", "but not on", "save for", "minus", "with the exception of",
        ),
        key=lambda p: -len(p.split()),
    )
)  # fmt: skip
_ONLY = tuple(
    tuple(phrase.split())
    for phrase in sorted(
        (
            "but only in", "but only under", "but only for", "only in", "only under", "only below", "only within", "only inside",
            "only for", "only touch", "just in", "just under", "limited to", "restricted to", "only",
        ),
        key=lambda p: -len(p.split()),
    )
)  # fmt: skip
_LOCATING = vocabulary("in under inside within below of for at")
_AFTER = vocabulary(
    "way alone untouched unchanged excluded out excepted aside as they it are is they're please yet be for now itself though"
)
_OTHER_THAN = vocabulary("but not and though except only just please")
_OF_ALL = vocabulary(
    "f-strings f-string fstrings fstring logging log print prints imports import format formatting modernise modernize tidy replace "
    "swap every all everywhere wherever"
)
"""Words of work on all that a file has."""
_KEEPING = vocabulary("stay stays remain remains keep keeps wait waits later")
_KEPT = _AFTER | vocabulary(
    "same the were before theirs its his own their that later to print printing until then too"
)
_MODALS = vocabulary("should must shall can may will could would continue to has have")
_SMALL = vocabulary("the in under all of my our for")
_NOUNS = vocabulary("package folder directory module file files code subpackage dir")


@dataclass(frozen=True, slots=True)
class Scope:
    """Files and folders: `only` those (empty: everything), `but_not` those, and definitions as `file.py:name`.
    `unknown`: no such place."""

    only: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    unknown: str = ""


def scoped(tokens: Sequence[Token], world: World) -> tuple[list[Token], Scope]:
    """What is left of `tokens` without the words about where, and what those say."""
    rest: list[Token] = []
    only: list[str] = []
    but_not: list[str] = []
    unknown = ""
    at = 0
    while at < len(tokens):
        if stays := _staying(tokens, at, world):
            but_not += stays[0]
            at += stays[1]
            while rest and rest[-1].lower in (",", "but", "and", "only"):
                rest.pop()
            continue
        if tokens[at].lower == "including":
            _, used, _ = _places(tokens, at + 1, world)
            at += 1 + used
            continue
        for phrases, found in ((_NOT, but_not), (_ONLY, only)):
            size = _starts(tokens, at, phrases)
            if not size:
                continue
            places, used, missing = _places(tokens, at + size, world)
            if not used and phrases is _NOT:
                places, used = _definitions(tokens, at, size, world)
                if {t.lower for t in tokens[at : at + size]} <= _OTHER_THAN:
                    places = []  # "rename A to B, but not C": C keeps its name, and may use B
            if not used or not _lets(tokens, at, at + size + used):
                continue
            found += places
            unknown = unknown or missing
            at += size + used
            while found is but_not and at < len(tokens) and tokens[at].lower in _AFTER:
                at += 1
            while rest and rest[-1].lower in (
                ",",
                "but",
                "and",
                "everywhere",
                "anywhere",
                "everything",
                "please",
                "just",
                "only",
                "(",
                "-",
                "\u2014",
                "\u2013",
            ):
                rest.pop()
            break
        else:
            if trailing := _trailing_only(tokens, at, world):
                only += trailing[0]
                at += trailing[1]
                continue
            if excluded := _excluded(tokens, at, world):
                but_not += excluded[0]
                at += excluded[1]
                continue
            rest.append(tokens[at])
            at += 1
    return rest, Scope(tuple(dict.fromkeys(only)), tuple(dict.fromkeys(but_not)), unknown)


def _lets(tokens: Sequence[Token], at: int, end: int) -> bool:
    """ "let the tests alone", not "let a.py use logging" """
    if "let" not in (t.lower for t in tokens[at : at + 2]):
        return True
    return end < len(tokens) and tokens[end].lower in ("alone", "untouched", "unchanged", "as", "out", "stay")


def _definitions(tokens: Sequence[Token], at: int, size: int, world: World) -> tuple[list[str], int]:
    """Definitions after `at + size` that stay as they are ("but leave load alone"), as `file.py:name`, and how many
    tokens. None, where the rest of the request may be about one of them, or about all that a file has."""
    here, names = at + size, list[str]()
    found: list[str] = []
    while here < len(tokens):
        while here < len(tokens) and tokens[here].lower in _SMALL | {"and", ",", "or"}:
            here += 1
        own = (
            world.named(tokens[here].text)
            if here < len(tokens) and tokens[here].kind in ("name", "word")
            else []
        )
        own = own or (
            world.inside(tokens[here].text) if here < len(tokens) and tokens[here].kind == "name" else []
        )
        if not own:
            break
        names.append(tokens[here].text)
        found += [t.symbol for t in own]
        here += 1
    end = tokens[here].lower if here < len(tokens) else "."
    if not names or end not in _AFTER | {".", ",", ";", "!", ")", "-"}:
        return [], 0
    others = [t for t in (*tokens[:at], *tokens[here:]) if t.kind in ("name", "word")]
    of_all = any(t.lower in _OF_ALL and not t.quoted for t in others)
    return (
        ([], 0)
        if of_all or any(_same(n, t.text) for n in names for t in others)
        else (found, here - at - size)
    )


def _same(name: str, other: str) -> bool:
    """Whether two names may be one: `Cart.add` and `add`, not `Cart.add` and `Shelf.add`."""
    both = name.split("."), other.split(".")
    size = min(len(b) for b in both)
    return both[0][-size:] == both[1][-size:]


def _starts(tokens: Sequence[Token], at: int, phrases: Sequence[tuple[str, ...]]) -> int:
    for phrase in phrases:
        part = tokens[at : at + len(phrase)]
        if tuple(t.lower for t in part) == phrase and not any(t.quoted for t in part):
            return len(phrase)
    return 0


def _trailing_only(tokens: Sequence[Token], at: int, world: World) -> tuple[list[str], int] | None:
    """ "in src/ only" """
    if tokens[at].lower not in ("in", "under", "inside", "within", "for"):
        return None
    places, used, _ = _places(tokens, at + 1, world)
    end = at + 1 + used
    return (places, used + 2) if used and end < len(tokens) and tokens[end].lower == "only" else None


def _staying(tokens: Sequence[Token], at: int, world: World) -> tuple[list[str], int] | None:
    """ "only tests stay", "a.py remains as it is" """
    if not any(t.lower in _KEEPING | {"continue", "scope"} for t in tokens[at:]):
        return None
    before = at - 1
    while before >= 0 and tokens[before].lower in ("the", "our", "my", "whole"):
        before -= 1
    if tokens[at].lower in _LOCATING or (before >= 0 and tokens[before].lower in _LOCATING):
        return None  # "sort imports in src, tests stay": src is where it is done
    start = at + 1 if tokens[at].lower in ("only", "but") else at
    places, used, _ = _places(tokens, start, world)
    end = start + used
    modal = end
    while end < len(tokens) and tokens[end].lower in _MODALS:
        end += 1
    said = [t.lower for t in tokens[end : end + 4]]
    printing = "continue" in [t.lower for t in tokens[modal:end]] and said[:1] == ["print"]
    scoped_out = said == ["are", "out", "of", "scope"] or said == ["is", "out", "of", "scope"]
    if not used or not (said[:1] and (said[0] in _KEEPING or printing or scoped_out)):
        return None
    end += 4 if scoped_out else 1
    while end < len(tokens) and tokens[end].lower in _KEPT:
        end += 1
    return places, end - at


def _excluded(tokens: Sequence[Token], at: int, world: World) -> tuple[list[str], int] | None:
    """ "tests excluded" """
    if at + 1 >= len(tokens) or tokens[at + 1].lower not in ("excluded", "excepted", "aside"):
        return None
    places, used, _ = _places(tokens, at, world)
    return (places, used + 1) if used == 1 else None


def _places(tokens: Sequence[Token], at: int, world: World) -> tuple[list[str], int, str]:
    """Places from `at` on, parted by commas, "and", "or"; how many tokens; a path that there is not."""
    found: list[str] = []
    used = 0
    missing = ""
    here = at
    while here < len(tokens):
        while here < len(tokens) and tokens[here].lower in _SMALL:
            here += 1
        if here >= len(tokens):
            break
        span = Span()
        size = one_place(tokens, here, world, span)
        if not size:
            break
        found += span.within
        missing = missing or next(iter(span.missing), "")
        here += size
        if here < len(tokens) and tokens[here].lower in _NOUNS:
            here += 1
        used = here - at
        joined = here
        while joined < len(tokens) and tokens[joined].lower in (",", "and", "or", "nor"):
            joined += 1
        if joined == here or joined - here > 2:
            break
        here = joined
    return found, used, missing


def one_place(tokens: Sequence[Token], at: int, world: World, span: Span) -> int:
    """A place after a word that says that one comes: a bare name of a folder or module will do."""
    if size := place_at(tokens, at, world, span):
        return size
    token = tokens[at]
    if token.kind in ("word", "name") and token.lower not in ("it", "that", "this", "them"):
        if token.text in world.folders:
            span.places.append([token.text])
            return 1
        if found := by_stem(token.text, world):
            span.places.append(found)
            return 1
    return 0
