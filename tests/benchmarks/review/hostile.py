"""Time of each exact check on input that was made to take long.

    python tests/benchmarks/review/hostile.py [--bytes 1000000]

A pattern that tries the same text again from many places takes minutes for a megabyte, and the hook's
budget cannot end it: a pattern at work holds the interpreter. Every text here is one that some
pattern could be thought to stumble over.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

UNITS = {
    "spaces": (" ", "a.py"),
    "blank lines": ("\n", "a.test.js"),
    "dots and words": ("a.", "a.py"),
    "password": ("password", "a.py"),
    "password=": ("password = ", "a.py"),
    "password, quoted": ("password='", "a.py"),
    "brackets": ("secret='<<<<<<<<<<<<<<<<", "a.py"),
    "only brackets": ("<", "a.py"),
    "key begins": ("-----BEGIN A ", "a.py"),
    "token begins": ("eyJ-", "a.py"),
    "token runs": ("eyJaaaaaaaaa-", "a.py"),
    "mail begins": ("SG.aaaaaaaaaaaaaaaa_", "a.py"),
    "addresses": ("://a:b", "a.py"),
    "todo": ("# TODO" + " " * 5000, "a.rb"),
    "todo lines": ("# TODO(\n", "a.rb"),
    "comments with the name": ("# fetch\n", "use.py"),
    "one comment with the name": ("fetch # ", "use.py"),
    "the name": ("fetch\n", "use.py"),
    "the name, spaced": ("fetch    ", "use.py"),
    "imports": ("import \\x ", "use.py"),
    "imports that go on": ("import x \\\n", "use.py"),
    "import brackets": ("import (#\n", "use.py"),
    "from dots": ("from ..... ", "use.py"),
    "decorators": ("@fetch\n", "use.py"),
    "triple quotes": ('"""', "use.py"),
    "triple quotes in lines": ("'''\n\"\"\"\n", "use.py"),
    "escaped quotes": ('\\"""', "use.py"),
    "classes": ("class A:\n", "use.py"),
    "deep classes": ("class A:\n" + " " * 3000 + "fetch()\n", "use.py"),
    "ignores": ("qcode: ignore[a", "a.py"),
    "js tests": ("it('a", "a.test.js"),
    "js parts": ("it.a.", "a.test.js"),
    "rust attributes": ("#[test]", "a.rs"),
    "open rust attributes": ("#[test ", "a.rs"),
    "java annotations": ("@Test(", "ATest.java"),
    "java words": ("@Test public ", "ATest.java"),
    "c# facts": ("[Fact]", "ATests.cs"),
    "rspec": ("it 'a", "a_spec.rb"),
    "skips": ("  @pytest.mark.skipif(", "test_a.py"),
    "markers": ("<<<<<<< ", "a.txt"),
    "undefined names": ("fetch1\n", "a.py"),
    "open brackets": ("(", "a.py"),
    "colons": ("class A: : ", "use.py"),
}
START = "from pkg.net import fetch\nimport pkg.net\n"
ONE = """
import sys, tempfile, time, subprocess
from pathlib import Path
from qcode.review import Choice, review
text, path = sys.stdin.read(), sys.argv[1]
with tempfile.TemporaryDirectory() as name:
    root = Path(name)
    def git(*words): subprocess.run(["git", "-C", name, "-c", "user.name=t", "-c", "user.email=t@e.org", *words], check=True, capture_output=True)
    git("init", "-q")
    (root / "pkg").mkdir()
    (root / "pkg/__init__.py").write_text("")
    (root / "pkg/net.py").write_text("def fetch(a): pass\\ndef gone(): pass\\n")
    if path == "use.py":
        (root / path).write_text(text)
    git("add", "-A")
    git("commit", "-qm", "x")
    (root / "pkg/net.py").write_text("def fetch(a, b): pass\\n")
    (root / path).write_text(text + "\\nx = 1\\n")
    git("add", "-A")
    start = time.process_time()
    review(root, "staged", Choice.of(["todo"]))
    print(time.process_time() - start)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bytes", type=int, default=990_000)
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--seconds", type=float, default=120, help="when to give one up")
    given = parser.parse_args()
    for name, (unit, path) in UNITS.items():
        if given.only and name not in given.only:
            continue
        text = START + unit * ((given.bytes - len(START) - 100) // len(unit))
        start = time.monotonic()
        try:
            done = subprocess.run(
                [sys.executable, "-c", ONE, path], input=text, capture_output=True, text=True, check=False,
                timeout=given.seconds,
            )  # fmt: skip
            said = done.stderr.strip().splitlines()[-1:] if done.returncode else []
            print(f"{float(done.stdout or 'nan'):8.2f} s CPU  {name}", *said, flush=True)
        except subprocess.TimeoutExpired:
            print(f"{time.monotonic() - start:8.2f} s, given up  {name}", flush=True)


if __name__ == "__main__":
    main()
