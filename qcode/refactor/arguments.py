"""Parameter lists and arguments of calls, as text."""

from __future__ import annotations

import ast
import re
from typing import Literal

from qcode.errors import RefactorError
from qcode.refactor.python.calls import Function
from qcode.refactor.splice import Edit, Text


def parameter_end(text: Text, node: Function, argument: ast.arg) -> int:
    """Where a parameter ends, its default included."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    default: ast.expr | None = None
    if argument in positional:
        index = positional.index(argument) - (len(positional) - len(arguments.defaults))
        default = arguments.defaults[index] if index >= 0 else None
    elif argument in arguments.kwonlyargs:
        default = arguments.kw_defaults[arguments.kwonlyargs.index(argument)]
    if default is None:
        return text.span(argument)[1]
    end = text.span(default)[1]
    opened = text.between(text.span(argument)[1], text.span(default)[0]).count("(")
    while opened:  # the parentheses around a default are not part of it
        if text.raw[end : end + 1] == b")":
            opened -= 1
        end += 1
    return end


def without_parameter(text: Text, node: Function, argument: ast.arg) -> Edit:
    """The edit that takes a parameter out of its list."""
    arguments = node.args
    if arguments.kwonlyargs == [argument] and not arguments.vararg:
        raise RefactorError(f"{argument.arg} is the only one behind `*`.", "Do it by hand.")
    if arguments.posonlyargs == [argument]:
        raise RefactorError(f"{argument.arg} is the only one before `/`.", "Do it by hand.")
    start, end = text.span(argument)[0], parameter_end(text, node, argument)
    comma = re.compile(rb"\s*,[ \t]*").match(text.raw, end)
    if comma:
        line_start = text.raw.rfind(b"\n", 0, start) + 1
        if not text.raw[line_start:start].strip() and text.raw[comma.end() : comma.end() + 1] == b"\n":
            return (line_start, comma.end() + 1, "")
        return (start, comma.end(), "")
    before = re.compile(rb",\s*$").search(text.raw[:start])
    return (before.start() if before else start, end, "")


def without_argument(text: Text, call: ast.Call, given: ast.expr | ast.keyword) -> Edit:
    """The edit that takes an argument out of a call."""
    every: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    every.sort(key=lambda a: (a.lineno, a.col_offset))
    index = every.index(given)
    start, end = text.span(given)
    if index + 1 < len(every):
        following = text.span(every[index + 1])[0]
        between = text.raw[end:following]
        if b"(" not in between and b")" not in between and b"#" not in between:
            return (start, following, "")
        raise RefactorError(
            f"Line {call.lineno} is written in a way that qcode cannot edit.", "Do it by hand."
        )
    if index:
        previous = text.span(every[index - 1])[1]
        between = text.raw[previous:start]
        if between.strip() != b"," and between.strip().strip(b",").strip():
            raise RefactorError(
                f"Line {call.lineno} is written in a way that qcode cannot edit.", "Do it by hand."
            )
        return (previous, end, "")
    opening = text.raw.rfind(b"(", text.span(call.func)[1], start)
    closing = text.span(call)[1] - 1
    return (opening + 1, closing, "")


def passed(
    call: ast.Call, name: str, index: int | None, bound: bool, method: bool
) -> ast.expr | ast.keyword | Literal["stars"] | None:
    """What a call passes for a parameter; "stars" when `*` or `**` may."""
    for word in call.keywords:
        if word.arg == name:
            return word
    if index is not None:
        position = index if bound or not method else index - 1
        for number, argument in enumerate(call.args):
            if isinstance(argument, ast.Starred):
                return "stars"
            if number == position:
                return argument
    return "stars" if any(w.arg is None for w in call.keywords) else None


def harmless(node: ast.expr) -> bool:
    """Whether computing an expression does nothing else."""
    return not any(
        isinstance(n, ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr)
        for n in ast.walk(node)
    )
