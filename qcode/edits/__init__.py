"""Model text -> ChangeSet: parse, locate, gate. Exact or refused; never a guess."""

from qcode.edits.gate import gate
from qcode.edits.locate import Plan, plan, rewrite
from qcode.edits.model import Edit, Hunk, search_replace
from qcode.edits.parse import Parser, parse_reply
from qcode.edits.refusals import Refusal

__all__ = [
    "Edit",
    "Hunk",
    "Parser",
    "Plan",
    "Refusal",
    "gate",
    "parse_reply",
    "plan",
    "rewrite",
    "search_replace",
]
