"""A whole answer as a grammar: a thought, some text, and calls."""

from __future__ import annotations

from collections.abc import Sequence

from qcode.backends.constraints.calls import CallForm, is_text, late_rooms, rooms_of
from qcode.backends.constraints.escape import Escape
from qcode.backends.constraints.lark import Grammar, literal, quoted
from qcode.backends.constraints.schema import node
from qcode.backends.constraints.values import PIECE, Room, text
from qcode.messages import Calls, Request, ToolCall, ToolSchema

TOKENS = 12
"""Tokens of a piece of text (`values.PIECE`), rather too many: code has 8, random tokens have 10 or 11.
Who says as much as may be said has then not met the answer's limit, and the call is made."""
_MARKS = 160
"""Tokens of the marks around the texts of four calls, and for what is above the average."""
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


def escape_for(request: Request, form: CallForm, answer: int) -> Escape | None:
    """The way out of the lines that `grammar_for` holds an answer to; None: there are none, or no way out."""
    wanted = request.calls
    if request.constraint is not None or wanted is None or wanted.anchor is None or not wanted.anchor.escape:
        return None
    tool = next((t for t in request.tools if t.name == wanted.anchor.tool), None)
    return form.escape(tool, wanted.anchor, _rooms(wanted, answer)[0]) if tool else None


def unfinished(request: Request, form: CallForm, answer: int, call: ToolCall, number: int) -> str:
    """The parameter of the `number`th call of an answer, from 0, whose text has all the room that the
    grammar left it: its end may be missing. "": there is none."""
    tool = next((t for t in request.tools if t.name == call.name), None)
    if request.calls is None or tool is None:
        return ""
    room, small = _rooms(request.calls, answer)
    anchor = request.calls.anchor
    anchored = anchor if anchor and anchor.tool == tool.name else None
    mine = small if number else room
    if anchored and call.arguments.get(anchored.path) in {window.path for window in anchored.late}:
        shares = late_rooms(tool, anchored, mine)
    else:
        shares = rooms_of(tool, anchored, mine)
    for name, share in shares.items():
        said = call.arguments.get(name)
        if isinstance(said, str) and form.reached(share, said) and is_text(tool, name):
            return name
    return ""


def _rooms(wanted: Calls, answer: int) -> tuple[Room, Room]:
    """What the texts of a call may have that stands alone, and of one among others."""
    if wanted.longest:
        each = Room(wanted.longest, each=True)
        return each, each
    room = _whole(answer)
    if wanted.required and wanted.text:
        room -= _words(room)
    return Room(room), Room(max(PIECE, room // wanted.most))


def _whole(answer: int) -> int:
    """Characters that surely fit into an answer of so many tokens."""
    return max(PIECE, (answer - _MARKS) * PIECE // TOKENS)


def _words(room: int) -> int:
    return min(_WORDS, room // 4)


def _calls(grammar: Grammar, wanted: Calls, tools: Sequence[ToolSchema], form: CallForm, answer: int) -> str:
    if not tools:
        return grammar.define("said", "/(?s:.*)/")
    room, small = _rooms(wanted, answer)
    anchor = wanted.anchor
    alone = [form.anchored(grammar, t, anchor, room) for t in tools if anchor and t.name == anchor.tool]
    others = [t for t in tools if not (anchor and t.name == anchor.tool)]
    choices = [call for call in alone if call]
    if others:
        one = grammar.define("one", " | ".join(form.call(grammar, tool, room) for tool in others))
        choices.append(one)
        if wanted.most > 1 and form.between:
            few = grammar.define("few", " | ".join(form.call(grammar, tool, small) for tool in others))
            choices.append(f"{few} ({literal(form.between + form.begin)} {few}){{1,{wanted.most - 1}}}")
    calls = f"{literal(form.begin)} ({' | '.join(choices)})"
    if form.leads and wanted.text and not wanted.required:
        begin = quoted(form.opening[0])
        return grammar.define("answer", f"/([^{begin}](?s:.*))?/ | {literal(form.opening)} {calls}")
    if not wanted.text or form.leads:
        return grammar.define("answer", f"{literal(form.opening)} {calls}")
    if wanted.required:
        before = Room(_words(_whole(answer)))
        words = text(grammar, before, form.opening, name="words", before=True)
        return grammar.define("answer", f"({literal(form.opening)} | {words}) {calls}")
    # A lazy terminal ends as soon as it can: from the mark on, this is a call and no text.
    head = grammar.define("head", rf"/(?s:.*){quoted(form.opening)}/", "lazy")
    return grammar.define("answer", f"/(?s:.*)/ | {head} {calls}")
