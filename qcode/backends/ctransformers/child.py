"""The process that has the old library inside: it may die, and nobody else does.

It speaks JSON lines: a request on stdin, answers on stdout. `load` comes first; `count` and
`generate` follow; `stop` ends a generation between two tokens, or two batches of a prompt.

    {"do": "generate", "parts": ["text", 3, "text"], "max_tokens": 64, ...}
    {"prefill": [8, 120]} … {"text": "…"} … {"finish": "stop", "prompt": 120, "cached": 0, "made": 17}
    {"error": "why"}

A part of a prompt is a text, or the id of one token.
"""

from __future__ import annotations

import codecs
import json
import os
import queue
import random
import sys
import threading
from collections.abc import Iterator
from ctypes import c_int
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

BATCH = 8
"""Tokens of a prompt computed between two looks at a stop; the library's buffers are small, too."""


class _Child:
    def __init__(self, output: int) -> None:
        self._output = output
        self._requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stop = threading.Event()
        self._llm: Any = None

    def run(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        while (asked := self._requests.get()) is not None:
            try:
                for answer in self._answer(asked):
                    self._say(answer)
            except (
                ArithmeticError,
                LookupError,
                MemoryError,
                OSError,
                RuntimeError,
                TypeError,
                ValueError,
            ) as error:
                self._say({"error": str(error) or type(error).__name__})

    def _listen(self) -> None:
        for line in sys.stdin:
            asked = json.loads(line)
            if asked["do"] == "stop":
                self._stop.set()
            else:
                self._stop.clear()
                self._requests.put(asked)
        self._stop.set()
        self._requests.put(None)  # the parent is gone

    def _say(self, answer: dict[str, Any]) -> None:
        os.write(self._output, json.dumps(answer).encode() + b"\n")

    def _answer(self, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        match asked["do"]:
            case "load":
                LLM, Config = _library()
                config = Config(context_length=asked["context"], threads=asked["threads"], batch_size=BATCH)
                self._llm = LLM(asked["path"], asked["kind"], config=config, lib=_build())
                yield {"context": self._llm.context_length}
            case "count":
                yield {"tokens": len(self._tokens(asked["parts"]))}
            case "generate":
                yield from self._generate(asked)

    def _tokens(self, parts: list[str | int]) -> list[int]:
        made: list[int] = []
        for part in parts:
            made += [part] if isinstance(part, int) else self._tokenize(part)
        return made

    def _tokenize(self, text: str) -> list[int]:
        """The library writes as many tokens as it likes; its own binding gives it room for one a
        character, and is overrun by text of several. No token is shorter than a byte."""
        raw = text.encode()
        if b"\0" in raw:
            raise ValueError("the prompt has a zero byte, where the library would end it")
        room = (c_int * (4 * len(raw) + 64))()
        count = self._llm.ctransformers_llm_tokenize(raw, False, room)
        tokens = list(room[:count])
        if (back := self._llm.detokenize(tokens, decode=False)) != raw:
            same = next((n for n, (a, b) in enumerate(zip(back, raw, strict=False)) if a != b), len(back))
            raise ValueError(
                f"the model has no tokens for {raw[same : same + 12].decode(errors='replace')!r}"
            )
        return tokens

    def _generate(self, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        llm, wanted = self._llm, int(asked["max_tokens"])
        tokens = self._tokens(asked["parts"])
        if not tokens or len(tokens) + 1 > llm.context_length:
            raise ValueError(f"the prompt has {len(tokens)} tokens; the model holds {llm.context_length}")
        rest = list(llm.prepare_inputs_for_generation(tokens, reset=True))
        cached = len(tokens) - len(rest)
        for start in range(0, len(rest), BATCH):
            if self._stop.is_set():
                yield {"finish": "stopped"}
                return
            llm.eval(rest[start : start + BATCH])
            yield {"prefill": [cached + min(start + BATCH, len(rest)), len(tokens)]}
        wanted = min(wanted, llm.context_length - len(tokens))
        chance = random.Random(asked["seed"])
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        finish, made, held = "length", 0, ""
        while made < wanted:
            if self._stop.is_set():
                yield {"finish": "stopped"}
                return
            token = llm.sample(
                top_k=asked["top_k"],
                top_p=asked["top_p"],
                temperature=asked["temperature"],
                repetition_penalty=1.0,
                seed=chance.randrange(1 << 30),
            )
            if llm.is_eos_token(token):
                finish = "stop"
                break
            made += 1
            held += decoder.decode(llm.detokenize([token], decode=False))
            cut = min((at for stop in asked["stop"] if (at := held.find(stop)) >= 0), default=-1)
            if cut >= 0:
                held, finish = held[:cut], "stop"
                break
            # What may yet become a stop text is kept back.
            keep = max(
                (n for s in asked["stop"] for n in range(1, len(s)) if held.endswith(s[:n])), default=0
            )
            if ready := held[: len(held) - keep]:
                yield {"text": ready}
                held = held[len(ready) :]
            if made < wanted:
                llm.eval([token])
        if held:
            yield {"text": held}
        yield {"finish": finish, "prompt": len(tokens), "cached": cached, "made": made}


def _library() -> tuple[Any, Any]:
    """The classes LLM and Config. The package's own __init__ imports a client of Hugging Face, half a
    second of work and a way to the network that this process does not need: it is left out."""
    found = find_spec("ctransformers")
    if found is None or found.submodule_search_locations is None:
        raise RuntimeError("ctransformers is not installed")
    bare = ModuleType("ctransformers")
    bare.__path__ = list(found.submodule_search_locations)
    sys.modules["ctransformers"] = bare
    from ctransformers.llm import LLM, Config

    return LLM, Config


def _build() -> str | None:
    """Which of the library's builds suits this processor; None leaves it to the package, which starts
    processes and takes a second for it."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return None
    return "avx2" if " avx2 " in text else None


def main() -> None:
    """Serve the parent until it closes stdin."""
    # What the library prints must not get between the answers.
    output = os.dup(1)
    os.dup2(2, 1)
    _Child(output).run()


if __name__ == "__main__":
    main()
