"""What of a repository a model is shown: spans that earn their tokens, each with its reason."""

from qcode.context.spans import Span, estimate, gather, render

__all__ = ["Span", "estimate", "gather", "render"]
