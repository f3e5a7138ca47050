"""Several renames in one place: "in f: a -> b, c -> d", "rename lo/hi in clamp to low/high"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qcode.router.clause import Clause
from qcode.router.frames.cuts import WORDS, Split
from qcode.router.mentions import read
from qcode.router.words import Token, vocabulary

_TO = ("to", "into", "as")
_BEING = vocabulary("should must shall to be become becomes named called renamed are is now a the")
_WORDS = WORDS | vocabulary(
    "make these those them local locals parameter parameters variable variables both respectively"
)
_JOINING = vocabulary("and , / & + ; respectively")


def read_pairs(clause: Clause) -> list[Split]:
    """Old and new names, each old one with the function or class that all are in. Empty where it is no such list."""
    tokens = [t for one in clause.tokens for t in _parted(one, clause)]
    return _listed(clause, tokens) or _side_by_side(clause, tokens)


def _parted(token: Token, clause: Clause) -> list[Token]:
    """`lo/hi` is two names, where it is no path."""
    names = token.text.split("/")
    if token.kind != "path" or len(names) < 2 or not all(n.isidentifier() for n in names):
        return [token]
    if clause.world.files(token.text):
        return [token]
    return [replace(token, text=n, kind="name", quoted=True) for n in names]


def _links(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Where "->", "to", "should be" stand: from which token to which."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = at
        if not token.quoted and (token.kind == "arrow" or token.lower in _BEING | {*_TO}):
            while end < len(tokens) and (tokens[end].kind == "arrow" or tokens[end].lower in _BEING | {*_TO}):
                end += 1
            words = {t.lower for t in tokens[at:end]}
            if token.kind == "arrow" or words & {"to", "into", "be", "become", "becomes", "called", "named"}:
                found.append((at, end))
        at = max(end, at + 1)
    return found


def _listed(clause: Clause, tokens: Sequence[Token]) -> list[Split]:
    """ "a -> b, c -> d in f" """
    links = [(a, b) for a, b in _links(tokens) if a and b < len(tokens)]
    if len(links) < 2:
        return []
    used = {i for a, b in links for i in range(a - 1, b + 1)}
    # behind an arrow, nothing but a name can stand: "high -> hi"
    pairs = [
        (tokens[a - 1], replace(tokens[b], quoted=True) if tokens[a].kind == "arrow" else tokens[b])
        for a, b in links
    ]
    if len(used) != sum(b - a + 2 for a, b in links):
        return []  # "a to b to c"
    return _splits(clause, pairs, [t for i, t in enumerate(tokens) if i not in used])


def _side_by_side(clause: Clause, tokens: Sequence[Token]) -> list[Split]:
    """ "a and b in f should be named c and d" """
    links = [(a, b) for a, b in _links(tokens) if a and b < len(tokens)]
    if len(links) != 1:
        return []
    first, last = links[0]
    new: list[Token] = []
    at = last
    while at < len(tokens) and (tokens[at].lower in _JOINING or _name(tokens[at])):
        if tokens[at].lower not in _JOINING:
            if new and tokens[at - 1].lower not in _JOINING and not tokens[at].quoted:
                break
            new.append(tokens[at])
        at += 1
    old = [t for t in tokens[:first] if _name(t) and _is_inside(t, clause)]
    around = [t for t in (*tokens[:first], *tokens[at:]) if t not in old]
    return _splits(clause, list(zip(old, new, strict=True)), around) if len(old) == len(new) > 1 else []


def _name(token: Token) -> bool:
    return token.kind in ("name", "word") and token.text.isidentifier()


def _is_inside(token: Token, clause: Clause) -> bool:
    return bool(clause.world.inside(token.text)) and (token.quoted or token.lower not in _WORDS)


def _splits(clause: Clause, pairs: Sequence[tuple[Token, Token]], around: Sequence[Token]) -> list[Split]:
    span = read(around, clause.world, _WORDS)
    owners = [n for n in span.names if clause.world.named(n.text)]
    if span.rest or span.missing or len(owners) != 1 or len(span.names) != 1:
        return []
    owner = owners[0]
    inside = all(
        _name(a)
        and _name(b)
        and (b.quoted or b.lower not in _WORDS)
        and clause.world.inside(f"{owner.text}.{a.text}")
        for a, b in pairs
    )
    if not inside or len({a.text for a, _ in pairs}) < len(pairs):
        return []
    where = Token("in", "word", owner.start, owner.start)
    places = [t for t in around if t.kind == "path"]
    return [
        Split([replace(a, quoted=True, kind="name"), where, owner, *places], b, [], True, True)
        for a, b in pairs
    ]
