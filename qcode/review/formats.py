"""A report as text, JSON, SARIF 2.1.0, rdjson, GitHub annotations or Markdown."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote as percent

from qcode import __version__
from qcode.review.checks import RULES
from qcode.review.report import Finding, Report
from qcode.terminal import clean

HOME = "https://pypi.org/project/qcode/"
_QUOTED = 3
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(report: Report) -> str:
    """One finding in two lines, then a summary; safe for a terminal. Of the same finding at many
    places (the callers of one function, say) the first are quoted, and the others named."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in report.findings:
        alike.setdefault((finding.severity, finding.rule, finding.message), []).append(finding)
    lines: list[str] = []
    for found in alike.values():
        quoted = found if len(found) <= _QUOTED + 1 else found[:_QUOTED]
        for finding in quoted:
            advice = " (advice)" if finding.severity == "advise" else ""
            lines.append(f"{finding.path}:{finding.line}: {finding.message} [{finding.rule}]{advice}")
            if finding.quote.strip():
                lines.append(f"    {finding.quote.strip()[:200]}")
        if rest := found[len(quoted) :]:
            lines.append(f"    and at {len(rest)} more places: {_places(rest)}")
    lines += [f"not reviewed: {reason}" for reason in report.skipped]
    lines.append(_summary(report))
    # Line by line: a file's name may hold a line feed, and must not forge the summary.
    return "".join(f"{clean(line, keep_newlines=False)}\n" for line in lines)


def _places(findings: list[Finding]) -> str:
    """`a.py:3,9; b.py:4`."""
    lines: dict[str, list[str]] = {}
    for finding in findings:
        lines.setdefault(finding.path, []).append(str(finding.line))
    return "; ".join(f"{path}:{','.join(numbers)}" for path, numbers in lines.items())


def as_json(report: Report) -> str:
    """The report as one JSON object."""
    value: dict[str, Any] = dataclasses.asdict(report)
    for finding, made in zip(report.findings, value["findings"], strict=True):
        del made["also"]
        made["fingerprint"] = finding.fingerprint
    return json.dumps(value, indent=1) + "\n"


def as_sarif(report: Report) -> str:
    """SARIF 2.1.0 (OASIS): one run, with fingerprints of our own that survive moved lines."""
    used = sorted({finding.rule for finding in report.findings})
    rules = [
        {
            "id": name,
            "shortDescription": {"text": RULES[name].words if name in RULES else name},
            "defaultConfiguration": {"level": _level(RULES[name].severity if name in RULES else "advise")},
        }
        for name in used
    ]
    results = [
        {
            "ruleId": f.rule,
            "ruleIndex": used.index(f.rule),
            "level": _level(f.severity),
            "message": {"text": clean(f.message)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": percent(f.path), "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": max(1, f.line), "snippet": {"text": clean(f.quote)}},
                    }
                }
            ],
            "partialFingerprints": {"qcode/v1": f.fingerprint},
        }
        for f in report.findings
    ]
    notes = [{"level": "warning", "message": {"text": clean(f"not reviewed: {s}")}} for s in report.skipped]
    run = {
        "tool": {"driver": {"name": "qcode", "version": __version__, "informationUri": HOME, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": results,
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def as_rdjson(report: Report) -> str:
    """reviewdog's Diagnostic Format."""
    diagnostics = [
        {
            "message": clean(f.message),
            "location": {"path": f.path, "range": {"start": {"line": max(1, f.line)}}},
            "severity": "ERROR" if f.severity == "block" else "WARNING",
            "code": {"value": f.rule},
        }
        for f in report.findings
    ]
    return json.dumps({"source": {"name": "qcode", "url": HOME}, "diagnostics": diagnostics}, indent=1) + "\n"


def as_github(report: Report) -> str:
    """Workflow commands, which GitHub shows at the lines of a pull request."""

    def escaped(text: str, more: str = "") -> str:
        text = clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if more else text

    lines = [
        f"::{'error' if f.severity == 'block' else 'warning'} file={escaped(f.path, ':,')},line={max(1, f.line)},"
        f"title=qcode {f.rule}::{escaped(f.message)}"
        for f in report.findings
    ]
    lines += [f"::notice title=qcode::{escaped(f'not reviewed: {s}')}" for s in report.skipped]
    return "".join(f"{line}\n" for line in lines)


def as_markdown(report: Report) -> str:
    """A table for a comment or a job summary."""
    rows = ["| place | | finding |", "|---|---|---|"]

    def cell(text: str) -> str:
        return clean(text, keep_newlines=False).replace("|", "\\|").replace("`", "'")

    for f in report.findings:
        mark = "**blocks**" if f.severity == "block" else "advice"
        rows.append(
            f"| `{cell(f.path)}:{f.line}` | {mark} | {cell(f.message)}<br>`{cell(f.quote.strip()[:160])}` |"
        )
    table = "\n".join(rows) + "\n\n" if report.findings else ""
    skipped = "".join(f"- not reviewed: {cell(reason)}\n" for reason in report.skipped)
    return f"{table}{skipped}{_summary(report)}\n"


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "rdjson": as_rdjson,
    "github": as_github,
    "markdown": as_markdown,
}


def _summary(report: Report) -> str:
    blocking = sum(f.severity == "block" for f in report.findings)
    advice = len(report.findings) - blocking
    found = " and ".join(
        part
        for part in (
            f"{_counted(blocking, 'finding')}" if blocking else "",
            f"{advice} advised" if advice else "",
        )
        if part
    )
    hidden = f", {report.suppressed} suppressed" if report.suppressed else ""
    return f"{_counted(report.files, 'file')} reviewed: {found or 'nothing found'}{hidden}"


def _level(severity: str) -> str:
    return "error" if severity == "block" else "warning"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
