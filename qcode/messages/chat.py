"""What is said to a model and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from qcode.messages.constraints import Calls

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model made. `arguments` are as parsed; whoever runs the tool validates them.

    `unfinished`: the argument whose text met the engine's limit; its end may be missing. `stray`: the
    argument whose lines are not one place of the file: the model was stopped there, and what would
    have followed is missing (see `Anchor.late`).
    """

    id: str
    name: str
    arguments: Mapping[str, Any]
    unfinished: str = ""
    stray: str = ""


@dataclass(frozen=True, slots=True)
class ToolSchema:
    """A tool as the model sees it; `parameters` is a JSON schema of type object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. `tool_call_id` names the call that a `tool` message answers."""

    role: Role
    content: str = ""
    thought: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn. Defaults follow Qwen3.5's card for code with thinking off."""

    temperature: float = 0.7
    top_p: float = 0.8
    top_k: int = 20
    max_tokens: int = 4096
    seed: int | None = None
    stop: tuple[str, ...] = ()
    thinking: bool = False
    thought: int = 0
    """Tokens after which an engine that can closes the thought; 0: none."""

    @property
    def answer(self) -> int:
        """Tokens that are left for the answer after a thought."""
        return max(1, self.max_tokens - self.thought) if self.thinking else self.max_tokens


@dataclass(frozen=True, slots=True)
class Infill:
    """A place in a file where text is wanted, between `prefix` and `suffix`.

    `extra` are (path, text) of other code worth knowing, the most telling last.
    """

    prefix: str
    suffix: str
    path: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """All that a backend needs for one generation.

    `infill`, with no messages, asks for what stands at that place: only a backend whose
    capabilities have "infill" takes it.

    `constraint` is a JSON schema that the answer must match, or None; a backend whose
    capabilities lack "json_schema" refuses it rather than ignoring it. So is `calls`, which holds the
    answer to calls of `tools`, with "calls". `deadline_s` is seconds from the start of the stream,
    0 = none.
    """

    messages: tuple[Message, ...]
    tools: tuple[ToolSchema, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    constraint: Mapping[str, Any] | None = None
    deadline_s: float = 0.0
    infill: Infill | None = None
    calls: Calls | None = None
    interactive: bool = False
    """Somebody waits at a keyboard: an engine that serves several does this first."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one generation; `cached` of the prompt tokens were not computed again."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer is made of: with all of it and the request's seed, the same tokens are drawn again.

    `engine` is its name with its version, `weights` a hash of the model and `prompt` one of the
    prompt's tokens; `model` is its name, for people.
    """

    engine: str
    model: str
    weights: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer. Exactly one of the fields carries something, but for `tokens`, which may
    stand beside any: the ids of what was generated since the last delta with some.

    `prefill` is (tokens done, tokens in all) while the prompt is read. `written` is a piece of a call
    that is not whole yet, as the model writes it: it comes again as `call`. `source` comes before
    anything is generated. `finish` closes the stream: "stop", "length" (cut by max_tokens) or
    "tool_calls".
    """

    text: str = ""
    thought: str = ""
    call: ToolCall | None = None
    written: str = ""
    prefill: tuple[int, int] | None = None
    usage: Usage | None = None
    finish: Literal["", "stop", "length", "tool_calls"] = ""
    source: Source | None = None
    tokens: tuple[int, ...] = ()
