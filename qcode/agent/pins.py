"""What the user points at: files, lines and names that a run shows the model before all else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from qcode import context, index
from qcode.context import Span
from qcode.errors import QcodeError
from qcode.index import Index
from qcode.messages import Snapshot

_LINES = re.compile(r"^(?P<path>.+):(?P<first>\d+)(?:-(?P<last>\d+))?$")
WHOLE = 400
"""Lines of a pinned file that are shown; the model can read the rest."""


def spans_for(pins: Iterable[str], snapshot: Snapshot, known: Index | None) -> list[Span]:
    """The places of `path`, `path:12-40` and `name` pins; what does not exist is left out."""
    found: list[Span] = []
    for pin in pins:
        match = _LINES.match(pin)
        path = match["path"] if match and snapshot.exists(match["path"]) else pin
        if snapshot.exists(path):
            first, last = 1, _length(path, snapshot)
            if match and path != pin:
                first = max(1, int(match["first"]))
                last = min(last, int(match["last"] or match["first"]))
            if first <= last:
                found.append(Span(path, first, min(last, first + WHOLE - 1), "pinned by the user"))
        elif known is not None:
            for where, definition in known.definitions(pin)[:5]:
                last = min(definition.end_line, definition.start_line + WHOLE - 1)
                found.append(Span(where, definition.start_line, last, f"defines {pin}, pinned by the user"))
    return found


def places(pins: Sequence[str], snapshot: Snapshot) -> list[Span]:
    """Like `spans_for`; the index is brought up to date only where a pin is no path."""
    if all(snapshot.exists(m["path"] if (m := _LINES.match(pin)) else pin) for pin in pins):
        return spans_for(pins, snapshot, None)
    try:
        made = index.open_index(snapshot)
        try:
            made.refresh()
            return spans_for(pins, snapshot, made)
        finally:
            made.close()
    except QcodeError:
        return spans_for(pins, snapshot, None)


def drops(dropped: Iterable[str], path: str, start: int, end: int, reason: str = "") -> bool:
    """Whether a piece of code is one that the user does not want: by its file, by lines of it
    (`path:12-40`), or by the name that it was chosen for."""
    for name in dropped:
        # A reason reads "defines NAME", and more behind a comma.
        if name == path or reason.partition(",")[0] == f"defines {name}":
            return True
        if (match := _LINES.match(name)) and match["path"] == path:
            first, last = int(match["first"]), int(match["last"] or match["first"])
            if start <= last and first <= end:
                return True
    return False


def packed(
    first: Sequence[Span],
    then: Sequence[Span],
    dropped: Sequence[str],
    snapshot: Snapshot,
    fits: Callable[[str], bool],
) -> list[Span]:
    """`first` and as many of `then` as `fits` lets through, without overlaps and without what is `dropped`."""
    chosen: list[Span] = []
    for span in (*first, *then):
        twice = any(c.path == span.path and span.start <= c.end and c.start <= span.end for c in chosen)
        if twice or drops(dropped, span.path, span.start, span.end, span.reason):
            continue
        if fits(context.render(snapshot, [*chosen, span])):
            chosen.append(span)
    return chosen


def _length(path: str, snapshot: Snapshot) -> int:
    try:
        return len(snapshot.read(path).splitlines())
    except QcodeError:
        return 0
