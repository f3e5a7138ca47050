"""The deterministic checks: each finds what a change certainly, or very probably, broke.

A check is a function of the scene. It reports new faults only: in lines of the change, or
elsewhere when the change caused them. `RULES` says what each rule means and how much it weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qcode.review.checks import callers, files, locks, marks, names, secrets, syntax, tests
from qcode.review.model.classes import CLASSES
from qcode.review.report import Finding, Severity
from qcode.review.scene import Changed, Scene
from qcode.review.suppress import ignored

Check = Callable[[Scene], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding. `on` False: only when it is asked for."""

    name: str
    severity: Severity
    words: str
    on: bool = True


RULES = {
    rule.name: rule
    for rule in (
        Rule("syntax", "block", "The change breaks the file's syntax."),
        Rule("conflict-marker", "block", "A conflict marker was left in."),
        Rule("debugger", "block", "A debugger call was left in."),
        Rule("secret", "block", "A secret of a known shape is committed."),
        Rule("undefined-name", "block", "A name is used that is nowhere defined (Python, by ruff)."),
        Rule("broken-caller", "block", "Code elsewhere uses what the change removed or calls it wrongly."),
        Rule("unused-import", "advise", "An import was added, or left, without a use (Python, by ruff)."),
        Rule("test-removed", "advise", "A test was taken away."),
        Rule("test-skipped", "advise", "A test was switched off, or all others were."),
        Rule("lock-file", "advise", "Manifest and lock file are out of step."),
        Rule("large-file", "advise", "A large or binary file was added."),
        Rule("todo", "advise", "A TODO without an owner.", on=False),
        *(Rule(name, "advise", f"The model: {words}.") for name, words in CLASSES.items()),
    )
}
CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("syntax",), syntax.check),
    (("conflict-marker",), marks.conflicts),
    (("debugger",), marks.debuggers),
    (("secret",), secrets.check),
    (("undefined-name", "unused-import"), names.check),
    (("broken-caller",), callers.check),
    (("test-removed", "test-skipped"), tests.check),
    (("lock-file",), locks.check),
    (("large-file",), files.large),
    (("todo",), marks.todos),
)
"""In the order of their reports; each with the rules it reports under."""


def check_file(path: str, before: bytes | None, after: bytes | None) -> Iterator[Finding]:
    """The checks that need nothing but the text, on one file: quick enough for every keystroke."""
    scene = Scene((Changed(path, before, after),))
    for check in (syntax.check, marks.conflicts, marks.debuggers, secrets.check):
        yield from (finding for finding in check(scene) if not ignored(finding))
