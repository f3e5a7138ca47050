"""Syntax that the change broke, blamed on the hunk without which there would be fewer errors."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import tempfile
import tomllib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from qcode import syntax
from qcode.review.checks.ruff import SYNTAX, diagnose
from qcode.review.hunks import Hunk
from qcode.review.report import Finding, Severity
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
        if changed.after is None or changed.binary or changed.parses or not changed.hunks:
            continue  # the interpreter's own word, which is quicker, too
        errors = _errors(changed.path, changed.after)
        severity: Severity = "block"
        words = "This change breaks the file's syntax."
        if errors and errors > _errors(changed.path, changed.before or b""):
            culprits = _culprits(changed, errors)
        elif _is_refused(changed):
            culprits = changed.hunks[:1]
        elif changed.python:
            culprits = _overlooked(changed) if changed.before is not None else []
        else:
            culprits = changed.hunks[:1] if _is_doubtful(changed) else []
            severity, words = "advise", "This change seems to break the file's syntax."
        for hunk in culprits:
            number, line = _place(changed, hunk)
            yield Finding(changed.path, number, "syntax", severity, words, line, also=_texts(hunk))


def _is_refused(changed: Changed) -> bool:
    """Whether a strict reader takes the file no longer, such as TOML with a key twice."""
    suffix = PurePosixPath(changed.path).suffix.lower()
    read = {".toml": tomllib.loads, ".json": json.loads}.get(suffix)
    if read is None or changed.before is None or changed.on_purpose:
        return False
    return _reads(read, changed.before) and not _reads(read, changed.after or b"")


def _reads(read: Callable[[str], object], content: bytes) -> bool:
    try:
        read(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


def _is_doubtful(changed: Changed) -> bool:
    """Whether a grammar that is not exact understands the file no longer, or a new file's brackets,
    or words for them, have no partners."""
    path, before, after = changed.path, changed.before, changed.after or b""
    if changed.on_purpose:
        return False
    if _is_shell(path):  # bash itself knows better than a grammar
        return _shell_refuses(after) and (before is None or not _shell_refuses(before))
    if not (errors := syntax.doubts(path, after)):
        return False
    if not before:
        return syntax.usually_right(path) or syntax.balanced(path, after) is False
    known = syntax.doubts(path, before)
    lost = syntax.balanced(path, after) is False and syntax.balanced(path, before) is True
    return known == 0 or (known is not None and errors > known and lost)


def _is_shell(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in (".sh", ".bash")


def _shell_refuses(content: bytes) -> bool:
    """What bash says of a script that it only reads; nothing where there is no bash."""
    first = content.partition(b"\n")[0]
    program = shutil.which("bash", path=os.defpath)
    if program is None or (first.startswith(b"#!") and b"bash" not in first and not first.endswith(b"/sh")):
        return False
    try:
        done = subprocess.run(
            [program, "--norc", "--noprofile", "-n", "/dev/stdin"],
            input=content, capture_output=True, timeout=5, check=False, env={"PATH": os.defpath},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode != 0


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
    number = changed.standing(hunk)
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
