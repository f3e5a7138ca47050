"""`textDocument/codeAction`: everything that may be offered at a place, carried out when it is chosen.

An offer costs nothing but a look at the document. What it stands for lies in `data`, with the
document's version: an offer for a text that is no longer there is refused, not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from qcode_lsp.buffers import Buffer
from qcode_lsp.documents import opened, path_of, root_of
from qcode_lsp.engine import Outcome, Task
from qcode_lsp.parts import Parts
from qcode_lsp.refactor import applied
from qcode_lsp.runs import edit_for
from qcode_lsp.telling import one_object, stale, uri_in

COMMAND = "qcode.act"
"""What an action's command does where the client does not resolve edits lazily."""

REWRITE = types.CodeActionKind.RefactorRewrite.value
QUICKFIX = types.CodeActionKind.QuickFix.value
EXPLAIN = "qcode.explain"
KINDS = (
    REWRITE,
    QUICKFIX,
    EXPLAIN,
    types.CodeActionKind.Source.value,
    types.CodeActionKind.RefactorExtract.value,
    types.CodeActionKind.RefactorInline.value,
    types.CodeActionKind.RefactorMove.value,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where actions are asked for. Lines from 0, the last one included; `path` is relative to the root."""

    parts: Parts
    document: Buffer
    path: str
    root: Any
    range: types.Range
    diagnostics: tuple[types.Diagnostic, ...]

    @property
    def first(self) -> int:
        """The first line."""
        return self.range.start.line

    @property
    def last(self) -> int:
        """The last line that is selected: one that ends at column 0 is not."""
        start, end = self.range.start, self.range.end
        return end.line - 1 if end.character == 0 and end.line > start.line else end.line


@dataclass(frozen=True, slots=True)
class Offer:
    """One action. Either `edit` is ready, or `data` says what makes it, or `command` is the client's."""

    title: str
    kind: str
    data: Mapping[str, Any] | None = None
    edit: types.WorkspaceEdit | None = None
    command: types.Command | None = None
    diagnostics: tuple[types.Diagnostic, ...] = ()
    preferred: bool = False


Finder = Callable[[Asked], list[Offer]]
Maker = Callable[[Mapping[str, Any], str], Task]


class Actions:
    """Who offers, and how what they offer becomes a task: makers by the name under "do"."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.finders: list[Finder] = []
        self.makers: dict[str, Maker] = {}

    def offers(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """The actions for a place, of the kinds that were asked for."""
        uri = params.text_document.uri
        document, path = opened(self.parts.server, uri), path_of(uri)
        if document is None or path is None:
            return []
        root = root_of(self.parts.server, uri)
        name = path.relative_to(root).as_posix()
        asked = Asked(self.parts, document, name, root, params.range, tuple(params.context.diagnostics))
        only = params.context.only
        return [
            self._action(offer, uri, document.version)
            for finder in self.finders
            for offer in finder(asked)
            if only is None or any(_covers(kind, offer.kind) for kind in only)
        ]

    async def edit(
        self, data: Any, token: int | str | None = None
    ) -> tuple[Task, Outcome, types.WorkspaceEdit | None]:
        """Carry out what an offer's `data` stands for. Raises InvalidParams and ContentModified."""
        kind = data.get("do") if isinstance(data, Mapping) else None
        if not isinstance(kind, str) or kind not in self.makers:
            raise JsonRpcInvalidParams("This action is none of this server's.")
        uri = uri_in(data)
        document = opened(self.parts.server, uri) if uri else None
        if uri is None or document is None or document.version != data.get("version"):
            raise stale((uri or "The document").rpartition("/")[2])
        task = self.makers[kind](data, uri)
        outcome, edit = await edit_for(self.parts, task, uri, token)
        return task, outcome, edit

    def _action(self, offer: Offer, uri: str, version: int | None) -> types.CodeAction:
        action = types.CodeAction(
            title=offer.title,
            kind=offer.kind,
            diagnostics=list(offer.diagnostics) or None,
            is_preferred=offer.preferred or None,
            edit=offer.edit,
            command=offer.command,
        )
        if offer.data is not None:
            data = {**offer.data, "uri": uri, "version": version}
            if _resolves_edits(self.parts.server.client_capabilities):
                action.data = data
            else:
                action.command = types.Command(title=offer.title, command=COMMAND, arguments=[data])
        return action


def register(parts: Parts) -> Actions:
    """Add the feature; others add what they offer to what it returns."""
    actions = Actions(parts)

    async def offer(params: types.CodeActionParams) -> list[types.CodeAction]:
        return actions.offers(params)

    async def resolve(action: types.CodeAction) -> types.CodeAction:
        if action.data is not None:
            _, _, action.edit = await actions.edit(action.data)
        return action

    async def act(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = one_object(
            COMMAND, params.arguments, {"do", "uri", "version", "request", "line", "last", "name", "message", "verb", "arguments",
                                        "source"},
        )  # fmt: skip
        task, outcome, edit = await actions.edit(given, params.work_done_token)
        return await applied(parts, task, outcome, edit)

    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)
    parts.server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(offer)
    parts.server.feature(types.CODE_ACTION_RESOLVE)(resolve)
    parts.server.command(COMMAND)(act)
    return actions


def _covers(asked: str, kind: str) -> bool:
    """Kinds are dotted: asking for "refactor" asks for "refactor.rewrite" too."""
    asked = asked.value if isinstance(asked, types.CodeActionKind) else asked
    return not asked or asked == kind or kind.startswith(f"{asked}.")


def _resolves_edits(client: types.ClientCapabilities) -> bool:
    able = client.text_document.code_action if client.text_document else None
    lazy = able.resolve_support if able else None
    return bool(able and able.data_support and lazy and "edit" in lazy.properties)
