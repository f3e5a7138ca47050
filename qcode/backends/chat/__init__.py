"""Chat formats, one for each family of models: prompts written, answers read, calls held to form."""

from qcode.backends.chat.family import Family, Parser, family_for
from qcode.backends.chat.limits import Limited
from qcode.backends.chat.thought import Thought

__all__ = ["Family", "Limited", "Parser", "Thought", "family_for"]
