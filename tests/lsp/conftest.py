"""A real client: pygls's own, on the stdio of a real server process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

START = "from qcode_lsp.server import main; main()"


class Editor(LanguageClient):
    """Keeps what the server says; applies nothing, but answers as `takes` says."""

    def __init__(self) -> None:
        super().__init__("test-editor", "1")
        self.messages: list[str] = []
        self.edits: list[types.WorkspaceEdit] = []
        self.progress: list[Any] = []
        self.logged: list[str] = []
        self.published: list[types.PublishDiagnosticsParams] = []
        self.settings: Any = None
        self.registered: list[types.Registration] = []
        self.takes: bool | None = True
        self.initialized_as: types.InitializeResult | None = None
        self.on_progress: Callable[[types.WorkDoneProgressCreateParams], Awaitable[None]] | None = None

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def _message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.append(params)

        @self.feature(types.WINDOW_LOG_MESSAGE)
        def _log(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

        @self.feature(types.WORKSPACE_CONFIGURATION)
        def _configuration(params: types.ConfigurationParams) -> list[Any]:
            return [self.settings for _ in params.items]

        @self.feature(types.CLIENT_REGISTER_CAPABILITY)
        def _register(params: types.RegistrationParams) -> None:
            self.registered.extend(params.registrations)

        @self.feature(types.CLIENT_UNREGISTER_CAPABILITY)
        def _unregister(params: types.UnregistrationParams) -> None:
            gone = {item.id for item in params.unregisterations}
            self.registered = [item for item in self.registered if item.id not in gone]

        @self.feature(types.WORKSPACE_APPLY_EDIT)
        def _apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            self.edits.append(params.edit)
            if self.takes is None:
                raise JsonRpcException("no", -32603)
            return types.ApplyWorkspaceEditResult(applied=self.takes)

        @self.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
        async def _create(params: types.WorkDoneProgressCreateParams) -> None:
            if self.on_progress:
                await self.on_progress(params)

        @self.feature(types.PROGRESS)
        def _progress(params: types.ProgressParams) -> None:
            self.progress.append(params.value)

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._server is not None
        return self._server

    def open(self, path: Path, version: int = 1, text: str | None = None) -> str:
        """Open `path` and return its URI."""
        content = path.read_text("utf-8") if text is None else text
        document = types.TextDocumentItem(path.as_uri(), "python", version, content)
        self.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return path.as_uri()

    def change(self, uri: str, version: int, text: str) -> None:
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def type(self, uri: str, version: int, line: int, column: int, text: str) -> None:
        """Insert `text` as a key press does."""
        at = types.Position(line, column)
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri),
                [types.TextDocumentContentChangePartial(types.Range(at, at), text)],
            )
        )

    async def suggestion(
        self,
        uri: str,
        line: int,
        column: int,
        chosen: types.SelectedCompletionInfo | None = None,
        kind: types.InlineCompletionTriggerKind = types.InlineCompletionTriggerKind.Automatic,
    ) -> types.InlineCompletionItem | None:
        """What the server would have inserted there."""
        answer = await self.text_document_inline_completion_async(
            types.InlineCompletionParams(
                types.InlineCompletionContext(kind, chosen),
                types.TextDocumentIdentifier(uri),
                types.Position(line, column),
            )
        )
        if answer is None:
            return None
        assert isinstance(answer, types.InlineCompletionList)
        (item,) = answer.items
        return item

    async def command(self, request: str, uri: str | None = None) -> Any:
        argument = {"request": request} | ({"uri": uri} if uri else {})
        return await self.workspace_execute_command_async(
            types.ExecuteCommandParams("qcode.refactor", [argument])
        )


def client_capabilities(
    encodings: list[str] | None = None,
    versions: bool = True,
    lazy: bool = True,
    pull: bool = False,
    content: bool = False,
    dynamic_rename: bool = False,
) -> types.ClientCapabilities:
    """What a modern editor says of itself, less what a test takes away."""
    resolve = types.ClientCodeActionResolveOptions(["edit"]) if lazy else None
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=encodings) if encodings else None,
        window=types.WindowClientCapabilities(work_done_progress=True),
        workspace=types.WorkspaceClientCapabilities(
            apply_edit=True,
            text_document_content=types.TextDocumentContentClientCapabilities() if content else None,
            workspace_edit=types.WorkspaceEditClientCapabilities(
                document_changes=versions,
                resource_operations=[types.ResourceOperationKind.Create, types.ResourceOperationKind.Delete],
            ),
        ),
        text_document=types.TextDocumentClientCapabilities(
            code_action=types.CodeActionClientCapabilities(data_support=lazy, resolve_support=resolve),
            rename=types.RenameClientCapabilities(dynamic_registration=dynamic_rename, prepare_support=True),
            diagnostic=types.DiagnosticClientCapabilities() if pull else None,
        ),
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "qcode.toml").write_text("")
    (root / "conf.py").write_text("# qcode: rename parse_cfg to read_cfg\ndef parse_cfg(t):\n    return t\n")
    (root / "app.py").write_text("from conf import parse_cfg\n\nx = '🙂' + parse_cfg('a')\n", "utf-8")
    return root


Connect = Callable[..., Awaitable[Editor]]


@pytest_asyncio.fixture
async def connect(project: Path) -> AsyncIterator[Connect]:
    """`await connect(client capabilities, environment, initialization options)`: an initialized editor."""
    editors: list[Editor] = []

    async def connected(
        client: types.ClientCapabilities | None = None,
        environment: dict[str, str] | None = None,
        options: dict[str, Any] | None = None,
    ) -> Editor:
        editor = Editor()
        editors.append(editor)
        await editor.start_io(sys.executable, "-c", START, env={**os.environ, **(environment or {})})
        folder = types.WorkspaceFolder(project.as_uri(), "project")
        editor.initialized_as = await editor.initialize_async(
            types.InitializeParams(
                client or client_capabilities(),
                os.getpid(),
                workspace_folders=[folder],
                initialization_options=options,
            )
        )
        editor.initialized(types.InitializedParams())
        return editor

    yield connected
    for editor in editors:
        if editor.process.returncode is None:
            await editor.shutdown_async(None)
            editor.exit(None)
        await editor.stop()


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """`script(text)`: the environment of a server whose `complete` model says that."""

    def written(text: str) -> dict[str, str]:
        file = tmp_path / "complete.script"
        file.write_text(text, "utf-8")
        return {"QCODE_COMPLETE_BACKEND": "scripted", "QCODE_COMPLETE_SCRIPT": str(file)}

    return written


@pytest.fixture
def capabilities() -> Callable[..., types.ClientCapabilities]:
    """`capabilities(encodings, versions, lazy)`: see `client_capabilities`."""
    return client_capabilities


@pytest.fixture
def start() -> str:
    """The Python program that is the server."""
    return START
