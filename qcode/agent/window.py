"""What stands in the model's window, read from the request that is about to be sent.

The request itself is the record: nothing is remembered beside it, so that a resumed, compacted or
forked conversation is told as truly as a new one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qcode.agent import pins
from qcode.messages import ContextPart, Message, Request, ToolCall

MOST = 48
"""Parts that an event tells of; the smallest ones of a kind are told as one."""
DROPPED = "(left out: the user does not want this file in the conversation)"
_CODE = re.compile(r"^(Code that may matter|Code that I point at):$", re.MULTILINE)
_SPAN = re.compile(
    r"^(?P<path>[^\t\n]+):(?P<first>\d+)-(?P<last>\d+) \((?P<reason>[^\n]*)\)\n(?P<lines>(?:\d+\t.*(?:\n|\Z))*)",
    re.MULTILINE,
)
_NOTES = re.compile(r"^Notes of the repository \((?P<path>[^\n]*); context, not a request\):$", re.MULTILINE)
_FILES = "Files of the repository"
_LIST = re.compile(r"(?:[^\n]+\n?)*")
"""A list of paths, to the first empty line."""
_FACTS = "The conversation was long; its older turns are left out."


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    name: str
    length: int
    reason: str = ""


def parts(request: Request, tokens: int) -> tuple[ContextPart, ...]:
    """What `request` is made of, the largest first. Its counted `tokens` are shared out by length in
    characters: counting each piece by itself would ask the engine hundreds of times."""
    pieces = _merged(_pieces(request))
    whole = sum(piece.length for piece in pieces) or 1
    shares = [piece.length * tokens // whole for piece in pieces]
    # What rounding leaves goes to the first pieces: the sum is what was counted.
    for place in range(tokens - sum(shares)):
        shares[place % len(shares)] += 1
    made = [
        ContextPart(piece.kind, piece.name, share, piece.reason)  # type: ignore[arg-type]
        for piece, share in zip(pieces, shares, strict=True)
    ]
    return tuple(sorted(made, key=lambda part: -part.tokens))


def without(messages: Sequence[Message], dropped: Collection[str]) -> tuple[Message, ...]:
    """The conversation without the code that is `dropped` (see `pins.drops`) and without what was
    read of dropped files."""
    if not dropped:
        return tuple(messages)

    def stays(span: re.Match[str]) -> str:
        place = span["path"], int(span["first"]), int(span["last"]), span["reason"]
        return "" if pins.drops(dropped, *place) else span[0]

    calls = {call.id: call for message in messages for call in message.tool_calls}
    kept: list[Message] = []
    for message in messages:
        if message.role == "user" and (code := _CODE.search(message.content)):
            head, tail = message.content[: code.start()], message.content[code.start() :]
            message = replace(message, content=head + _SPAN.sub(stays, tail))
        elif (
            (call := calls.get(message.tool_call_id))
            and call.name == "read"
            and call.arguments.get("path") in dropped
        ):
            message = replace(message, content=DROPPED)
        kept.append(message)
    return tuple(kept)


def _pieces(request: Request) -> Iterator[_Piece]:
    if request.tools:
        length = sum(
            len(t.name) + len(t.description) + len(json.dumps(dict(t.parameters))) for t in request.tools
        )
        yield _Piece("tools", f"{len(request.tools)} tools", length)
    calls = {call.id: call for message in request.messages for call in message.tool_calls}
    for message in request.messages:
        match message.role:
            case "system":
                yield _Piece("system", "instructions", len(message.content))
            case "user":
                yield from _said(message.content)
            case "assistant":
                yield _Piece("answer", "answers and calls", _length(message))
            case "tool":
                call = calls.get(message.tool_call_id)
                yield _Piece("result", _named(call) if call else "a call", len(message.content))


def _said(text: str) -> Iterator[_Piece]:
    """A turn of the user's or of qcode's: what of it is code, files, notes, and what the request."""
    if text.startswith(_FACTS):
        yield _Piece("facts", "plan, edit and tests so far", len(text))
        return
    left = len(text)
    code = _CODE.search(text)
    before = text[: code.start()] if code else text
    notes = _NOTES.search(before)
    if text.startswith(_FILES):
        listed = len(_LIST.match(before[: notes.start() if notes else None])[0])  # type: ignore[index]
        left -= listed
        yield _Piece("files", "list of files", listed)
    if code and notes:
        left -= len(before) - notes.start()
        yield _Piece("notes", notes["path"], len(before) - notes.start())
    for span in _SPAN.finditer(text, code.start()) if code else ():
        left -= len(span[0])
        place = f"{span['path']}:{span['first']}-{span['last']}"
        yield _Piece("code", place, len(span[0]), span["reason"])
    yield _Piece("request", "requests and guidance", max(0, left))


def _length(message: Message) -> int:
    calls = sum(
        len(call.name) + len(json.dumps(dict(call.arguments), default=str)) for call in message.tool_calls
    )
    return len(message.content) + len(message.thought) + calls


def _named(call: ToolCall) -> str:
    place = next(
        (str(call.arguments[key]) for key in ("path", "text", "symbol") if call.arguments.get(key)), ""
    )
    return f"{call.name} {' '.join(place.split())[:80]}".strip()


def _merged(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Pieces of one name are one; beyond `MOST` the smallest are one for each kind."""
    found: dict[tuple[str, str], _Piece] = {}
    for piece in pieces:
        key = piece.kind, piece.name
        known = found.get(key)
        found[key] = replace(known, length=known.length + piece.length) if known else piece
    by_size = sorted((p for p in found.values() if p.length), key=lambda p: -p.length)
    kept, rest = by_size[:MOST], by_size[MOST:]
    others: dict[str, int] = {}
    for piece in rest:
        others[piece.kind] = others.get(piece.kind, 0) + piece.length
    return kept + [_Piece(kind, "others", length) for kind, length in others.items()]
