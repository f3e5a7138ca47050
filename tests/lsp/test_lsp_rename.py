"""Renames from this server: where the user wants them, exact over the repository."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

ON = {"qcode": {"rename": {"enabled": True}}}


def at(uri: str, line: int, column: int) -> tuple[types.TextDocumentIdentifier, types.Position]:
    return types.TextDocumentIdentifier(uri), types.Position(line, column)


async def test_it_is_not_offered_beside_other_servers(connect: Any) -> None:
    editor = await connect()
    assert editor.initialized_as.capabilities.rename_provider is None
    assert not editor.registered


@pytest.mark.smoke
async def test_a_use_is_renamed_with_its_definition(connect: Any, project: Path, capabilities: Any) -> None:
    editor = await connect(capabilities(["utf-8"]), options=ON)
    assert editor.initialized_as.capabilities.rename_provider
    uri = editor.open(project / "app.py", version=3)
    use = at(uri, 2, 14)
    found = await editor.text_document_prepare_rename_async(types.PrepareRenameParams(*use))
    assert found == types.Range(types.Position(2, 13), types.Position(2, 22))
    document, where = use
    edit = await editor.text_document_rename_async(types.RenameParams(document, where, "read_cfg"))
    steps = {step.text_document.uri.rpartition("/")[2]: step for step in edit.document_changes}
    assert sorted(steps) == ["app.py", "conf.py"]
    assert steps["app.py"].text_document.version == 3


async def test_what_cannot_be_renamed(connect: Any, project: Path) -> None:
    editor = await connect(options=ON)
    uri = editor.open(project / "app.py")
    assert await editor.text_document_prepare_rename_async(types.PrepareRenameParams(*at(uri, 1, 0))) is None
    assert await editor.text_document_prepare_rename_async(types.PrepareRenameParams(*at(uri, 0, 1))) is None
    document, where = at(uri, 2, 14)
    with pytest.raises(JsonRpcException) as caught:
        await editor.text_document_rename_async(types.RenameParams(document, where, "class"))
    assert caught.value.code == -32803


async def test_settings_offer_it_and_take_it_back(connect: Any, capabilities: Any) -> None:
    editor = await connect(capabilities(dynamic_rename=True))
    for wanted in (True, False):
        settings = {"qcode": {"rename": {"enabled": wanted}}}
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        for _ in range(100):
            if [r.method for r in editor.registered] == ["textDocument/rename"] * wanted:
                break
            await asyncio.sleep(0.05)
        assert [r.method for r in editor.registered] == ["textDocument/rename"] * wanted
