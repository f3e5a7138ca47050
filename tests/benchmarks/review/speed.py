"""Time of the exact checks on a diff of 500 lines in a repository of 3,000 files, and of the same again.

    python tests/benchmarks/review/speed.py REPOSITORY... [--files 3000] [--lines 500] [--runs 9]

The repositories' files are laid side by side, as often as it takes, in one new repository. The diff
gives functions in about twenty files new first lines and one in ten a new parameter, whose callers
are then looked for everywhere. Every run is a process of its own, as a hook's; "again" is answered from memory.
"""

from __future__ import annotations

import argparse
import ast
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

COMMAND = [sys.executable, "-Ic", "from qcode.cli import main; main()", "review", "--staged", "--no-model"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--spread", type=int, default=20, help="files of the diff, about")
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qcode-speed-") as name:
        root = Path(name) / "repository"
        root.mkdir()
        count = fill(root, given.repositories, given.files)
        git(root, "init", "-q")
        git(root, "add", "-A")
        git(root, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "all")
        print(f"{count} files; diff: {edit(root, given.lines, given.spread)}")
        for words in ("first", "again"):
            cpu, wall = [], []
            for n in range(given.runs):
                home = Path(name) / f"home-{n}"
                start, before = time.monotonic(), seconds()
                done = subprocess.run(
                    COMMAND,
                    cwd=root,
                    env={**os.environ, "QCODE_HOME": str(home)},
                    capture_output=True,
                    check=False,
                )
                assert done.returncode in (0, 30), done.stderr
                wall.append(time.monotonic() - start)
                cpu.append(seconds() - before)
            last = done.stdout.decode().splitlines()[-1]
            print(f"{words}: CPU median {median(cpu):.2f} s, most {max(cpu):.2f} s; "
                  f"wall median {median(wall):.2f} s, most {max(wall):.2f} s; {last}")  # fmt: skip


def fill(root: Path, repositories: list[Path], wanted: int) -> int:
    """Lay the repositories' files into `root` until it holds `wanted`; how many there are then."""
    count = turn = 0
    while count < wanted:
        for repository in repositories:
            folder = root / f"{repository.name}{turn or ''}"
            folder.mkdir()
            archive = subprocess.run(
                ["git", "-C", str(repository), "archive", "HEAD"], capture_output=True, check=True
            ).stdout
            subprocess.run(["tar", "x", "-C", str(folder)], input=archive, check=True)
            count += sum(p.is_file() for p in folder.rglob("*"))
            if count >= wanted:
                break
        turn += 1
    return count


def edit(root: Path, lines: int, spread: int) -> str:
    """Stage the diff; git's own words on its size."""
    made = functions_changed = 0
    files = sorted(p for p in root.rglob("*.py") if "test" not in str(p.relative_to(root)))
    for path in files[:: max(1, len(files) // (spread * 2))]:
        text = path.read_text("utf-8", "replace")
        try:
            functions = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
        except SyntaxError:
            continue
        rows = text.split("\n")
        for function in reversed([f for f in functions if f.body[0].lineno > f.lineno][:5]):
            first = function.body[0]
            added = [
                f"{' ' * first.col_offset}_seen{n} = {function.name!r}" for n in range(lines // (spread * 4))
            ]
            rows[first.lineno - 1 : first.lineno - 1] = added
            made += len(added)
            functions_changed += 1
            if functions_changed % 10 == 0:
                rows[function.lineno - 1] = rows[function.lineno - 1].replace(
                    f"def {function.name}(", f"def {function.name}(extra, ", 1
                )
        path.write_text("\n".join(rows))
        if made >= lines:
            break
    git(root, "add", "-A")
    return git(root, "diff", "--cached", "--shortstat").strip()


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout


def seconds() -> float:
    """CPU seconds of the children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
