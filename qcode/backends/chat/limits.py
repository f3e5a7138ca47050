"""What a stream tells of calls beside themselves: how they grow, that a text met its limit, and that
the lines which an edit is to replace are no lines of its file: then it is over there."""

from __future__ import annotations

import secrets
from dataclasses import replace

from qcode.backends.chat.family import Family, Parser
from qcode.backends.constraints import stopped, unfinished
from qcode.messages import Anchor, Delta, Request, ToolCall


class Limited:
    """The reader of an answer of at most `answer` tokens that was held to what `request` wants.

    `over`: what follows is of no use, the generation can end.
    """

    def __init__(self, family: Family, request: Request, answer: int) -> None:
        exact = request.calls is not None
        self._parser: Parser = family.parser(request.tools, request.sampling.thinking, exact)
        self._form, self._request, self._answer = family.form, request, answer
        self._calls = 0
        anchor = request.calls.anchor if request.calls else None
        self._late = anchor if anchor and anchor.late else None
        self._looked = False
        self.over = False

    @property
    def arriving(self) -> str:
        return self._parser.arriving

    def feed(self, text: str) -> list[Delta]:
        """What `text` completes; or itself, as a piece of what is not whole yet. Nothing once it is over."""
        if self.over:
            return []
        deltas = [self._told(delta) for delta in self._parser.feed(text)]
        if self._late and not self.over:
            deltas += self._look(self._late)
        return deltas or ([Delta(written=text)] if text else [])

    def finish(self, cut: bool = False) -> list[Delta]:
        """What is left at the end of the stream; `cut` by the token limit."""
        return [] if self.over else [self._told(delta) for delta in self._parser.finish(cut)]

    def _look(self, anchor: Anchor) -> list[Delta]:
        """The call that arrives, if its lines have ended and are no place of the file."""
        arriving = self._parser.arriving
        if not arriving:
            self._looked = False
        if self._looked or (found := self._form.lines_of(arriving, anchor)) is None:
            return []
        self._looked = True
        values = dict(zip((anchor.path, anchor.lines), found, strict=True))
        call = stopped(anchor, ToolCall(f"call-{secrets.token_hex(4)}", anchor.tool, values))
        self.over = bool(call.stray)
        return [Delta(call=call)] if self.over else []

    def _told(self, delta: Delta) -> Delta:
        if (call := delta.call) is None:
            return delta
        if self._late and (short := stopped(self._late, call)).stray:
            self.over = True
            return replace(delta, call=short)
        name = unfinished(self._request, self._form, self._answer, call, self._calls)
        self._calls += 1
        return replace(delta, call=replace(call, unfinished=name)) if name else delta
