"""What a plan would have to change that the request wants left alone: "rename f to g but leave the tests alone"."""

from __future__ import annotations

import ast
import re

from qcode.errors import QcodeError
from qcode.messages import ChangeSet, Snapshot
from qcode.refactor import perform
from qcode.router.plan import Call, Plan, Question, wanted
from qcode.router.world import World

_SUBJECT = {"rename": "symbol", "move": "symbol", "signature": "function", "inline": "name"}


def asked_of(plan: Plan, world: World) -> Question | None:
    """What has to be asked before `plan` is carried out; None where nothing has.

    Half a rename is broken code: where a file that is to stay as it is uses the name, whether it may change too is
    asked. Where it does not, the request is simply done. And what is named twice is not what was meant.
    """
    if twice := _named_twice(plan):
        return twice
    if not any((c.only or c.but_not) and c.tool in _SUBJECT for c in plan.calls):
        return None
    snapshot = world.snapshot
    for call in plan.calls:
        restricted = bool(call.only or call.but_not) and call.tool in _SUBJECT
        if restricted and len(plan.calls) == 1 and not _mentioned(call, snapshot):
            return None
        try:
            changes = perform(snapshot, call.tool, call.arguments).changes
        except QcodeError:
            return None  # an engine says better why it cannot be done
        outside = [c.path for c in changes if not wanted(call, c.path)]
        outside += [d for d in call.but_not if ":" in d and _touched(d, changes, snapshot)]
        if restricted and outside:
            return _question(call, outside[0])
        snapshot = snapshot.with_changes(changes)
    return None


def _mentioned(call: Call, snapshot: Snapshot) -> bool:
    """Whether a file that is to stay as it is has the name in it at all: quicker than to look what it means there."""
    name = re.split(r"[.:/]", call.arguments[_SUBJECT[call.tool]].removesuffix(".py"))[-1].encode()
    kept = {d.partition(":")[0] for d in call.but_not if ":" in d}
    return any(name in snapshot.read(p) for p in snapshot.paths() if p in kept or not wanted(call, p))


def _touched(definition: str, changes: ChangeSet, snapshot: Snapshot) -> bool:
    """Whether `changes` change the text of a definition (`file.py:Class.name`)."""
    path, _, name = definition.partition(":")
    after = next((c.after for c in changes if c.path == path), None)
    return after is not None and _text(snapshot.read(path), name) != _text(after, name)


def _text(content: bytes, name: str) -> str:
    """The source of a definition; "" where it is not there."""
    try:
        node: ast.AST = ast.parse(content)
        for part in name.split("."):
            node = next(n for n in ast.walk(node) if getattr(n, "name", None) == part)
        return ast.unparse(node)
    except (SyntaxError, ValueError, StopIteration):
        return ""


def _question(call: Call, path: str) -> Question:
    subject = call.arguments[_SUBJECT[call.tool]]
    name = re.split(r"[.:]", subject)[-1]
    plain = " ".join([call.tool, *call.arguments.values()])
    if call.tool in ("rename", "move"):
        plain = f"{call.tool} {subject} to {call.arguments.get('new_name') or call.arguments['to']}"
    elif call.tool == "inline" and "inside" in call.arguments:
        plain = f"inline {subject} in {call.arguments['inside']}"
    return Question(
        f"{path} uses {name}, and is broken if it stays as it is. Shall it change as well?", (plain,)
    )


def _named_twice(plan: Plan) -> Question | None:
    """ "rename a to b in f, and that one to g": one thing gets no two names in one request."""
    new: dict[str, str] = {}
    for call in plan.calls:
        if call.tool != "rename":
            continue
        symbol, name = call.arguments["symbol"], call.arguments["new_name"]
        if symbol in new:
            return Question(
                f"Shall it be called {new[symbol]}, or {name}?",
                tuple(f"rename {call.arguments['symbol']} to {n}" for n in (name,)),
            )
        owner = symbol[: -len(re.split(r"[.:]", symbol)[-1])]
        new[f"{owner}{name}"] = name
    return None
