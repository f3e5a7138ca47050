"""`qcode review --staged` as hooks call it: before every commit, and so without the libraries of the
command line, which take longer to load than most reviews take."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcode.cli.failures import guarded
from qcode.errors import QcodeError

if TYPE_CHECKING:
    from qcode.config import Role
    from qcode.review import Report

SECONDS = 15.0
"""That a commit waits at most."""
_MEANT = "Is it meant? Excuse the line by a comment: qcode: ignore[RULE] why. Or all of it: --write-baseline."
_PLAIN = {"--staged", "--no-model", "--strict", "--json"}


def is_plain(words: Sequence[str]) -> bool:
    """Whether `words` ask for no more than this module understands."""
    return words[:1] == ["review"] and "--staged" in words and set(words[1:]) <= _PLAIN


def call(words: Sequence[str]) -> int:
    """Do it; the exit code."""
    return guarded(lambda: _review("--no-model" in words, "--strict" in words, "--json" in words))


def _review(no_model: bool, strict: bool, json: bool) -> int:
    from qcode import review as reviewing
    from qcode.workspace import find_root

    root = find_root(Path())
    model, offline, unavailable = (None, False, "") if no_model else role(root, {})
    terms = reviewing.Terms(reviewing.Choice(), model, offline, SECONDS, False, unavailable)
    return finish(reviewing.review_within(root, "staged", terms), "json" if json else "text", strict)


def role(root: Path, flags: Mapping[str, Any]) -> tuple[Role | None, bool, str]:
    """(the review model, whether qcode is offline, why there is none). Settings that cannot be read
    are no reason to keep anybody from committing."""
    from qcode.config import enforce_offline, load

    try:
        settings = load(root, flags)
        enforce_offline(settings)
    except QcodeError as error:
        return None, False, error.message
    return settings.review, settings.offline, ""


def finish(report: Report, form: str, strict: bool) -> int:
    """Print the report; the exit code. Does not return when the time was over: a thread is stuck in
    an engine then, and Python would wait for it."""
    from qcode.review import FORMATS

    sys.stdout.write(FORMATS[form](report))
    if report.blocks and form == "text":
        sys.stdout.write(f"{_MEANT}\n")
    code = 30 if report.blocks or (strict and report.skipped) else 0
    if report.unfinished:
        import os

        sys.stdout.flush()
        os._exit(code)
    return code
