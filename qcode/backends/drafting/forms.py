"""The ways in which an answer writes an edit, as far as drafting has to know them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qcode.syntax.grammars import language_of

Writing = Literal["block", "call"]
"""SEARCH/REPLACE blocks, each in a fence under its path; or calls of the tool `edit`."""
_BLOCK = re.compile(r"(<{5,9}) SEARCH\s*")


@dataclass(frozen=True, slots=True)
class Form:
    """The lines around the two sides of an edit. Without a divider there is one side: the whole file."""

    divider: tuple[str, ...]
    end: tuple[str, ...]


_CALL_END = ("</parameter>", "</function>", "</tool_call>")
_EDIT_CALL = Form(("</parameter>", "<parameter=replace>"), _CALL_END)
_WRITE_CALL = Form((), _CALL_END)


def opened(line: str) -> Form | None:
    """The form that `line` opens: a SEARCH/REPLACE block, or a value of the tools `edit` and `write`."""
    if block := _BLOCK.fullmatch(line):
        size = len(block[1])
        return Form(("=" * size,), (">" * size + " REPLACE",))
    if line == "<parameter=search>":
        return _EDIT_CALL
    return _WRITE_CALL if line == "<parameter=content>" else None


def opening(writing: Writing, path: str) -> tuple[str, ...]:
    """The lines that lead to the first edit of an answer."""
    if writing == "call":
        head = ("<tool_call>", "<function=edit>", "<parameter=path>")
        return (*head, path, "</parameter>", "<parameter=search>")
    return (path, f"```{language_of(path) or ''}", "<<<<<<< SEARCH")


def after(template: Sequence[str], lines: Sequence[str], line: str) -> str:
    """What follows when an answer that has `lines`, and then the beginning `line`, goes on as `template`.

    "" when they do not meet.
    """
    for done in range(min(len(template) - 1, len(lines)), -1, -1):
        met = tuple(lines[len(lines) - done :]) == tuple(template[:done])
        if met and template[done].startswith(line) and (done or line or not lines):
            return "\n".join(template[done:])[len(line) :] + "\n"
    return ""
