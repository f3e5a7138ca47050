"""Tests that a change takes away or switches off."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene

_TEST_FILE = re.compile(r"(?:test_.*|.*_test|tests)\.py|.*[._-](?:test|spec)\.[cm]?[jt]sx?|.*_test\.go")
_SKIPS = re.compile(
    r"^\s*@(?:pytest\.mark\.skip(?!if)|pytest\.mark\.skipif\((?:True|1)\b|unittest\.skip(?:\(|$)|skip\()|^\s*pytest\.skip\(|^\s*self\.skipTest\("
    r"|\b(?:it|test|describe)\.skip\(|^\s*x(?:it|test|describe)\(|^\s*t\.Skip(?:f|Now)?\(|^\s*#\[ignore\b"
)
_EXCUSED = re.compile(r"^\s*@(?:pytest\.mark\.xfail\b|(?:unittest\.)?expectedFailure\b)|^\s*pytest\.xfail\(")
_FOCUS = re.compile(r"\b(?:it|test|describe)\.only\(|^\s*f(?:it|describe)\(")
_JS_TEST = re.compile(rb"^[ \t\r\f\v]*+(?:it|test)\(\s*+(['\"`])(.+?)\1", re.MULTILINE)
_GO_TEST = re.compile(rb"^func (Test\w+)\(", re.MULTILINE)


def check(scene: Scene) -> Iterator[Finding]:
    """Removed tests, new skips, and focus marks that silence all others."""
    kept: set[str] | None = None
    for changed in scene.with_lines:
        if not _TEST_FILE.fullmatch(PurePosixPath(changed.path).name) or changed.binary:
            continue
        gone: list[str] = []
        if not _certainly_kept(changed):
            if kept is None:
                kept = {name for one in scene.changed for name in _names(one, one.after)}
            gone = [name for name in _names(changed, changed.before) if name not in kept]
        if gone:
            more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
            number = _where(changed, gone[0])
            words = f"The test {gone[0]}{more} was removed."
            yield Finding(
                changed.path, number, "test-removed", "advise", words, changed.line(number) or gone[0]
            )
        for number, line in changed.added if changed.after is not None else ():
            if _SKIPS.search(line):
                yield Finding(changed.path, number, "test-skipped", "advise", "A test is switched off.", line)
            elif _EXCUSED.search(line):
                words = "A test is expected to fail: it says nothing more when it does."
                yield Finding(changed.path, number, "test-skipped", "advise", words, line)
            elif _FOCUS.search(line):
                words = "Only this test runs: all others are switched off."
                yield Finding(changed.path, number, "test-skipped", "advise", words, line)


def _where(changed: Changed, name: str) -> int:
    """The line that stands where the test `name` was taken away."""
    spelt = name.encode()
    was = next((n for n, line in enumerate(changed.old_lines) if spelt in line), 0)
    hunk = next((h for h in changed.hunks if h.old_start <= was < h.old_end), None)
    number = (hunk or changed.hunks[0]).new_start + 1 if changed.hunks else 1
    return min(number, max(1, len(changed.new_lines)))


def _certainly_kept(changed: Changed) -> bool:
    """Whether a look at the statements that were touched tells that no test went."""
    if changed.touched is None:
        return False
    before, after = changed.touched
    return set(_python(before)) <= set(_python(after))


def _names(changed: Changed, content: bytes | None) -> list[str]:
    if content is None:
        return []
    if changed.python:
        if b"def test" not in content:
            return []
        tree = changed.new_tree if content is changed.after else changed.old_tree
        return _python(tree) if tree else []
    if changed.path.endswith(".go"):
        return [m.decode() for m in _GO_TEST.findall(content)]
    return [m[1].decode("utf-8", "replace") for m in _JS_TEST.findall(content)]


def _python(tree: ast.Module) -> list[str]:
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    ]
