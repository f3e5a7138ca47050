"""What `qcode review` finds in open documents, while they are written: the same checks as the hook's.

Asked for by the editor where it can ask (`textDocument/diagnostic`, with "unchanged" for what it
has already), sent to it where it cannot. Only what was added since HEAD counts.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from qcode.errors import QcodeError
from qcode_lsp.buffers import Buffer
from qcode_lsp.documents import encoding_of, opened, path_of, root_of
from qcode_lsp.parts import Parts
from qcode_lsp.protocol import calm
from qcode_lsp.tasks import start
from qcode_lsp.text_edits import lines_of, units

if TYPE_CHECKING:
    from qcode.review import Finding

SOURCE = "qcode"
QUIET_S = 0.4
"""Seconds without a key before findings are sent to an editor that cannot ask for them."""
_SEVERITY = {"block": types.DiagnosticSeverity.Error, "advise": types.DiagnosticSeverity.Warning}
_KEPT = 200
_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Looked:
    """The findings of one text. `name` tells texts, and what they were compared with, apart."""

    name: str
    items: list[types.Diagnostic]


class Review:
    """Findings of open documents; each text is looked at once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: OrderedDict[str, Looked] = OrderedDict()
        self._bases: dict[Path, bytes | None] = {}
        # One at a time: threads that compute share one interpreter with the answers to the editor.
        self._turn = asyncio.Lock()
        self._waiting: dict[str, asyncio.TimerHandle] = {}

    async def look(self, uri: str) -> Looked:
        """The findings of the document as it is now; none when review is switched off."""
        document = opened(self._parts.server, uri)
        path = path_of(uri)
        if document is None or path is None or not self._parts.settings.wishes.review:
            return Looked("off", [])
        text, encoding = document.source, encoding_of(self._parts.server)
        root = root_of(self._parts.server, uri)
        async with self._turn:
            await calm(self._parts.server)
            if path not in self._bases:
                self._bases[path] = await asyncio.to_thread(_base, root, path)
            base = self._bases[path]
            name = _name(text, base)
            known = self._known.get(uri)
            if known is None or known.name != name:
                relative = path.relative_to(root).as_posix()
                items = await asyncio.to_thread(_diagnostics, relative, base, text, encoding)
                known = self._known[uri] = Looked(name, items)
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            return known

    def forget_bases(self) -> None:
        """HEAD or the index moved, or a file was saved: compare anew."""
        self._bases.clear()

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._known.pop(uri, None)
        if path := path_of(uri):
            self._bases.pop(path, None)
        if timer := self._waiting.pop(uri, None):
            timer.cancel()

    def send_soon(self, uri: str, after: float = QUIET_S) -> None:
        """For clients that do not ask: send what is found once the typing rests."""
        loop = asyncio.get_running_loop()
        if timer := self._waiting.get(uri):
            timer.cancel()
        self._waiting[uri] = loop.call_later(after, lambda: start(self._send(uri)))

    async def _send(self, uri: str) -> None:
        self._waiting.pop(uri, None)
        document = opened(self._parts.server, uri)
        if document is None:
            return
        version = document.version
        looked = await self.look(uri)
        if document.version == version:
            self._parts.server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, looked.items, version)
            )

    def all_open(self) -> list[Buffer]:
        """The open documents that may be looked at."""
        documents = list(self._parts.server.workspace.text_documents.values())
        return [d for d in documents if isinstance(d, Buffer) and opened(self._parts.server, d.uri)]


def register(parts: Parts) -> None:
    """Add the feature, in the way that this client can take."""
    review = Review(parts)

    async def pull(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        looked = await review.look(params.text_document.uri)
        if params.previous_result_id == looked.name:
            return types.RelatedUnchangedDocumentDiagnosticReport(looked.name)
        return types.RelatedFullDocumentDiagnosticReport(looked.items, result_id=looked.name)

    options = types.DiagnosticOptions(
        identifier=SOURCE, inter_file_dependencies=False, workspace_diagnostics=False
    )
    parts.server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(pull)

    def asks() -> bool:
        able = parts.server.client_capabilities.text_document
        return bool(able and able.diagnostic)

    def again() -> None:
        """Everything may be different now."""
        review.forget_bases()
        if not asks():
            for document in review.all_open():
                review.send_soon(document.uri)
            return
        workspace = parts.server.client_capabilities.workspace
        if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            parts.server.workspace_diagnostic_refresh(None)

    def changed(uri: str) -> None:
        if not asks():
            review.send_soon(uri)

    def closed(params: types.DidCloseTextDocumentParams) -> None:
        review.closed(params.text_document.uri)
        if not asks():
            parts.server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(params.text_document.uri, [])
            )

    parts.notices.opened.append(lambda params: changed(params.text_document.uri))
    parts.notices.changed.append(lambda params: changed(params.text_document.uri))
    parts.notices.closed.append(closed)
    parts.notices.files.append(lambda params: again())
    parts.settings.changed.append(again)


def _name(text: str, base: bytes | None) -> str:
    total = sha256(text.encode("utf-8", "surrogatepass"))
    total.update(b"\0none" if base is None else b"\0" + sha256(base).digest())
    return total.hexdigest()[:16]


def _base(root: Path, path: Path) -> bytes | None:
    """The file at HEAD; None for one that is not there, and outside of git."""
    from qcode.workspace import git

    try:
        if not git.available(root):
            return None
        return git.run_bytes(root, "cat-file", "blob", f"HEAD:./{path.relative_to(root).as_posix()}")
    except QcodeError:
        return None


def _diagnostics(path: str, base: bytes | None, text: str, encoding: str) -> list[types.Diagnostic]:
    from qcode.review.checks import check_file

    content = text.encode("utf-8", "replace")
    if len(content) > _MAX_BYTES:
        return []
    lines = lines_of(text)
    return [_diagnostic(finding, lines, encoding) for finding in check_file(path, base, content)]


def _diagnostic(finding: Finding, lines: list[str], encoding: str) -> types.Diagnostic:
    number = min(max(finding.line - 1, 0), max(len(lines) - 1, 0))
    line = lines[number].rstrip("\r\n") if lines else ""
    start = len(line) - len(line.lstrip())
    return types.Diagnostic(
        types.Range(
            types.Position(number, units(line[:start], encoding)),
            types.Position(number, units(line.rstrip(), encoding)),
        ),
        finding.message,
        _SEVERITY[finding.severity],
        finding.rule,
        source=SOURCE,
    )
