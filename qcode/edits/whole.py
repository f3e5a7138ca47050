"""A file's whole new text -> Change, with everything kept that the text cannot say."""

from __future__ import annotations

import difflib

from qcode.edits.locate import Plan
from qcode.edits.model import Refusal
from qcode.edits.text import decode
from qcode.errors import WorkspaceError
from qcode.messages import Change, ChangeSet, Snapshot


def rewrite(snapshot: Snapshot, path: str, text: str) -> Plan:
    """The plan that gives the existing file `path` the text `text` (line ends: "\\n").

    Encoding, byte order mark and the line end of every line that stays are kept; new lines end
    like their neighbours.
    """

    def refused(reason: str, message: str) -> Plan:
        return Plan(ChangeSet(), (Refusal(path, reason, message),))

    try:
        before = snapshot.read(path)
        old = decode(before)
    except WorkspaceError as error:
        return refused("missing_file", f"{error.message} {error.hint}")
    except UnicodeDecodeError:
        return refused("undecodable", f"{path} is no text that can be decoded. It was left alone.")
    if not text.strip() and before.strip():
        return refused("empty", f"The new text of {path} is empty. Send all of it.")
    new = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    kept: list[tuple[str, str | None]] = []
    matcher = difflib.SequenceMatcher(None, old.lines, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            kept += [(line, old.ends[a + n] or None) for n, line in enumerate(new[c:d])]
        else:
            ends = list(old.ends[a:b])
            kept += [(line, (ends[n] if n < len(ends) else "") or None) for n, line in enumerate(new[c:d])]
    try:
        after = old.rebuilt(kept)
    except UnicodeEncodeError:
        return refused("undecodable", f"{path} is {old.encoding}, which cannot hold the new text.")
    return Plan(ChangeSet.of([Change(path, before, after)]), ())
