"""What a request says is to stay as it is: "tests can wait", "cli.py keeps its own", "Ticket stays where it is"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qcode.router.mentions import GLUE, KINDS
from qcode.router.weighed.items import Item
from qcode.router.words import vocabulary

_STAYING = vocabulary(
    "keep keeps kept stay stays remain remains continue leave leaves leaving untouched unchanged alone exempt wait skip "
    "ignore frozen hands spare excluded except excepting excluding apart retain later"
)
_FORBIDDEN = frozenset(
    [("must", "not"), ("should", "not"), ("not", "be"), ("not", "touch"), ("don't", "touch"), ("not", "change"), ("don't", "change"),
     ("of", "scope"), ("not", "see"), ("mustn't", "change"), ("shouldn't", "change"), ("but", "not"), ("though", "not"), ("not", "in"), ("not", "the"),
     ("can", "have"), ("may", "keep"), ("is", "fine"), ("are", "fine"), ("is", "ok"), ("is", "right"), ("not", "yet"), ("nothing", "in"), ("nothing", "outside"), ("nothing", "else"), ("no", "other")]
)  # fmt: skip
_PARTING = vocabulary("but though although while whereas except excluding")
_EXCEPT = vocabulary("except excluding excepting besides")
_BREAKS = frozenset([",", ".", ";", "!", "?", "-", "\u2013", "\u2014", "("])


@dataclass(frozen=True, slots=True)
class Kept:
    """`row`: what is left of a request; `places` and `names`: what it says shall stay."""

    row: list[Item]
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unclear: str = ""
    """An exception of which it is not known what it means."""


def kept(row: Sequence[Item]) -> Kept:
    """`row` without its parts about what stays."""
    left: list[Item] = []
    places: list[str] = []
    names: list[str] = []
    unclear = ""
    for part in _parts(row):
        words = [i.lower for i in part if i.kind == "word" or (i.kind == "name" and i is part[0])]
        going_on = any(a in ("keep", "keeps", "kept") and b.endswith("ing") for a, b in pairwise(words))
        stays = bool(_STAYING & set(words) and not going_on) or any(
            (a, b) in _FORBIDDEN for a, b in pairwise(words)
        )
        asks = any(i.kind in ("new", "assign", "arrow", "lines", "newfile", "code") for i in part)
        asks = asks or bool({"print", "prints"} & set(words) and not _STAYING & set(words))
        if words[:1] and words[0] in _EXCEPT and not any(i.kind in ("file", "name") for i in part):
            unclear = unclear or " ".join(i.text for i in part)
        if stays and not asks and (left or any(i.kind in ("file", "name") for i in part)):
            places += [p for i in part if i.kind == "file" for p in i.places]
            names += [
                i.text
                for i in part
                if i.kind == "name" and not (i.weak and i.lower in GLUE | KINDS.keys() | _STAYING)
            ]
        else:
            left += part
    return Kept(
        left if left else list(row), tuple(places) if left else (), tuple(names) if left else (), unclear
    )


def _parts(row: Sequence[Item]) -> list[list[Item]]:
    parts: list[list[Item]] = [[]]
    for item in row:
        if item.lower in _PARTING and not item.quoted and parts[-1]:
            parts.append([])
        parts[-1].append(item)
        if item.kind == "mark" and item.text in _BREAKS:
            parts.append([])
    return [p for p in parts if p]
