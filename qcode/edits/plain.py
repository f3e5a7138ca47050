"""New lines in the characters of the file, where the lines around them prove that this is needed."""

from __future__ import annotations

from collections.abc import Iterable

from qcode.edits.text import TYPOGRAPHY


class Uncertain(Exception):
    """A character was changed in one line of the edit, kept in another, and is in a new one."""


class Plain:
    """Makes new lines plain (quotes, dashes, blanks) only where the old side had to be."""

    def __init__(self, same: Iterable[tuple[str, str]]) -> None:
        pairs = [(edit, file) for edit, file in same if not edit.isascii()]
        self._table: dict[int, str] = {}
        self._doubtful: set[str] = set()
        for table in TYPOGRAPHY:
            used = [(odd, edit, file) for edit, file in pairs for odd in set(edit.rstrip()) & table.keys()]
            changed = {odd for odd, edit, file in used if edit.count(odd) > file.count(odd)}
            kept = {odd for odd, _, file in used if odd in file}
            if changed:
                self._table |= {ord(odd): plain for odd, plain in table.items() if odd not in kept}
                self._doubtful |= kept

    def __call__(self, text: str) -> str:
        if self._doubtful and not self._doubtful.isdisjoint(text):
            raise Uncertain
        return text.translate(self._table) if self._table else text
