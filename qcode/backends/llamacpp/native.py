"""xllamacpp's server, as little of it as is needed: one model, some slots, one thread a request.

Its Python methods complete; tokens and slots are only to be had from the port that it opens on
loopback, so that is asked for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qcode.backends.gguf import Header
from qcode.backends.llamacpp.size import batch_tokens, draft_tokens, free_cores
from qcode.errors import BackendError

CHECKPOINTS = 4
"""Recurrent states that the library keeps a slot: of the stable prefix, the last turn and the end."""


class Native:
    """A loaded model. `cells` are the tokens that all slots can hold together."""

    def __init__(self, path: Path, header: Header, cells: int, slots: int, states: Path | None) -> None:
        """Load; takes seconds. Raises BackendError."""
        # Threads that wait should sleep: spinning ones starve each other on a busy machine, where two
        # of them were measured to read a prompt more than ten times slower. Read when it is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        # A failed assertion would look for a debugger and run it, and the process hang meanwhile.
        os.environ.setdefault("GGML_NO_BACKTRACE", "1")
        import httpx
        import xllamacpp

        self.threads = free_cores()
        devices = xllamacpp.get_device_info()
        self.devices = [str(device["name"]) for device in devices]
        gpu = any("GPU" in str(device["type"]) for device in devices)
        self.batch = batch_tokens(header.size, self.threads, gpu)
        key = secrets.token_urlsafe(24)
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = cells + slots * self.batch  # a cancelled prompt may hold one batch more than it told
        params.n_parallel = slots
        params.kv_unified = True
        # We say which slot holds what; the library would move it away when another slot is used.
        params.cache_idle_slots = False
        params.cache_ram_mib = 0
        params.n_ctx_checkpoints = CHECKPOINTS
        params.checkpoint_min_step = 0
        params.n_batch = params.n_ubatch = self.batch
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self.threads
        self.drafts = draft_tokens(self.batch, slots)
        if self.drafts:  # what repeats the prompt, as edits do, is guessed from it
            kinds = xllamacpp.common_speculative_type
            params.speculative.types = [kinds.COMMON_SPECULATIVE_TYPE_NGRAM_MOD]
            params.speculative.ngram_mod.n_match = 8
            params.speculative.ngram_mod.n_min = 2
            params.speculative.ngram_mod.n_max = self.drafts
        params.warmup = False
        params.verbosity = -1
        if states is not None:
            params.slot_save_path = f"{states}{os.sep}"
        # It always opens a port on loopback: without the key, any local user could use the model.
        params.api_keys = [key]
        try:
            self._server = xllamacpp.Server(params)
        except RuntimeError as error:  # "Failed to init server" is all it ever says
            raise BackendError(
                f"llama.cpp cannot run {path.name} ({header.architecture}): {error}.",
                "Its architecture may be too new or the memory too small; see qcode doctor.",
            ) from error
        self._http = httpx.Client(
            base_url=self._server.listening_address.rstrip("/"),
            headers={"Authorization": f"Bearer {key}"},
            timeout=120.0,
            trust_env=False,
            verify=False,
        )

    def tokenize(self, text: str) -> list[int]:
        """Token ids of `text`; marks in it are the marks. Blocks. Raises BackendError."""
        known = text.encode("utf-8", "replace").decode("utf-8")  # file names may hold what is no Unicode
        tokens = self._post("/tokenize", {"content": known, "parse_special": True}).get("tokens")
        if not isinstance(tokens, list):
            raise BackendError("The engine counted no tokens.", "Run again; see qcode doctor.")
        return tokens

    def save(self, slot: int, name: str) -> int:
        """Write a slot's state into the folder of states; how many tokens it holds. Blocks."""
        return int(self._post(f"/slots/{slot}?action=save", {"filename": name})["n_saved"])

    def restore(self, slot: int, name: str) -> int:
        """Read a state that was saved; how many tokens it holds. Blocks. Raises BackendError."""
        return int(self._post(f"/slots/{slot}?action=restore", {"filename": name})["n_restored"])

    def erase(self, slot: int) -> None:
        """Free the cells of a slot. Blocks."""
        self._post(f"/slots/{slot}?action=erase", {})

    def close(self) -> None:
        """Free the model."""
        self._http.close()
        self._server = None

    async def complete(
        self, slot: int, prompt: Sequence[int], body: Mapping[str, Any]
    ) -> AsyncIterator[dict[str, Any]]:
        """The engine's callbacks, from its thread, as an iterator; leaving it makes the next one stop.

        With `return_progress` it calls back after each batch of the prompt, too: else a cancel would
        wait for all of it. Raises BackendError.
        """
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[dict[str, Any] | BaseException | None] = asyncio.Queue()
        ended = loop.create_future()
        stop = threading.Event()
        asked = {"cache_prompt": True, "stream": True, "return_progress": True, **body}
        asked |= {"prompt": list(prompt), "id_slot": slot}

        def put(item: dict[str, Any] | BaseException | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def receive(chunk: Any) -> bool:
            for part in chunk if isinstance(chunk, list) else [chunk]:
                put(dict(part))
            return stop.is_set()

        def work() -> None:
            try:
                answer = self._server.handle_completions(asked, receive)
                if isinstance(answer, dict) and "error" in answer:
                    put(answer)
            except (RuntimeError, ValueError, TypeError) as error:  # whatever C++ threw
                put(error)
            finally:
                put(None)
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(ended.set_result, None)

        threading.Thread(target=work, name="qcode-llamacpp", daemon=True).start()
        try:
            while (item := await queue.get()) is not None:
                if isinstance(item, BaseException):
                    raise BackendError(
                        f"The engine failed: {item}.", "Run again; see qcode doctor."
                    ) from item
                if "error" in item:
                    raise _failed(item["error"])
                yield item
        finally:
            stop.set()
            # The engine is done when its thread is: the next request must not meet the old one.
            await asyncio.shield(ended)

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        import httpx

        try:
            answer = self._http.post(path, json=body)
            value = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise BackendError(
                f"The engine did not answer: {error}.", "Run again; see qcode doctor."
            ) from error
        if answer.status_code != 200 or not isinstance(value, dict):
            raise _failed(value.get("error", value) if isinstance(value, dict) else value)
        return value


def _failed(said: Any) -> BackendError:
    told = said.get("message", said) if isinstance(said, dict) else said
    return BackendError(
        f"The engine failed: {told}.", "Run again; a smaller context may help (agent.context)."
    )
