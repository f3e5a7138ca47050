"""Which name shall become which: what is known is the old one, what is not is the new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qcode.router.clause import Reading
from qcode.router.frames import rename as rename_frame
from qcode.router.frames.style import in_style
from qcode.router.plan import Call, Question
from qcode.router.weighed.items import Item
from qcode.router.weighed.said import PRONOUNS, Said, owned
from qcode.router.weighed.slots import whole_module
from qcode.router.world import Target


@dataclass(slots=True)
class _Names:
    """`names` are all that are known, `olds` those that no other one is a part of; `owners` by their items' places."""

    names: list[Item]
    olds: list[Item]
    news: list[Item]
    owners: Mapping[int, Item]


def rename(said: Said) -> Reading:
    """Old names and new ones: which is which the index says."""
    found = _names(said)
    olds, news = found.olds, found.news
    if {n.text for n in news} & {o.text for o in olds} or _from_new(said, olds, news):
        return Question("Which name shall become which?", tuple(f"rename OLD to {n.text}" for n in news[:3]))
    if len(news) == 1 and any(
        _joined(said, a, b) and a.text != b.text for a in olds for b in olds if a is not b
    ):
        return Question(f"Shall both be called {news[0].text}?")
    if said.has("it", "one") and len({o.text for o in olds}) > 1 and len(news) == 1:
        # "share is only there for percent. Call it part": what was spoken of first
        there = [o for o in olds if said.sentence(o) == said.sentence(news[0])]
        found.olds = olds = there or olds[:1]
    if not said.of("new") and olds and (styles := said.of("style")):
        return _restyled(said, olds, found.owners, styles[-1])
    if not found.names and said.of("newfile") and (moved := whole_module(said)):
        return moved
    if news and not olds and (modules := _renamed_module(said, news)):
        return modules
    if news:
        return _each(said, found)
    one = _one(said, olds, found.owners)
    if not isinstance(one, Target):
        return one
    return Question(f"What shall {one.qualname} be called?", (f"rename {one.qualname} to …",))


def _names(said: Said) -> _Names:
    """What is old and what is new: where there are as many new names as old ones, each has its own."""
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
            return _Names(names, names, together, owners)
        if count >= len(together) == len({o.text for o in olds}) > 1:
            return _Names(names, olds, together, owners)
    return _Names(names, olds, news, owners)


def _each(said: Said, found: _Names) -> Reading:
    """A call for each pair of an old name and a new one."""
    pairs = _pairs(said, found.olds, found.news)
    if pairs is None:
        return Question(
            "Which name shall become which?", tuple(f"rename OLD to {n.text}" for n in found.news[:3])
        )
    chosen = {i.text for pair in pairs for i in pair if i is not None}
    for odd in said.announced():
        if said.before(odd) in ("called", "named") and odd.text not in chosen:
            return Question(f"Is {odd.text} the new name, or {pairs[0][1].text}?")
    calls: list[Call] = []
    for old, new in pairs:
        done = _pair(said, found, old, new, alone=len(pairs) == 1)
        if not isinstance(done, list):
            return done
        calls += done
    return calls


def _pair(said: Said, found: _Names, old: Item | None, new: Item, *, alone: bool) -> Reading:
    target: Target | Question | None
    if old is None:
        target = said.clause.focus if _of_before(said) else None
    else:
        owner = found.owners.get(old.first)
        said.take(old, *([owner] if owner else []))
        target = said.target(old, owner, places=said.near_places(old))
        if owner is not None and (each := _in_each(said, old, owner, found.names, new)):
            return each
        if (
            owner is None
            and isinstance(target, Target)
            and (asked := _doubted(said, old, target, new, alone=alone))
        ):
            return asked
    said.take(new)
    if not isinstance(target, Target):
        return target or Question(f"What shall be called {new.text}?", (f"rename OLD to {new.text}",))
    done = _both(said, target, new) or rename_frame.called(said.clause, target, _written(new, old, target))
    nouns = said.nouns(old) if old is not None and alone else set()
    if isinstance(done, list) and len(done) == 1 and nouns and target.kind not in nouns:
        return Question(
            f"{target.qualname} is a {target.kind}. What shall be called {new.text}?",
            (f"rename {target.qualname} to {new.text}",),
        )
    return done


def _doubted(said: Said, old: Item, target: Target, new: Item, *, alone: bool) -> Question | None:
    """What speaks against a name that was given without its owner."""
    if alone and said.has("it") and said.before(old) in ("in", "inside", "within"):
        return Question(f"What in {old.text} shall be called {new.text}?")
    if part := said.part_of(old):
        return Question(f"There is no {part} in {target.qualname}. What shall be called {new.text}?")
    return _unsure(said, old, target, new.text)


def _of_before(said: Said) -> bool:
    """Whether what was spoken of before is meant: "it", "the function"."""
    focus = said.clause.focus
    return said.has(*PRONOUNS) or (focus is not None and said.has(focus.kind))


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
    inner = said.clause.world.inside(target.name) if target.kind == "method" else []
    if bare and target.kind == "method" and "." not in old.text and len(inner) > 1 and not others:
        where = tuple(f"rename {t.symbol} to {new}" for t in (target, *inner[:7]))
        return Question(f"{target.name} may mean {1 + len(inner)} things. Which one?", where)
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


def _negated(said: Said) -> bool:
    return said.has("isn't", "aren't", "not", "wasn't") and not said.has(
        "please", "make", "should", "rename", "change", "fix"
    )


def _restyled(said: Said, olds: Sequence[Item], owners: Mapping[int, Item], style: Item) -> Reading:
    if said.has("all", "every", "functions", "methods", "names", "everything") and len(olds) != 1:
        return Question("Which names shall be written so?") if not olds else None
    if _negated(said) or (
        style.text == "upper" and not said.has("rename", "name", "constant", "constants", "call")
    ):
        return Question("Which name shall be written how?")
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
        return said.clause.focus if said.has(*PRONOUNS) else None
    return said.target(names[0], owners.get(names[0].first), places=said.near_places(names[0]))
