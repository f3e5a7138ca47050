"""Large files, large replies, and texts made to be slow: CPU seconds of each, medians of five.

    python tests/benchmarks/edits/scale.py

Exit code 1 when a bound is missed: 0.1 s for 50 hunks in a file of 20,000 lines (in each format,
located and merged; gates apart), and 1 s for everything else. Every text is run at two sizes; time
that grows like the square of the size shows as a ratio of 4.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator

from adapter import OneFile

from qcode.edits import EditStream, Plan, parse_reply, plan, render, search_replace
from qcode.edits.model import Edit

RUNS = 5


def source(lines: int) -> list[str]:
    """A file like many: short functions, most of whose lines occur again and again."""
    return [
        line
        for n in range(lines // 5)
        for line in (f"def f{n}(a, b):", "    x = a + b", f"    y = x * {n}", "    return x", "")
    ]


def located(size: int, form: str, moved: bool) -> Callable[[], Plan]:
    """50 hunks in a file of `size` lines; `moved`: which has changed since it was read."""
    lines = source(size)
    spots = range(10, size - 20, size // 50)
    edits = []
    for at in list(spots)[:50]:
        at -= at % 5
        old = lines[at : at + 4]
        new = [*old[:2], "    z = 1", *old[2:]]
        edits.append(search_replace("big.py", "".join(f"{x}\n" for x in old), "".join(f"{x}\n" for x in new)))
    if form != "blocks":
        edits = [Edit("big.py", tuple(h for e in edits for h in e.hunks))]
    reply = render(edits, form)  # type: ignore[arg-type]
    read = "".join(f"{line}\n" for line in lines).encode()
    live = read.replace(b"def f7(a, b):\n", b"def f7(a, b):\n    log()\n") if moved else read
    snapshot = OneFile({"big.py": live})
    return lambda: plan(snapshot, parse_reply(reply), {"big.py": read})


def streamed(size: int) -> Callable[[], Plan]:
    """The same, piece by piece."""
    lines = source(size)
    block = "big.py\n<<<<<<< SEARCH\ndef f{0}(a, b):\n    x = a + b\n=======\ndef f{0}(a):\n    x = a\n>>>>>>> REPLACE\n"
    reply = "".join(block.format(n) for n in range(0, size // 5, size // 250))
    snapshot = OneFile({"big.py": "".join(f"{line}\n" for line in lines).encode()})

    def run() -> Plan:
        stream = EditStream(snapshot)
        for at in range(0, len(reply), 4):
            stream.feed(reply[at : at + 4])
        return stream.close()

    return run


def hostile(size: int, stream: bool) -> Iterator[tuple[str, Callable[[], object]]]:
    """(name, run): replies and files that invite quadratic time. `size` is in characters; `stream`:
    they arrive in pieces of 500 characters."""
    lines = size // 10
    same = OneFile({"a.py": b"x = 1\n" * lines, "b.py": b"# c\n" * lines})

    def reply(text: str) -> Callable[[], object]:
        return lambda: pieces(text) if stream else plan(same, parse_reply(text, "a.py"))

    def pieces(text: str) -> object:
        stream = EditStream(same, "a.py")
        for at in range(0, len(text), 500):
            stream.feed(text[at : at + 500])
        return stream.close()

    def block(old: str, new: str = "y\n", path: str = "a.py") -> str:
        return f"{path}\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n"

    yield "prose", reply("some words\n" * lines)
    yield "one line", reply("x" * size)
    yield "a block that never ends", reply("a.py\n<<<<<<< SEARCH\n" + "x = 1\n" * lines)
    yield "blocks that never end", reply("a.py\n<<<<<<< SEARCH\nx\n" * (lines // 3))
    yield "dividers", reply("a.py\n<<<<<<< SEARCH\nx\n" + "=======\n" * lines + ">>>>>>> REPLACE\n")
    yield "ends without beginning", reply(">>>>>>> REPLACE\n" * lines)
    yield "marks of wrong length", reply("<<<<<<< SEARCH\nx\n======\ny\n>>>>>> REPLACE\n" * (lines // 5))
    yield "fences", reply("a.py\n```py\n" * (lines // 2))
    yield "headers", reply("@@ -1,2 +1,2 @@\n" * lines)
    yield "names", reply("--- a/x\n+++ b/x\n" * (lines // 2))
    yield "a hunk of additions", reply("--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n x = 1\n" + "+y\n" * lines)
    yield "hunks without counts", reply("--- a/a.py\n+++ b/a.py\n" + "@@ @@\n-x = 1\n+y\n" * (lines // 3))
    yield "braces", reply("{" * size)
    yield "calls", reply('<tool_call>{"a": ' * (lines // 2))
    yield "equal lines, found", reply(block("x = 1\n" * (lines // 2)))
    yield "equal lines, not found", reply(block("x = 1\n" * (lines // 2) + "z\n"))
    yield "equal lines, both sides", reply(block("x = 1\n" * (lines // 2), "x = 1\n" * (lines // 3) + "y\n"))
    yield "comments, reworded", reply(block("# d\n" * 50 + "z\n", path="b.py"))
    yield "left out, again and again", reply(block("x = 1\n...\n" * 60 + "z\n", "x = 1\n...\n" * 60 + "y\n"))
    yield "many small blocks", reply(block("q = 2\n") * (lines // 10))
    if stream:
        return
    long = "ab" * (size // 4)
    yield (
        "two long comments",
        lambda: plan(
            OneFile({"c.py": f"# {long}\nx = 1\ny = 2\nz = 3\n".encode()}),
            parse_reply(
                block(f"# {long}c\nx = 1\ny = 2\nz = 3\n", f"# {long}c\nx = 1\ny = 2\nz = 4\n", "c.py")
            ),
        ),
    )
    yield (
        "text in one line",
        lambda: plan(
            OneFile({"d.py": b"ab" * (size // 2)}),
            parse_reply('{"path": "d.py", "old_string": "ab", "new_string": "abc", "replace_all": true}'),
        ),
    )


def median(run: Callable[[], object]) -> float:
    """CPU seconds."""
    took = []
    for _ in range(RUNS):
        started = time.process_time()
        run()
        took.append(time.process_time() - started)
        if took[-1] > 5:
            break
    return statistics.median(took)


def main() -> int:
    missed = 0
    for form in ("blocks", "unified", "patch"):
        for moved in (False, True):
            run = located(20_000, form, moved)
            made = run()
            assert made.changes and not made.refusals
            took = median(run)
            missed += took > 0.1
            print(f"50 hunks, 20,000 lines, {form}{', merged' if moved else ''}: {took * 1e3:.1f} ms")
    run = streamed(20_000)
    assert run().changes
    took = median(run)
    print(f"50 blocks, 20,000 lines, streamed in pieces of 4 characters: {took * 1e3:.1f} ms")
    for stream in (False, True):
        small = dict(hostile(250_000, stream))
        for name, slow in hostile(1_000_000, stream):
            one, four = median(small[name]), median(slow)
            missed += four > 1
            arrived = ", streamed" if stream else ""
            print(f"1 MB of {name}{arrived}: {four * 1e3:.1f} ms, {four / max(one, 1e-4) / 4:.1f} of linear")
    print("a bound was missed" if missed else "all bounds are kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
