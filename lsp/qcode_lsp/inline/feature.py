"""`textDocument/inlineCompletion`: the latest request wins, and one model call lives at a time.

Neovim neither cancels a request while somebody types nor looks whether an answer is stale, so the
server does: a new request ends the one before, and an answer for a text that moved is not given.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from qcode.errors import BackendError, ConfigError, QcodeError
from qcode.workspace import is_protected
from qcode_lsp.buffers import Buffer
from qcode_lsp.documents import opened, path_of, root_of, take
from qcode_lsp.inline import prompt
from qcode_lsp.inline.cache import Suggestions
from qcode_lsp.inline.knowledge import Definitions, RecentEdits
from qcode_lsp.inline.pace import Pace
from qcode_lsp.inline.place import Place
from qcode_lsp.inline.shape import accepted, cut
from qcode_lsp.models import Models
from qcode_lsp.parts import Parts
from qcode_lsp.protocol import calm
from qcode_lsp.tasks import apart
from qcode_lsp.telling import say
from qcode_lsp.wishes import Settings

if TYPE_CHECKING:
    from qcode.backends import Backend

REST_S = 30.0
"""Seconds without automatic requests after an engine failed."""


@dataclass(slots=True)
class Stages:
    """Where the milliseconds of one answer went."""

    debounce: float = 0.0
    context: float = 0.0
    queue: float = 0.0
    model: float = 0.0
    post: float = 0.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A request, with the document as it was when it came."""

    place: Place
    root: Path
    document: Buffer
    version: int | None
    range: types.Range
    typed: str
    """What the editor's own menu would insert first, and the suggestion goes on from."""
    automatic: bool


class InlineCompletion:
    """The feature's state: what was suggested, how fast somebody types, who asks now."""

    def __init__(self, server: LanguageServer, models: Models, settings: Settings) -> None:
        self._server = server
        self._models = models
        self._settings = settings
        self._cache = Suggestions()
        self._pace = Pace()
        self._edits = RecentEdits()
        self._definitions: dict[Path, Definitions] = {}
        self._asking: asyncio.Task[Any] | None = None
        self._engine = asyncio.Lock()
        self._said: set[str] = set()
        self._rests_until = 0.0
        self.stages: deque[Stages] = deque(maxlen=100)
        self.counts = {"asked": 0, "from cache": 0, "shown": 0}

    async def complete(self, params: types.InlineCompletionParams) -> types.InlineCompletionList | None:
        """The suggestion for a position, None without one. A newer request cancels this one."""
        wanted = self._wanted(params)  # before anything is awaited: the text may move
        self._supersede()
        if wanted is None:
            return None
        self.counts["asked"] += 1
        text = self._cache.find(wanted.place)
        if text is not None:
            self.counts["from cache"] += 1
        else:
            try:
                text = await self._asked(wanted)
            except QcodeError as error:
                self._failed(error)
                return None
        if not text or wanted.document.version != wanted.version:
            return None
        self.counts["shown"] += 1
        item = types.InlineCompletionItem(wanted.typed + text, range=wanted.range)
        return types.InlineCompletionList([item])

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take note of what is typed, where and how fast."""
        self._pace.key(time.monotonic())
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                self._edits.note(params.text_document.uri, change.range.start.line)

    def status(self) -> dict[str, Any]:
        """Counts, and the median milliseconds of each stage over the last answers."""
        rows = [asdict(stage) for stage in self.stages]
        medians = {
            name: round(sorted(row[name] for row in rows)[len(rows) // 2], 1)
            for name in (rows[0] if rows else {})
        }
        return {**self.counts, "median_ms": medians}

    def _wanted(self, params: types.InlineCompletionParams) -> _Wanted | None:
        if not self._settings.wishes.inline:
            return None
        automatic = params.context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
        document = opened(self._server, params.text_document.uri)
        path = path_of(params.text_document.uri)
        if document is None or path is None:
            return None
        root = root_of(self._server, params.text_document.uri)
        name = path.relative_to(root).as_posix()
        if is_protected(name) or path.name.startswith(".env"):
            return None
        text, where, typed = document.source, types.Range(params.position, params.position), ""
        offset = document.offset(params.position)
        prefix, suffix = text[:offset], text[offset:]
        if chosen := params.context.selected_completion_info:
            where, typed = chosen.range, chosen.text
            prefix = text[: document.offset(where.start)] + typed
            suffix = text[document.offset(where.end) :]
        place = Place(name, prefix, suffix)
        return _Wanted(place, root, document, document.version, where, typed, automatic)

    def _supersede(self) -> None:
        current = asyncio.current_task()
        if self._asking is not None and self._asking is not current and not self._asking.done():
            self._asking.cancel()
        self._asking = current

    async def _asked(self, wanted: _Wanted) -> str | None:
        now = time.monotonic()
        if wanted.automatic and now < self._rests_until:
            return None
        backend = await self._models.backend(wanted.root, "complete")
        if backend is None:
            self._say(
                types.MessageType.Info,
                "no model is configured for inline completion (the `complete` role; see `qcode models --help`).",
            )
            return None
        stages = Stages()
        if wanted.automatic:
            await asyncio.sleep(self._pace.wait(time.monotonic(), self._settings.wishes.delay_s))
            stages.debounce = _ms_since(now)
        text = await apart(self._generate(backend, wanted, stages))
        self._cache.remember(wanted.place, text)
        self.stages.append(stages)
        return text

    async def _generate(self, backend: Backend, wanted: _Wanted, stages: Stages) -> str:
        place, started = wanted.place, time.monotonic()
        await calm(self._server)
        seen = take(self._server, wanted.document.uri)
        known = self._definitions.get(wanted.root)
        if known is None:
            known = self._definitions[wanted.root] = Definitions(wanted.root)
        extra = (*await known.near(place, seen.buffers), *self._edits.shown(place, seen))
        stages.context, started = _ms_since(started), time.monotonic()
        async with self._engine:
            stages.queue, started = _ms_since(started), time.monotonic()
            able = await backend.capabilities()
            request = prompt.request(place, extra, able.context_length, able.infill)
            answer = ""
            stream = backend.stream(request)
            async with contextlib.AsyncExitStack() as stack:
                if close := getattr(stream, "aclose", None):
                    stack.push_async_callback(close)
                async for delta in stream:
                    answer += delta.text
                    if "\n" in delta.text and self._cut(place, answer, able.infill, silent=False)[1]:
                        break
            stages.model = _ms_since(started)
        self._pace.answered(stages.model / 1000)
        started = time.monotonic()
        text, _ = self._cut(place, answer, able.infill)
        text = await asyncio.to_thread(accepted, place, text)
        stages.post = _ms_since(started)
        return text

    def _cut(self, place: Place, answer: str, infill: bool, silent: bool = True) -> tuple[str, bool]:
        code = answer if infill else prompt.unwrapped(place, answer, silent)
        made = cut(place, code, self._settings.wishes.max_lines, silent)
        return made.text, made.ended

    def _failed(self, error: QcodeError) -> None:
        if isinstance(error, (BackendError, ConfigError)):
            self._rests_until = time.monotonic() + REST_S
        self._say(types.MessageType.Warning, f"{error.message} {error.hint}".strip())

    def _say(self, level: types.MessageType, words: str) -> None:
        """Once: a sentence at every keystroke helps nobody."""
        if words not in self._said:
            self._said.add(words)
            say(self._server, level, words)


def register(parts: Parts) -> InlineCompletion:
    """Add the feature."""
    feature = InlineCompletion(parts.server, parts.models, parts.settings)

    async def complete(params: types.InlineCompletionParams) -> types.InlineCompletionList | None:
        return await feature.complete(params)

    # Without options pygls does not advertise it.
    parts.server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())(complete)
    parts.notices.changed.append(feature.changed)
    return feature


def _ms_since(started: float) -> float:
    return (time.monotonic() - started) * 1000
