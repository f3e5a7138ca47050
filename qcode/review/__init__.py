"""Review of a change: deterministic findings that block, a model's findings that advise; each
quotes the line it is about."""

from qcode.review.formats import FORMATS, as_json, as_text
from qcode.review.report import Finding, Report
from qcode.review.run import Choice, review, review_diff
from qcode.review.suppress import write_baseline
from qcode.review.within import Terms, review_within

__all__ = [
    "FORMATS",
    "Choice",
    "Finding",
    "Report",
    "Terms",
    "as_json",
    "as_text",
    "review",
    "review_diff",
    "review_within",
    "write_baseline",
]
