"""What a stream tells of calls beside themselves: how they grow, and that a text met its limit."""

from __future__ import annotations

from dataclasses import replace

from qcode.backends.chat.family import Family, Parser
from qcode.backends.constraints import unfinished
from qcode.messages import Delta, Request


class Limited:
    """The reader of an answer of at most `answer` tokens that was held to what `request` wants."""

    def __init__(self, family: Family, request: Request, answer: int) -> None:
        exact = request.calls is not None
        self._parser: Parser = family.parser(request.tools, request.sampling.thinking, exact)
        self._form, self._request, self._answer = family.form, request, answer
        self._calls = 0

    def feed(self, text: str) -> list[Delta]:
        """What `text` completes; or itself, as a piece of what is not whole yet."""
        deltas = [self._told(delta) for delta in self._parser.feed(text)]
        return deltas or ([Delta(written=text)] if text else [])

    def finish(self, cut: bool = False) -> list[Delta]:
        """What is left at the end of the stream; `cut` by the token limit."""
        return [self._told(delta) for delta in self._parser.finish(cut)]

    def _told(self, delta: Delta) -> Delta:
        if (call := delta.call) is None:
            return delta
        name = unfinished(self._request, self._form, self._answer, call, self._calls)
        self._calls += 1
        return replace(delta, call=replace(call, unfinished=name)) if name else delta
