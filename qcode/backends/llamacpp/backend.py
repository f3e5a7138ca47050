"""One GGUF file as a backend: prompts rendered and counted here, answers parsed here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcode import __version__
from qcode.backends.chat import Limited, Parser, Thought, family_for
from qcode.backends.constraints import grammar_for
from qcode.backends.gguf import Header, examine
from qcode.backends.llamacpp.embedding import Embedded, Embedder
from qcode.backends.llamacpp.infill import marks_of, render_infill
from qcode.backends.llamacpp.native import CHECKPOINTS, Native
from qcode.backends.llamacpp.prefix import Reader, shared_prefix, stages
from qcode.backends.llamacpp.size import batch_tokens, free_cores
from qcode.backends.llamacpp.slots import Reading, Slots
from qcode.backends.llamacpp.states import States, identity, version_here
from qcode.backends.llamacpp.told import ASKED, Told
from qcode.backends.protocol import Capabilities, check_fits
from qcode.backends.told import fingerprint, source_of, with_tokens
from qcode.config import Role
from qcode.errors import BackendError, ConfigError
from qcode.messages import Delta, Request, Source, Usage

DEFAULT_CONTEXT = 32_768
"""Memory for the whole 262,144 of Qwen3.5 would cost gigabytes that most runs never use."""
_INTERACTIVE_CELLS = 8_192
"""Room for a completion beside a conversation that takes all of its context."""
_SLOTS = 3
"""One for completions, two for conversations; each costs recurrent states and their checkpoints."""
_TURNS = ("<|im_start|>", "<|start_header_id|>", "<|start|>", "<|turn>", "<start_of_turn>")
"""What opens a turn, in the families that llama.cpp is used with."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    native: Native
    reader: Reader
    turn: int | None
    """The token that opens a turn."""


class LlamaCppBackend:
    """One GGUF file; loaded at the first use."""

    name = "llamacpp"

    def __init__(self, role: Role, states: Path | None = None) -> None:
        """`states` is the folder for prefix states of all models; without one they are not kept."""
        if not role.model:
            raise ConfigError(
                "The llamacpp backend has no model.", "Name a GGUF file: qcode models use FILE.gguf."
            )
        self._path = Path(role.model).expanduser()
        self._header: Header = examine(self._path)
        self._marks = marks_of(self._header)
        template = self._header.values.get("tokenizer.chat_template")
        self._family = family_for(template if isinstance(template, str) else None)
        self._context = min(self._header.context_length, role.context or DEFAULT_CONTEXT)
        self._cells = self._context + min(self._context, _INTERACTIVE_CELLS)
        self._states = states
        self._loaded: _Loaded | None = None
        self._known: tuple[str, str] | None = None
        self._loading = asyncio.Lock()
        self._slots = Slots(_SLOTS, self._cells)
        self._reading = Reading()
        self._computed = 0
        self._embedder: Embedder | None = None
        self._embedding = asyncio.Lock()

    async def stream(self, request: Request, client: str = "") -> AsyncIterator[Delta]:
        """Generate; leaving the iterator stops the engine within a batch. Raises BackendError.

        Requests of one `client` take turns with those of others.
        """
        prompt = self._prompt(request)
        tokens = await self._tokens(prompt)
        check_fits(len(tokens), min(request.sampling.max_tokens, 256), self._context, self._path.name)
        yield Delta(source=await asyncio.to_thread(self._source, tokens))
        called = False
        finish = ""
        if thought := Thought.of(request, prompt, self._family):
            most = min(request.sampling.thought, (self._context - len(tokens)) // 2)
            body = self._body(thought.request, most) | {"stop": list(thought.stops)}
            tokens = await self._tokens(thought.prompt)
            async with aclosing(self._answer(tokens, body, most, client=client)) as chunks:  # type: ignore[type-var]
                told = Told(self._tokens)
                async for chunk in chunks:
                    for delta in with_tokens(_deltas(chunk, thought), await told.ids(chunk)):
                        yield delta
            request, prompt = thought.ended(request)
            tokens = await self._tokens(prompt)
        answer = min(request.sampling.max_tokens, self._context - len(tokens))
        parser = Limited(self._family, request, answer)
        told, fresh = Told(self._tokens), 0
        answering = self._answer(
            tokens, self._body(request, answer), answer, interactive=request.interactive, client=client
        )
        async with aclosing(answering) as chunks:  # type: ignore[type-var]
            async for chunk in chunks:
                for delta in with_tokens(_deltas(chunk, parser), await told.ids(chunk)):
                    called = called or delta.call is not None
                    yield delta
                for choice in chunk.get("choices") or []:
                    finish = choice.get("finish_reason") or finish
                if progress := chunk.get("prompt_progress"):
                    read = int(progress["processed"]) - int(progress.get("cache", 0))
                    fresh = int(progress.get("computed", read))
                if parser.over:
                    # The engine, stopped, does not tell what it has used.
                    yield Delta(usage=Usage(len(tokens), len(tokens) - fresh, told.count))
                    finish = "stop"
                    break
        if not finish:
            raise BackendError("The engine ended its answer in the middle.", "Run again; see qcode doctor.")
        for delta in parser.finish(cut=finish == "length"):
            called = called or delta.call is not None
            yield delta
        yield Delta(finish="length" if finish == "length" else "tool_calls" if called else "stop")

    async def complete(
        self, prompt: str, body: Mapping[str, Any], prefix: str = "", client: str = ""
    ) -> AsyncIterator[dict[str, Any]]:
        """What follows `prompt`, unrendered, as chunks of OpenAI's completions. `body` has llama.cpp's
        fields of sampling; `prefix` is the start of the prompt that later ones will share."""
        tokens = await self._tokens(prompt)
        stable = 0
        if prefix:
            start = await self._tokens(prefix)
            stable = shared_prefix(tokens, start)
        wanted = int(body.get("max_tokens") or 16)
        check_fits(len(tokens), min(wanted, 256), self._context, self._path.name)
        answer = min(wanted, self._context - len(tokens))
        answering = self._answer(tokens, {**body, "max_tokens": answer}, answer, client=client, stable=stable)
        async with aclosing(answering) as chunks:  # type: ignore[type-var]
            async for chunk in chunks:
                yield chunk

    async def count_tokens(self, request: Request) -> int:
        """The engine's own count of the rendered prompt."""
        return len(await self._tokens(self._prompt(request)))

    async def capabilities(self) -> Capabilities:
        infill = self._marks is not None
        return Capabilities(
            self._context,
            json_schema=True,
            calls=True,
            cached_prefix=True,
            infill=infill,
            embeddings=True,
            tokens=True,
        )

    async def embed(self, text: str) -> Embedded:
        """The vector of a text. Raises ContextOverflow and BackendError."""
        async with self._embedding:
            if self._embedder is None:
                self._embedder = await asyncio.to_thread(Embedder, self._path, self._header)
            return await asyncio.to_thread(self._embedder.embed, text)

    @property
    def memory(self) -> int:
        """Bytes that it takes once loaded."""
        from qcode.backends.catalog.admit import shape_of, weights_of
        from qcode.backends.catalog.plan import need

        weights = weights_of(self._path, self._header)
        batch = batch_tokens(weights, free_cores())
        return need(
            shape_of(self._header),
            weights,
            self._cells,
            batch=batch,
            slots=_SLOTS,
            checkpoints=_SLOTS * CHECKPOINTS,
        ).total

    @property
    def claimed(self) -> int:
        """Bytes of its memory that the system still takes for free."""
        return self.memory if self._loaded is None else self._header.size

    def status(self) -> dict[str, Any]:
        """What it is and what it is doing, for people."""
        loaded = self._loaded
        return {
            "name": self._path.stem,
            "context": self._context,
            "memory": self.memory,
            "loaded": loaded is not None,
            "threads": loaded.native.threads if loaded else 0,
            "batch": loaded.native.batch if loaded else 0,
            "devices": loaded.native.devices if loaded else [],
            "drafts": loaded.native.drafts if loaded else 0,
            "waiting": self._slots.waiting,
            "computed": self._computed,
            "slots": [{"busy": slot.busy, "tokens": slot.cells} for slot in self._slots.all],
        }

    async def close(self) -> None:
        """Free the model; what its slots hold is kept on disk, if states are."""
        async with self._embedding:
            self._embedder = None
        async with self._loading:
            if self._loaded is not None:
                loaded, self._loaded = self._loaded, None
                if self._states is not None:
                    await loaded.reader.keep_all()
                await asyncio.to_thread(loaded.native.close)
                self._slots = Slots(_SLOTS, self._cells)

    async def _answer(
        self,
        tokens: list[int],
        body: Mapping[str, Any],
        answer: int,
        *,
        interactive: bool = False,
        client: str = "",
        stable: int = 0,
    ) -> AsyncIterator[dict[str, Any]]:
        """The engine's chunks for a prompt; its progress and token counts are those of all stages."""
        loaded = await self._load()
        async with self._slots.use(tokens, answer, interactive, client) as slot:
            if interactive:
                await loaded.reader.prepare(slot, tokens)
                slot.tokens, slot.written = tokens, 0
                completing = loaded.native.complete(slot.id, tokens, body)
                with self._reading.interactive():
                    async with aclosing(completing) as chunks:  # type: ignore[type-var]
                        async for chunk in chunks:
                            yield chunk
                slot.tokens, slot.written = tokens, answer
                return
            computed = 0
            ends = stages(tokens, loaded.turn, stable)
            async with aclosing(loaded.reader.read(slot, tokens, ends)) as progress:  # type: ignore[type-var]
                async for done, fresh in progress:
                    computed = fresh
                    yield {"prompt_progress": {"processed": done, "total": len(tokens), "computed": fresh}}
            slot.tokens, slot.written = tokens, answer
            async with aclosing(loaded.native.complete(slot.id, tokens, body)) as chunks:  # type: ignore[type-var]
                async for chunk in chunks:
                    chunk.pop("prompt_progress", None)
                    if timings := chunk.get("timings"):
                        slot.written = int(timings.get("predicted_n", 0))
                        fresh = computed + int(timings.get("prompt_n", 0))
                        self._computed += fresh
                        timings["cache_n"] = max(0, len(tokens) - fresh)
                        timings["prompt_n"] = len(tokens) - timings["cache_n"]
                        if usage := chunk.get("usage"):
                            usage["prompt_tokens_details"] = {"cached_tokens": timings["cache_n"]}
                    yield chunk

    async def _tokens(self, prompt: str) -> list[int]:
        loaded = await self._load()
        return await asyncio.to_thread(loaded.native.tokenize, prompt)

    def _prompt(self, request: Request) -> str:
        if request.infill is None:
            return self._family.render(request.messages, request.tools, request.sampling.thinking)
        if self._marks is None:
            raise BackendError(
                f"{self._path.name} was not trained to fill in.", "Ask it in words, or choose a code model."
            )
        return render_infill(request.infill, self._marks)

    def _source(self, tokens: list[int]) -> Source:
        if self._known is None:
            self._known = f"qcode {__version__}, {version_here()}", fingerprint(self._path)
        engine, weights = self._known
        return source_of(engine, weights, self._path.name, tokens)

    def _body(self, request: Request, answer: int) -> dict[str, Any]:
        sampling = request.sampling
        ends = self._marks.stop if request.infill and self._marks else self._family.stops
        body: dict[str, Any] = {
            "max_tokens": answer,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
            "min_p": 0.0,
            "stop": [*ends, *sampling.stop],
            **ASKED,
        }
        if sampling.seed is not None:
            body["seed"] = sampling.seed
        if grammar := grammar_for(request, self._family.form, answer, self._family.thought):
            body["grammar"] = grammar
        return body

    async def _load(self) -> _Loaded:
        if self._loaded is None:
            async with self._loading:
                if self._loaded is None:
                    self._loaded = await asyncio.to_thread(self._start)
        return self._loaded

    def _start(self) -> _Loaded:
        from qcode.backends.catalog.admit import admit

        admit(self._path, self._cells, slots=_SLOTS)
        states = None
        if self._states is not None:
            weights = identity(self._path)
            states = States(self._states / weights.split()[0], weights)
        native = Native(self._path, self._header, self._cells, _SLOTS, states.folder if states else None)
        turn = None
        for mark in _TURNS:
            if len(found := native.tokenize(mark)) == 1:
                turn = found[0]
                break
        return _Loaded(native, Reader(native, self._slots, self._reading, states), turn)


def _deltas(chunk: Mapping[str, Any], parser: Parser) -> list[Delta]:
    deltas: list[Delta] = []
    if progress := chunk.get("prompt_progress"):
        deltas.append(Delta(prefill=(int(progress.get("processed", 0)), int(progress.get("total", 0)))))
    for choice in chunk.get("choices") or []:
        deltas += parser.feed(choice.get("text") or "")
    if timings := chunk.get("timings"):
        cached = int(timings.get("cache_n", 0))
        if chunk.get("usage") or any(c.get("finish_reason") for c in chunk.get("choices") or []):
            new, made = int(timings.get("prompt_n", 0)), int(timings.get("predicted_n", 0))
            deltas.append(Delta(usage=Usage(new + cached, cached, made)))
    return deltas
