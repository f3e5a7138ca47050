"""Syntax that the change broke, blamed on the hunk without which there would be fewer errors."""

from __future__ import annotations

import ast
import re
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from qcode import syntax
from qcode.review.checks.ruff import SYNTAX, diagnose
from qcode.review.hunks import Hunk
from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene

# Bytes that may be parsed again to find out which of several hunks broke a file: about a second.
_MAX_REPARSED = 4_000_000
_IN_NO_VERSION = re.compile(
    "Positional (?:argument|parameter|pattern)|Duplicate (?:keyword argument|parameter)|Parameter without"
    "|Cannot assign|Invalid (?:assignment|annotated assignment|delete|augmented assignment) target"
)
"""What ruff says of code that was never Python; that of Python 2 reads otherwise."""
_SOME_RULE = "F821"
"""ruff wants one; it tells of broken syntax whatever it is asked."""


def check(scene: Scene) -> Iterator[Finding]:
    """Files that have more syntax errors than before."""
    for changed in scene.changed:
        if changed.after is None or changed.binary or changed.parses:
            continue  # the interpreter's own word, which is quicker, too
        if not changed.hunks:
            continue
        errors = _errors(changed.path, changed.after)
        if not errors or errors <= _errors(changed.path, changed.before or b""):
            culprits = _overlooked(changed) if changed.python and changed.before is not None else []
        else:
            culprits = _culprits(changed, errors)
        for hunk in culprits:
            number, line = _place(changed, hunk)
            words = "This change breaks the file's syntax."
            yield Finding(changed.path, number, "syntax", "block", words, line, also=_texts(hunk))


def _errors(path: str, content: bytes) -> int:
    return syntax.error_count(path, content) or 0


def _overlooked(changed: Changed) -> list[Hunk]:
    """The hunk that broke what the grammar lets pass, such as an argument without a name after one with
    a name: the interpreter refuses the file, which may be of a newer version, and ruff refuses it, too,
    which knows all versions. Nothing where it refused the file before."""
    with tempfile.TemporaryDirectory(prefix="qcode-review-") as name:
        was, now = Path(name) / "was.py", Path(name) / "now.py"
        was.write_bytes(changed.before or b"")
        now.write_bytes(changed.after or b"")
        rows = [row for row in diagnose(Path(name), (_SOME_RULE,)) if row["code"] in (SYNTAX, None)]
    wrong = [
        row["location"]["row"]
        for row in rows
        if Path(row["filename"]).name == now.name and _IN_NO_VERSION.match(row["message"])
    ]
    if not wrong or any(Path(row["filename"]).name == was.name for row in rows):
        return []
    here = [hunk for hunk in changed.hunks if any(number in wrong for number, _ in hunk.added)]
    return here[:1] or changed.hunks[:1]


def _culprits(changed: Changed, errors: int) -> list[Hunk]:
    """The hunks without which there would be fewer errors; the first one when that cannot be told."""
    hunks, old, new = changed.hunks, changed.old_lines, changed.new_lines
    if len(hunks) == 1 or len(hunks) * sum(map(len, new)) > _MAX_REPARSED:
        return hunks[:1]

    def without(hunk: Hunk) -> bytes:
        return b"\n".join([*new[: hunk.new_start], *old[hunk.old_start : hunk.old_end], *new[hunk.new_end :]])

    return [hunk for hunk in hunks if _errors(changed.path, without(hunk)) < errors] or hunks[:1]


def _place(changed: Changed, hunk: Hunk) -> tuple[int, str]:
    """The line of a hunk to name: where the parser stumbled, else its first that is not blank."""
    at = _stumbled(changed.after or b"") if changed.python else None
    for number, line in hunk.added:
        if number == at:
            return number, line
    for number, line in hunk.added:
        if line.strip():
            return number, line
    # Something was taken away: the line that now stands there.
    new = changed.new_lines
    number = max(1, min(hunk.new_start + 1, len(new) - (len(new) > 1 and not new[-1])))
    return number, changed.line(number)


def _stumbled(content: bytes) -> int | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(content)
        except SyntaxError as error:
            return error.lineno
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


def _texts(hunk: Hunk) -> tuple[str, ...]:
    return tuple(line for _, line in hunk.added)
