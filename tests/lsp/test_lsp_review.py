"""Review diagnostics: asked for or sent, told once, and mended by exact fixes."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

OLD = "def f():\n    breakpoint()\n    return 1\n"
NEW = "def f():\n    breakpoint()\n    return 1\n\n\ndef g():\n    breakpoint()\n"
CONFLICT = "a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> other\nc = 4\n"


NAME = ["-c", "user.name=a", "-c", "user.email=a@b.c"]


def git(root: Path, *command: str) -> None:
    subprocess.run(["git", "-C", str(root), *command], check=True, capture_output=True)


@pytest.fixture
def repository(project: Path) -> Path:
    (project / "app.py").write_text(OLD)
    for command in (["init", "-q"], ["add", "."], [*NAME, "commit", "-qm", "one"]):
        git(project, *command)
    return project


async def pull(editor: Any, uri: str, previous: str | None = None) -> Any:
    return await editor.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=previous)
    )


@pytest.mark.smoke
async def test_only_what_was_added_is_found_and_told_once(
    connect: Any, repository: Path, capabilities: Any
) -> None:
    editor = await connect(capabilities(pull=True))
    assert editor.initialized_as.capabilities.diagnostic_provider.identifier == "qcode"
    uri = editor.open(repository / "app.py", text=NEW)
    report = await pull(editor, uri)
    (found,) = report.items
    assert (found.code, found.source, found.range.start.line) == ("debugger", "qcode", 6)
    assert found.range == types.Range(types.Position(6, 4), types.Position(6, 16))
    assert found.severity is types.DiagnosticSeverity.Error
    again = await pull(editor, uri, report.result_id)
    assert again.kind == "unchanged" and again.result_id == report.result_id
    editor.change(uri, 2, OLD)
    fixed = await pull(editor, uri, report.result_id)
    assert fixed.kind == "full" and fixed.items == ()


async def test_a_commit_changes_what_is_compared_with(
    connect: Any, repository: Path, capabilities: Any
) -> None:
    editor = await connect(capabilities(pull=True))
    uri = editor.open(repository / "app.py", text=NEW)
    assert len((await pull(editor, uri)).items) == 1
    (repository / "app.py").write_text(NEW)
    git(repository, *NAME, "commit", "-qam", "two")
    head = types.FileEvent((repository / ".git" / "HEAD").as_uri(), types.FileChangeType.Changed)
    editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([head]))
    assert (await pull(editor, uri)).items == ()


async def test_editors_that_do_not_ask_are_told(connect: Any, repository: Path) -> None:
    editor = await connect()
    uri = editor.open(repository / "app.py", text=OLD)
    editor.change(uri, 2, NEW)
    for _ in range(100):
        if [p for p in editor.published if p.version == 2]:
            break
        await asyncio.sleep(0.05)
    last = editor.published[-1]
    assert (last.version, [d.code for d in last.diagnostics]) == (2, ["debugger"])
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    for _ in range(100):
        if editor.published[-1].diagnostics == ():
            break
        await asyncio.sleep(0.05)
    assert editor.published[-1].diagnostics == ()


async def test_it_can_be_switched_off(connect: Any, repository: Path, capabilities: Any) -> None:
    editor = await connect(capabilities(pull=True))
    uri = editor.open(repository / "app.py", text=NEW)
    settings = {"qcode": {"review": {"enabled": False}}}
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    assert (await pull(editor, uri)).items == ()


async def fixes(editor: Any, uri: str, diagnostic: types.Diagnostic) -> dict[str, Any]:
    found = await editor.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri), diagnostic.range, types.CodeActionContext([diagnostic])
        )
    )
    return {action.title: action for action in found}


def mended(text: str, action: Any) -> str:
    (step,) = action.edit.document_changes
    lines = text.splitlines(keepends=True)
    for edit in reversed(step.edits):
        start = sum(map(len, lines[: edit.range.start.line])) + edit.range.start.character
        end = sum(map(len, lines[: edit.range.end.line])) + edit.range.end.character
        text = text[:start] + edit.new_text + text[end:]
    return text


async def test_each_finding_has_a_fix(connect: Any, repository: Path, capabilities: Any) -> None:
    editor = await connect(capabilities(pull=True))
    uri = editor.open(repository / "app.py", version=3, text=NEW)
    (found,) = (await pull(editor, uri)).items
    actions = await fixes(editor, uri, found)
    removal = actions["qcode: Remove the debugger call"]
    assert removal.is_preferred and removal.edit.document_changes[0].text_document.version == 3
    assert mended(NEW, removal) == OLD + "\n\ndef g():\n    pass\n", "a body must not be empty"
    ignored = mended(NEW, actions["qcode: Ignore “debugger” on this line"])
    editor.change(uri, 4, ignored)
    assert (await pull(editor, uri)).items == ()


async def test_either_side_of_a_conflict(connect: Any, repository: Path, capabilities: Any) -> None:
    editor = await connect(capabilities(pull=True))
    uri = editor.open(repository / "new.txt", text=CONFLICT)
    found = (await pull(editor, uri)).items
    assert {item.code for item in found} == {"conflict-marker"}
    for item in found:
        actions = await fixes(editor, uri, item)
        assert (
            mended(CONFLICT, actions["qcode: Keep the first side of the conflict"]) == "a = 1\nb = 2\nc = 4\n"
        )
        assert (
            mended(CONFLICT, actions["qcode: Keep the second side of the conflict"])
            == "a = 1\nb = 3\nc = 4\n"
        )
