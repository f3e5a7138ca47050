"""Checks that every ChangeSet must pass before anyone is asked to approve it."""

from __future__ import annotations

import re

from qcode import syntax
from qcode.edits.refusals import Refusal
from qcode.messages import Change, ChangeSet

_PLACEHOLDER = re.compile(
    rb"^\s*(#|//|/\*|--|<!--)\s*(\.\.\.|\xe2\x80\xa6)?\s*(the )?(rest of|remaining|existing|previous|other) "
    rb"(the )?(\w+ )?(code|file|function|implementation|methods?|class)\b",
    re.IGNORECASE,
)
_CONFLICT = re.compile(rb"^(<{7} |>{7} )")


def gate(changes: ChangeSet) -> list[Refusal]:
    """What is wrong with `changes`: more parse errors than before, placeholders, conflict markers.

    A net under the exact applier, never a licence to guess: it catches only part of what a wrong
    place does to a file.
    """
    return [refusal for change in changes for refusal in _file(change)]


def _file(change: Change) -> list[Refusal]:
    if change.after is None:
        return []
    before, after = change.before or b"", change.after
    refusals: list[Refusal] = []
    errors = syntax.error_count(change.path, after)
    if errors and errors > (syntax.error_count(change.path, before) or 0):
        refusals.append(
            Refusal(
                change.path,
                "syntax",
                f"{change.path} would not parse any more. Send the edit again, complete.",
            )
        )
    old = set(before.splitlines())
    for number, line in enumerate(after.splitlines(), 1):
        if line in old:
            continue
        if _PLACEHOLDER.match(line):
            text = f"Line {number} of {change.path} stands for code that was left out. Write the code itself."
            refusals.append(Refusal(change.path, "placeholder", text, (number,)))
        elif _CONFLICT.match(line):
            text = f"Line {number} of {change.path} is a conflict marker."
            refusals.append(Refusal(change.path, "conflict", text, (number,)))
    return refusals
