"""Findings that somebody decided to live with: comments in the code, and the baseline.

    x = risky()  # qcode: ignore[undefined-name] defined by the runtime

A comment counts in the finding's own line. The baseline lists fingerprints, which stay the same
when lines move.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from qcode.errors import UsageError
from qcode.review.report import Finding, Report

BASELINE = ".qcode-baseline.json"
_IGNORED = re.compile(r"qcode:\s*ignore(?:\[([\w, -]+)\])?")


def ignored(finding: Finding) -> bool:
    """Whether a comment at the line allows it."""
    return any(_allows(line, finding.rule) for line in (finding.quote, *finding.also))


def _allows(line: str, rule: str) -> bool:
    found = _IGNORED.search(line)
    return found is not None and (found[1] is None or rule in re.split(r"[,\s]+", found[1]))


def read_baseline(root: Path) -> Counter[str]:
    """Fingerprints and how often each may occur. Raises UsageError for a file that is no baseline."""
    path = root / BASELINE
    try:
        value = json.loads(path.read_text("utf-8"))
        return Counter({str(key): int(entry["count"]) for key, entry in value["findings"].items()})
    except FileNotFoundError:
        return Counter()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is no baseline: {type(error).__name__}.", "Make it again: qcode review --write-baseline."
        ) from error


def write_baseline(root: Path, report: Report) -> str:
    """Add the findings of `report` to the baseline; a sentence on it. Raises UsageError."""
    path = root / BASELINE
    old = json.loads(path.read_text("utf-8"))["findings"] if read_baseline(root) else {}
    value = json.loads(as_baseline(report.findings))
    value["findings"] = dict(sorted((old | value["findings"]).items()))
    temporary = path.with_name(f"{BASELINE}.{os.getpid()}")
    temporary.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
    temporary.replace(path)
    return f"{len(value['findings'])} accepted in {BASELINE}."


def as_baseline(findings: Iterable[Finding]) -> str:
    """The baseline that hides `findings`, to be read by people as well."""
    entries: dict[str, dict[str, object]] = {}
    counts = Counter(finding.fingerprint for finding in findings)
    for finding in findings:
        entries[finding.fingerprint] = {
            "count": counts[finding.fingerprint],
            "path": finding.path,
            "rule": finding.rule,
            "line": " ".join(finding.quote.split())[:120],
        }
    return json.dumps({"version": 1, "findings": dict(sorted(entries.items()))}, indent=1) + "\n"


def apart(findings: Iterable[Finding], baseline: Counter[str]) -> tuple[list[Finding], int]:
    """(those to be reported, how many are hidden)."""
    left = Counter(baseline)
    shown: list[Finding] = []
    hidden = 0
    for finding in findings:
        if ignored(finding):
            hidden += 1
        elif left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
            hidden += 1
        else:
            shown.append(finding)
    return shown, hidden
