"""Findings, and the report of a review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Severity = Literal["block", "advise"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one line (from 1, of the new file), which `quote` repeats.

    `also` are further lines in which a comment may suppress it.
    """

    path: str
    line: int
    rule: str
    severity: Severity
    message: str
    quote: str
    also: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same fault after lines have moved: path, rule and the line's own text."""
        text = "\0".join((self.path, self.rule, " ".join(self.quote.split())))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Report:
    """`files` were looked at; `skipped` were not, with the reason. `suppressed` counts findings that
    comments or the baseline hide."""

    findings: tuple[Finding, ...]
    files: int
    skipped: tuple[str, ...] = ()
    suppressed: int = 0
    unfinished: bool = False
    """The time was over: work of this review goes on in a thread that nobody waits for."""

    @property
    def blocks(self) -> bool:
        return any(finding.severity == "block" for finding in self.findings)
