"""Model text -> ChangeSet: parse, locate, gate. Exact or refused; never a guess."""

from qcode.edits.gate import gate
from qcode.edits.locate import Plan, plan
from qcode.edits.model import Edit, Hunk, Refusal, search_replace
from qcode.edits.parse import parse_reply
from qcode.edits.whole import rewrite

__all__ = ["Edit", "Hunk", "Plan", "Refusal", "gate", "parse_reply", "plan", "rewrite", "search_replace"]
