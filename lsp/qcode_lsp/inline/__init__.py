"""Inline completion: what a model would write at the cursor, while it is still wanted there."""

from qcode_lsp.inline.feature import InlineCompletion, register

__all__ = ["InlineCompletion", "register"]
