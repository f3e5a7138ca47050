"""Mutated replies against the applier: no crash, no hang, nothing applied that is ambiguous.

    python tests/benchmarks/edits/fuzz.py --count 200000 --seed 1

Replies of `cases.py` are damaged in one to five ways and applied. Three things are looked for: an
exception, more than one CPU second, and a change that an oracle rejects. The oracle knows nothing
of the ladder: it counts, by plain comparison, where the old side of every hunk stands, and it wants
every line that vanished or appeared to be one that the reply removes or adds. Exit code 1 if any is found; the
replies are printed as JSON lines.
"""

from __future__ import annotations

import argparse
import collections
import html
import json
import random
import re
import signal
import sys
import sysconfig
import time
from collections import Counter
from pathlib import Path

from adapter import OneFile
from cases import Case, cases, sources

from qcode.edits import Edit, EditStream, Hunk, gate, parse_reply, plan

LIMIT_S = 1.0
PER_CASE = 50
MARKS = [
    "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "```", "```python", "*** Begin Patch", "*** End Patch",
    "*** Update File: src/x.py", "*** Add File: n.py", "*** Delete File: src/x.py", "*** Move to: z.py",
    "--- a/src/x.py", "+++ b/src/x.py", "@@", "@@ -1,3 +1,4 @@", "@@ ... @@", "@@ def f():", "...", "# ...", "+", "-",
    " ", "", "------- SEARCH", "+++++++ REPLACE", "diff --git a/x b/x", "rename from a", "rename to b", "\\ No newline",
    '{"path": "x", "search": "', "<tool_call>", "&lt;", "\u201cx\u201d", "\r", "\x00", "\ufeff", "12| x", "\ud800",
]  # fmt: skip
PLAIN = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u00a0", "''\"\"-- ", "\u200b\ufeff")


class Hang(BaseException):
    """More than LIMIT_S of CPU time: no handler in the product may catch it."""


def damaged(rng: random.Random, text: str, other: str) -> str:
    """`text` with one to five wounds."""
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 5])):
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        deed = rng.randrange(14)
        if deed == 0:
            del lines[at]
        elif deed == 1:
            lines.insert(at, lines[rng.randrange(len(lines))] if lines else "")
        elif deed == 2:
            lines.insert(at, rng.choice(MARKS))
        elif deed == 3:
            lines[at] = rng.choice(MARKS)
        elif deed == 4 and lines[at]:
            spot = rng.randrange(len(lines[at]))
            lines[at] = (
                lines[at][:spot] + rng.choice("xA _-+@=<>&\u201d\t ") + lines[at][spot + rng.randrange(2) :]
            )
        elif deed == 5:
            lines[at] = lines[at].lstrip() if rng.random() < 0.5 else "  " + lines[at]
        elif deed == 6:
            end = min(len(lines), at + rng.randrange(1, 8))
            lines[at:end] = lines[at:end] * 2
        elif deed == 7:
            lines = lines[:at]
        elif deed == 8:
            lines = lines[at:]
        elif deed == 9:
            lines[at:at] = other.split("\n")
        elif deed == 10:
            swap = rng.randrange(len(lines))
            lines[at], lines[swap] = lines[swap], lines[at]
        elif deed == 11:
            del lines[at : at + rng.randrange(1, 6)]
        elif deed == 12:
            return "\n".join(lines)[: rng.randrange(len(text) + 1)]
        elif deed == 13:
            lines = [
                re.sub(r"\d+", lambda m: str(int(m[0][:6]) + rng.choice([-1, 1, 3])), x, count=1)
                for x in lines
            ]
        text = "\n".join(lines) or "\n"
    return text


def plain(line: str) -> str:
    """A line as the loosest reader sees it."""
    return html.unescape(re.sub(r"^\s*\d+ ?(?:[|:\u2192] ?|\t)", "", line)).translate(PLAIN).strip()


def stands(lines: list[str], old: list[str], loose: int) -> list[int]:
    """Where `old` stands, line for line: 0 exactly, 1 but for blanks at line ends."""
    same = (lambda x: x) if loose == 0 else str.rstrip
    want, have = [same(x) for x in old], [same(x) for x in lines]
    return [n for n in range(len(have) - len(want) + 1) if have[n : n + len(want)] == want]


def complaint(before: str, after: str, edits: list[Edit]) -> str:
    """Why the oracle rejects a change; "" if it does not."""
    lines = before.replace("\r\n", "\n").removesuffix("\n").split("\n")
    now = after.replace("\r\n", "\n").removesuffix("\n").split("\n")
    taken: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for hunk in (h for e in edits for h in e.hunks):
        readings = [hunk.lines, *hunk.rivals, *hunk.variants]
        if hunk.literal is not None:
            places = len(re.findall(f"(?={re.escape(hunk.literal[0])})", "\n".join([*lines, ""])))
            if places > 1 and not hunk.every:
                return f"the text occurs {places} times"
            continue
        for tagged in readings:
            taken += Counter(plain(x) for tag, x in tagged if tag != "+")
            given += Counter(plain(x) for tag, x in tagged if tag != "-")
        if not hunk.rivals and (why := ambiguity(lines, hunk)):
            return why
    if any(h.literal for e in edits for h in e.hunks) or any(e.whole is not None or e.remove for e in edits):
        return ""
    for line in Counter(lines) - Counter(now):
        if plain(line) not in taken and line.strip():
            return f"{line!r} vanished, and the reply does not remove it"
    for line in Counter(now) - Counter(lines):
        if plain(line) not in given and line.strip():
            return f"{line!r} appeared, and the reply does not add it"
    return ""


def ambiguity(lines: list[str], hunk: Hunk) -> str:
    """Several places for the hunk as it is written, and neither number nor name to choose."""
    old = [text for tag, text in hunk.lines if tag != "+"]
    for loose in (0, 1):
        places = stands(lines, old, loose)
        if len(places) > 1:
            chosen = loose == 0 and ((hunk.at is not None and hunk.at - 1 in places) or bool(hunk.anchor))
            return "" if chosen else f"the old side stands at {[n + 1 for n in places]}"
        if places:
            return ""
    return ""


def tried(rng: random.Random, case: Case, reply: str) -> tuple[str, str]:
    """(outcome, complaint) of one reply."""
    snapshot = OneFile({case.path: case.before.encode()})
    edits = parse_reply(reply, case.path)
    # Only the end of a reply tells that its beginning was a thought, if it does not begin as one.
    if rng.random() < 0.1 and ("</think>" not in reply or reply.lstrip().startswith("<think>")):
        stream = EditStream(snapshot, case.path)
        at = 0
        while at < len(reply):
            size = rng.choice([1, 5, 40])
            stream.feed(reply[at : at + size])
            at += size
        streamed = stream.close()
        made = plan(snapshot, edits)
        if stream.aborted is None and streamed != made:
            return "differs", "the stream and the whole reply give different plans"
        if stream.aborted is not None and made.changes:
            return "differs", f"given up, and yet it applies: {stream.aborted.message[:200]}"
    else:
        made = plan(snapshot, edits)
    if made.refusals:
        return made.refusals[0].reason, ""
    if not made.changes:
        return "nothing to change" if edits else "no edit", ""
    if refusals := gate(made.changes):
        return f"gate: {refusals[0].reason}", ""
    for change in made.changes:
        if change.path == case.path and change.after is not None:
            mine = [e for e in edits if e.path.endswith(case.path)]
            return "applied", complaint(case.before, change.after.decode(), mine)
    return "applied", ""


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=200_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "folders", nargs="*", type=Path, help="source files (default: Python's own and these)"
    )
    given = options.parse_args()
    library = Path(sysconfig.get_paths()["stdlib"])
    folders = given.folders or [
        Path(__file__).parents[3] / "qcode",
        library / "json",
        library / "email",
        library / "http",
    ]
    files = [(p, lines) for p, lines in sources(folders) if len(lines) <= 300]
    rng = random.Random(given.seed)
    outcomes: collections.Counter[str] = collections.Counter()
    found = 0
    slowest = 0.0

    def too_long(*_: object) -> None:
        raise Hang

    signal.signal(signal.SIGVTALRM, too_long)
    done, other = 0, ""
    for case in cases(given.seed, files, given.count):
        if done == given.count:
            break
        for _ in range(min(PER_CASE, given.count - done)):
            reply = damaged(rng, case.edit, other)
            started = time.process_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_S)
            try:
                outcome, why = tried(rng, case, reply)
            except Hang:
                outcome, why = "hang", f"more than {LIMIT_S} s"
            except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
                outcome, why = "crash", f"{type(error).__name__}: {error}"
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            slowest = max(slowest, time.process_time() - started)
            outcomes[outcome] += 1
            done += 1
            if why:
                found += 1
                if found <= 20:
                    print(json.dumps({"why": why, "path": case.path, "before": case.before, "reply": reply}))
        other = case.edit
    for outcome, times in outcomes.most_common():
        print(f"{times:8,} {outcome}")
    print(f"{done:,} replies, slowest {slowest * 1e3:.0f} ms CPU, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
