"""Review of a change: deterministic findings that block, each quoting the line it is about."""

from qcode.review.report import Finding, Report, as_json, as_text
from qcode.review.run import review, review_diff

__all__ = ["Finding", "Report", "as_json", "as_text", "review", "review_diff"]
