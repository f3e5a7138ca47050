"""Edits -> text in any of the formats that `parse` reads: for prompts, records and examples.

`parse_reply(render(edits, form)) == edits` for edits as that form's reader makes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

from qcode.edits.blocks import clear_size
from qcode.edits.model import Edit, Hunk
from qcode.edits.paths import looks_like_file
from qcode.errors import UsageError

Form = Literal["blocks", "unified", "patch", "json"]


def render(edits: Iterable[Edit], form: Form) -> str:
    """`edits` as text. Raises UsageError for what the form cannot say."""
    if form == "json":
        return json.dumps([_value(edit, hunk) for edit in edits for hunk in _only_hunks(edit, form)]) + "\n"
    if form == "patch":
        return "*** Begin Patch\n" + "".join(map(_patch, edits)) + "*** End Patch\n"
    return "".join(map(_unified if form == "unified" else _blocks, edits))


def _only_hunks(edit: Edit, form: str) -> tuple[Hunk, ...]:
    if edit.remove or edit.moved_to or edit.truncated or edit.flaw or edit.whole is not None:
        raise _unsayable(edit, form)
    return edit.hunks


def _unsayable(edit: Edit, form: str) -> UsageError:
    return UsageError(f"The edit of {edit.path} cannot be written as {form}.", "Use another form.")


def _value(edit: Edit, hunk: Hunk) -> dict[str, str | bool]:
    old, new = hunk.literal or (_text(hunk.old), _text(hunk.new))
    value: dict[str, str | bool] = {"path": edit.path, "search": old, "replace": new}
    return {**value, "replace_all": True} if hunk.every else value


def _blocks(edit: Edit) -> str:
    if edit.whole is not None and not edit.remove:
        return _block(edit, [], edit.whole.removesuffix("\n").split("\n") if edit.whole else [])
    return "".join(_block(edit, list(hunk.old), list(hunk.new)) for hunk in _only_hunks(edit, "blocks"))


def _block(edit: Edit, old: list[str], new: list[str]) -> str:
    size = clear_size(old, new)
    if size is None:
        raise _unsayable(edit, "blocks")
    name = edit.path if looks_like_file(edit.path) else f"`{edit.path}`"
    head = f"{name}\n" if edit.path else ""
    return f"{head}{'<' * size} SEARCH\n{_text(old)}{'=' * size}\n{_text(new)}{'>' * size} REPLACE\n"


def _unified(edit: Edit) -> str:
    git = f"diff --git a/{edit.path} b/{edit.moved_to or edit.path}\n"
    if edit.remove:
        return f"{git}deleted file mode 100644\n"
    if edit.whole is not None:
        lines = edit.whole.removesuffix("\n").split("\n")
        body = "".join(f"+{line}\n" for line in lines)
        names = f"--- /dev/null\n+++ b/{edit.path}\n@@ -0,0 +1,{len(lines)} @@\n"
        return f"{git}new file mode 100644\n" + (names + body if edit.whole else "")
    if edit.truncated or edit.flaw:
        raise _unsayable(edit, "unified")
    head = f"{git}rename from {edit.path}\nrename to {edit.moved_to}\n" if edit.moved_to else git
    if edit.hunks:
        head += f"--- a/{edit.path}\n+++ b/{edit.moved_to or edit.path}\n"
    shift = 0
    for hunk in edit.hunks:
        counts = len(hunk.old), len(hunk.new)
        numbers = " " if hunk.at is None else f" -{hunk.at},{counts[0]} +{hunk.at + shift},{counts[1]} "
        head += f"@@{numbers}@@{' ' if hunk.anchor else ''}{hunk.anchor}\n{_tagged(hunk)}"
        shift += counts[1] - counts[0]
    return head


def _patch(edit: Edit) -> str:
    if edit.remove:
        return f"*** Delete File: {edit.path}\n"
    if edit.whole is not None:
        lines = edit.whole.removesuffix("\n").split("\n") if edit.whole else []
        return f"*** Add File: {edit.path}\n" + "".join(f"+{line}\n" for line in lines)
    if edit.truncated or edit.flaw:
        raise _unsayable(edit, "patch")
    head = f"*** Update File: {edit.path}\n" + (f"*** Move to: {edit.moved_to}\n" if edit.moved_to else "")
    return head + "".join(
        f"@@{' ' if hunk.anchor else ''}{hunk.anchor}\n{_tagged(hunk)}" for hunk in edit.hunks
    )


def _tagged(hunk: Hunk) -> str:
    return "".join(f"{tag}{text}\n" for tag, text in hunk.lines)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
