"""Commands for the agent: run a request, look at its diff file by file, take what you like.

    qcode.run      {request, uri?}      -> {stop, message, proposal?, files: [{path, uri, before, after, …}]}
    qcode.accept   {proposal, paths?}   -> {applied, left}        through the editor, versions checked
    qcode.discard  {proposal, paths?}   -> {left}
    qcode.status   -                    -> models, and where the milliseconds of completions went

`before` and `after` are URIs of the scheme `qcode`, which the server reads (`workspace/textDocumentContent`).
A hover on a changed line says why it is to change.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from qcode import __version__
from qcode.errors import QcodeError, UsageError
from qcode.terminal import clean
from qcode_lsp.documents import opened, path_of
from qcode_lsp.engine import Outcome, Task
from qcode_lsp.inline import InlineCompletion
from qcode_lsp.parts import Parts
from qcode_lsp.proposals import Proposal
from qcode_lsp.refactor import apply
from qcode_lsp.runs import Made, edit_now, made
from qcode_lsp.telling import failed, one_object, request_in, title, uri_in

RUN, ACCEPT, DISCARD, STATUS = "qcode.run", "qcode.accept", "qcode.discard", "qcode.status"
SCHEME = "qcode"


def register(parts: Parts, completion: InlineCompletion) -> None:
    """Add the commands, the documents that they name, and the hover."""

    async def run(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = one_object(RUN, params.arguments, {"request", "uri"})
        request, uri = request_in(given), uri_in(given)
        task = Task(request, tests=parts.settings.wishes.test)
        done = await made(parts, task, uri, params.work_done_token)
        outcome = done.outcome
        answer: dict[str, Any] = {
            "stop": outcome.stop.name.lower(),
            "message": clean(f"{outcome.sentence} {outcome.hint}".strip()),
            "files": [],
        }
        if not done.prepared:
            return answer
        proposal = parts.proposals.add(request, uri, done)
        files = [_described(proposal, item.change.path) for item in done.prepared]
        return {**answer, "proposal": proposal.name, "tests": _tests(outcome), "files": files}

    async def accept(params: types.ExecuteCommandParams) -> dict[str, Any]:
        proposal, paths = _chosen(parts, ACCEPT, params)
        done = proposal.made
        part = Made(done.outcome, [p for p in done.prepared if p.change.path in paths], done.seen)
        edit = edit_now(parts, part, proposal.uri)
        taken = edit is not None and await apply(parts, edit, f"qcode: {title(proposal.request)}")
        if taken:
            _gone(parts, proposal, paths)
        return {"applied": taken, "left": sorted(proposal.left)}

    async def discard(params: types.ExecuteCommandParams) -> dict[str, Any]:
        proposal, paths = _chosen(parts, DISCARD, params)
        _gone(parts, proposal, paths)
        return {"left": sorted(proposal.left)}

    async def status(params: types.ExecuteCommandParams) -> dict[str, Any]:
        one_object(STATUS, params.arguments or [{}], {"uri"})
        return {"version": __version__, "models": _models(parts), "completion": completion.status()}

    def content(params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
        name, path, side = _named(params.uri)
        proposal = parts.proposals.find(name)
        text = proposal.text(path, side) if proposal else None
        if text is None:
            raise failed(UsageError("That edit is no longer kept.", "Ask again."))
        return types.TextDocumentContentResult(text)

    def hover(params: types.HoverParams) -> types.Hover | None:
        words = _why(parts, params.text_document.uri, params.position.line)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, words)) if words else None

    for name, handler in ((RUN, run), (ACCEPT, accept), (DISCARD, discard), (STATUS, status)):
        parts.server.command(name)(handler)
    options = types.TextDocumentContentRegistrationOptions([SCHEME])
    parts.server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT, options)(content)
    parts.server.feature(types.TEXT_DOCUMENT_HOVER)(hover)


def _described(proposal: Proposal, path: str) -> dict[str, Any]:
    before, after = proposal.text(path, "before") or "", proposal.text(path, "after") or ""
    (change,) = [item.change for item in proposal.made.prepared if item.change.path == path]
    kind = "created" if change.before is None else "deleted" if change.after is None else "changed"
    return {
        "path": path,
        "uri": proposal.made.seen.uri(path),
        "kind": kind,
        "before": _uri(proposal, "before", path),
        "after": _uri(proposal, "after", path),
        "lines": [before.count("\n"), after.count("\n")],
    }


def _uri(proposal: Proposal, side: str, path: str) -> str:
    # The side as the query: with equal paths, editors show a change and not a move.
    return f"{SCHEME}://{proposal.name}/{quote(path)}?{side}"


def _named(uri: str) -> tuple[str, str, str]:
    """The proposal, the path and the side of a virtual document; the first "" for any other URI."""
    try:
        parsed = urlsplit(uri)
    except ValueError:
        return "", "", ""
    if parsed.scheme != SCHEME or parsed.query not in ("before", "after"):
        return "", "", ""
    return parsed.netloc, unquote(parsed.path).lstrip("/"), parsed.query


def _chosen(parts: Parts, command: str, params: types.ExecuteCommandParams) -> tuple[Proposal, set[str]]:
    """The proposal of a command's arguments, and the paths of it that are meant: all without any."""
    given = one_object(command, params.arguments, {"proposal", "paths"})
    name, paths = given.get("proposal"), given.get("paths")
    if not isinstance(name, str) or not (paths is None or isinstance(paths, (list, tuple))):
        raise JsonRpcInvalidParams("`proposal` must be a text, and `paths` a list.")
    proposal = parts.proposals.find(name)
    if proposal is None:
        raise failed(UsageError("That edit is no longer kept.", "Ask again."))
    wanted = set(proposal.left) if paths is None else {p for p in paths if isinstance(p, str)}
    if unknown := wanted - proposal.left:
        raise failed(UsageError(f"{min(unknown)} is not part of that edit any more.", "See its files."))
    return proposal, wanted


def _gone(parts: Parts, proposal: Proposal, paths: set[str]) -> None:
    proposal.left -= paths
    if not proposal.left:
        parts.proposals.drop(proposal.name)


def _tests(outcome: Outcome) -> str:
    return f"{outcome.verdict.verdict}: {outcome.verdict.summary}" if outcome.verdict else "not tested"


def _models(parts: Parts) -> dict[str, str | None]:
    """What serves each role in the first workspace: the model's name, None without one."""
    from qcode_lsp.documents import root_of

    try:
        settings = parts.models.settings(root_of(parts.server, None))
    except QcodeError:
        return {}
    roles = {"agent": settings.agent, "complete": settings.complete, "review": settings.review}
    return {
        name: (role.model.rpartition("/")[2] or role.backend) if role else None
        for name, role in roles.items()
    }


def _why(parts: Parts, uri: str, line: int) -> str:
    """What a pending edit has to say of a line of a document, as it is or as it would be."""
    if uri.startswith(f"{SCHEME}:"):
        name, path, side = _named(uri)
        found = parts.proposals.find(name)
        return _reason(found, path, line, side) if found else ""
    if opened(parts.server, uri) is None or path_of(uri) is None:
        return ""
    for proposal in parts.proposals.latest():
        for path in proposal.left:
            if proposal.made.seen.uri(path) == uri and (words := _reason(proposal, path, line, "before")):
                return words
    return ""


def _reason(proposal: Proposal, path: str, line: int, side: str) -> str:
    from difflib import SequenceMatcher

    before = (proposal.text(path, "before") or "").splitlines()
    after = (proposal.text(path, "after") or "").splitlines()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        first, last = (i1, i2) if side == "before" else (j1, j2)
        if tag != "equal" and first <= line < max(last, first + 1):
            outcome = proposal.made.outcome
            steps = "\n".join(f"- {clean(step, keep_newlines=False)}" for step in outcome.plan)
            return f"**qcode: {title(proposal.request)}**\n\n{steps}\n\nTests: {_tests(outcome)}"
    return ""
