"""What a model is shown at a time: one changed definition, as a diff, with who calls it.

Small on purpose: reviews by models get worse with more context (SWE-PRBench), and a hunk with the
function around it is what a person looks at first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from qcode.index.rank import is_test
from qcode.review.hunks import Hunk
from qcode.review.scene import Changed, Scene
from qcode.secrecy import redact
from qcode.syntax import Definition, definitions
from qcode.syntax.grammars import language_of

_PROSE_AND_DATA = frozenset(["css", "html", "json", "markdown", "toml", "yaml"])
_MOST_ADDED = 60
"""Added lines of one unit; a longer change is cut into several."""
_CONTEXTS = (1000, 20, 6)
"""Unchanged lines around a change, from the whole definition to the barest."""
_CALLERS = 5
_COMMON = 40
"""A name that more files hold than this says little by its callers."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One question, without secrets. `forms` say the same in fewer and fewer words, the last one
    without callers."""

    path: str
    name: str
    """The definition around the change, "" between definitions."""
    added: tuple[tuple[int, str], ...]
    forms: tuple[str, ...]


def units(scene: Scene) -> list[Unit]:
    """The questions that a change raises: code before tests, each in the order of the diff."""
    made = [unit for changed in scene.changed if _is_code(changed) for unit in _of(changed, scene)]
    return sorted(made, key=lambda unit: is_test(unit.path))


def _is_code(changed: Changed) -> bool:
    language = language_of(changed.path)
    return bool(
        changed.after is not None
        and not changed.binary
        and not changed.on_purpose
        and language
        and language not in _PROSE_AND_DATA
        and any(line.strip() for _, line in changed.added)
    )


def _of(changed: Changed, scene: Scene) -> Iterator[Unit]:
    known = [d for d in definitions(changed.path, changed.after or b"") if d.end_line > d.start_line]
    for around, hunks in _by_definition(changed.hunks, known):
        added = tuple(line for hunk in hunks for line in hunk.added)
        if not any(text.strip() for _, text in added):
            continue
        first = around.start_line if around else max(1, hunks[0].new_start - 19)
        last = around.end_line if around else min(len(changed.new_lines), hunks[-1].new_end + 20)
        name = around.name if around else ""
        callers = _callers(name, changed, scene)
        bodies = [_diff(changed, hunks, first, last, context) for context in _CONTEXTS]
        forms = [_page(changed.path, name, body, callers) for body in bodies]
        forms.append(_page(changed.path, name, bodies[-1], ()))
        yield Unit(
            changed.path,
            name,
            tuple((number, redact(text)) for number, text in added),
            tuple(dict.fromkeys(redact(form) for form in forms)),
        )


def _by_definition(
    hunks: list[Hunk], known: list[Definition]
) -> Iterator[tuple[Definition | None, list[Hunk]]]:
    """Neighbouring hunks of the same innermost definition, as far as one question can hold them."""
    group: list[Hunk] = []
    current: Definition | None = None
    size = 0
    for around, hunk in ((d, part) for whole in hunks for d, part in _pieces(whole, known)):
        if group and (around != current or around is None or size + len(hunk.added) > _MOST_ADDED):
            yield current, group
            group, size = [], 0
        current = around
        group.append(hunk)
        size += len(hunk.added)
    if group:
        yield current, group


def _pieces(hunk: Hunk, known: list[Definition]) -> Iterator[tuple[Definition | None, Hunk]]:
    """A hunk cut where definitions begin and end, and where it gets too long for one question; what
    was removed goes with the first piece."""
    if not hunk.added:
        yield _around(known, hunk.new_start + 1), hunk
        return
    pieces: list[tuple[Definition | None, list[tuple[int, str]]]] = []
    for number, text in hunk.added:
        around = _around(known, number)
        if not pieces or around != pieces[-1][0] or len(pieces[-1][1]) == _MOST_ADDED:
            pieces.append((around, []))
        pieces[-1][1].append((number, text))
    for n, (around, lines) in enumerate(pieces):
        old_end = hunk.old_end if n == 0 else hunk.old_start
        yield around, Hunk(hunk.old_start, old_end, lines[0][0] - 1, lines[-1][0], tuple(lines))


def _around(known: list[Definition], line: int) -> Definition | None:
    """The outermost function at a line, or what else is closest around it."""
    holding = [d for d in known if d.start_line <= line <= d.end_line]
    functions = [d for d in holding if d.kind in ("function", "method")]
    if functions:
        return max(functions, key=lambda d: d.end_line - d.start_line)
    return min(holding, key=lambda d: d.end_line - d.start_line, default=None)


def _diff(changed: Changed, hunks: list[Hunk], first: int, last: int, context: int) -> str:
    """Lines `first` to `last` (from 1) of the new text with the old ones in between, `context`
    unchanged lines around each change, a line of dots for what is left out."""
    old, rows, shown = changed.old_lines, [], first - 1
    added = {number for hunk in hunks for number, _ in hunk.added}
    removed = {hunk.new_start: old[hunk.old_start : hunk.old_end] for hunk in hunks}
    near = [(hunk.new_start - context, hunk.new_end + context) for hunk in hunks]
    for number in range(first - 1, last + 1):
        rows += [f"-{_text(line)}" for line in removed.get(number, ())]
        if number == last:
            break
        changed_line = number + 1 in added
        if not changed_line and number != first - 1 and not any(a <= number < b for a, b in near):
            continue
        if number > shown:
            rows.append("…")
        shown = number + 1
        rows.append(f"{'+' if changed_line else ' '}{changed.line(number + 1)}")
    return "\n".join(rows)


def _page(path: str, name: str, body: str, callers: tuple[str, ...]) -> str:
    called = "\n\nCalled in:\n" + "\n".join(callers) if callers else ""
    inside = f", in {name}" if name else ""
    return f"{path}{inside}:\n{body}{called}"


def _callers(name: str, changed: Changed, scene: Scene) -> tuple[str, ...]:
    """Up to five places that call `name`: the line, and the signature of the definition around it."""
    if len(name) < 4 or name.startswith("__") or scene.root is None:
        return ()
    suffix = PurePosixPath(changed.path).suffix
    paths = sorted(scene.holding([name], (f"*{suffix}",)), key=lambda p: (is_test(p), p))
    if len(paths) > _COMMON:
        return ()
    found: list[str] = []
    for path, content in scene.read(paths).items():
        lines = content.split(b"\n")
        known: list[Definition] | None = None
        for number, line in enumerate(lines, 1):
            if f"{name}(".encode() not in line or f"def {name}".encode() in line:
                continue
            if known is None:
                known = definitions(path, content)
            holding = [d for d in known if d.start_line < number <= d.end_line]
            around = min(holding, key=lambda d: d.end_line - d.start_line, default=None)
            if path == changed.path and (around is None or around.name == name):
                continue
            where = f"{around.signature}  " if around else ""
            found.append(f"{path}: {where}{_text(line).strip()}"[:200])
            if len(found) == _CALLERS:
                return tuple(found)
    return tuple(found)


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").removesuffix("\r")
