"""How an edit's indentation maps to the file's: one rule for all of its lines, or none."""

from __future__ import annotations

from collections.abc import Iterable

from qcode.edits.text import indentation

IndentMap = dict[str, str]
_UNITS = (4, 2, 8, 3)


def indent_map(pairs: Iterable[tuple[str, str]]) -> IndentMap | None:
    """edit indentation -> file indentation over (edit line, file line); None if they contradict."""
    found: IndentMap = {}
    for edit, file in pairs:
        if edit.strip() and found.setdefault(indentation(edit), indentation(file)) != indentation(file):
            return None
    return found


def convert(line: str, known: IndentMap) -> str | None:
    """A new line with the file's indentation; None when it does not follow from what is known."""
    if not line.strip() or all(a == b for a, b in known.items()):
        return line
    own = indentation(line)
    rest = line[len(own) :]
    if own in known:
        return known[own] + rest
    pairs = known.items()
    added = {file.removesuffix(edit) for edit, file in pairs if file.endswith(edit)}
    if len(added) == 1 and all(file.endswith(edit) for edit, file in pairs):
        return added.pop() + line
    dropped = {edit.removesuffix(file) for edit, file in pairs if edit.endswith(file)}
    if len(dropped) == 1 and all(edit.endswith(file) for edit, file in pairs):
        surplus = dropped.pop()
        return line.removeprefix(surplus) if own.startswith(surplus) else None
    for unit in _UNITS:
        blanks = " " * unit
        if all(edit.replace("\t", blanks) == file for edit, file in pairs):
            return own.replace("\t", blanks) + rest
        if all(edit == file.replace("\t", blanks) for edit, file in pairs) and "\t" not in own:
            tabs = len(own) // unit
            return "\t" * tabs + own[tabs * unit :] + rest
    return None
