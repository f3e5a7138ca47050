"""A whole answer as a grammar: a thought, some text, and calls."""

from __future__ import annotations

from collections.abc import Sequence

from qcode.backends.constraints.calls import CallForm
from qcode.backends.constraints.lark import Grammar, literal, quoted
from qcode.backends.constraints.schema import node
from qcode.backends.constraints.values import Room, text
from qcode.messages import Calls, Request, ToolSchema

CHARACTERS = 4
"""Characters of code in a token of the answer's limit, rather too many."""
_WORDS = 1_000
"""Characters of text before a call that must come."""


def grammar_for(request: Request, form: CallForm, answer: int, thought: str = "") -> str | None:
    """The grammar that holds an answer of at most `answer` tokens to what `request` wants; None when
    anything may be said. `thought`: what begins a thought, unless the prompt does."""
    if request.constraint is None and request.calls is None:
        return None
    grammar = Grammar()
    parts: list[str] = []
    if request.sampling.thinking:
        # Lazy: it ends where it first can.
        end = rf"/{quoted(thought)}(?s:.*){quoted('</think>')}\n\n/"
        parts.append(grammar.define("thought", end, "lazy"))
    if request.constraint is not None:
        parts.append(grammar.define("json", node(request.constraint)))
    elif request.calls is not None:
        parts.append(_calls(grammar, request.calls, request.tools, form, answer))
    grammar.define("start", " ".join(parts))
    return grammar.text()


def _calls(grammar: Grammar, wanted: Calls, tools: Sequence[ToolSchema], form: CallForm, answer: int) -> str:
    if not tools:
        return grammar.define("said", "/(?s:.*)/")
    room = Room(wanted.longest or CHARACTERS * answer, strict=bool(wanted.longest))
    anchor = wanted.anchor
    alone = [form.anchored(grammar, t, anchor, room) for t in tools if anchor and t.name == anchor.tool]
    others = [t for t in tools if not (anchor and t.name == anchor.tool)]
    single = [form.call(grammar, tool, room) for tool in others]
    choices = [call for call in alone if call]
    if single:
        one = grammar.define("one", " | ".join(single))
        more = literal(form.between + form.begin)
        choices.append(
            f"{one} ({more} {one}){{0,{wanted.most - 1}}}" if wanted.most > 1 and form.between else one
        )
    calls = f"{literal(form.begin)} ({' | '.join(choices)})"
    if form.leads and wanted.text and not wanted.required:
        begin = quoted(form.opening[0])
        return grammar.define("answer", f"/([^{begin}](?s:.*))?/ | {literal(form.opening)} {calls}")
    if not wanted.text or form.leads:
        return grammar.define("answer", f"{literal(form.opening)} {calls}")
    if wanted.required:
        words = text(grammar, Room(_WORDS, strict=True), form.opening, name="words", before=True)
        return grammar.define("answer", f"({literal(form.opening)} | {words}) {calls}")
    # A lazy terminal ends as soon as it can: from the mark on, this is a call and no text.
    head = grammar.define("head", rf"/(?s:.*){quoted(form.opening)}/", "lazy")
    return grammar.define("answer", f"/(?s:.*)/ | {head} {calls}")
