"""Parameters that come, go or change places, read from what a request names."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import pairwise

from qcode.router.clause import Reading
from qcode.router.frames import signature as frame
from qcode.router.frames.order import changed
from qcode.router.frames.order import parameters as order_of
from qcode.router.mentions import GLUE
from qcode.router.plan import Question
from qcode.router.weighed.items import Item
from qcode.router.weighed.said import Said
from qcode.router.words import vocabulary
from qcode.router.world import Target

_NOUNS = vocabulary(
    "parameter param argument arg kwarg option flag parameters params arguments args kwargs keyword"
)
_CALLABLE = ("function", "method", "class")
_TAKES = vocabulary("accept accepts take takes get gets have has need needs want wants receive")
_SAYS_DEFAULT = vocabulary("default defaults defaulting defaulted")
_SWAPS = vocabulary("round around opposite swap swapped exchange flip flipped switch reverse reversed")
_TYPES = vocabulary(
    "bool boolean int integer str string float optional new extra keyword keyword-only named called an a the with"
)


def add(said: Said) -> Reading:
    """A new parameter with its default, and the function that gets it."""
    clause = said.clause
    assigned = said.of("assign")
    steps = [f"+{frame.tight(a.text)}" for a in assigned]
    said.take(*assigned)
    name: Item | None = None
    if not steps:
        name = _new_parameter(said)
        value = _default(said)
        if name is None:
            return Question(
                "What shall the parameter be called, what is its default, and which function gets it?",
                ("add a parameter NAME=VALUE to FUNCTION",),
            )
        said.take(name)
        steps = [f"+{name.text}={value}"] if value else ["?"]
    functions = _functions(said, name)
    if isinstance(functions, Question):
        return functions
    if steps == ["?"]:
        return Question(
            "A new parameter needs a default, so that the calls that are there go on. Which one?",
            (f"add a parameter NAME=VALUE to {functions[0].qualname}",),
        )
    names = {f.name for f in functions}
    if any(s[1:].partition("=")[0] in names | {"rename", "default"} for s in steps if s != "?"):
        return Question("What shall the parameter be called?", ("add a parameter NAME=VALUE to FUNCTION",))
    if len(functions) > 1 and len(steps) > 1:
        return Question("Which parameter is for which function?", ("add a parameter NAME=VALUE to FUNCTION",))
    calls = []
    for function in functions:
        found = changed(clause, function, " ".join(steps))
        if not isinstance(found, list):
            return found
        calls += found
    return calls


def _functions(said: Said, but: Item | None = None) -> list[Target] | Question:
    names = [n for n in said.names() if n is not but]
    owners = said.owners(names)
    outer = [n for n in names if not any(o is n for o in owners.values())]
    found: dict[str, Target] = {}
    asked: Question | None = None
    for name in outer:
        owner = owners.get(name.first)
        target = said.target(name, owner, _CALLABLE, said.near_places(name))
        if isinstance(target, Target) and target.kind in _CALLABLE:
            found[target.symbol] = target
            said.take(name, *([owner] if owner else []))
        elif isinstance(target, Question):
            asked = asked or target
    if len(found) > 1:  # "add x to f of C", where f was found by itself
        found = {s: t for s, t in found.items() if t.kind != "class"} or found
    if found:
        return list(found.values())
    focus = said.clause.focus
    if (
        focus is not None
        and focus.kind in _CALLABLE
        and not outer
        and said.has("it", "its", "that", "there", "this")
    ):
        return [focus]
    return asked or Question("Which function gets it?", ("add a parameter NAME=VALUE to FUNCTION",))


def _new_parameter(said: Said) -> Item | None:
    row = said.row
    if (
        said.has("call", "name")
        and len(called := [i for i in said.announced() if said.before(i) in ("it", "call", "name")]) == 1
    ):
        return called[0]
    news = [n for n in said.of("new") if not _is_default(said, n)]
    if len(news) == 1:
        return news[0]
    for at in range(1, len(row)):  # "add timeout (default 30)"
        if row[at].lower in _SAYS_DEFAULT | {"with"} or (
            row[at].text in "(," and row[at + 1 : at + 2] and row[at + 1].lower in _SAYS_DEFAULT
        ):
            one = row[at - 1]
            if (
                one.kind in ("word", "name")
                and said.before(one) in ("add", "adding", ":", "takes", "get", "gets")
                and one.lower not in GLUE | _NOUNS
            ):
                return one
    for at in range(2, len(row)):  # "should accept a radius, default 0.0"
        taken = row[at - 1].lower in ("a", "an") and row[at - 2].lower in _TAKES
        if (
            taken
            and row[at].kind in ("word", "name")
            and row[at].text.isidentifier()
            and row[at].lower not in GLUE | _NOUNS | _TYPES
        ):
            following = row[at + 1].lower if at + 1 < len(row) else ","
            if following in (",", "too", "as", "also", "with", "(", "default", "defaulting", "which", "that"):
                return row[at]
    for at, item in enumerate(row):
        if item.lower not in _NOUNS:
            continue
        for there in (at + 1, at + 2, at - 1):
            if not 0 <= there < len(row) or row[there].kind not in ("word", "name"):
                continue
            if there == at + 2 and row[at + 1].lower not in ("called", "named", "a", ":", ","):
                continue
            one = row[there]
            if one.quoted or (
                one.text.isidentifier()
                and one.lower not in GLUE | _NOUNS | _TYPES | _SAYS_DEFAULT | {"to", "for", "in", "add"}
            ):
                return one
    return None


def _is_default(said: Said, item: Item) -> bool:
    """ "with "normal" as the default", "default "eur"" """
    following = [i.lower for i in said.row if i.first >= item.last][:4]
    by_default = any(w in _SAYS_DEFAULT for w in following) and following[:1] in (["as"], ["by"], ["default"])
    return item.quoted and (
        by_default or any(w in _SAYS_DEFAULT | {"value"} for w in said.before(item, 2).split())
    )


def _default(said: Said) -> str:
    row = said.row
    for at, item in enumerate(row):
        if item.lower not in _SAYS_DEFAULT:
            continue
        for step in (1, -1):
            there = at + step
            while 0 <= there < len(row) and row[there].lower in (
                "to",
                "of",
                "value",
                "is",
                "=",
                ":",
                "should",
                "be",
                "a",
                "the",
                "with",
                "as",
                "by",
                "(",
                "an",
            ):
                there += step
            if there + 1 < len(row) and [i.lower for i in row[there : there + 2]] == ["empty", "string"]:
                return '""'
            if 0 <= there < len(row) and (value := _literal(row, there)):
                said.take(row[there])
                return value
    return ""


def _literal(row: Sequence[Item], at: int) -> str:
    text = row[at].text
    if row[at].lower in ("none", "true", "false"):
        return text.capitalize()
    if (
        row[at].kind == "number"
        and at + 2 < len(row)
        and row[at + 1].text == "."
        and row[at + 2].kind == "number"
        and row[at + 2].first == row[at].first + 2
    ):
        return f"{text}.{row[at + 2].text}"
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        written = row[at].quoted and row[at].kind in ("word", "name", "new", "code")
        return f'"{text}"' if written and '"' not in text else ""
    return text


def remove(said: Said) -> Reading:
    """A parameter of a function goes."""
    clause = said.clause
    names = said.names()
    owners = said.owners(names)
    found: dict[str, Target] = {}
    for name in names:
        owner = owners.get(name.first)
        if any(o is name for o in owners.values()):
            continue
        if owner is None and "." not in name.text and not _beside(said, name):
            continue
        target = said.target(name, owner, ("parameter",), said.near_places(name))
        if isinstance(target, Target) and target.kind == "parameter":
            found[target.symbol] = target
            said.take(name, *([owner] if owner else []))
        elif owner is None:
            return target if isinstance(target, Question) else None
    if not found:
        focus = clause.focus
        if focus is not None and focus.kind == "parameter" and said.has("it", "that", "this"):
            found[focus.symbol] = focus
        else:
            return Question(
                "Which parameter of which function?", ("remove the parameter NAME from FUNCTION",)
            )
    calls = []
    for parameter in found.values():
        done = changed(clause, frame.function_of(parameter, clause), f"-{parameter.name}")
        if not isinstance(done, list):
            return done
        calls += done
    return calls


def _beside(said: Said, name: Item) -> bool:
    return bool(_NOUNS & set(said.kinds(name)))


def order(said: Said) -> Reading:
    """The parameters of a function in another order."""
    clause = said.clause
    functions: dict[str, Target] = {}
    for name in said.of("name"):
        found = said.target(name, None, ("function", "method", "class"), said.near_places(name))
        if isinstance(found, Target) and found.kind in ("function", "method", "class"):
            functions[found.symbol] = found
    with_them = {
        s: t for s, t in functions.items() if {i.text for i in said.row} & set(_own(said, t))
    } or functions
    if len(with_them) != 1:
        return Question(
            "Which function's parameters shall be in which order?", ("signature FUNCTION (b, a)",)
        )
    function = next(iter(with_them.values()))
    own = _own(said, function)
    marks = [i for i in said.row if i.text in own and i.text != function.name]
    named = list(dict.fromkeys(i.text for i in marks))
    said.take(*said.of("name"), *marks)
    ask = Question(
        f"In which order: {', '.join(own)}?", (f"signature {function.qualname} ({', '.join(own)})",)
    )
    wanted = _order(said, own, named, marks)
    if wanted is None or len(own) < 2:
        return ask
    if wanted == own:
        return Question(f"The parameters of {function.qualname} stand so: {', '.join(own)}. Which order?")
    return changed(clause, function, f"({', '.join(wanted)})")


def _own(said: Said, function: Target) -> list[str]:
    """The parameters of a function, or of a class's constructor."""
    if function.kind != "class":
        return order_of(function, said.clause)
    made = [
        t
        for t in said.clause.world.defined
        if t.path == function.path and t.qualname == f"{function.qualname}.__init__"
    ]
    return order_of(made[0], said.clause) if made else []


def _order(said: Said, own: Sequence[str], named: Sequence[str], marks: Sequence[Item]) -> list[str] | None:
    last = marks[-len(own) :]
    between = {
        i.lower
        for a, b in pairwise(last)
        for i in said.row
        if a.last <= i.first < b.first and i.kind != "name"
    }
    if (
        len(marks) > len(own)
        and sorted(i.text for i in last) == sorted(own)
        and between <= {",", "and", "then"}
    ):
        return [i.text for i in last]  # "swap a and b, so that it is b, a, c"
    if said.has(*_SWAPS):
        pair = own if len(own) == 2 else named
        if len(pair) != 2:
            return list(named) if len(named) == len(own) else None
        swapped = [pair[1] if p == pair[0] else pair[0] if p == pair[1] else p for p in own]
        at_odds = said.has("first") and len(named) == 1 and swapped[0] != named[0]
        return None if at_odds else swapped
    if len(named) == 2 and said.has("before", "after", "behind", "precede", "follow"):
        first, second = (
            (named[1], named[0]) if said.has("after", "behind", "follow") else (named[0], named[1])
        )
        rest = [p for p in own if p != first]
        rest.insert(rest.index(second), first)
        return rest
    if len(named) == len(own):
        return list(named)
    if len(named) == 1 and said.has("first", "front", "start", "beginning", "leading"):
        return [*named, *(p for p in own if p not in named)]
    if len(named) == 1 and said.has("last", "end", "trailing", "final"):
        return [*(p for p in own if p not in named), *named]
    if len(named) == 2 and said.has("first", "then"):
        return [*named, *(p for p in own if p not in named)]
    return None
