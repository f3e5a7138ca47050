"""For each kind of request, what it must name: found among its items by what the index allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qcode.router.clause import Clause, Reading
from qcode.router.frames import extract as extract_frame
from qcode.router.frames import inline as inline_frame
from qcode.router.frames import move as move_frame
from qcode.router.frames import rename as rename_frame
from qcode.router.frames.style import in_style
from qcode.router.plan import Call, Question
from qcode.router.weighed.items import Item
from qcode.router.weighed.said import Said, owned
from qcode.router.words import Token
from qcode.router.world import Target

_PRONOUNS = ("it", "that", "this", "its", "latter")


def rename(said: Said) -> Reading:
    """Old names and new ones: which is which the index says."""
    news = said.new_names()
    names = [n for n in said.names() if n not in news]
    owners = said.owners(names)
    olds = [n for n in names if not any(o is n for o in owners.values())]
    strong = [o for o in olds if not o.weak or o.first in owners or said.kinds(o)]
    if strong and len({o.text for o in strong}) >= max(1, len(news)):
        olds = strong
    further = [w for w in said.announced() if w.text not in {n.text for n in (*names, *news)}]
    count = len({n.text for n in names})
    if len(news) == 1 and count > 1 and (listed := said.listed(news[0])):
        further = [w for w in listed if w not in news]
    for more in ([], further):
        together = sorted({n.first: n for n in (*news, *more)}.values(), key=lambda i: i.first)
        if count == len(together) > len({o.text for o in olds}):
            olds, news = names, together
            break
        if count >= len(together) == len({o.text for o in olds}) > 1:
            news = together
            break
    if {n.text for n in news} & {o.text for o in olds} or _from_new(said, olds, news):
        return Question("Which name shall become which?", tuple(f"rename OLD to {n.text}" for n in news[:3]))
    if len(news) == 1 and any(
        _joined(said, a, b) and a.text != b.text for a in olds for b in olds if a is not b
    ):
        return Question(f"Shall both be called {news[0].text}?")
    if said.has("it", "one") and len({o.text for o in olds}) > 1 and len(news) == 1:
        # "share is only there for percent. Call it part": what was spoken of first
        there = [o for o in olds if said.sentence(o) == said.sentence(news[0])]
        olds = there or olds[:1]
    if not said.of("new") and olds and (styles := said.of("style")):
        return _restyled(said, olds, owners, styles[-1])
    if not names and said.of("newfile") and (moved := _module(said)):
        return moved
    if news and not olds and (modules := _renamed_module(said, news)):
        return modules
    if not news:
        one = _one(said, olds, owners)
        return (
            Question(f"What shall {one.qualname} be called?", (f"rename {one.qualname} to …",))
            if isinstance(one, Target)
            else one
        )
    pairs = _pairs(said, olds, news)
    if pairs is None:
        return Question("Which name shall become which?", tuple(f"rename OLD to {n.text}" for n in news[:3]))
    calls: list[Call] = []
    for old, new in pairs:
        if old is None:
            target: Target | Question | None = said.clause.focus if _of_before(said) else None
        else:
            owner = owners.get(old.first)
            said.take(old, *([owner] if owner else []))
            target = said.target(old, owner, places=said.near_places(old))
            if (
                isinstance(target, Target)
                and owner is None
                and (asked := _unsure(said, old, target, new.text))
            ):
                return asked
            if owner is not None and (each := _in_each(said, old, owner, names, new)):
                calls += each
                continue
        said.take(new)
        if not isinstance(target, Target):
            return target or Question(f"What shall be called {new.text}?", (f"rename OLD to {new.text}",))
        found = _both(said, target, new) or rename_frame.called(
            said.clause, target, _written(new, old, target)
        )
        if not isinstance(found, list):
            return found
        if (
            old is not None
            and len(pairs) == 1
            and (nouns := said.nouns(old))
            and target.kind not in nouns
            and len(found) == 1
        ):
            return Question(
                f"{target.qualname} is a {target.kind}. What shall be called {new.text}?",
                (f"rename {target.qualname} to {new.text}",),
            )
        calls += found
    return calls


def _of_before(said: Said) -> bool:
    """Whether what was spoken of before is meant: "it", "the function"."""
    focus = said.clause.focus
    return said.has(*_PRONOUNS) or (focus is not None and said.has(focus.kind))


def _both(said: Said, target: Target, new: Item) -> list[Call]:
    """ "the attribute and the constructor's argument": both get the new name."""
    if not (
        said.has("constructor", "ctor", "__init__", "init") and said.has("both", "also", "too", "well", "and")
    ):
        return []
    owner = target.owner.removesuffix(".__init__")
    world = said.clause.world
    given = [t for t in world.inside(f"{owner}.__init__.{target.name}") if t.path == target.path]
    held = [
        t for t in world.named(f"{owner}.{target.name}") if t.path == target.path and t.kind != "parameter"
    ]
    if len(given) != 1 or len(held) != 1:
        return []
    calls = []
    for one in (held[0], given[0]):
        found = rename_frame.called(said.clause, one, new.text)
        calls += found if isinstance(found, list) else []
    return calls


def _in_each(said: Said, old: Item, owner: Item, names: Sequence[Item], new: Item) -> list[Call]:
    """ "path -> filename in parse_cfg and write_json": the same in several."""
    others = [
        n
        for n in names
        if n.text != owner.text and owned(old, n, said.clause) and said.sentence(n) == said.sentence(owner)
    ]
    others = [n for n in others if _joined(said, owner, n)]
    calls: list[Call] = []
    for one in (owner, *others) if others else ():
        target = said.target(old, one)
        found = rename_frame.called(said.clause, target, new.text) if isinstance(target, Target) else None
        if not isinstance(found, list):
            return []
        calls += found
        said.take(old, one, new)
    return calls


def _from_new(said: Said, olds: Sequence[Item], news: Sequence[Item]) -> bool:
    """ "rename compute_total to total", where only total is known: it is the unknown one that was to be renamed."""
    for new in news:
        after = said.after(new)
        goal = (
            said.after(after)
            if after is not None and (after.kind == "arrow" or after.lower in ("to", "into", "as"))
            else None
        )
        if goal is not None and any(o is goal for o in olds) and not said.has("instead", "rather"):
            return True
    return False


def _joined(said: Said, one: Item, other: Item) -> bool:
    first, last = sorted((one, other), key=lambda i: i.first)
    between = [i.lower for i in said.row if first.last <= i.first < last.first]
    return bool(between) and set(between) <= {"and", ",", "in", "both", "the", "function", "as", "well"}


def _unsure(said: Said, old: Item, target: Target, new: str) -> Question | None:
    """Where a bare name may mean something else, too."""
    bare = not said.kinds(old) and not said.near_places(old)
    others = [
        t for t in said.clause.world.defined if t.kind == "method" and t.name == target.name and t != target
    ]
    if bare and target.kind in ("function", "method") and "." not in old.text and others:
        return Question(
            f"{target.name} may mean {1 + len(others)} things. Which one?",
            tuple(f"rename {t.symbol} to {new}" for t in (target, *others[:7])),
        )
    if (
        target.kind in ("parameter", "local")
        and target.name in said.clause.world.attributes
        and "." not in old.text
        and not said.kinds(old)
    ):
        return Question(
            f"There is also an attribute {target.name}. Which one is meant?",
            (f"rename {target.owner}.{target.name} to {new}",),
        )
    return None


def _renamed_module(said: Said, news: Sequence[Item]) -> Reading:
    """ "rename the module helpers to tools", "etl.io -> etl.files" """
    world = said.clause.world
    files = [
        f for f in said.files() if len(f.places) == 1 and said.before(f) not in ("in", "of", "from", "inside")
    ]
    if len(files) != 1 or len(news) != 1 or said.has("package", "folder") or files[0].first > news[0].first:
        return None
    path = files[0].places[0]
    modules = [m for m in world.modules if m.path in (path, f"{path}/__init__.py")]
    prefix, _, last = news[0].text.rpartition(".")
    if len(modules) != 1 or not last.isidentifier():
        return None
    said.take(files[0], news[0])
    if prefix and not f".{modules[0].qualname}".rpartition(".")[0].endswith(f".{prefix}"):
        return [
            said.clause.call(
                "move",
                {"symbol": path, "to": news[0].text},
                f"Move {path} to {news[0].text}, with every use of it",
            )
        ]
    return rename_frame.called(said.clause, modules[0], last)


def _written(new: Item, old: Item | None, target: Target) -> str:
    """A class that is spoken of in lower case gets a name as classes have it."""
    if (
        target.kind == "class"
        and old is not None
        and old.spoken
        and new.text == new.lower
        and "_" not in new.text
    ):
        return new.text.capitalize()
    return new.text


def _pairs(said: Said, olds: Sequence[Item], news: Sequence[Item]) -> list[tuple[Item | None, Item]] | None:
    """Each new name with its old one: the one before it, or else the one after it, in its sentence first."""
    if len(news) == 1 and not olds:
        return [(None, news[0])]
    if len(news) > 1 and len(olds) < len(news):
        return None
    if len(olds) == len(news) > 1 and olds[-1].first < news[0].first:
        return list(zip(olds, news, strict=True))
    left = list(olds)
    pairs: list[tuple[Item | None, Item]] = []
    for new in news:
        here = [o for o in left if said.sentence(o) == said.sentence(new)] or left
        before = [o for o in here if o.first < new.first]
        alike = [o for o in here if _alike(o.text, new.text)]
        if len(before) > 1 and not alike and len(news) == 1 and len({o.text for o in here}) > 1:
            here_first = [o for o in before if not o.weak]
            before = here_first if len(here_first) == 1 else before
        choice = (alike or before or here)[-1 if not alike and before else 0] if here else None
        if choice is None:
            return None
        pairs.append((choice, new))
        left = [o for o in left if o is not choice and o.text != choice.text]
    return pairs


def _alike(one: str, other: str) -> bool:
    """Whether two names have the same words, in other styles."""
    bare = [n.rpartition(".")[2].replace("_", "").lower() for n in (one, other)]
    return bare[0] == bare[1]


def _restyled(said: Said, olds: Sequence[Item], owners: Mapping[int, Item], style: Item) -> Reading:
    if said.has("all", "every", "functions", "methods", "names", "everything") and len(olds) != 1:
        return Question("Which names shall be written so?") if not olds else None
    calls: list[Call] = []
    for old in {o.text: o for o in olds}.values():
        owner = owners.get(old.first)
        target = said.target(old, owner, places=said.near_places(old))
        if not isinstance(target, Target):
            return target
        said.take(old, style, *([owner] if owner else []))
        name = in_style(target.name, style.text)
        if name == target.name:
            continue
        found = rename_frame.called(said.clause, target, name)
        if not isinstance(found, list):
            return found
        calls += found
    return calls or Question("Which names shall be written so?")


def _one(said: Said, names: Sequence[Item], owners: Mapping[int, Item]) -> Target | Question | None:
    if not names:
        return said.clause.focus if said.has(*_PRONOUNS) else None
    return said.target(names[0], owners.get(names[0].first), places=said.near_places(names[0]))


def move(said: Said) -> Reading:
    """What goes, and where to: a place that it is not in now."""
    clause = said.clause
    movable = ("class", "function", "variable")
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
    if not targets and said.has(*_PRONOUNS) and clause.focus is not None and clause.focus.kind in movable:
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
            _module(said)
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


def _module(said: Said) -> Reading:
    """A whole module that goes somewhere: two places, and nothing in them named."""
    if said.names():
        return None
    files = [f for f in said.files() if len(f.places) == 1 and f.places[0] in said.clause.world.paths]
    others = [i for i in said.of("newfile", "new") if i.text.endswith(".py") or "." in i.text]
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
        if focus is not None and said.has(*_PRONOUNS) and focus.kind in kinds:
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
