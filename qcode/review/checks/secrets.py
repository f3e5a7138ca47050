"""Secrets in added lines, by the shapes of issued keys (`qcode.secrecy`). Such a key blocks; a
variable that is called password is advice, since examples hold many."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene
from qcode.secrecy import shaped

_ASSIGNED = re.compile(
    r"(?i)(?:password|passwd|secret|api[_-]?key|(?:api|auth)[_-]?token|access[_-]?key|private[_-]?key)[\w.-]{0,100}+"
    r"[\"']?\s{0,100}+(?::=|:|=)\s{0,100}+[\"'](?P<value>[^\"'\s]{12,}+)[\"']"
)
"""With bounds: a line may be a megabyte of anything."""
_EXAMPLE = re.compile(
    r"(?i)example|sample|dummy|placeholder|changeme|your[-_]|xxx|\*\*\*|\.\.\.|<[^<>]+>|\$\{|\{\{|%\(|fake|test"
)


def check(scene: Scene) -> Iterator[Finding]:
    """Keys by their shapes, and assignments of random-looking texts to names that say secret."""
    for changed in scene.with_lines:
        if changed.after is None or changed.binary:
            continue
        lenient = changed.on_purpose or _shows_examples(changed.path)
        for number, line in changed.added:
            yield from _line(changed, number, line, lenient)


def _line(changed: Changed, number: int, line: str, lenient: bool) -> Iterator[Finding]:
    for kind, value in shaped(line):
        if lenient and kind == "password":
            continue  # user:pass@host, which tests and manuals of anything with addresses are full of
        sure = not lenient and not _EXAMPLE.search(value) and _varied(value)
        message = f"This looks like a secret: {kind}."
        yield Finding(changed.path, number, "secret", "block" if sure else "advise", message, line)
        return
    match = _ASSIGNED.search(line)
    if match and not lenient and not _EXAMPLE.search(match["value"]) and _random(match["value"]):
        yield Finding(changed.path, number, "secret", "advise", "This looks like a secret in the code.", line)


def _shows_examples(path: str) -> bool:
    """Whether keys are made up there: in tests, manuals and examples."""
    parts = PurePosixPath(path).parts
    return any(part in ("test", "tests", "docs", "doc", "examples") for part in parts) or "test" in parts[-1]


def _varied(text: str) -> bool:
    """Not one character over and over: documentation is full of AKIAXXXXXXXXXXXXXXXX."""
    return len(set(text)) >= 5


def _random(text: str) -> bool:
    """At least 3.5 bits a character, with letters and digits: words have less."""
    counts = Counter(text)
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return bits >= 3.5 and any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
