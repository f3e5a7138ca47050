"""Undefined names and unused imports that a change introduced, by ruff."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from qcode.review.checks.ruff import diagnose
from qcode.review.report import Finding, Severity
from qcode.review.scene import Changed, Scene

UNDEFINED, UNUSED = "F821", "F401"
# Names that something outside of the file defines: interpreters, notebooks, type checkers, gettext.
_ELSEWHERE = frozenset(
    [
        "_",
        "__",
        "ngettext",
        "unicode",
        "basestring",
        "long",
        "xrange",
        "raw_input",
        "unichr",
        "file",
        "cmp",
        "reduce",
        "execfile",
        "buffer",
        "apply",
        "intern",
        "reveal_type",
        "reveal_locals",
        "get_ipython",
        "display",
        "spark",
        "sc",
        "dbutils",
        "WindowsError",
        "__class__",
        "snakemake",
    ]
)


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    message: str
    line: int


def check(scene: Scene) -> Iterator[Finding]:
    """Faults that were not there before: as many as there are more of the same message. Examples and
    test data may be wrong by intention: new ones are not looked at, nor those that had faults before,
    and what is found in the rest blocks nothing."""
    files = [
        c
        for c in scene.changed
        if c.parses and c.after is not None and not (c.on_purpose and c.before is None)
    ]
    if not files:
        return
    after = _faults({changed.path: changed.after or b"" for changed in files})
    before = _faults({c.path: c.before for c in files if c.path in after and c.before is not None})
    for changed in files:
        if changed.on_purpose and changed.path in before:
            continue
        found = list(_new(changed, before.get(changed.path, []), after.get(changed.path, [])))
        if found and changed.new_tree is not None:  # all of it: what ruff says of a broken file is a guess
            yield from found


def _new(changed: Changed, old: list[_Fault], new: list[_Fault]) -> Iterator[Finding]:
    known = Counter((f.code, f.message) for f in old)
    now = Counter((f.code, f.message) for f in new)
    # Faults in lines of the change first: of several equal ones those are the new ones.
    for fault in sorted(new, key=lambda f: (f.line not in changed.added_numbers, f.line)):
        if known[fault.code, fault.message] > 0 and fault.line not in changed.added_numbers:
            known[fault.code, fault.message] -= 1
            continue
        if known[fault.code, fault.message] >= now[fault.code, fault.message]:
            continue
        name = _named(fault.message)
        quote = changed.line(fault.line)
        if fault.code == UNDEFINED and name not in _ELSEWHERE:
            words = f"{name} is not defined."
            severity: Severity = "advise" if changed.on_purpose else "block"
            yield Finding(changed.path, fault.line, "undefined-name", severity, words, quote)
        elif fault.code == UNUSED and PurePosixPath(changed.path).name != "__init__.py":
            yield Finding(
                changed.path,
                fault.line,
                "unused-import",
                "advise",
                f"{name} is imported and not used.",
                quote,
            )


def _faults(contents: dict[str, bytes]) -> dict[str, list[_Fault]]:
    """path -> faults, of files that have any. Without ruff, or when it fails, there are none."""
    if not contents:
        return {}
    with tempfile.TemporaryDirectory(prefix="qcode-review-") as name:
        folder = Path(name)
        places: dict[str, str] = {}
        for number, (path, content) in enumerate(contents.items()):
            # Of its name ruff minds the suffix, and whether it is a package's.
            file = folder / f"{number}{PurePosixPath(path).suffix}"
            if PurePosixPath(path).stem == "__init__":
                file = folder / str(number) / PurePosixPath(path).name
                file.parent.mkdir()
            file.write_bytes(content)
            places[file.name if file.parent == folder else str(number)] = path
        found: dict[str, list[_Fault]] = {}
        for row in diagnose(folder, (UNDEFINED, UNUSED)):
            parts = Path(row["filename"]).parts
            path = places[parts[parts.index(folder.name) + 1]]
            fault = _Fault(row["code"] or "", row["message"], row["location"]["row"])
            found.setdefault(path, []).append(fault)
        return found


def _named(message: str) -> str:
    found = re.search(r"`([^`]+)`", message)
    return found[1] if found else message
