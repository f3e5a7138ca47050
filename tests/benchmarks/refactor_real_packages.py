"""Refactorings on real packages: python tests/benchmarks/refactor_real_packages.py [--count 20] [--only NAME ...]

For each of ten packages of PyPI: the source distribution is fetched with pip into a temporary folder (or the
folder of --keep), with an environment of its own; its tests must pass. Then `--count` refactorings are mined by
a seeded choice (renames of functions, classes, methods, parameters and modules; moves; extractions; inlinings;
signatures). After each one the package's own tests run, and the trees are compared: nothing else may have
changed. Beside it, on the same cases where they can: `rope` alone and `sed -i`. A refusal is no attempt; every
figure is printed with its coverage. Exits 1 when less than 85 % are attempted, or the tests of less than 98 %
of the attempted are green. With `--dry` no environments are made and no tests run: what is attempted, and why the
rest is refused, in a few minutes.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from refactor_mining import Case, mined
from refactor_rivals import rope_alone, sed

from qcode import refactor, workspace
from qcode.errors import QcodeError

PACKAGES = (
    # distribution, folder of the package, what its tests need, arguments of pytest
    ("itsdangerous==2.2.0", "src/itsdangerous", ["freezegun"], ["tests"]),
    ("click==8.1.8", "src/click", [], ["tests"]),
    ("jinja2==3.1.4", "src/jinja2", ["trio"], ["tests"]),
    ("sqlparse==0.5.3", "sqlparse", [], ["tests"]),
    (
        "marshmallow==3.23.1",
        "src/marshmallow",
        ["pytz", "simplejson"],
        ["tests", "--ignore=tests/mypy_test_cases"],
    ),
    ("boltons==24.1.0", "boltons", [], ["tests", "--deselect=tests/test_fileutils.py::test_iter_find_files"]),
    ("cachetools==5.5.0", "src/cachetools", [], ["tests"]),
    ("voluptuous==0.15.2", "voluptuous", [], ["voluptuous/tests"]),
    ("toolz==1.0.0", "toolz", [], ["toolz"]),
    ("tabulate==0.9.0", "tabulate", ["wcwidth"], ["test"]),
)
LIMIT = 300


@dataclass(slots=True)
class Package:
    """A package that is unpacked, installed, and tested green."""

    name: str
    root: Path
    folder: str
    python: Path
    tests: list[str]

    def green(self) -> bool:
        """Whether the package's own tests pass."""
        command = [str(self.python), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *self.tests]
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command, cwd=self.root, capture_output=True, check=False, timeout=LIMIT, env=env
            )
        except subprocess.TimeoutExpired:
            return False
        self.said = done.stdout.decode("utf-8", "replace")[-1500:]
        return done.returncode == 0

    said: str = ""

    def reset(self) -> None:
        """The tree as released."""
        for args in (["reset", "-q", "--hard"], ["clean", "-qfd"]):
            subprocess.run(["git", *args], cwd=self.root, check=True)


def main() -> None:
    """Run, print, judge."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=20, help="refactorings for each package")
    options.add_argument("--only", nargs="*", default=[], help="packages by name")
    options.add_argument("--kinds", nargs="*", default=[], help="kinds of refactoring")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--keep", help="a folder that keeps packages and environments")
    options.add_argument("--dry", action="store_true", help="what is attempted, without tests")
    options.add_argument("--alone", action="store_true", help="without rope and sed")
    options.add_argument(
        "--packages", nargs="*", default=[], help="others: NAME==VERSION,FOLDER,NEEDS+NEEDS,TESTS"
    )
    given = options.parse_args()
    folder = Path(given.keep or tempfile.mkdtemp(prefix="qcode-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    totals: dict[str, Counter[str]] = {engine: Counter() for engine in ("qcode", "rope", "sed")}
    kinds: dict[str, Counter[str]] = {}
    packages = [_named(p) for p in given.packages] or list(PACKAGES)
    for distribution, place, needs, tests in packages:
        if given.only and distribution.partition("==")[0] not in given.only:
            continue
        package = prepared(folder, distribution, place, needs, tests, given.dry)
        if not given.dry and not package.green():
            print(f"{distribution}: its tests fail as released; left out\n{package.said}")
            continue
        cases = mined(package.root, package.folder, given.count, given.seed, given.kinds)
        row: dict[str, Counter[str]] = {engine: Counter() for engine in totals}
        for case in cases:
            for engine, work in (("qcode", with_qcode), ("rope", rope_alone), ("sed", sed)):
                if engine != "qcode" and (given.alone or given.dry):
                    continue
                outcome = judged(package, case, work, given.dry)
                row[engine][outcome.partition(":")[0]] += 1
                if engine == "qcode":
                    kinds.setdefault(case.kind, Counter())[outcome.partition(":")[0]] += 1
                    if outcome not in ("green", "attempted"):
                        print(f"  {package.name} {case}: {outcome}", flush=True)
        for engine, counts in row.items():
            totals[engine].update(counts)
        print(
            f"{distribution:<22} " + "   ".join(f"{e}: {_figures(c)}" for e, c in row.items() if c),
            flush=True,
        )
    print()
    for kind, counts in sorted(kinds.items()):
        print(f"qcode {kind:<18} {_figures(counts)}")
    for engine, counts in totals.items():
        if counts:
            print(f"{engine:<6} all {_figures(counts)}")
    if not given.keep:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if given.dry or _holds(totals["qcode"]) else 1)


def _named(text: str) -> tuple[str, str, list[str], list[str]]:
    name, place, needs, tests = text.split(",")
    return name, place, [n for n in needs.split("+") if n], tests.split("+")


def _figures(counts: Counter[str]) -> str:
    attempted = counts["green"] + counts["red"] + counts["more"] + counts["attempted"]
    every = attempted + counts["refused"]
    if counts["attempted"]:
        return f"{attempted}/{every} attempted, not tested, {counts['more']} with other changes"
    cannot = f", {counts['cannot']} not offered" if counts["cannot"] else ""
    return f"{attempted}/{every} attempted, {counts['green']} green, {counts['red']} red, {counts['more']} with other changes{cannot}"


def _holds(counts: Counter[str]) -> bool:
    attempted = counts["green"] + counts["red"] + counts["more"]
    return attempted >= 0.85 * (attempted + counts["refused"]) and counts["green"] >= 0.98 * attempted


def prepared(
    folder: Path, distribution: str, place: str, needs: list[str], tests: list[str], dry: bool = False
) -> Package:
    """The package, unpacked as a git repository and installed editable in an environment of its own."""
    name = distribution.partition("==")[0]
    into, venv = folder / name, folder / f"{name}-venv"
    python = venv / "bin" / "python"
    if not (into.exists() if dry else python.exists()):
        shutil.rmtree(into, ignore_errors=True)
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-build-isolation",
        ]
        if subprocess.run([*pip, "-d", str(into), distribution], check=False, capture_output=True).returncode:
            pip.remove("--no-build-isolation")
            subprocess.run([*pip, "-d", str(into), distribution], check=True)
        (archive,) = into.glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(into, filter="data")
        archive.unlink()
        (root,) = [p for p in into.iterdir() if p.is_dir()]
        identity = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org"]
        for args in (["init", "-q"], ["add", "-A", "-f"], [*identity, "commit", "-qm", "as released"]):
            subprocess.run(["git", *args], cwd=root, check=True)
        if not dry:
            subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
            pip = [str(python), "-m", "pip", "install", "-q"]
            subprocess.run([*pip, "pytest<9", *needs, "-e", str(root)], check=True)
    (root,) = [p for p in into.iterdir() if p.is_dir()]
    package = Package(name, root, place, python, tests)
    package.reset()
    return package


def with_qcode(root: Path, case: Case) -> list[str] | None:
    """The refactoring by qcode: paths that changed. Raises QcodeError when it is refused."""
    done = refactor.perform(workspace.open_snapshot(root), case.verb, case.arguments)
    for change in done.changes:
        path = root / change.path
        if change.after is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.after)
    return list(done.changes.paths)


def judged(
    package: Package, case: Case, work: Callable[[Path, Case], list[str] | None], dry: bool = False
) -> str:
    """green, red (tests fail), more (other code changed), refused: why, or cannot."""
    started = time.process_time()
    before = {p: p.read_bytes() for p in package.root.rglob("*.py")}
    try:
        changed = work(package.root, case)
        if changed is None:
            return "cannot"
        if not changed:
            return "refused: nothing changed"
        other = "" if _same(package.root, before, case) else "more"
        if dry:
            return other or "attempted"
        green = package.green()
        spent = time.process_time() - started
        return (
            "green"
            if green and not other
            else f"{'more' if green else 'red'}: {spent:.1f} s CPU {package.said[-300:]!r}"
        )
    except QcodeError as error:
        return f"refused: {error.message}"
    except Exception as error:  # a rival's own fault is a failure of the rival
        if work is with_qcode:
            raise
        return f"red: {type(error).__name__}: {error}"
    finally:
        package.reset()


def _same(root: Path, before: dict[Path, bytes], case: Case) -> bool:
    """Whether the definitions of the repository are the same, but for what the case changes."""
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    for content in before.values():
        old.update(_definitions(content, case, False))
    for path in root.rglob("*.py"):
        new.update(_definitions(path.read_bytes(), case, True))
    gone, come = sum((old - new).values()), sum((new - old).values())
    return gone <= case.may_change and come <= case.may_change + case.may_come


def _definitions(content: bytes, case: Case, after: bool) -> list[str]:
    """Each top-level statement's tree but imports, with the new names read as the old ones."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return [repr(content)]
    found = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        dump = ast.dump(node)
        if after:
            for new, was in case.read_as:
                dump = dump.replace(new, was)
        found.append(dump)
    return found


if __name__ == "__main__":
    main()
