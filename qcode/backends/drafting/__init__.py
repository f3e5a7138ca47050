"""Tokens drafted for an answer, and verified by the model in one pass."""

from qcode.backends.drafting.edit import EditDrafter
from qcode.backends.drafting.forms import Writing
from qcode.backends.drafting.ngram import PromptLookup
from qcode.backends.drafting.verify import Drafter, Model, Speculation
from qcode.backends.drafting.vocabulary import Vocabulary

__all__ = ["Drafter", "EditDrafter", "Model", "PromptLookup", "Speculation", "Vocabulary", "Writing"]
