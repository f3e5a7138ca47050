"""From a task to the edit that the editor is to make, for the documents as they are at the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from lsprotocol import types

from qcode.errors import QcodeError
from qcode.messages import Verdict
from qcode.terminal import clean
from qcode_lsp.documents import Documents, take
from qcode_lsp.engine import Outcome, Task, carried_out, count
from qcode_lsp.parts import Parts
from qcode_lsp.progress import shown
from qcode_lsp.tasks import apart
from qcode_lsp.telling import failed, say, title
from qcode_lsp.workspace_edit import Abilities, Prepared, assemble, prepare


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a task: how it ended, its edits, and the documents that they were made on."""

    outcome: Outcome
    prepared: list[Prepared]
    seen: Documents


async def made(parts: Parts, task: Task, uri: str | None, token: int | str | None = None) -> Made:
    """Do `task` with progress, in the workspace of `uri`. Raises what answers the request."""
    able = Abilities.of(parts.server.client_capabilities)
    try:
        seen = take(parts.server, uri)
        async with shown(parts.server, f"qcode: {title(task.request)}", token) as tell:
            outcome = await apart(carried_out(task, seen.root, seen.buffers, tell))
            prepared = await asyncio.to_thread(prepare, outcome.changes, seen.encoding, able)
        return Made(outcome, prepared, seen)
    except QcodeError as error:
        raise failed(error) from error


async def edit_for(
    parts: Parts, task: Task, uri: str | None, token: int | str | None = None
) -> tuple[Outcome, types.WorkspaceEdit | None]:
    """Do `task` and make its edit.

    None, after a message to the user, when there is nothing to apply: a question, nothing to do,
    tests that the edit breaks, or a document that moved while the run went on.
    """
    done = await made(parts, task, uri, token)
    outcome = done.outcome
    if not done.prepared:
        say(parts.server, types.MessageType.Warning, f"{outcome.sentence} {outcome.hint}".strip())
        return outcome, None
    if not await _wanted(parts, outcome):
        return outcome, None
    return outcome, edit_now(parts, done, uri, annotation=None if task.exact else title(task.request))


def edit_now(
    parts: Parts, done: Made, uri: str | None, annotation: str | None = None
) -> types.WorkspaceEdit | None:
    """The edit on the documents as they are; None, after a message, when one of them moved."""
    now = take(parts.server, uri)
    if moved := [item.change.path for item in done.prepared if done.seen.moved(now, item.change)]:
        more = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
        words = f"Not applied: {moved[0]}{more} changed while qcode was working. Ask again."
        say(parts.server, types.MessageType.Warning, words)
        return None
    able = Abilities.of(parts.server.client_capabilities)
    # A model's edit of many files is worth a look at each; an editor that cannot show that well
    # (Neovim stops at a prompt) gets the plain edit.
    shown_well = parts.client.preview and len(done.prepared) > 1
    return assemble(done.prepared, now, able, annotation if shown_well else None)


def done_words(outcome: Outcome) -> str:
    """What was done, how it was tested, and what was left alone."""
    words = f"{count(len(outcome.changes), 'file')} changed; "
    words += f"{outcome.verdict.verdict}: {outcome.verdict.summary}" if outcome.verdict else "not tested"
    if outcome.doubtful:
        words += f". Left alone: {'; '.join(outcome.doubtful[:3])}"
        words += f" and {len(outcome.doubtful) - 3} more" if len(outcome.doubtful) > 3 else ""
    return words


async def _wanted(parts: Parts, outcome: Outcome) -> bool:
    """An edit that breaks tests is applied only if the user says so."""
    if outcome.verdict is None or outcome.verdict.verdict is not Verdict.FAILED:
        return True
    answer = await parts.server.window_show_message_request_async(
        types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=f"qcode: this edit breaks tests ({clean(outcome.verdict.summary)}).",
            actions=[types.MessageActionItem("Discard"), types.MessageActionItem("Apply anyway")],
        )
    )
    return answer is not None and answer.title == "Apply anyway"
