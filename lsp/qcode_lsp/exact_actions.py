"""Refactorings that need no model, offered where what they take is under the cursor.

They come from the catalogue of refactorings: one that takes a definition is offered on its first
line, one that takes lines on a selection, one that takes a variable where it is used, one that takes
a file anywhere in it. What has to be asked for (where to move it) needs a client that can ask.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from qcode import syntax
from qcode_lsp.actions import REWRITE, Actions, Asked, Offer
from qcode_lsp.engine import Task, verbs
from qcode_lsp.model_actions import ASK

if TYPE_CHECKING:
    from qcode.refactor.catalog import Verb

_KINDS = {
    "extract": types.CodeActionKind.RefactorExtract.value,
    "inline": types.CodeActionKind.RefactorInline.value,
    "move": types.CodeActionKind.RefactorMove.value,
}
_LANGUAGES = (".py", ".pyi")


def register(actions: Actions) -> None:
    """Add the offers."""

    def find(asked: Asked) -> list[Offer]:
        if not asked.path.endswith(_LANGUAGES):
            return []
        known = {"path": asked.path, **_under_cursor(asked)}
        able = ASK in actions.parts.client.commands
        offers = [
            offer_of(name, verb, known, asked, able) for name, verb in verbs().items() if name != "rename"
        ]
        return [offer for offer in offers if offer is not None]

    def make(data: Mapping[str, Any], uri: str) -> Task:
        verb, given = data.get("verb"), data.get("arguments")
        if not isinstance(verb, str) or verb not in verbs() or not isinstance(given, Mapping):
            raise JsonRpcInvalidParams("There is no such refactoring.")
        arguments = tuple((str(name), str(value)) for name, value in given.items())
        return Task(f"{verb} {' '.join(value for _, value in arguments)}", verb=verb, arguments=arguments)

    actions.finders.append(find)
    actions.makers["exact"] = make


def _under_cursor(asked: Asked) -> dict[str, str]:
    """What is there, by the kind of parameter that takes it."""
    found: dict[str, str] = {}
    start, end = asked.range.start, asked.range.end
    if (start.line, start.character) != (end.line, end.character):
        found["place"] = f"{asked.path}:{asked.first + 1}-{asked.last + 1}"
    else:
        content = asked.document.source.encode("utf-8", "replace")
        for definition in syntax.definitions(asked.path, content):
            if definition.start_line == asked.first + 1:
                found["symbol"] = f"{asked.path}:{definition.qualname}"
        if name := _variable(asked, content):
            found["variable"] = f"{asked.path}:{name}"
    return found


def _variable(asked: Asked, content: bytes) -> str | None:
    """`function.name` of the local variable under the cursor, if one statement alone gives it a value."""
    word = _word(asked)
    around = [
        definition
        for definition in syntax.definitions(asked.path, content)
        if definition.start_line <= asked.first + 1 <= definition.end_line
    ]
    if not word or not around:
        return None
    inner = max(around, key=lambda definition: definition.start_line)
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return None
    bound = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.id == word
        and inner.start_line <= node.lineno <= inner.end_line
    ]
    return f"{inner.qualname}.{word}" if len(bound) == 1 else None


def _word(asked: Asked) -> str:
    """The identifier that the cursor touches."""
    text, at = asked.document.source, asked.document.offset(asked.range.start)
    start = end = at
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[start:end] if text[start:end].isidentifier() else ""


def offer_of(name: str, verb: Verb, known: Mapping[str, str], asked: Asked, able: bool) -> Offer | None:
    """The offer of one verb here, None where something that it needs is not here."""
    wanted = [p for p in verb.parameters if p.required or p.kind == "path"]
    kind = next((k for word, k in _KINDS.items() if name.startswith(word)), REWRITE)
    words = f"qcode: {verb.description.rstrip('.')}"
    arguments: dict[str, str] = {}
    for parameter in wanted:
        if parameter.kind == "name":
            arguments[parameter.name] = _free_name(asked)
        elif parameter.kind in known:
            arguments[parameter.name] = known[parameter.kind]
        elif able and arguments and parameter.kind in ("module", "text"):
            begun = f"{name} {' '.join(arguments.values())} "
            return Offer(f"{words}…", kind, command=types.Command(f"{words}…", ASK, arguments=[begun]))
        else:
            return None
    if not arguments:
        return None
    if all(parameter.kind == "path" for parameter in wanted):
        kind = f"source.{name}.qcode"  # in no light bulb at every line
        words += " (this file)"
    return Offer(words, kind, {"do": "exact", "verb": name, "arguments": arguments})


def _free_name(asked: Asked) -> str:
    """A name for what is extracted, which the user renames at once."""
    taken = set(re.findall(r"\w+", asked.document.source))
    number = 1
    while (name := "extracted" if number == 1 else f"extracted_{number}") in taken or keyword.iskeyword(name):
        number += 1
    return name
