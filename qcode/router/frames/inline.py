""" "inline tmp", "replace tmp by its value", "tmp is only used once, inline it"."""

from __future__ import annotations

from qcode.router.clause import Clause, Reading
from qcode.router.plan import Call, Question
from qcode.router.words import vocabulary
from qcode.router.world import Target

CUES = frozenset(["inline", "inlined", "inlining"])
_GLUE = CUES | vocabulary(
    "instead use could no value values definition expression directly where it's pointless needless unnecessary useless "
    "redundant needed required only once replace substitute by with put fold into remove eliminate "
    "rid delete drop temporary temp body as necessary i'm it's because since single "
    "used helper one-liner again where intermediate tmp temporaries make do please"
)  # fmt: skip
_KINDS = ("local", "variable", "function", "method")


def read_clause(clause: Clause) -> Reading:
    """Variables or functions that go where their names stand."""
    if not clause.has(*CUES) and not (
        clause.has("value", "definition") and clause.has("its", "directly", "put", "into")
    ):
        return _got_rid_of(clause)
    if clause.has("parameter", "argument", "default"):
        return None
    found = clause.several(clause.tokens, _GLUE, _KINDS)
    if not isinstance(found, list):
        return found or None
    return [inlined(clause, target) for target in found]


def _got_rid_of(clause: Clause) -> Reading:
    """ "get rid of the variable tmp": by inlining it, presumably."""
    if not clause.has("rid", "remove", "eliminate", "drop", "delete", "skip", "unnecessary", "pointless"):
        return None
    found = clause.one(clause.tokens, _GLUE, _KINDS)
    if not isinstance(found, Target) or found.kind != "local":
        return None
    if clause.has("temporary", "temp", "intermediate", "tmp") and found.name not in ("temp", "tmp"):
        return [inlined(clause, found)]
    plain = f"inline {found.name} in {found.owner}"
    return Question(f"Shall the value of {found.name} stand where it is used? Then say: {plain}.", (plain,))


def inlined(clause: Clause, target: Target) -> Call:
    """The call that inlines `target`."""
    if target.kind in ("local", "parameter"):
        inside = target.owner if target.moved else f"{target.path}:{target.owner}"
        arguments = {"name": target.name, "inside": inside}
        return clause.call(
            "inline", arguments, f"Inline {target.name} in {target.owner} ({target.path}:{target.line})"
        )
    return clause.call(
        "inline",
        {"name": target.symbol},
        f"Inline {target.qualname} ({target.path}:{target.line})",
        (target.qualname,),
    )
