"""For each kind of request, what it must name: found among its items by what the index allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from qcode.router.clause import Clause, Reading
from qcode.router.frames import extract as extract_frame
from qcode.router.frames import inline as inline_frame
from qcode.router.frames import move as move_frame
from qcode.router.plan import Call, Question
from qcode.router.weighed.items import Item
from qcode.router.weighed.said import PRONOUNS, Said
from qcode.router.words import Token
from qcode.router.world import Target


def move(said: Said) -> Reading:
    """What goes, and where to: a place that it is not in now."""
    clause = said.clause
    movable = ("class", "function", "variable")
    if (whole := whole_module(said)) and all(n.weak for n in said.names()):
        return whole
    names = [n for n in said.names() if not _is_goal(said, n)]
    targets: dict[str, Target] = {}
    asked: Question | None = None
    for name in names:
        found = said.target(name, kinds=movable, places=())
        if isinstance(found, Question) and (places := said.near_places(name)):
            found = said.target(name, kinds=movable, places=places)
        if isinstance(found, Target) and found.kind in movable and "." not in found.qualname:
            targets[found.symbol] = found
            said.take(name)
        elif isinstance(found, Question):
            asked = asked or found
    homes = {t.path for t in targets.values()}
    if not targets and said.has(*PRONOUNS) and clause.focus is not None and clause.focus.kind in movable:
        targets[clause.focus.symbol] = clause.focus
        homes = {clause.focus.path}
    goals: list[move_frame.Goal] = []
    for item in said.of("file", "newfile", "new"):
        goal = move_frame.goal_of(_whole(item, clause), True, "to", clause, item.first, item.last)
        if isinstance(goal, Question):
            asked = asked or goal
        elif goal is not None and goal.path not in homes and item.places != tuple(homes):
            goals.append(goal)
            said.take(item)
        else:
            said.take(item)
    if not targets:
        return (
            whole_module(said)
            or asked
            or Question("What shall be moved, and where to?", ("move NAME to PACKAGE.MODULE",))
        )
    if len({g.path for g in goals}) != 1:
        first = next(iter(targets.values()))
        return asked or Question(
            f"Where shall {first.qualname} go?", (f"move {first.qualname} to PACKAGE.MODULE",)
        )
    to = goals[0].to
    return [
        clause.call(
            "move",
            {"symbol": t.symbol, "to": to},
            f"Move {t.qualname} ({t.path}) to {to}, with every use of it",
            (t.qualname,),
        )
        for t in targets.values()
    ]


def _is_goal(said: Said, item: Item) -> bool:
    after = said.after(item)
    return said.before(item) in ("to", "into") or (
        after is not None and after.lower in ("module", "package", "file")
    )


def _whole(item: Item, clause: Clause) -> Token:
    """One token for an item of several."""
    if (item.kind == "file" and item.text.endswith((".py", "/"))) or item.kind == "newfile":
        return Token(item.text, "path", item.first, item.last)
    return Token(item.text, "name", item.first, item.last)


def whole_module(said: Said) -> Reading:
    """A whole module that goes somewhere: two places, and nothing in them named."""
    stems = {PurePosixPath(p).stem for f in said.files() for p in f.places}
    if any(n.text not in stems for n in said.names()):
        return None
    world = said.clause.world
    folders = [f for f in said.files() if len(f.places) == 1 and f.places[0] in world.folders]
    files = [f for f in said.files() if len(f.places) == 1 and f.places[0] in said.clause.world.paths]
    others = [i for i in said.of("newfile", "new") if i.text.endswith(".py") or "." in i.text]
    if (
        len(files) == 1
        and not others
        and len(folders) == 1
        and said.before(folders[0]) in ("to", "into", "in", "under", "inside")
    ):
        path, to = files[0].places[0], f"{folders[0].places[0]}/{files[0].places[0].rpartition('/')[2]}"
        said.take(files[0], folders[0])
        return (
            [
                said.clause.call(
                    "move", {"symbol": path, "to": to}, f"Move {path} to {to}, with every use of it"
                )
            ]
            if path != to
            else None
        )
    if len(files) != 1 or len(others) != 1 or files[0].first > others[0].first:
        return None
    said.take(files[0], others[0])
    path, to = files[0].places[0], others[0].text
    if to.endswith(".py") and "/" not in to and (folder := path.rpartition("/")[0]):
        to = f"{folder}/{to}"
    return [
        said.clause.call("move", {"symbol": path, "to": to}, f"Move {path} to {to}, with every use of it")
    ]


_MADE = ("variable", "var", "function", "fn", "helper", "method", "local", "constant", "under")
"""Words that stand before the name of what is extracted."""


def text_of(codes: Sequence[Item]) -> str:
    """The code of several items."""
    return " ".join(c.text for c in codes)


def extract(said: Said) -> Reading:
    """Lines or an expression, where they are, and a new name."""
    clause = said.clause
    lines = said.of("lines")
    codes = said.of("code") or [i for i in said.of("new", "name") if i.called and said.of("lines")]
    news = [n for n in said.new_names(*_MADE) if n.text.isidentifier() and n.text not in text_of(codes)]
    if not news and said.has("name", "call", "named") and (last := said.last_word()):
        news = [last]
    if len(lines) > 1 or len(codes) > 1 or len(news) > 1:
        return Question(
            "Which lines shall be extracted, and what shall they be called?",
            ("extract PATH:10-20 into NAME",),
        )
    text = (codes[0].text + ("()" if codes[0].called else "")) if codes else ""
    path = _path_of(said, lines[0] if lines else None)
    if isinstance(path, Question):
        return path
    said.take(*lines, *codes, *news, *said.files())
    functions = [
        t
        for n in said.names()
        if n not in news and isinstance(t := said.target(n), Target) and t.kind in ("function", "method")
    ]
    for name in said.names():
        said.take(name)
    if lines and path:
        place: str | Question = f"{path}:{lines[0].text}"
    elif text and len(functions) == 1:
        place = extract_frame.line_in(functions[0].path, functions[0].qualname, text, clause)
    else:
        place = Question(
            "Which lines shall be extracted, and what shall they be called?",
            ("extract PATH:10-20 into NAME",),
        )
    if isinstance(place, Question):
        return place
    if not news:
        return Question(
            f"What shall the new {'variable' if text else 'function'} be called?",
            (f"extract {place} into NAME",),
        )
    arguments = {"place": place, "new_name": news[0].text, **({"expression": text} if text else {})}
    return [
        clause.call(
            "extract",
            arguments,
            f"Extract {text or 'the lines'} at {place} as {news[0].text}",
            creates=(news[0].text,),
        )
    ]


def _path_of(said: Said, lines: Item | None) -> str | Question:
    """The file that lines are of."""
    world = said.clause.world
    if lines is not None and lines.places:
        found = [p for p in lines.places if p in world.paths]
        return (
            found[0] if len(found) == 1 else Question(f"Which file is {lines.places[0]}?", lines.places[:8])
        )
    files = {p for f in said.files() for p in f.places if p in world.paths}
    if len(files) == 1:
        return files.pop()
    if files:
        return Question("Which file is meant?", tuple(sorted(files)[:8]))
    homes = {t.path for n in said.names() if isinstance(t := said.target(n), Target)}
    if len(homes) == 1:
        return homes.pop()
    return said.clause.home if said.clause.home.endswith(".py") else ""


def inline(said: Said) -> Reading:
    """Variables or functions, each with the function that it is in."""
    kinds = ("local", "variable", "function", "method")
    names = said.names()
    owners = said.owners(names)
    inner = [n for n in names if not any(o is n for o in owners.values())]
    if len(inner) > 1:
        inner = [n for n in inner if said.before(n) not in ("into", "in", "at", "of")] or inner
    if (
        len(inner) > 1
        and said.has("it", "one")
        and not any(said.sentence(n) == said.sentence(inner[-1]) for n in said.row if n.lower == "inline")
    ):
        inner = inner[:1]
    if not inner:
        focus = said.clause.focus
        if focus is not None and said.has(*PRONOUNS) and focus.kind in kinds:
            return [inline_frame.inlined(said.clause, focus)]
        return Question("What shall be inlined?", ("inline NAME in FUNCTION",))
    calls: list[Call] = []
    for name in {n.text: n for n in inner}.values():
        owner = owners.get(name.first)
        found = said.target(name, owner, kinds, said.near_places(name))
        if not isinstance(found, Target):
            return found
        if found.kind == "parameter":
            return Question(f"{name.text} is a parameter. What shall be inlined?")
        said.take(name, *([owner] if owner else []), *names)
        calls.append(inline_frame.inlined(said.clause, found))
    return calls


Slot = Callable[[Said], Reading]
