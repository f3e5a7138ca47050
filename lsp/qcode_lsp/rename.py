"""`textDocument/rename`, where the user wants it from this server: exact, over the whole repository.

Off unless the setting `qcode.rename.enabled` says so: most languages have a server that renames,
and an editor that is offered two asks which one each time.
"""

from __future__ import annotations

import contextlib
import keyword
import re

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from qcode import syntax
from qcode.errors import UsageError
from qcode_lsp.buffers import Buffer
from qcode_lsp.documents import encoding_of, opened, path_of, root_of
from qcode_lsp.engine import Task
from qcode_lsp.parts import Parts
from qcode_lsp.runs import edit_for
from qcode_lsp.telling import failed
from qcode_lsp.text_edits import position_at

_WORD = re.compile(r"[^\W\d]\w*")
_LANGUAGES = (".py", ".pyi")
_NAME = "qcode-rename"


class Rename:
    """The feature, there or not there as the settings go."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._offered = self._added = False

    def initialize(self, params: types.InitializeParams) -> None:
        """The last moment to be among the server's capabilities."""
        if self._parts.settings.wishes.rename:
            self._add()
            self._offered = True

    def _add(self) -> None:
        async def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
            return await self._rename(params)

        def prepare(params: types.PrepareRenameParams) -> types.Range | None:
            found = self._word(params.text_document.uri, params.position)
            return found and found[1]

        self._parts.server.feature(types.TEXT_DOCUMENT_RENAME)(rename)
        self._parts.server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)(prepare)
        self._added = True

    async def follow(self) -> None:
        """Offer it, or take it back, as the settings now say."""
        wanted = self._parts.settings.wishes.rename
        able = self._parts.server.client_capabilities.text_document
        if wanted == self._offered or not (able and able.rename and able.rename.dynamic_registration):
            return
        self._offered = wanted
        if not self._added:
            self._add()
        method = types.TEXT_DOCUMENT_RENAME
        with contextlib.suppress(JsonRpcException):  # a client that refuses does without
            if wanted:
                options = types.RenameRegistrationOptions(prepare_provider=bool(able.rename.prepare_support))
                registration = types.Registration(_NAME, method, options)
                await self._parts.server.client_register_capability_async(
                    types.RegistrationParams([registration])
                )
            else:
                await self._parts.server.client_unregister_capability_async(
                    types.UnregistrationParams([types.Unregistration(_NAME, method)])
                )

    async def _rename(self, params: types.RenameParams) -> types.WorkspaceEdit | None:
        uri = params.text_document.uri
        found = self._word(uri, params.position)
        if found is None:
            raise failed(UsageError("There is no name here that qcode can rename.", "Put the cursor on one."))
        word, where, document = found
        path = path_of(uri)
        relative = path.relative_to(root_of(self._parts.server, uri)).as_posix() if path else ""
        arguments = (("symbol", _symbol(document, relative, word, where)), ("new_name", params.new_name))
        task = Task(f"rename {word} to {params.new_name}", verb="rename", arguments=arguments)
        _, edit = await edit_for(self._parts, task, uri, params.work_done_token)
        return edit

    def _word(self, uri: str, position: types.Position) -> tuple[str, types.Range, Buffer] | None:
        document = opened(self._parts.server, uri)
        if document is None or not uri.endswith(_LANGUAGES):
            return None
        offset = document.offset(position)
        text = document.source
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        for match in _WORD.finditer(text, start, len(text) if end < 0 else end):
            if match.start() <= offset <= match.end() and not keyword.iskeyword(match.group()):
                encoding = encoding_of(self._parts.server)
                where = types.Range(
                    position_at(text, match.start(), encoding), position_at(text, match.end(), encoding)
                )
                return match.group(), where, document
        return None


def register(parts: Parts) -> Rename:
    """The feature; it joins the others in `initialize`, and follows the settings."""
    return Rename(parts)


def _symbol(document: Buffer, path: str, word: str, where: types.Range) -> str:
    """How the refactoring names what is meant: the file's own definition, else the name alone."""
    line = where.start.line + 1
    here = [d for d in syntax.definitions(path, document.source.encode("utf-8", "replace")) if d.name == word]
    at = next((d for d in here if d.start_line == line), None)
    if at is None and len(here) == 1:
        (at,) = here
    return f"{path}:{at.qualname}" if at else word
