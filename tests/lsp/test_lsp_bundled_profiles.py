"""The editors that pytest-lsp knows, old ones among them: whatever a client can or cannot do, a finding
reaches it, and so does its fix."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types

pytest_lsp = pytest.importorskip("pytest_lsp")
START = "from qcode_lsp.server import main; main()"


@pytest_lsp.fixture(
    params=["neovim@0.6.1", "neovim@0.11.0", "visual_studio_code@1.65.2", "emacs@29.1"],
    config=pytest_lsp.ClientServerConfig(server_command=[sys.executable, "-c", START]),
)
async def client(
    request: pytest.FixtureRequest, lsp_client: pytest_lsp.LanguageClient
) -> AsyncIterator[None]:
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        """These profiles say that they can, and the library leaves it to the test."""

    known = pytest_lsp.client_capabilities(request.param)
    await lsp_client.initialize_session(types.InitializeParams(known, workspace_folders=[]))
    yield
    await lsp_client.shutdown_session()


async def test_a_finding_and_its_fix(client: pytest_lsp.LanguageClient, tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    text = "def f():\n    breakpoint()\n    return 1\n"
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 1, text))
    )
    able = client.capabilities.text_document
    if able and able.diagnostic:
        report = await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        )
        found = list(report.items)
    else:
        for _ in range(200):
            if uri in client.diagnostics:
                break
            await asyncio.sleep(0.05)
        found = list(client.diagnostics[uri])
    assert [item.code for item in found] == ["debugger"]
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri), found[0].range, types.CodeActionContext(found)
        )
    )
    (fix,) = [action for action in actions if "Remove the debugger call" in action.title]
    assert fix.edit.document_changes or fix.edit.changes
