"""What a follow-up means: "now move it to a.py", "same for b.py", "undo that, but call it c"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qcode.router.clause import Clause, Reading
from qcode.router.frames import inline, move, rename
from qcode.router.mentions import GLUE, Span, chosen, read
from qcode.router.plan import PER_FILE, Call, Question
from qcode.router.words import Token, vocabulary
from qcode.router.world import Target, World

_AGAIN = vocabulary(
    "ditto idem same likewise also too and do as well again another next now no actually with please pls thanks ok then apply repeat goes thing"
)
_FRAMES = {"rename": rename, "move": move}
_BACK = ("undo", "revert", "back", "reverse")
_ASIDE = (
    "no",
    "actually",
    "wait",
    "sorry",
    "hm",
    "hmm",
    "oh",
    "well",
    "nope",
    "rather",
    "i",
    "meant",
    "mean",
    "nah",
    "oops",
    "on",
    "second",
    "thought",
    "thoughts",
    "prefer",
    "i'd",
)


def focus(call: Call, world: World) -> Target | None:
    """What `call`, which has been carried out, was about: the thing that "it" means now."""
    arguments = call.arguments
    match call.tool:
        case "rename":
            old, new = arguments["symbol"], arguments["new_name"]
            path, _, name = old.rpartition(":")
            return _found(world, f"{name.rpartition('.')[0]}.{new}".lstrip("."), path)
        case "move":
            to = arguments["to"]
            path = to if to.endswith(".py") else next((m.path for m in world.module(to)), "")
            return _found(world, arguments["symbol"].rpartition(":")[2].rpartition(".")[2], path)
        case "extract":
            return _found(world, arguments["new_name"], arguments["place"].rpartition(":")[0])
        case "signature":
            path, _, name = arguments["function"].rpartition(":")
            return _found(world, name, path)
    return None


def _found(world: World, name: str, path: str) -> Target | None:
    found = world.named(name, [path] if path else ()) or world.inside(name, [path] if path else ())
    return found[0] if len(found) == 1 else None


def place(call: Call) -> str:
    """What "there" means after `call`: the file or folder that it named."""
    return call.arguments.get("path", "") or call.arguments.get("to", "")


def home(call: Call) -> str:
    """What "that file" means after `call`."""
    said = " ".join(call.arguments.values())
    files = re.findall(r"[\w./-]+\.pyi?\b", said)
    return files[-1] if files else ""


def after(call: Call, world: World) -> tuple[World, Target | None]:
    """The names, and what "it" means, once `call` of the same request will be carried out."""
    arguments = call.arguments
    if call.tool == "rename" and (old := _target(arguments["symbol"], world)):
        renamed = world.renamed(old, arguments["new_name"])
        return renamed, _found(renamed, f"{old.owner}.{arguments['new_name']}".lstrip("."), old.path)
    if call.tool == "move" and (old := _target(arguments["symbol"], world)):
        to = arguments["to"]
        moved = world.moved(old, to if to.endswith(".py") else f"{to.replace('.', '/')}.py")
        return moved, next((t for t in moved.defined if t.moved and t.name == old.name), None)
    if call.tool == "extract" and "expression" not in arguments:
        made = Target("function", arguments["place"].rpartition(":")[0], arguments["new_name"], moved=True)
        return world.with_name(made), made
    if call.tool == "signature":
        return world, _target(arguments["function"], world)
    return world, None


def _target(symbol: str, world: World) -> Target | None:
    path, _, name = symbol.rpartition(":")
    places = [path] if path else ()
    found = world.named(name, places) or world.inside(name, places)
    return found[0] if len(found) == 1 else None


def read_follow_up(clause: Clause, last: Call) -> Reading:
    """What a clause without a verb of its own asks for, after `last`."""
    if clause.has(*_BACK):
        return _taken_back(clause, last)
    tokens = [t for t in clause.tokens if t.lower not in _ASIDE]
    if last.tool in _FRAMES and (found := _with_its_verb(clause, tokens, last.tool)):
        return found
    if last.tool == "rename" and len(tokens) < len(clause.tokens) and (found := _better(clause, tokens)):
        return found
    span = read([t for t in tokens if t.kind != "assign" or last.tool != "signature"], clause.world, _AGAIN)
    if span.rest or not tokens:
        return None
    named = any(n.quoted or n.lower not in _AGAIN for n in span.names)
    if last.tool in PER_FILE and not named and (span.places or clause.scope.only):
        if any(len(choices) > 1 and choices != list(clause.world.tests) for choices in span.places):
            return Question("Which one is meant?", tuple(span.within[:8]))
        return [_with(last, clause, path=p) for p in (span.within or clause.scope.only)]
    if last.tool == "signature" and (given := [t for t in tokens if t.kind == "assign"]):
        if span.names or any(t.kind in ("name", "path") for t in tokens):
            return None
        changes = " ".join(f"+{t.text}" for t in given)
        return [_with(last, clause, changes=changes)]
    if last.tool == "move" and span.names:
        return _each(clause, span, last, "symbol", ("class", "function", "variable"))
    if last.tool == "inline" and span.names:
        one = chosen(span, clause.world, ("local", "variable", "function"))
        return one if isinstance(one, Question) else [inline.inlined(clause, one)]
    if last.tool == "rename" and span.names:
        one = chosen(span, clause.world)
        if not isinstance(one, Target):
            return one
        # "same for User.save": the same new name, where it is another thing of the old one's name
        if one.name == last.arguments["symbol"].rpartition(".")[2].rpartition(":")[2]:
            return [_with(last, clause, symbol=one.symbol)]
        return Question(f"What shall {one.qualname} be called?", (f"rename {one.qualname} to …",))
    return None


def _better(clause: Clause, tokens: Sequence[Token]) -> Reading:
    """ "no, I meant Booking": another new name for what was renamed."""
    left = [
        t for t in tokens if t.lower not in GLUE | {"call", "make", "better", "instead", "rename", "to", "as"}
    ]
    if (
        clause.focus is None
        or len(left) != 1
        or not left[0].text.isidentifier()
        or left[0].text in clause.world.names
    ):
        return None
    name = left[0].text
    if left[0].kind == "name" or left[0].quoted or name[0].isupper():
        return [_back(clause, name)]
    return Question(
        f"Shall {clause.focus.qualname} be called {name}?", (f"rename {clause.focus.qualname} to `{name}`",)
    )


def _with_its_verb(clause: Clause, tokens: Sequence[Token], verb: str) -> Reading:
    """ "and f to g", after a rename: a request that leaves its verb out."""
    part = [t for t in tokens if t.lower not in ("and", "also")]
    read_clause = _FRAMES[verb].read_clause
    found = read_clause(replace(clause, tokens=[Token(verb, "word", 0, 0), *part])) if part else None
    return found if isinstance(found, list) else None


def _each(clause: Clause, span: Span, last: Call, argument: str, kinds: Sequence[str]) -> Reading:
    found = chosen(span, clause.world, kinds)
    return found if isinstance(found, Question) else [_with(last, clause, **{argument: found.symbol})]


def _with(last: Call, clause: Clause, **changed: str) -> Call:
    arguments = {**last.arguments, **changed}
    said = " ".join(v for v in changed.values())
    return clause.call(last.tool, arguments, f"{last.tool.capitalize()} {said} likewise")


def _taken_back(clause: Clause, last: Call) -> Reading:
    """ "undo that": a rename goes back to the old name; all else is for `qcode undo`."""
    words = [
        t
        for t in clause.tokens
        if t.lower not in (*_BACK, *_AGAIN, "rename", "but", "call", "name", "please", "instead")
    ]
    span = read(words, clause.world)
    if last.tool != "rename" or clause.focus is None:
        return None
    if any(t.lower in ("call", "name") for t in clause.tokens) and len(words) <= 4:
        new = [t for t in words if t.kind in ("name", "word") and t.lower not in ("it", "that", "this", ",")]
        if len(new) == 1 and new[0].text.isidentifier():
            return [_back(clause, new[0].text)]
        return None
    if span.rest or span.names:
        return None
    return [_back(clause, last.arguments["symbol"].rpartition(":")[2].rpartition(".")[2])]


def _back(clause: Clause, name: str) -> Call:
    assert clause.focus is not None
    return clause.call(
        "rename",
        {"symbol": clause.focus.symbol, "new_name": name},
        f"Rename {clause.focus.qualname} to {name}, with every use of it",
        (clause.focus.qualname,),
        (name,),
    )
