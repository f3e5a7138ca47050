"""Constraints (`qcode.messages.constraints`) compiled for engines: what a model can say at all."""

from qcode.backends.constraints.answer import escape_for, grammar_for, unfinished
from qcode.backends.constraints.calls import CallForm, JsonCalls, XmlCalls
from qcode.backends.constraints.escape import Escape, Lines
from qcode.backends.constraints.late import stopped, strays

__all__ = [
    "CallForm",
    "Escape",
    "JsonCalls",
    "Lines",
    "XmlCalls",
    "escape_for",
    "grammar_for",
    "stopped",
    "strays",
    "unfinished",
]
