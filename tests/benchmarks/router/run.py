"""How often a request in plain words is understood: judged by the tree that results, not by the words of a call.

    python tests/benchmarks/router/run.py [--half dev|held|all] [--show] [--check] [FILE…]

`requests/NAME.txt` holds requests to the repository `repositories/NAME.txt`, one a line:

    earlier request >> request || what may come of it | or this

What may come of it: `ask` (a question), `far` (needs a larger model), `refuse` (a refactoring engine said
no), or what is to be done, steps parted by `;;`: a verb of the catalogue with its arguments (of a signature also `name:2`, a new place), `-path` at its
end for what must stay as it is, or `sub path old new` for a word replaced in one file. A `\\n` is a line break.

right     one of the outcomes allowed
wrong     something was done, and it is not what was asked for
question  asked, where it should have been done or refused
refusal   said to be out of reach, or refused by an engine, where it should have been done or asked

coverage: the share of requests on which something was done. Half of the requests in `requests/` (by their
hash) is held out: `--show` never lists them, so that nobody develops by them. The other folders are open:
`developed/` was written beside the parser; `second/` to `thirteenth/` before it was run on them, and then it was
mended by them: only their first figures (in the model card) say how it does on new words. The author of `fifth/`,
`sixth/` and `seventh/` wrote all three before reading the parser, and mended it after each; `eighth/` was written after
those mends, by somebody who knew the parser. From `ninth/` on, and in `learned/` (`repository-who_writes.txt`), authors
knew what users are told and the repositories, and never saw the parser or another set; `weigh.py` trains on all of them.
`unseen/` is neither trained on nor listed: it was run for its totals alone.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shlex
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qcode import refactor, router, workspace
from qcode.errors import QcodeError
from qcode.messages import Change, ChangeSet, Snapshot
from qcode.router.world import World

HERE = Path(__file__).parent
NOTHING = ("ask", "far", "refuse")
Tree = Mapping[str, bytes | None]


@dataclass(frozen=True)
class Case:
    repository: str
    before: str
    request: str
    allowed: tuple[str, ...]
    open: bool = False
    unseen: bool = False

    @property
    def held(self) -> bool:
        half = hashlib.sha256(f"{self.before}>>{self.request}".encode()).digest()[0] % 2 == 1
        return self.unseen or (not self.open and half)

    def __str__(self) -> str:
        return f"{self.before} >> {self.request}" if self.before else self.request


def cases(files: list[Path]) -> Iterator[Case]:
    for file in files:
        for line in file.read_text().splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            left, _, right = line.partition(" || ")
            before, _, request = left.rpartition(" >> ")
            yield Case(
                file.stem.partition("-")[0],
                before.replace("\\n", "\n"),
                request.replace("\\n", "\n"),
                tuple(r.strip() for r in right.split(" | ")),
                open=file.resolve().parent.name != "requests",
                unseen=file.resolve().parent.name == "unseen",
            )


@cache
def repository(name: str) -> Snapshot:
    root = Path(tempfile.mkdtemp(prefix=f"router-{name}-"))
    for part in re.split(r"^--- ", (HERE / "repositories" / f"{name}.txt").read_text(), flags=re.MULTILINE)[
        1:
    ]:
        path, _, text = part.partition("\n")
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return workspace.open_snapshot(root)


def tree(changes: ChangeSet) -> Tree:
    return {c.path: c.after for c in changes}


@cache
def wanted(name: str, before: str, gold: str) -> Tree | str:
    """The tree that `gold` describes; `refuse` where an engine refuses it."""
    if gold in NOTHING:
        return gold
    snapshot, done = started(name, before)[0], ChangeSet()
    try:
        for step in gold.split(" ;; "):
            changes = performed(snapshot, shlex.split(step))
            snapshot, done = snapshot.with_changes(changes), done.then(changes)
    except QcodeError as error:
        return f"refuse: {error.message}"
    return tree(done)


def performed(snapshot: Snapshot, words: list[str]) -> ChangeSet:
    verb, rest = words[0], words[1:]
    if verb == "sub":
        path, old, new = rest
        text = snapshot.read(path)
        edges = tuple(r"\b" if end.isalnum() or end == "_" else "" for end in (old[0], old[-1]))
        found = re.sub(f"{edges[0]}{re.escape(old)}{edges[1]}".encode(), lambda _: new.encode(), text)
        return ChangeSet.of([Change(path, text, found)])
    kept = [w[1:] for w in rest if w.startswith("-") and verb != "signature"]
    given = [w for w in rest if verb == "signature" or not w.startswith("-")]
    if verb == "inline":
        given = [w for w in given if w != "in"]
    if verb == "extract" and len(given) == 3:
        given = [given[0], given[2], given[1]]
    if verb == "signature" and (found := re.fullmatch(r"(\w+):(\d+)", given[-1])):
        given[-1] = placed(snapshot, given[0], found[1], int(found[2]))
    names = [p.name for p in refactor.VERBS[verb].parameters]
    changes = refactor.perform(snapshot, verb, dict(zip(names, given, strict=False))).changes
    return ChangeSet.of(
        c for c in changes if not any(c.path == k or c.path.startswith(f"{k.rstrip('/')}/") for k in kept)
    )


def placed(snapshot: Snapshot, function: str, parameter: str, place: int) -> str:
    """The parameters of a function in their order, with one of them at a place (from 1, without self)."""
    known = World(snapshot)
    home = next((t.path, t.owner) for t in known.inside(f"{function}.{parameter}"))
    own = [
        t.name
        for t in known.inner
        if t.kind == "parameter" and (t.path, t.owner) == home and t.name not in ("self", "cls")
    ]
    others = [n for n in own if n != parameter]
    return f"({', '.join([*others[: place - 1], parameter, *others[place - 1 :]])})"


@cache
def started(name: str, before: str) -> tuple[Snapshot, tuple[router.Call, ...]]:
    """The repository after the earlier request, and the calls that it was."""
    snapshot = repository(name)
    if not before:
        return snapshot, ()
    plan = router.route(before, snapshot)
    if not isinstance(plan, router.Plan):
        return snapshot, ()
    try:
        changes = carried_out(plan, snapshot)
    except QcodeError:
        return snapshot, ()
    return snapshot.with_changes(changes), plan.calls


def carried_out(plan: router.Plan, snapshot: Snapshot) -> ChangeSet:
    done = ChangeSet()
    for call in plan.calls:
        found = refactor.perform(snapshot, call.tool, call.arguments)
        changes = router.within(call, found.changes)
        snapshot, done = snapshot.with_changes(changes), done.then(changes)
    return done


Found = router.Plan | router.Question | router.OutOfReach


def outcome(case: Case, found: Found | None = None) -> tuple[Tree | str, str]:
    """What comes of a request, and how to tell it. `found`: what another reader than the router makes of it."""
    snapshot, history = started(case.repository, case.before)
    found = found or router.route(case.request, snapshot, history)
    if isinstance(found, router.Question):
        return "ask", f"ask: {found.text} {list(found.candidates)}"
    if isinstance(found, router.OutOfReach):
        return "far", f"far: {found.sentence}"
    said = " ;; ".join(f"{c.tool} {dict(c.arguments)} only={c.only} but={c.but_not}" for c in found.calls)
    try:
        return tree(carried_out(found, snapshot)), f"do: {said}"
    except QcodeError as error:
        return "refuse", f"refuse: {said}: {error.message}"


def judged(case: Case, found: Found | None = None) -> tuple[str, str]:
    came, said = outcome(case, found)
    for gold in case.allowed:
        want = wanted(case.repository, case.before, gold)
        if came == want or (came == "refuse" and isinstance(want, str) and want.startswith("refuse")):
            return "right", said
    if came == "ask":
        return "question", said
    return ("refusal" if isinstance(came, str) else "wrong"), said


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--half", choices=("dev", "held", "all"), default="all")
    parser.add_argument(
        "--show", action="store_true", help="list what is not right (never the held-out half)"
    )
    parser.add_argument("--check", action="store_true", help="list what the catalogue itself cannot do")
    given = parser.parse_args()
    every = list(cases(given.files or sorted((HERE / "requests").glob("*.txt"))))
    if given.check:
        for case in every:
            for gold in case.allowed:
                if (
                    isinstance(found := wanted(case.repository, case.before, gold), str)
                    and found not in NOTHING
                ):
                    print(f"{case} || {gold}: {found}")
                elif not found:
                    print(f"{case} || {gold}: changes nothing")
        return
    counts = {"dev": Counter[str](), "held": Counter[str]()}
    seconds = time.process_time()
    for case in every:
        half = "held" if case.held else "dev"
        if given.half not in ("all", half):
            continue
        verdict, said = judged(case)
        counts[half].update([verdict, "all"])
        counts[half].update(["done"] if said.startswith("do:") else [])
        act = not set(case.allowed) & set(NOTHING)
        counts[half].update(["to do", *(["to do, done right"] if verdict == "right" else [])] if act else [])
        if given.show and half == "dev" and verdict != "right":
            print(f"{verdict.upper():<9}{case.repository}: {case}\n         {said}\n         {case.allowed}")
    print(
        f"{'':<8}{'n':>5}{'right':>9}{'wrong':>9}{'question':>10}{'refusal':>9}{'coverage':>10}{'of what is to be done':>24}"
    )
    halves = [h for h in ("dev", "held") if counts[h]["all"]]
    for half in [*halves, *(["all"] if len(halves) == 2 else [])]:
        c = counts["dev"] + counts["held"] if half == "all" else counts[half]
        share = [f"{c[k] / c['all']:.1%}" for k in ("right", "wrong", "question", "refusal", "done")]
        print(
            f"{half:<8}{c['all']:>5}{share[0]:>9}{share[1]:>9}{share[2]:>10}{share[3]:>9}{share[4]:>10}"
            f"{c['to do, done right']:>17} of {c['to do']}"
        )
    print(
        f"{(time.process_time() - seconds) / sum(c['all'] for c in counts.values()):.3f} s CPU a request, engines included"
    )


if __name__ == "__main__":
    main()
