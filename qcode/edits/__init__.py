"""Model text -> ChangeSet: parse, locate, gate. Exact or refused; never a guess."""

from qcode.edits.attempts import Attempts, Next, region_edit
from qcode.edits.gate import gate
from qcode.edits.locate import Plan, misplaced, plan, rewrite
from qcode.edits.model import Edit, Hunk, search_replace
from qcode.edits.parse import Parser, parse_reply
from qcode.edits.refusals import Refusal
from qcode.edits.render import render
from qcode.edits.stream import Abort, EditStream, Landed, Preview, StreamEvent

__all__ = [
    "Abort",
    "Attempts",
    "Edit",
    "EditStream",
    "Hunk",
    "Landed",
    "Next",
    "Parser",
    "Plan",
    "Preview",
    "Refusal",
    "StreamEvent",
    "gate",
    "misplaced",
    "parse_reply",
    "plan",
    "region_edit",
    "render",
    "rewrite",
    "search_replace",
]
