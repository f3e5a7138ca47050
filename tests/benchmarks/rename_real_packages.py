"""A rename through the whole loop on real packages: python tests/benchmarks/rename_real_packages.py

Fetches source distributions with pip into a temporary folder, makes an environment for each with an
editable install, and runs: the package's own tests, `qcode refactor --yes`, the tests again. Then
the sentinel: a layer that breaks the code must make the sandboxed tests fail, editable src-layout
installs included. Prints a table; exits 1 when a row does not hold.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from qcode.messages import Change, ChangeSet, Verdict
from qcode.sandbox import tests as project_tests

CASES = (
    # (distribution, symbol, new name, file to break, what its tests need)
    ("itsdangerous==2.2.0", "want_bytes", "ensure_bytes", "src/itsdangerous/encoding.py", ["freezegun"]),
    ("click==8.1.8", "make_default_short_help", "shorten_help", "src/click/utils.py", []),
    ("more-itertools==10.5.0", "chunked", "in_chunks", "more_itertools/more.py", []),
)


def main() -> None:
    """Run all cases."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QCODE_HOME"] = f"{folder}/home"
        for case in CASES:
            rows.append(one(Path(folder), *case))
            print(rows[-1], flush=True)
    if not all(row.endswith("holds") for row in rows):
        sys.exit(1)


def one(folder: Path, distribution: str, symbol: str, new: str, breakable: str, needs: list[str]) -> str:
    """One package's row."""
    name = distribution.partition("==")[0]
    root = fetched(folder, distribution)
    python = environment(folder / f"{name}-venv", root, needs)
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    before = suite(command, root)
    rename = subprocess.run(
        [sys.executable, "-c", "from qcode.cli import main; main()", "-C", str(root), "refactor",
         f"rename {symbol} to {new}", "--yes", "--test", " ".join(command)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    after = suite(command, root)
    changed = subprocess.run(["git", "diff", "--stat"], cwd=root, capture_output=True, text=True, check=True)
    total = changed.stdout.strip().splitlines()[-1].strip() if changed.stdout else "nothing changed"
    sentinel = broken(root, breakable, " ".join(command))
    good = before == after == 0 == rename.returncode and sentinel is Verdict.FAILED
    if rename.returncode:
        print(rename.stdout[-2000:], rename.stderr[-2000:])
    return (
        f"{distribution:<24} tests before {before}, rename {rename.returncode}, tests after {after}, "
        f"sentinel {sentinel}, {total}: {'holds' if good else 'DOES NOT HOLD'}"
    )


def fetched(folder: Path, distribution: str) -> Path:
    """The unpacked source distribution, as a git repository of one commit."""
    into = folder / distribution.partition("==")[0]
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(into), distribution],
        check=True,
    )  # fmt: skip
    (archive,) = into.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    archive.unlink()
    (root,) = [p for p in into.iterdir() if p.is_dir()]
    identity = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org"]
    for args in (["init", "-q"], ["add", "-A", "-f"], [*identity, "commit", "-qm", "as released"]):
        subprocess.run(["git", *args], cwd=root, check=True)
    return root


def environment(venv: Path, root: Path, needs: list[str]) -> Path:
    """A virtual environment with the package installed editable; its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "pytest<9", *needs, "-e", str(root)], check=True
    )
    return python


def suite(command: list[str], root: Path) -> int:
    """The exit code of the package's own tests, outside of any sandbox."""
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode


def broken(root: Path, path: str, command: str) -> Verdict:
    """The verdict on a layer in which a module of the package cannot be imported."""
    before = (root / path).read_bytes()
    layer = ChangeSet.of([Change(path, before, b"raise RuntimeError('sentinel')\n" + before)])
    return asyncio.run(project_tests.verdict(project_tests.from_text(command, "flag"), root, layer)).verdict


if __name__ == "__main__":
    main()
