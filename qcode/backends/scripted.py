"""A backend that says what a script tells it: for tests, demonstrations and documentation.

One instruction per line; `---` ends a turn, `#` starts a comment:

    thought: let me look            text: hello\\nworld
    call: read {"path": "a.py"}     usage: 120 100 8          (prompt, cached, completion)
    delay: 0.5                      error: the engine died
    cut:                            chaos: 7                  (split texts at random, from a seed)
    finish: length                  (the turn was cut by its limit of tokens)
    written: <tool_call>            (of a call, while the model writes it)
    quoted: "a\\nb"                 (text as a JSON string, for what holds backslashes)
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from qcode.backends.constraints import stopped
from qcode.backends.protocol import Capabilities
from qcode.errors import BackendError, ConfigError
from qcode.messages import Delta, Request, ToolCall, Usage

_WORDS = ("text", "thought", "call", "usage", "error", "delay", "cut", "chaos", "finish", "quoted", "written")
Instruction = tuple[str, str]


class ScriptedBackend:
    """Each call of `stream` plays the next turn; `requests` keeps what was asked."""

    name = "scripted"

    def __init__(self, script: str) -> None:
        self._turns = parse(script)
        self._next: int | None = None
        self._calls = 0
        self.requests: list[Request] = []

    @classmethod
    def from_file(cls, path: str) -> ScriptedBackend:
        """Raises ConfigError when the file cannot be read."""
        try:
            return cls(Path(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"The script {path or '(none)'} cannot be read: {error}.", "Set agent.script."
            ) from error

    async def stream(self, request: Request) -> AsyncIterator[Delta]:
        """Play one turn. Raises BackendError for `error:` and when the script is over."""
        if self._next is None:
            # A resumed conversation goes on in the script where it was cut.
            self._next = sum(m.role == "assistant" for m in request.messages)
        self.requests.append(request)
        if self._next >= len(self._turns):
            raise BackendError(
                f"The script has only {len(self._turns)} turns, and one more was asked for.",
                "Add a turn to it.",
            )
        turn = self._turns[self._next]
        self._next += 1
        chaos: random.Random | None = None
        called = False
        for word, rest in turn:
            await asyncio.sleep(float(rest) if word == "delay" else 0)
            match word:
                case "chaos":
                    chaos = random.Random(int(rest))
                case "text" | "thought" | "quoted":
                    for piece in _pieces(rest, chaos):
                        yield Delta(thought=piece) if word == "thought" else Delta(text=piece)
                case "call":
                    called = True
                    call = self._call(rest, request)
                    yield Delta(call=call)
                    if call.stray:  # an engine is stopped there
                        break
                case "written":
                    for piece in _pieces(rest, chaos):
                        yield Delta(written=piece)
                case "usage":
                    yield Delta(usage=Usage(*(int(n) for n in rest.split())))
                case "error":
                    raise BackendError(rest, "This is what the script says.")
                case "finish":
                    yield Delta(finish="length")
                    return
                case "cut":
                    return
        yield Delta(finish="tool_calls" if called else "stop")

    async def count_tokens(self, request: Request) -> int:
        """Four bytes a token: scripts need no tokenizer."""
        return sum(len(m.content.encode()) for m in request.messages) // 4 + 1

    async def capabilities(self) -> Capabilities:
        return Capabilities(262_144, json_schema=True, calls=True, infill=True)

    async def close(self) -> None:
        return None

    def _call(self, rest: str, request: Request) -> ToolCall:
        name, _, arguments = rest.partition(" ")
        self._calls += 1
        call = ToolCall(f"call-{self._calls}", name, json.loads(arguments or "{}"))
        anchor = request.calls.anchor if request.calls else None
        return stopped(anchor, call) if anchor else call


def parse(script: str) -> list[list[Instruction]]:
    """The turns of a script. Raises ConfigError for a line that is no instruction."""
    turns: list[list[Instruction]] = [[]]
    for number, line in enumerate(script.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.strip() == "---":
            turns.append([])
            continue
        word, colon, rest = line.partition(":")
        rest = rest.removeprefix(" ")
        if not colon or word not in _WORDS:
            raise ConfigError(
                f"Line {number} of the script is no instruction: {line[:40]!r}.", f"Use {', '.join(_WORDS)}."
            )
        try:
            _validate(word, rest)
        except ValueError as error:
            raise ConfigError(f"Line {number} of the script is wrong: {error}.", "Mend that line.") from error
        if word == "quoted":
            rest = json.loads(rest)
        elif word in ("text", "thought", "written"):
            rest = rest.replace("\\n", "\n")
        turns[-1].append((word, rest))
    return [turn for turn in turns if turn]


def _validate(word: str, rest: str) -> None:
    if word == "call":
        value = json.loads(rest.partition(" ")[2] or "{}")
        if not isinstance(value, dict):
            raise ValueError("the arguments of a call are a JSON object")
    elif word == "quoted" and not isinstance(json.loads(rest), str):
        raise ValueError("quoted takes a JSON string")
    elif word == "delay":
        float(rest)
    elif word == "usage" and len([int(n) for n in rest.split()]) != 3:
        raise ValueError("usage takes three numbers")
    elif word == "chaos":
        int(rest)
    elif word == "finish" and rest != "length":
        raise ValueError("a turn finishes with length, or by itself")


def _pieces(text: str, chaos: random.Random | None) -> Sequence[str]:
    if chaos is None or len(text) < 2:
        return [text]
    cuts = sorted({0, len(text), *(chaos.randrange(1, len(text)) for _ in range(len(text) // 2))})
    return [text[a:b] for a, b in itertools.pairwise(cuts)]
