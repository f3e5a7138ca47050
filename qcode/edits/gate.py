"""Checks that every ChangeSet must pass before anyone is asked to approve it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from qcode import syntax
from qcode.edits.refusals import Refusal
from qcode.messages import Change, ChangeSet

_OPENS = rb"^\s*(?:#|//|/\*+|\{/\*|--|<!--|;|%|\*)[ \t]*"
_DOTS = rb"(?:\.{3,}|\xe2\x80\xa6)"
_WHAT = (
    rb"(?:code|file|functions?|methods?|implementation|class(?:es)?|logic|content|imports?|lines?|body|tests?|stuff"
    rb"|parts?|page|module|script|fields?|cases?|definitions?)"
)
_STAYS = rb"(?:unchanged|the same|as (?:is|before)|goes|here|remains?|above|below|intact|omitted)\b.*"
_END = rb"[ \t]*[\])]?[ \t]*(?:\*/|-->|\*/\})?[ \t]*$"
_PLACEHOLDER = re.compile(
    _OPENS
    # "rest of the code", "... rest of the code", "[rest of file unchanged]"
    + rb"(?:[\[(]?" + _DOTS + rb"?[\[(]?[ \t]*(?:the )?rest of (?:the |your )?(?:\w+ )?" + _WHAT
    + rb"\b(?:[^.!?]{0,40}" + _STAYS + rb"|[ \t]*" + _DOTS + rb".*|" + _END + rb")"
    # "remaining methods here", "other fields ...", "existing code unchanged"
    + rb"|[\[(]?(?:the )?(?:remaining|(?:other )?existing|previous|other|original|your) (?:\w+ )?" + _WHAT
    + rb"\b(?:[^.!?]{0,20}" + _STAYS + rb"|[ \t]*" + _DOTS + rb".*)"
    # "... existing code", "... (unchanged)", "... other columns"
    + rb"|" + _DOTS + rb"[ \t]*[\[(]?(?:the )?"
    + rb"(?:existing|unchanged|same|as before|rest|remaining|other|previous|snip|keep|omitted|truncated|etc)\b.*"
    # "keep the existing code", "unchanged code", "code omitted"
    + rb"|(?:keep|leave) (?:the |all )?(?:rest|existing|other|remaining) (?:of (?:the )?)?" + _WHAT + rb"\b.*"
    + rb"|(?:unchanged|existing) (?:code|imports?|methods?|functions?)" + _END
    + rb"|(?:same as before|(?:code|implementation) (?:unchanged|omitted|goes here)\b.*)" + _END
    + rb")",
    re.IGNORECASE,
)  # fmt: skip
_ALONE = re.compile(
    rb"^\s*(?:#|//|/\*|\{/\*|--|<!--|;|%)[ \t]?" + _DOTS + rb"[ \t]*(?:\*/|-->|\*/\})?[ \t]*$"
)
_CONFLICT = re.compile(rb"^(?:<{7} |>{7} |\|{7} )")
_MARK = re.compile(rb"^(?:<{5,9} SEARCH|>{5,9} REPLACE|\*\*\* (?:Begin|End) Patch)\s*$")
_PROSE = (".md", ".markdown", ".rst", ".txt", ".adoc", ".ipynb", ".tex")
_LONGEST = 300
"""Bytes: a longer line stands for nothing, and is not searched."""


def gate(changes: ChangeSet) -> list[Refusal]:
    """What is wrong with `changes`: more parse errors than before, placeholders, marks of conflicts
    or of edit formats, bytes that no text has.

    A net under the exact applier, never a licence to guess: it catches only part of what a wrong
    place does to a file.
    """
    return [refusal for change in changes for refusal in _file(change)]


def _file(change: Change) -> list[Refusal]:
    if change.after is None:
        return []
    path, before, after = change.path, change.before or b"", change.after
    if (
        b"\0" in after
        and b"\0" not in before
        and not after.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe"))
    ):
        what = f"The new text of {path} holds NUL bytes."
        return [Refusal(path, "encoding", what, advice="Send plain text.")]
    refusals: list[Refusal] = []
    errors = syntax.error_count(path, after)
    old_errors = syntax.error_count(path, before) or 0
    # A script with errors already (a template of a site, say) is not in its language: counting more
    # of them says nothing. Python's own parser is told apart from a grammar's guess.
    foreign = old_errors > 0 and PurePosixPath(path).suffix.lower() not in (".py", ".pyi")
    if errors and errors > old_errors and not foreign:
        refusals.append(
            Refusal(
                path, "syntax", f"{path} would not parse any more.", advice="Send the edit again, complete."
            )
        )
    old = set(before.splitlines())
    about_edits = any(map(_MARK.match, old))
    prose = PurePosixPath(path).suffix.lower() in _PROSE
    for number, line in enumerate(after.splitlines(), 1):
        if line in old or len(line) > _LONGEST:
            continue
        if not prose and (_PLACEHOLDER.match(line) or _ALONE.match(line)):
            what = f"Line {number} of {path} stands for code that was left out."
            refusals.append(Refusal(path, "placeholder", what, (number,), "Write the code itself."))
        elif _CONFLICT.match(line) or (not about_edits and _MARK.match(line)):
            kind = "conflict marker" if _CONFLICT.match(line) else "mark of an edit format"
            what = f"Line {number} of {path} is a {kind}."
            refusals.append(Refusal(path, "conflict", what, (number,), "Leave it out."))
    return refusals
