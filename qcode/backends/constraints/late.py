"""Lines that no grammar could hold, looked at where they end: are they one place of their file?"""

from __future__ import annotations

from dataclasses import replace

from qcode.messages import NOT_FOUND, Anchor, ToolCall


def strays(anchor: Anchor, path: str, said: str) -> bool:
    """Whether `said`, written for a file of `anchor.late`, is anything but lines of it that stand next
    to each other and occur exactly once. Of any other file the grammar has seen to that."""
    window = next((window for window in anchor.late if window.path == path), None)
    if window is None or (anchor.escape and said.strip() == NOT_FOUND):
        return False
    # Who reads it drops one line end at the end, too.
    whole, part = "\n".join(("", *window.lines, "")), "\n" + said.removesuffix("\n") + "\n"
    at = whole.find(part)
    # The line end between two places belongs to both.
    return not said.strip() or at < 0 or whole.find(part, at + 1) >= 0


def stopped(anchor: Anchor, call: ToolCall) -> ToolCall:
    """`call`, or what there was of it when its lines had ended: they stray."""
    path, said = call.arguments.get(anchor.path), call.arguments.get(anchor.lines)
    if call.name != anchor.tool or not (isinstance(path, str) and isinstance(said, str)):
        return call
    if not strays(anchor, path, said):
        return call
    return replace(call, arguments={anchor.path: path, anchor.lines: said}, stray=anchor.lines)
