"""How an edit's indentation maps to the file's: one rule for all of its lines, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from qcode.edits.text import indentation

IndentMap = dict[str, str]
_UNITS = (4, 2, 8, 3)
_LOOKED_AT = 2_000
"""Lines of a file that tell its step."""


def indent_map(pairs: Iterable[tuple[str, str]]) -> IndentMap | None:
    """edit indentation -> file indentation over (edit line, file line); None if they contradict."""
    found: IndentMap = {}
    for edit, file in pairs:
        if edit.strip() and found.setdefault(indentation(edit), indentation(file)) != indentation(file):
            return None
    return found


def step(lines: Sequence[str]) -> int:
    """Blanks by which the file's lines mostly go deeper; 0 for tabs, or without a rule."""
    depths = [len(line) - len(line.lstrip(" ")) for line in lines[:_LOOKED_AT] if line.strip()]
    deeper = Counter(b - a for a, b in pairwise(depths) if b > a)
    return deeper.most_common(1)[0][0] if deeper else 0


def convert(line: str, known: IndentMap, file_step: int = 0) -> str | None:
    """A new line with the file's indentation; None when it does not follow from what is known.

    `file_step` is the file's own (see `step`). An edit of one depth does not say what its own is: a
    line that goes deeper must then do so by whole steps of the file.
    """
    if not line.strip() or all(a == b for a, b in known.items()):
        return line
    own = indentation(line)
    rest = line[len(own) :]
    if own in known:
        return known[own] + rest
    pairs = known.items()
    if len(known) == 1 and file_step and not own.strip(" "):
        (only,) = known
        if not only.strip(" ") and (len(own) - len(only)) % file_step:
            return None
    added = {file.removesuffix(edit) for edit, file in pairs if file.endswith(edit)}
    if len(added) == 1 and all(file.endswith(edit) for edit, file in pairs):
        return added.pop() + line
    dropped = {edit.removesuffix(file) for edit, file in pairs if edit.endswith(file)}
    if len(dropped) == 1 and all(edit.endswith(file) for edit, file in pairs):
        surplus = dropped.pop()
        return line.removeprefix(surplus) if own.startswith(surplus) else None
    if (scaled := _scaled(own, known)) is not None:
        return scaled + rest
    for unit in _UNITS:
        blanks = " " * unit
        if all(edit.replace("\t", blanks) == file for edit, file in pairs):
            return own.replace("\t", blanks) + rest
        if all(edit == file.replace("\t", blanks) for edit, file in pairs) and "\t" not in own:
            tabs = len(own) // unit
            return "\t" * tabs + own[tabs * unit :] + rest
    return None


def _scaled(own: str, known: IndentMap) -> str | None:
    """Blanks in the proportion of all known pairs (two for four, say), of which two depths or more are
    known."""
    depths = {len(edit): len(file) for edit, file in known.items()}
    if any(text.strip(" ") for pair in known.items() for text in pair) or own.strip(" "):
        return None
    smallest = min((edit for edit in depths if edit), default=0)
    if len(depths) < 2 or not smallest or len(own) % smallest:
        return None
    if any(file * smallest != edit * depths[smallest] for edit, file in depths.items()):
        return None
    return " " * (len(own) // smallest * depths[smallest])
