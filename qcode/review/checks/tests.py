"""Tests that a change takes away or switches off."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from qcode.review.checks.runners import Runner, is_collected, runner_of
from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene

_SWITCHED_OFF = "A test is switched off."
_EXCUSED = "A test is expected to fail: it says nothing more when it does."
_ALONE = "Only this test runs: all others are switched off."


def check(scene: Scene) -> Iterator[Finding]:
    """Removed tests, new skips, and focus marks that silence all others."""
    lost: dict[bool, Counter[str]] = {}
    for changed in scene.with_lines:
        runner = runner_of(changed.path)
        if runner is None or changed.binary:
            continue
        gone: list[str] = []
        if not _certainly_kept(changed):
            named = is_collected(changed.path)
            if named not in lost:
                lost[named] = _lost(scene, named)
            own = _names(changed, changed.before, runner) - _names(changed, changed.after, runner)
            gone = [name for name in own if lost[named][name] > 0]
        if gone:
            more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
            number = _where(changed, gone[0])
            words = f"The test {gone[0]}{more} was removed."
            yield Finding(
                changed.path, number, "test-removed", "advise", words, changed.line(number) or gone[0]
            )
        for number, line in changed.added if changed.after is not None else ():
            if words := _silenced(line, runner):
                yield Finding(changed.path, number, "test-skipped", "advise", words, line)


def _silenced(line: str, runner: Runner) -> str:
    """What a new line does to a test, "" for nothing."""
    if runner.skips.search(line):
        return _SWITCHED_OFF
    if runner.excuses and runner.excuses.search(line):
        return _EXCUSED
    return _ALONE if runner.focuses and runner.focuses.search(line) else ""


def _lost(scene: Scene, named: bool) -> Counter[str]:
    """The names of which there are fewer after the change than before: what only moved is kept. `named`:
    only files count that a runner collects by their names, so that one may not move out of them."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for changed in scene.changed:
        if named and not is_collected(changed.path):
            continue
        if not changed.binary and (runner := runner_of(changed.path)):
            before += _names(changed, changed.before, runner)
            after += _names(changed, changed.after, runner)
    return before - after


def _where(changed: Changed, name: str) -> int:
    """The line that stands where the test `name` was taken away."""
    spelt = name.encode()
    was = next((n for n, line in enumerate(changed.old_lines) if spelt in line), 0)
    hunk = next((h for h in changed.hunks if h.old_start <= was < h.old_end), None)
    return changed.standing(hunk or changed.hunks[0]) if changed.hunks else 1


def _certainly_kept(changed: Changed) -> bool:
    """Whether a look at the statements that were touched tells that no test went."""
    if changed.touched is None:
        return False
    before, after = changed.touched
    return _python(before) <= _python(after)


def _names(changed: Changed, content: bytes | None, runner: Runner) -> Counter[str]:
    if content is None:
        return Counter()
    if changed.python:
        if b"def test" not in content:
            return Counter()
        tree = changed.new_tree if content is changed.after else changed.old_tree
        return _python(tree) if tree else Counter()
    found = (match[match.lastindex or 0] for match in runner.tests.finditer(content))
    return Counter(name.decode("utf-8", "replace") for name in found)


def _python(tree: ast.Module) -> Counter[str]:
    """What runners collect: test functions of the module, and of its classes with a base or "test" in
    their name, except those that are marked as hidden. The second of a name hides the first."""
    found: set[tuple[str, str]] = set()
    todo: list[tuple[str, ast.AST]] = [("", tree)]
    while todo:
        where, around = todo.pop()
        for node in ast.iter_child_nodes(around):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if node.name.startswith("test"):
                    found.add((where, node.name))
            elif isinstance(node, ast.ClassDef):
                if not node.name.startswith("_") and (node.bases or "test" in node.name.lower()):
                    todo.append((f"{where}.{node.name}", node))
            elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
                todo.append((where, node))
    return Counter(name for _, name in found)
