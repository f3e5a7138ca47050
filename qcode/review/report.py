"""Findings, and how they are printed."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Literal

from qcode.terminal import clean


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one added line (1-based, of the new file), which `quote` repeats."""

    path: str
    line: int
    rule: str
    severity: Literal["block", "advise"]
    message: str
    quote: str


@dataclass(frozen=True, slots=True)
class Report:
    """`files` were looked at; `skipped` were not, with the reason."""

    findings: tuple[Finding, ...]
    files: int
    skipped: tuple[str, ...] = ()


def as_text(report: Report) -> str:
    """One finding in two lines, then a summary; safe for a terminal."""
    lines: list[str] = []
    for finding in report.findings:
        lines.append(f"{finding.path}:{finding.line}: {finding.message} [{finding.rule}]")
        lines.append(f"    {finding.quote.strip()}")
    lines += [f"not reviewed: {reason}" for reason in report.skipped]
    found = _counted(len(report.findings), "finding") if report.findings else "nothing found"
    lines.append(f"{_counted(report.files, 'file')} reviewed: {found}")
    # Line by line: a file's name may hold a line feed, and must not forge the summary.
    return "".join(f"{clean(line, keep_newlines=False)}\n" for line in lines)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def as_json(report: Report) -> str:
    """The report as one JSON object."""
    return json.dumps(dataclasses.asdict(report), indent=1) + "\n"
