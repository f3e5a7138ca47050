"""What a follow-up means: "now move it to a.py", "same for b.py", "undo that, but call it c"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qcode.router import again
from qcode.router.clause import Clause, Reading
from qcode.router.frames import move, rename
from qcode.router.mentions import GLUE, Span, chosen, read
from qcode.router.plan import Call, Question
from qcode.router.words import Token, vocabulary
from qcode.router.world import Target, World

_AGAIN = vocabulary(
    "ditto idem same likewise also too and do as well again another next now no actually with please pls thanks ok then apply repeat goes thing"
)
_FRAMES = {"rename": rename, "move": move}
_NOT_THERE = vocabulary("not except only if unless add remove delete rename inline extract")
_EARLIER = ("old", "previous", "original", "former", "first", "earlier")
_BACK = ("undo", "revert", "back", "reverse")
_ASIDE = vocabulary(
    "no actually wait sorry hm hmm oh well nope rather i meant mean nah oops on second thought thoughts prefer i'd hang was wrong"
)
_OTHER = _ASIDE | vocabulary("better nicer shorter clearer instead vague") - {
    "on",
    "was",
    "i",
    "well",
    "second",
}
"""Words of somebody who changes their mind."""
_SAYING = vocabulary("call name named called say says said better rather make it be to meant prefer , : -")
_PRAISE = vocabulary("instead would is reads sounds fits it please")
_MORE = vocabulary(
    "if unless only except until while add remove delete drop move extract inline write test tests document log print and then also too "
    "convert sort tidy undo same likewise"
)
"""Words of a request for more than another name."""


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
            return _added(arguments["changes"], name, path, world) or _found(world, name, path)
    return None


def _added(changes: str, function: str, path: str, world: World) -> Target | None:
    """The one parameter that was added: "call it surcharge instead"."""
    one = re.fullmatch(r"\+(\w+)(?:\s*:[^=]*)?=(?!.*\s[+-]\w).*", changes)
    places = [path] if path else ()
    inside = world.inside(f"{function}.{one[1]}", places) if one else []
    inside = inside or (world.inside(f"{function}.__init__.{one[1]}", places) if one else [])
    return replace(inside[0], added=True) if len(inside) == 1 else None


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
    if call.tool == "inline" and "inside" in arguments:
        return world, _target(arguments["inside"], world)
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
    if last.tool == "rename" and clause.focus and any(clause.says(f"{o} name") for o in _EARLIER):
        return None if {t.lower for t in clause.tokens} & _MORE else [_back(clause, _old_name(last))]
    tokens = [t for t in clause.tokens if t.lower not in _ASIDE or t.quoted]
    if last.tool in _FRAMES and (found := _with_its_verb(clause, tokens, last.tool)):
        return found
    if found := _better(clause):
        return found
    if last.tool == "move" and (found := _elsewhere(clause)):
        return found
    if found := again.read_again(clause, last):
        return found
    span = read([t for t in tokens if t.kind != "assign" or last.tool != "signature"], clause.world, _AGAIN)
    if span.rest or not tokens:
        return None
    if last.tool == "signature" and (given := [t for t in tokens if t.kind == "assign"]):
        if span.names or any(t.kind in ("name", "path") for t in tokens):
            return None
        changes = " ".join(f"+{t.text}" for t in given)
        return [again.again(last, clause, changes=changes)]
    if last.tool == "move" and span.names:
        return _each(clause, span, last, "symbol", ("class", "function", "variable"))
    return None


def _better(clause: Clause) -> Reading:
    """ "no, I meant Booking", "hmm, put would be shorter. call it that": another new name for what was named."""
    said = clause.tokens
    words = {t.lower for t in said if not t.quoted}
    called = clause.says("call it") or clause.says("name it") or clause.says("call that")
    other = bool(words & _OTHER) or called
    if clause.focus is None or not other or words & _MORE:
        return None
    fresh = [i for i, t in enumerate(said) if _is_new(t, clause)]
    plain = [i for i in fresh if said[i].kind == "name" or said[i].quoted]
    # a word may be the name where only a name can stand
    spoken = [i for i in fresh if i not in plain and said[i].kind == "word" and _stands_for_a_name(said, i)]
    others = [
        t
        for t in read(said, clause.world, GLUE | _OTHER).names
        if t.text != clause.focus.name and t.lower not in _OTHER | _SAYING and (t.kind == "name" or t.quoted)
    ]
    others = [t for t in others if t.text not in {said[i].text for i in fresh}]
    names = {said[i].text for i in (plain or spoken)}
    if others or len(names) != 1 or any(t.kind in ("path", "lines", "assign", "arrow") for t in said):
        return None
    name = names.pop()
    if plain or called or clause.has("instead") or name[0].isupper():
        return [_back(clause, name)]
    return Question(
        f"Shall {clause.focus.qualname} be called {name}?", (f"rename {clause.focus.qualname} to `{name}`",)
    )


def _is_new(token: Token, clause: Clause) -> bool:
    """Whether a token can be a name that is not there yet."""
    known = token.text in clause.world.names or token.lower in GLUE | _OTHER | _SAYING
    return token.kind in ("name", "word") and token.text.isidentifier() and (token.quoted or not known)


def _stands_for_a_name(tokens: Sequence[Token], at: int) -> bool:
    """ "call it put", "summarize" alone in its part, "put would be shorter" """
    before = tokens[at - 1].lower if at else ","
    after = tokens[at + 1].lower if at + 1 < len(tokens) else "."
    starts, ends = before in (",", ".", ":", "-", "no", "hm", "hmm"), after in (",", ".", "!", ";")
    return (starts and (ends or after in _PRAISE)) or (before in _SAYING and (ends or after in _PRAISE))


def _elsewhere(clause: Clause) -> Reading:
    """ "no, I'd rather have it next to the slack stuff, in slack.py": another place for what was moved."""
    words = {t.lower for t in clause.tokens if not t.quoted}
    span = read(clause.tokens, clause.world)
    files = [p for p in span.within if p.endswith(".py")]
    names = [n for n in span.names if clause.focus is None or n.text != clause.focus.name]
    if clause.focus is None or not words & _OTHER or len(files) != 1 or names or words & _NOT_THERE:
        return None
    if files[0] == clause.focus.path:
        return None
    return [_moved(clause, files[0])]


def _with_its_verb(clause: Clause, tokens: Sequence[Token], verb: str) -> Reading:
    """ "and f to g", after a rename: a request that leaves its verb out."""
    part = [t for t in tokens if t.lower not in ("and", "also")]
    read_clause = _FRAMES[verb].read_clause
    found = read_clause(replace(clause, tokens=[Token(verb, "word", 0, 0), *part])) if part else None
    return found if isinstance(found, list) else None


def _each(clause: Clause, span: Span, last: Call, argument: str, kinds: Sequence[str]) -> Reading:
    found = chosen(span, clause.world, kinds)
    return found if isinstance(found, Question) else [again.again(last, clause, **{argument: found.symbol})]


def _taken_back(clause: Clause, last: Call) -> Reading:
    """ "undo that": a rename goes back to the old name; all else is for `qcode undo`."""
    words = [
        t
        for t in clause.tokens
        if t.lower
        not in (
            *_BACK,
            *_AGAIN,
            "rename",
            "move",
            "put",
            "where",
            "was",
            "but",
            "call",
            "name",
            "please",
            "instead",
        )
    ]
    span = read(words, clause.world)
    # "undo" is `qcode undo`, which is exact; "move it back" is another move
    if (
        last.tool == "move"
        and clause.focus
        and clause.has("back")
        and (path := last.arguments["symbol"].rpartition(":")[0])
    ):
        return None if span.rest or span.names or span.places else [_moved(clause, path)]
    if last.tool != "rename" or clause.focus is None:
        return None
    if any(t.lower in ("call", "name") for t in clause.tokens) and len(words) <= 4:
        new = [t for t in words if t.kind in ("name", "word") and t.lower not in ("it", "that", "this", ",")]
        if len(new) == 1 and new[0].text.isidentifier():
            return [_back(clause, new[0].text)]
        return None
    if span.rest or span.names:
        return None
    return [_back(clause, _old_name(last))]


def _old_name(last: Call) -> str:
    return last.arguments["symbol"].rpartition(":")[2].rpartition(".")[2]


def _moved(clause: Clause, path: str) -> Call:
    assert clause.focus is not None
    return clause.call(
        "move",
        {"symbol": clause.focus.symbol, "to": path},
        f"Move {clause.focus.qualname} to {path}, with every use of it",
        (clause.focus.qualname,),
    )


def _back(clause: Clause, name: str) -> Call:
    assert clause.focus is not None
    return clause.call(
        "rename",
        {"symbol": clause.focus.symbol, "new_name": name},
        f"Rename {clause.focus.qualname} to {name}, with every use of it",
        (clause.focus.qualname,),
        (name,),
    )
