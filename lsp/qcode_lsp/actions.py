"""Code actions: a comment `# qcode: rename a to b` offers to do what it says."""

from __future__ import annotations

import re

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from qcode_lsp.documents import opened
from qcode_lsp.refactor import COMMAND, MAX_REQUEST, edit_for, request_of, title
from qcode_lsp.text_edits import lines_of

KIND = types.CodeActionKind.RefactorRewrite

_COMMENT = re.compile(
    r"""^\s*(?:\#|//|/\*|\*|--|;|%|"|<!--)\s*[\#/;!*-]*\s*   # how a comment begins
        qcode:\s*(?P<request>.+?)
        \s*(?:\*/|-->)?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)


def register(server: LanguageServer) -> None:
    """Add the offer, and its resolution for clients that resolve edits lazily."""

    async def offer(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = params.context.only
        if only is not None and not any(_covers(kind, KIND) for kind in only):
            return []
        uri = params.text_document.uri
        document = opened(server, uri)
        if document is None:
            return []
        request = request_in(document.source, params.range.start.line, params.range.end.line)
        if not request:
            return []
        action = types.CodeAction(title=f"qcode: {title(request)}", kind=KIND)
        argument = {"request": request, "uri": uri}
        if _resolves_edits(server.client_capabilities):
            action.data = argument
        else:
            action.command = types.Command(title=action.title, command=COMMAND, arguments=[argument])
        return [action]

    async def resolve(action: types.CodeAction) -> types.CodeAction:
        request, uri = request_of(action.data)
        _, action.edit = await edit_for(server, request, uri)
        return action

    options = types.CodeActionOptions(code_action_kinds=[KIND], resolve_provider=True)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(offer)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve)


def request_in(text: str, first: int, last: int) -> str:
    """The first request that a comment on lines first..last (from 0) makes, "" when none does."""
    for line in lines_of(text)[first : last + 1]:
        if (found := _COMMENT.match(line)) and len(found["request"]) <= MAX_REQUEST:
            return found["request"]
    return ""


def _covers(asked: str, kind: str) -> bool:
    """Kinds are dotted: asking for "refactor" asks for "refactor.rewrite" too."""
    asked = asked.value if isinstance(asked, types.CodeActionKind) else asked
    kind = kind.value if isinstance(kind, types.CodeActionKind) else kind
    return not asked or asked == kind or kind.startswith(f"{asked}.")


def _resolves_edits(client: types.ClientCapabilities) -> bool:
    able = client.text_document.code_action if client.text_document else None
    lazy = able.resolve_support if able else None
    return bool(able and able.data_support and lazy and "edit" in lazy.properties)
