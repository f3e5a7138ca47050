"""The command `qcode.refactor`: a sentence in, a versioned edit applied through the editor."""

from __future__ import annotations

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from qcode.errors import UsageError
from qcode.terminal import clean
from qcode_lsp.engine import Outcome, Task
from qcode_lsp.parts import Parts
from qcode_lsp.runs import done_words, edit_for
from qcode_lsp.telling import failed, one_object, request_in, say, title, uri_in

COMMAND = "qcode.refactor"


def register(parts: Parts) -> None:
    """Add the command."""

    async def refactor(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = one_object(COMMAND, params.arguments, {"request", "uri"})
        task = Task(request_in(given), tests=parts.settings.wishes.test)
        outcome, edit = await edit_for(parts, task, uri_in(given), params.work_done_token)
        return await applied(parts, task, outcome, edit)

    parts.server.command(COMMAND)(refactor)


async def applied(
    parts: Parts, task: Task, outcome: Outcome, edit: types.WorkspaceEdit | None
) -> dict[str, Any]:
    """Have the editor make `edit`, and say how it went: to the user, and as a command's answer."""
    answer = {"applied": False, "stop": outcome.stop.name.lower(), "message": outcome.sentence}
    if edit is None:
        return answer
    taken = await apply(parts, edit, f"qcode: {title(task.request)}")
    if taken:
        say(parts.server, types.MessageType.Info, done_words(outcome))
    return {**answer, "applied": taken}


async def apply(parts: Parts, edit: types.WorkspaceEdit, label: str) -> bool:
    """Whether the editor made the edit; the user is told when not. Raises what answers the request."""
    client = parts.server.client_capabilities.workspace
    if not (client and client.apply_edit):
        raise failed(UsageError("This editor takes no edits from a server.", "Use a code action."))
    try:
        result = await parts.server.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(edit, label=label)
        )
    except JsonRpcException as error:  # its user said no, or it broke: either way it was not made
        result = types.ApplyWorkspaceEditResult(False, clean(error.message, keep_newlines=False)[:200])
    if not result.applied:
        reason = f": {clean(result.failure_reason)}" if result.failure_reason else "."
        say(parts.server, types.MessageType.Warning, f"The editor did not take the edit{reason}")
    return result.applied
