"""The parts of a request: which asks for what, and which was passed over.

A part that begins as a request does, or says what becomes what, must have been taken by a reading, or is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcode.router.clause import Clause
from qcode.router.plan import PER_FILE
from qcode.router.weighed.items import Item, features, items, template
from qcode.router.weighed.said import DEEDS, OTHER_DEEDS, STOPS, Said
from qcode.router.weighed.weights import shares
from qcode.router.words import tokens as words_of
from qcode.router.words import vocabulary
from qcode.router.world import World

ASKED = 0.5
"""A kind of request is asked for when its share is at least this."""
FAR = 0.5
"""A request is out of reach when that has at least this share."""
_DOES: Mapping[str, frozenset[str]] = {
    deed: frozenset(labels.split())
    for deeds, labels in (
        ("rename", "rename"), ("move", "move"), ("extract introduce", "extract"), ("inline", "inline"), ("add", "add"),
        ("reorder", "order"), ("sort", "tidy order"), ("tidy clean", "tidy modernise fstrings"),
        ("remove drop delete strip", "remove tidy inline logging modernise fstrings"), ("modernise modernize upgrade", "modernise fstrings"),
    )
    for deed in deeds.split()
}  # fmt: skip
"""What a part that begins with a deed may be about."""
_FOLLOWING = vocabulary(
    "callers caller usages usage references imports import uses everywhere accordingly call calls it that them sites too so same tests"
)
_MOST_PARTS = 7


def parted(row: Sequence[Item], asked: Sequence[str], clause: Clause) -> list[tuple[str, list[Item]]]:
    """The parts of a request, each with the one kind that it asks for, by the best sum of weights."""
    pieces = pieces_of(row)
    if not 0 < len(pieces) <= _MOST_PARTS:
        return []
    best: tuple[float, list[tuple[str, list[Item]]]] = (0.0, [])
    for groups in _groupings(pieces):
        if len(groups) < len(asked):
            continue
        made, total = [], 1.0
        for group in groups:
            weights = shares(features(template(group, clause.world)))
            label = max(asked, key=lambda a: weights[a])
            total *= weights[label]
            made.append((label, group))
        if {label for label, _ in made} == set(asked) and total ** (1 / len(groups)) > best[0]:
            best = (total ** (1 / len(groups)), made)
    return best[1]


def pieces_of(row: Sequence[Item]) -> list[list[Item]]:
    """What stands between full stops, commas, "and", "then"."""
    pieces: list[list[Item]] = [[]]
    for item in row:
        joint = (item.kind == "mark" and item.text in (*STOPS, ",", "+", "&")) or item.lower in (
            "and",
            "then",
            "plus",
            "n",
            "also",
        )
        if joint and not item.quoted:
            pieces.append([])
        else:
            pieces[-1].append(item)
    return [p for p in pieces if any(i.kind != "mark" for i in p)]


def _groupings(pieces: Sequence[list[Item]]) -> Iterator[list[list[Item]]]:
    """All ways to join neighbouring pieces."""
    for cuts in range(1 << max(0, len(pieces) - 1)):
        groups: list[list[Item]] = [list(pieces[0])]
        for i, piece in enumerate(pieces[1:]):
            if cuts >> i & 1:
                groups.append(list(piece))
            else:
                groups[-1] += piece
        yield groups


def is_far(text: str, clause: Clause) -> bool:
    """Whether a part of a request is out of reach by itself."""
    return shares(features(template(items(words_of(text), text, clause.world), clause.world)))["far"] >= FAR


def undone(said: Said, *labels: str) -> str:
    """A part that begins as a request does, or says what becomes what, and of which nothing was taken."""
    pieces = pieces_of(said.row)
    for piece in pieces if len(pieces) > 1 else ():
        begun = next((at for at, i in enumerate(piece) if i.kind not in ("file", "mark")), 0)
        words = [i for i in piece[begun:] if i.lower not in ("please", "also", "just", "then", "pls", "to")]
        deed = words[0].lower if words and words[0].kind == "word" and words[0].lower in DEEDS else ""
        if (
            [w.lower for w in words[:2]] == ["make", "it"]
            and len(words) > 2
            and words[2].lower in OTHER_DEEDS
        ):
            return " ".join(i.text for i in words[2:])
        becomes = any(i.kind == "arrow" for i in piece) or (len(piece) in (4, 5) and piece[1].lower == "to")
        pair = len(piece) == 3 and piece[1].lower == "to" and piece[0].text.isidentifier()
        typo = bool({"typo", "misspelt", "misspelled", "misspelling"} & {i.lower for i in piece})
        named = any(i.kind not in ("word", "mark", "style", "arrow") and not i.weak for i in piece)
        other = deed in _DOES and not _DOES[deed] & set(labels)
        if (other and _speaks_of(piece, said.clause.world, _DOES[deed])) or _speaks_alone(
            piece, said, labels
        ):
            return " ".join(i.text for i in piece)
        if any(i.first in said.used for i in piece) or not (
            _says_more(piece) or deed in OTHER_DEEDS - {"update"}
        ):
            continue
        if (deed in ("log", "print") and "logging" in labels) or (deed == "update" and "modernise" in labels):
            continue
        if "rename" not in labels:
            becomes = pair = False
        strange = deed in _DOES and len(words) > 1 and not _DOES[deed] & {*labels, "replace"}
        if deed in OTHER_DEEDS or strange or pair or (deed and typo) or (named and (deed or becomes)):
            return " ".join(i.text for i in piece)
    return ""


def _speaks_of(piece: Sequence[Item], world: World, labels: frozenset[str]) -> bool:
    """Whether a part by itself asks for one of `labels`."""
    weights = shares(features(template(piece, world)))
    return max(weights[label] for label in labels) >= ASKED


def _speaks_alone(piece: Sequence[Item], said: Said, labels: Sequence[str]) -> bool:
    """Whether a part of a word or two surely asks for a kind of its own: "…, then f-strings"."""
    words = [
        i
        for i in piece
        if i.kind not in ("mark", "file") and i.lower not in ("then", "in", "the", "of", "and", "also")
    ]
    if not 0 < len(words) < 3 or any(i.kind != "word" for i in words):
        return False
    weights = shares(features(template(piece, said.clause.world)))
    best = max(weights, key=lambda label: weights[label])
    return weights[best] >= 0.75 and best in PER_FILE and best not in labels


def _says_more(piece: Sequence[Item]) -> bool:
    """Whether a part is not only "and update the callers", "call it"."""
    words = {i.lower for i in piece if i.kind in ("word", "name")}
    return not words & _FOLLOWING
