"""Recall of the deterministic checks on seeded defects, per class.

    python tests/benchmarks/review/seeded.py REPOSITORY... --each 30 [--operators mutations]

`--operators` names the module beside this one that makes the defects: its OPERATORS are functions
(files, dice) -> Defect or None, and its RULES, if it has any, say under which rules a defect of a
kind counts as found. Every defect is one staged change in a copy of the repository. A class counts as found when a
finding of its rules names the changed file, or one that the change broke.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from qcode import review

if TYPE_CHECKING:
    from mutations import Defect

RULES = {
    "lost bracket": {"syntax"},
    "lost colon": {"syntax"},
    "wrong indentation": {"syntax"},
    "merge rest": {"conflict-marker"},
    "forgotten debugger": {"debugger"},
    "committed key": {"secret"},
    "misspelt name": {"undefined-name"},
    "lost import": {"undefined-name"},
    "idle import": {"unused-import"},
    "removed function": {"broken-caller", "undefined-name"},
    "new parameter": {"broken-caller"},
    "dropped test": {"test-removed"},
    "silenced test": {"test-skipped"},
    "large blob": {"large-file"},
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--each", type=int, default=30, help="defects of a class, over all repositories")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], metavar="OPERATOR", help="such as new_parameter")
    parser.add_argument("--operators", default="mutations", metavar="NAME", help="module with the OPERATORS")
    parser.add_argument("--show", action="store_true", help="print what was changed in each that was missed")
    given = parser.parse_args()
    operators = importlib.import_module(given.operators)
    rules = RULES | getattr(operators, "RULES", {})
    dice = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="qcode-seeded-") as name:
        copies = [_copy(repository, Path(name) / str(n)) for n, repository in enumerate(given.repositories)]
        trees = [_files(copy) for copy in copies]
        print("| defect | attempted | found | blocking | recall |\n|---|--:|--:|--:|--:|")
        for operator in (o for o in operators.OPERATORS if not given.only or o.__name__ in given.only):
            attempted = found = blocking = 0
            kind, tries = "", 0
            while attempted < given.each and tries < given.each * 20:
                tries += 1
                which = dice.randrange(len(copies))
                defect = operator(trees[which], dice)
                if defect is None:
                    continue
                kind = defect.kind
                hit = _hits(copies[which], defect, rules[defect.kind])
                attempted += 1
                found += bool(hit)
                blocking += any(f.severity == "block" for f in hit)
                if not hit:
                    print(f"<!-- missed: {defect.kind} in {given.repositories[which].name} {defect.path} -->")
                    if given.show:
                        print(_shown(copies[which], defect))
            rate = f"{found / attempted:.1%}" if attempted else "none found"
            print(f"| {kind or operator.__name__} | {attempted} | {found} | {blocking} | {rate} |")


def _hits(copy: Path, defect: Defect, rules: set[str]) -> list[review.Finding]:
    for path, text in defect.changes.items():
        if text is None:
            (copy / path).unlink()
        else:
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_text(text)
    _git(copy, "add", "-A", "-f")  # also what the repository ignores
    report = review.review(copy, "staged")
    _git(copy, "reset", "-q", "--hard")
    return [f for f in report.findings if f.rule in rules]


def _shown(copy: Path, defect: Defect) -> str:
    rows = [f"<!-- {path}" for path in defect.changes]
    for path, text in defect.changes.items():
        old = (copy / path).read_text().splitlines() if (copy / path).is_file() else []
        rows += list(difflib.unified_diff(old, (text or "").splitlines(), n=1, lineterm=""))[2:30]
    return "\n".join([*rows, "-->"])


def _copy(repository: Path, place: Path) -> Path:
    place.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(repository), "archive", "HEAD"], capture_output=True, check=True
    ).stdout
    subprocess.run(["tar", "x", "-C", str(place)], input=archive, check=True)
    for link in [p for p in place.rglob("*") if p.is_symlink()]:
        link.unlink()
    shutil.rmtree(place / ".git", ignore_errors=True)
    _git(place, "init", "-q")
    _git(place, "add", "-A")
    _git(place, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "all")
    return place


def _files(copy: Path) -> dict[str, str]:
    """The text files (path -> text) that an operator may break; Python only where it parses as it is."""
    found: dict[str, str] = {}
    for path in sorted(p for p in copy.rglob("*") if p.is_file()):
        name = path.relative_to(copy).as_posix()
        if name.startswith(".git/") or "/data/" in f"/{name}" or "fixtures" in name:
            continue
        try:
            text = path.read_bytes().decode()
            if name.endswith(".py"):
                ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        if "\r" not in text and "\0" not in text:
            found[name] = text
    return found


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


if __name__ == "__main__":
    main()
