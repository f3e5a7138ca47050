"""A file's whole new text -> its new bytes, with everything kept that the text cannot say."""

from __future__ import annotations

from qcode.edits.compare import blocks
from qcode.edits.refusals import Refusal
from qcode.edits.text import decode


def rewritten(path: str, before: bytes, text: str) -> bytes | Refusal:
    """The bytes of `path` with the text `text`.

    Encoding, byte order mark and the line end of every line that stays are kept; new lines end
    like their neighbours.
    """
    try:
        old = decode(before)
    except UnicodeDecodeError:
        return undecodable(path)
    if not text.strip() and before.strip():
        return Refusal(path, "empty", f"The new text of {path} is empty.", advice="Send all of it.")
    new = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    kept: list[tuple[str, str | None]] = []
    at = 0
    for a, b, c, d in blocks(old.lines, new):
        kept += zip(old.lines[at:a], old.ends[at:a], strict=True)
        ends = [*old.ends[a:b], *([""] * (d - c))]
        kept += [(line, end or None) for line, end in zip(new[c:d], ends, strict=False)]
        at = b
    kept += zip(old.lines[at:], old.ends[at:], strict=True)
    try:
        return old.rebuilt(kept)
    except UnicodeEncodeError:
        return unencodable(path, old.encoding)


def undecodable(path: str) -> Refusal:
    """The refusal of what is no text."""
    return Refusal(path, "undecodable", f"{path} is no text that can be decoded. It was left alone.")


def unencodable(path: str, encoding: str) -> Refusal:
    """The refusal of characters that a file's encoding lacks."""
    return Refusal(
        path,
        "encoding",
        f"{path} is {encoding} text, and the edit has characters that it cannot hold.",
        advice="Use characters of that encoding.",
    )
