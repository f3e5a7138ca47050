"""What only a model can do at a place: refactor in words, fix a diagnostic, document, test, explain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from qcode import syntax
from qcode.errors import ConfigError
from qcode.prompts import render
from qcode.syntax import Definition
from qcode_lsp.actions import EXPLAIN, QUICKFIX, REWRITE, Actions, Asked, Offer
from qcode_lsp.documents import path_of, root_of
from qcode_lsp.engine import Task
from qcode_lsp.parts import Parts
from qcode_lsp.runs import made
from qcode_lsp.telling import one_object, title, uri_in

ASK = "qcode.askRefactor"
"""The client's own command that asks the user for a sentence."""
COMMAND = "qcode.explain"
SHOWN = "qcode.showText"
"""The client's own command that shows Markdown."""

_FIXES = 3


def register(actions: Actions) -> None:
    """Add the offers, and the command that explains."""
    parts = actions.parts
    known: dict[str, tuple[int | None, list[Definition]]] = {}

    def definition_at(asked: Asked) -> Definition | None:
        uri = asked.document.uri
        if uri not in known or known[uri][0] != asked.document.version:
            content = asked.document.source.encode("utf-8", "replace")
            known.clear()  # only the document at hand is asked for again and again
            known[uri] = (asked.document.version, syntax.definitions(asked.path, content))
        inside = [d for d in known[uri][1] if d.start_line <= asked.first + 1 <= d.end_line]
        return max(inside, key=lambda d: d.start_line, default=None)

    def find(asked: Asked) -> list[Offer]:
        offers: list[Offer] = []
        if ASK in parts.client.commands:
            command = types.Command("qcode: refactor…", ASK)
            offers.append(Offer("qcode: refactor…", REWRITE, command=command))
        if not _has_model(asked):
            return offers
        for diagnostic in asked.diagnostics[:_FIXES]:
            line = diagnostic.range.start.line
            # The message and the source are another program's text: they go into a prompt, as data.
            data = {"do": "fix", "line": line, "message": _message(diagnostic)[:1000]}
            if diagnostic.source:
                data["source"] = str(diagnostic.source)[:80]
            words = f"qcode: fix: {title(_message(diagnostic))}"
            offers.append(Offer(words, QUICKFIX, data, diagnostics=(diagnostic,)))
        definition = definition_at(asked)
        if definition is not None and definition.kind != "variable":
            about = {"name": definition.qualname, "line": definition.start_line - 1}
            offers += [
                Offer(f"qcode: document {definition.name}", REWRITE, {"do": "document", **about}),
                Offer(f"qcode: write a test for {definition.name}", REWRITE, {"do": "test", **about}),
            ]
        if SHOWN in parts.client.commands:
            start, last = asked.first, asked.last
            if definition is not None and start == last:
                start, last = definition.start_line - 1, definition.end_line - 1
            named = {"name": definition.qualname} if definition else {}
            argument = {"uri": asked.document.uri, "line": start, "last": last, **named}
            command = types.Command("qcode: explain", COMMAND, arguments=[argument])
            offers.append(Offer("qcode: explain", EXPLAIN, command=command))
        return offers

    def make(data: Mapping[str, Any], uri: str) -> Task:
        kind, tests = str(data["do"]), parts.settings.wishes.test
        path = _relative(parts, uri)
        words = _words(parts, kind, path, data, uri)
        if kind == "test":
            return Task(words, exact=False, tests=tests, edit_tests=True)
        return Task(words, exact=False, scope=(path,) if kind == "document" else (), tests=tests)

    async def explain(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = one_object(COMMAND, params.arguments, {"uri", "line", "last", "name"})
        uri = uri_in(given) or ""
        words = _words(parts, "explain", _relative(parts, uri), given, uri)
        done = await made(parts, Task(words, exact=False, answer=True), uri, params.work_done_token)
        return {"stop": done.outcome.stop.name.lower(), "message": done.outcome.sentence,
                "text": done.outcome.answer}  # fmt: skip

    actions.finders.append(find)
    for kind in ("fix", "document", "test"):
        actions.makers[kind] = make
    parts.server.command(COMMAND)(explain)


def _has_model(asked: Asked) -> bool:
    try:
        return asked.parts.models.role(asked.root, "agent") is not None
    except ConfigError:
        return False  # said where something is asked of it


def _message(diagnostic: types.Diagnostic) -> str:
    message = diagnostic.message
    return message if isinstance(message, str) else message.value


def _relative(parts: Parts, uri: str) -> str:
    path = path_of(uri)
    return path.relative_to(root_of(parts.server, uri)).as_posix() if path else ""


def _words(parts: Parts, kind: str, path: str, data: Mapping[str, Any], uri: str) -> str:
    line = data.get("line")
    number = line if isinstance(line, int) else 0
    last = data.get("last")
    document = parts.server.workspace.get_text_document(uri)
    lines = document.lines if kind == "fix" else ()
    return render(
        "editor",
        kind=kind,
        path=path,
        line=number + 1,
        last=(last if isinstance(last, int) else number) + 1,
        symbol=str(data.get("name", "")),
        source=str(data.get("source", "")),
        message=str(data.get("message", "")),
        text=lines[number].strip() if 0 <= number < len(lines) else "",
    )
