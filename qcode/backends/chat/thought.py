"""A thought with a limit: generated apart, ended where it stands, and the answer asked for behind it.

That costs the engine nothing, since what was generated is the prefix of what is asked next; and no
thought is lost, as it is when a run is stopped for thinking too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qcode.backends.chat.family import Family
from qcode.messages import Delta, Request

_END = "</think>"


@dataclass(slots=True)
class Thought:
    """The first of two generations; it reads the text of it, as a Parser does."""

    request: Request
    """What to ask the engine for: nothing holds a thought to a form."""
    prompt: str
    stops: Sequence[str]
    _said: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: Request, prompt: str, family: Family) -> Thought | None:
        """The thought of an answer to `prompt`; None when it has none, or no limit."""
        if not (request.sampling.thinking and request.sampling.thought) or not family.thinks:
            return None
        free = replace(request, constraint=None, calls=None)
        return cls(free, prompt + family.thought, (_END, *family.stops))

    def feed(self, text: str) -> list[Delta]:
        """What arrives is thought."""
        self._said.append(text)
        return [Delta(thought=text)] if text else []

    @property
    def arriving(self) -> str:
        return ""

    def finish(self, cut: bool = False) -> list[Delta]:
        """Nothing is left."""
        return []

    def ended(self, request: Request) -> tuple[Request, str]:
        """The second generation: (request, prompt). The thought stands in it as history has it."""
        said = "".join(self._said).strip()
        sampling = replace(
            request.sampling,
            thinking=False,
            max_tokens=request.sampling.answer,
        )
        return replace(request, sampling=sampling), f"{self.prompt}{said}\n{_END}\n\n"
