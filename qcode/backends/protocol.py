"""What every engine offers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from qcode.errors import ContextOverflow
from qcode.messages import Delta, Request


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`context_length` in tokens, prompt and answer together."""

    context_length: int
    tools: bool = True
    json_schema: bool = False
    calls: bool = False
    """`Request.calls` may be used: the answer then holds no call that a tool cannot read."""
    cached_prefix: bool = False
    infill: bool = False
    """The model was trained to fill in: `Request.infill` may be used."""
    embeddings: bool = False
    """The backend has `embed`: vectors of texts."""
    tokens: bool = False
    """Answers tell their `Delta.source` and the ids of their tokens: they can be made again."""


class Backend(Protocol):
    """One engine with one model. Closing the iterator of `stream` stops the engine's work."""

    name: str

    def stream(self, request: Request) -> AsyncIterator[Delta]:
        """Generate. Raises BackendError; ContextOverflow before anything is computed."""

    async def count_tokens(self, request: Request) -> int:
        """Tokens of the prompt; never less than the engine will see."""

    async def capabilities(self) -> Capabilities:
        """What this engine can do with this model."""

    async def close(self) -> None:
        """Free the model."""


def check_fits(prompt: int, answer: int, context: int, where: str) -> None:
    """Refuse before the engine truncates. Raises ContextOverflow."""
    if prompt + answer > context:
        raise ContextOverflow(
            f"The prompt has {prompt:,} tokens and the answer may take {answer:,}; {where} holds {context:,}.",
            "Ask for less at a time, or configure a longer context (agent.context).",
        )
