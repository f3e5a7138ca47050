"""The command `qcode.refactor`: a sentence in, a versioned edit applied through the editor."""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from qcode.errors import QcodeError, UsageError
from qcode.messages import Verdict
from qcode.terminal import clean
from qcode_lsp.documents import take
from qcode_lsp.engine import Outcome, changes_for, count
from qcode_lsp.progress import shown
from qcode_lsp.workspace_edit import Abilities, assemble, prepare

COMMAND = "qcode.refactor"
MAX_REQUEST = 4000
"""Characters of a request; more is a pasted file, not a sentence."""

_REQUEST_FAILED = -32803


def register(server: LanguageServer) -> None:
    """Add the command."""

    async def refactor(params: types.ExecuteCommandParams) -> dict[str, Any]:
        request, uri = arguments(params.arguments)
        outcome, edit = await edit_for(server, request, uri, params.work_done_token)
        answer = {"applied": False, "stop": outcome.stop.name.lower(), "message": outcome.sentence}
        if edit is None:
            return answer
        client = server.client_capabilities.workspace
        if not (client and client.apply_edit):
            raise failed(UsageError("This editor takes no edits from a server.", "Use a code action."))
        result = await server.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(edit, label=f"qcode: {title(request)}")
        )
        if result.applied:
            say(server, types.MessageType.Info, done_words(outcome))
        else:
            reason = f": {clean(result.failure_reason)}" if result.failure_reason else "."
            say(server, types.MessageType.Warning, f"The editor did not take the edit{reason}")
        return {**answer, "applied": result.applied}

    server.command(COMMAND)(refactor)


def arguments(given: Any) -> tuple[str, str | None]:
    """The request and the URI of a command's arguments (or an action's data), or InvalidParams."""
    value = given[0] if isinstance(given, (list, tuple)) and len(given) == 1 else None
    return request_of(value)


def request_of(value: Any) -> tuple[str, str | None]:
    """`{request, uri?}` checked; raises InvalidParams."""
    if not isinstance(value, dict) or not set(value) <= {"request", "uri"}:
        raise JsonRpcInvalidParams(f"{COMMAND} takes one object: {{request, uri?}}.")
    request, uri = value.get("request"), value.get("uri")
    if not isinstance(request, str) or not request.strip() or len(request) > MAX_REQUEST:
        raise JsonRpcInvalidParams(f"`request` must be a text of 1 to {MAX_REQUEST} characters.")
    if uri is not None and not (isinstance(uri, str) and uri.startswith("file:")):
        raise JsonRpcInvalidParams("`uri` must be a file: URI.")
    return request.strip(), uri


async def edit_for(
    server: LanguageServer, request: str, uri: str | None, token: int | str | None = None
) -> tuple[Outcome, types.WorkspaceEdit | None]:
    """Run `request` and make its edit for the documents as they are at the end.

    None, after a message to the user, when there is nothing to apply: a question, nothing to do,
    tests that the edit breaks, or a document that moved while the run went on.
    """
    able = Abilities.of(server.client_capabilities)
    try:
        seen = take(server, uri)
        async with shown(server, f"qcode: {title(request)}", token) as tell:
            outcome = await changes_for(request, seen.root, seen.buffers, tell)
            prepared = await asyncio.to_thread(prepare, outcome.changes, seen.encoding, able)
        if not prepared:
            say(server, types.MessageType.Warning, f"{outcome.sentence} {outcome.hint}".strip())
            return outcome, None
        if not await _wanted(server, outcome):
            return outcome, None
        now = take(server, uri)
        if moved := [item.change.path for item in prepared if seen.moved(now, item.change)]:
            more = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
            words = f"Not applied: {moved[0]}{more} changed while qcode was working. Ask again."
            say(server, types.MessageType.Warning, words)
            return outcome, None
        return outcome, assemble(prepared, now, able)
    except QcodeError as error:
        raise failed(error) from error


async def _wanted(server: LanguageServer, outcome: Outcome) -> bool:
    """An edit that breaks tests is applied only if the user says so."""
    if outcome.verdict is None or outcome.verdict.verdict is not Verdict.FAILED:
        return True
    answer = await server.window_show_message_request_async(
        types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=f"qcode: this edit breaks tests ({clean(outcome.verdict.summary)}).",
            actions=[types.MessageActionItem("Discard"), types.MessageActionItem("Apply anyway")],
        )
    )
    return answer is not None and answer.title == "Apply anyway"


def done_words(outcome: Outcome) -> str:
    """What was done, how it was tested, and what was left alone."""
    words = f"{count(len(outcome.changes), 'file')} changed; "
    words += f"{outcome.verdict.verdict}: {outcome.verdict.summary}" if outcome.verdict else "not tested"
    if outcome.doubtful:
        words += f". Left alone: {'; '.join(outcome.doubtful[:3])}"
        words += f" and {len(outcome.doubtful) - 3} more" if len(outcome.doubtful) > 3 else ""
    return words


def say(server: LanguageServer, level: types.MessageType, words: str) -> None:
    """A message to the user."""
    text = clean(words, keep_newlines=False)
    server.window_show_message(types.ShowMessageParams(level, f"qcode: {text}"))


def failed(error: QcodeError) -> JsonRpcException:
    """A foreseeable failure as the answer to a request."""
    return JsonRpcException(clean(f"{error.message} {error.hint}".strip()), _REQUEST_FAILED)


def title(request: str) -> str:
    """`request` short enough for a menu."""
    line = clean(request, keep_newlines=False)
    return line if len(line) <= 80 else f"{line[:79]}…"
