"""Editors as they introduce themselves: `initialize` as recorded from real ones, and the features they use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import converters, types

PROFILES = sorted((Path(__file__).parent / "profiles").glob("*.json"))
ENCODINGS = {"Neovim": "utf-8", "Visual Studio Code": "utf-16", "code-server": "utf-16"}
TEXT = "x = '🙂'; breakpoint()\n\n\ndef f(a):\n    return a\n"


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.stem)
async def test_a_recorded_editor(connect: Any, project: Path, script: Any, profile: Path) -> None:
    recorded = json.loads(profile.read_text("utf-8"))
    client = converters.get_converter().structure(recorded["capabilities"], types.ClientCapabilities)
    editor = await connect(client, environment=script("text:  + 1"))
    said = editor.initialized_as.capabilities
    encoding = ENCODINGS[recorded["clientInfo"]["name"]]
    assert said.position_encoding == encoding
    assert said.inline_completion_provider and said.diagnostic_provider and said.hover_provider
    uri = editor.open(project / "app.py", version=4, text=TEXT)
    assert (await editor.suggestion(uri, 4, 12)).insert_text == " + 1"
    report = await editor.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
    )
    (found,) = [item for item in report.items if item.code == "debugger"]
    assert found.range.end.character == {"utf-8": 24, "utf-16": 22}[encoding]
    actions = await editor.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri), found.range, types.CodeActionContext([found])
        )
    )
    edits = [action.edit for action in actions if "Ignore" in action.title]
    workspace = client.workspace and client.workspace.workspace_edit
    if workspace and workspace.document_changes:
        assert edits[0].document_changes[0].text_document.version == 4
    else:
        assert list(edits[0].changes) == [uri]
    methods = {registration.method for registration in editor.registered}
    files = client.workspace and client.workspace.did_change_watched_files
    assert ("workspace/didChangeWatchedFiles" in methods) == bool(files and files.dynamic_registration)


def test_the_editors_that_matter_are_recorded() -> None:
    names = {json.loads(profile.read_text("utf-8"))["clientInfo"]["name"] for profile in PROFILES}
    assert "Neovim" in names and len(names) > 1
