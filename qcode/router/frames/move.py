""" "move f to package.module", "f belongs in a.py", "take f out of a.py and put it into b.py"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qcode.router.clause import Clause, Reading
from qcode.router.mentions import GLUE, KINDS, by_stem, read
from qcode.router.plan import Question
from qcode.router.words import Token, vocabulary
from qcode.router.world import Target, World

CUES = vocabulary("move relocate transfer shift moved moving displace migrate transplant")
_LIVING = vocabulary(
    "contain hold put place belongs belong live lives go take get be goes sit pull split lift extract factor separate bring send "
    "were stick dump shove reside fits fit sits"
)
_RESTING = vocabulary("belongs belong fits fit sit live reside be were")
_STANDS = vocabulary("lives sits resides stands lies is are currently defined found")
"""What stands before a place says where something is now."""
_TO = vocabulary("to into in inside under within")
_ON_THE_WAY = vocabulary("the a an new its own file module package called named existing")
_GLUE = CUES | _LIVING | _TO | vocabulary(
    "as out of over from really should rather instead right wrong correct place better home into and new "
    "own separate create make called named module file there yet away up down over where it them shouldn't doesn't don't isn't lives "
    "currently both functions classes fits fit brand rest dedicated"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """`to` as the tool takes it, `path` the file."""

    to: str
    path: str
    start: int
    end: int


def read_clause(clause: Clause) -> Reading:
    """A move of definitions or of a module."""
    strong = clause.has(*CUES)
    if not strong and not clause.has(*_LIVING) and not _verbless(clause):
        return None
    clause = replace(clause, tokens=_without_the_old(clause))
    asked: Question | None = None
    for goal in _goals(clause):
        if isinstance(goal, Question):
            asked = asked or (goal if _moves_something(clause) else None)
            continue
        found = _moved(clause, goal)
        if isinstance(found, list) or (found and strong):
            return found
    if not strong:
        return None
    return asked or _without_goal(clause)


def _moves_something(clause: Clause) -> bool:
    """Whether something is named that can be moved, and not much else: "move the users to postgres" is no refactoring."""
    span = read(clause.tokens, clause.world, _GLUE)
    known = [n for n in span.names if clause.world.named(n.text) or clause.world.inside(n.text)]
    return bool(known or span.places or clause.has("it", "that", "this")) and len(span.rest) < 3


def _verbless(clause: Clause) -> bool:
    """ "slug into text.slugs", "Cart -> basket.py" """
    said = clause.tokens
    first = next((i for i, t in enumerate(said) if t.lower in ("to", "into") or t.kind == "arrow"), 0)
    if not 1 <= first <= 3 or len(said) > first + 6 or clause.has("rename"):
        return False
    goal = said[-1]
    module = goal.kind == "path" and goal.text.endswith(".py")
    return module or (
        goal.kind == "name" and said[first].kind != "arrow" and bool(by_stem(goal.text, clause.world))
    )


def _without_the_old(clause: Clause) -> list[Token]:
    """Without "rather than in a.py", "instead of in a.py": that is where it is."""
    said = [t.lower for t in clause.tokens]
    for i in range(2, len(said) - 1):
        contrast = said[i : i + 2] in (["rather", "than"], ["instead", "of"])
        after = [t for t in clause.tokens[i + 2 :] if t.lower not in ("the", "our", "my")]
        if contrast and read(after, clause.world, _GLUE).within:
            return clause.tokens[:i]
    return clause.tokens


def _goals(clause: Clause) -> Iterator[Goal | Question]:
    tokens = clause.tokens
    contains = tokens[0].kind == "path" and len(tokens) > 2 and tokens[2].lower in ("contain", "hold", "have")
    if contains and (goal := goal_of(tokens[0], True, "to", clause, 0, 3)):
        yield goal
    for i in range(len(tokens) - 1, -1, -1):
        if tokens[i].lower not in _TO and tokens[i].kind != "arrow":
            continue
        if i and tokens[i].lower == "in" and tokens[i - 1].lower in _STANDS:
            continue
        at = i + 1
        noun = False
        while at < len(tokens) and tokens[at].lower in _ON_THE_WAY:
            noun = noun or tokens[at].lower in ("file", "module", "package")
            at += 1
        if at >= len(tokens):
            continue
        following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
        after = following in ("module", "file", "package")
        if goal := goal_of(tokens[at], noun or after, tokens[i].lower, clause, i, at + (2 if after else 1)):
            yield goal
    yield from _there(clause)


def _there(clause: Clause) -> Iterator[Goal]:
    """ "move g there, too": to the place that was named before."""
    at = next((i for i, t in enumerate(clause.tokens) if t.lower == "there" and not t.quoted), -1)
    files = (
        [p for p in by_stem(clause.place, clause.world) if p in clause.world.paths] if clause.place else []
    )
    path = clause.place if clause.place in clause.world.paths else next(iter(files), "")
    if at > 0 and path:
        yield Goal(path, path, at, at + 1)


def goal_of(
    token: Token, noun: bool, before: str, clause: Clause, start: int, end: int
) -> Goal | Question | None:
    """Where a token says that something goes: a file, or a module that there may be."""
    world, text = clause.world, token.text
    if token.kind == "path":
        if not text.endswith(".py"):
            return None
        if text.startswith("/") or ".." in text:
            return Question(f"{text} is outside of this repository.")
        if path := _path(text, world):
            return Goal(path, path, start, end)
        homes = _homes(clause)
        fresh = clause.has("new", "own", "separate", "fresh")
        if len(homes) == 1 and "/" not in text and (fresh or not homes[0]):
            # a new file stands beside the one that it is taken from
            beside = f"{homes[0]}/{text}".lstrip("/")
            return Goal(beside, beside, start, end)
        return Question(
            f"There is no {text} here. In which folder shall it be?", tuple(f"{f}/{text}" for f in homes)
        )
    if token.kind not in ("name", "word"):
        return None
    files = [p for p in by_stem(text, world) if p in world.paths]
    rests = any(t.lower in _RESTING for t in clause.tokens[:start]) and text not in world.names
    if len(files) == 1 and (noun or before != "in" or token.kind == "name" or rests):
        return Goal(files[0], files[0], start, end)
    if len(files) > 1:
        return Question(f"{text} may mean {len(files)} modules. Which one?", tuple(files[:8]))
    parent, _, last = text.rpartition(".")
    if parent and (
        homes := [f for f in by_stem(parent, world) if f in world.folders or f.endswith("__init__.py")]
    ):
        return Goal(text, f"{homes[0].removesuffix('/__init__.py')}/{last}.py", start, end)
    following = next((t.lower for t in clause.tokens if t.start >= token.end), "")
    if token.lower in GLUE | CUES or (following in KINDS and following not in ("module", "file", "package")):
        return None  # "in order to be", "into the transfer method"
    if noun or before in ("to", "into"):
        return Question(
            f"There is no module {text}. Which file shall it be?",
            tuple(f"{f}/{text}.py".lstrip("/") for f in _homes(clause) if text.isidentifier()),
        )
    return None


def _path(text: str, world: World) -> str:
    """The path that is meant, also of a file that does not exist yet; "" where its folder is not clear."""
    wanted = text.removeprefix("./")
    files = [p for p in world.files(wanted) if p in world.paths]
    if len(files) == 1:
        return files[0]
    folder, _, name = wanted.rpartition("/")
    if not folder:
        return ""
    if folder in world.folders:
        return wanted
    longer = [f for f in world.folders if f.endswith(f"/{folder}")]
    return f"{longer[0]}/{name}" if len(longer) == 1 else wanted if not longer else ""


def _homes(clause: Clause) -> list[str]:
    """Folders of what the clause names: where a new module would be expected."""
    span = read(clause.tokens, clause.world, _GLUE)
    found = [t.path for n in span.names for t in clause.world.named(n.text)] or list(span.within)
    if not found and clause.focus is not None:
        found = [clause.focus.path]
    return list(dict.fromkeys(p.rpartition("/")[0] for p in found))[:3]


def _moved(clause: Clause, goal: Goal) -> Reading:
    left = [*clause.tokens[: goal.start], *clause.tokens[goal.end :]]
    if modules := _files(left, clause):
        return [
            clause.call("move", {"symbol": m, "to": goal.to}, f"Move {m} to {goal.to}, with every use of it")
            for m in modules
        ]
    found: list[Target] | Question | None
    found = _of_before(left, clause) or clause.several(
        left, _GLUE, ("class", "function", "variable", "method")
    )
    if not isinstance(found, list):
        return found
    if any(t.path == goal.path for t in found):
        return None
    return [
        clause.call(
            "move",
            {"symbol": t.symbol, "to": goal.to},
            f"Move {t.qualname} ({t.path}) to {goal.to}, with every use of it",
            (t.qualname,),
        )
        for t in found
    ]


def _of_before(tokens: Sequence[Token], clause: Clause) -> list[Target]:
    """ "rename f to g and move to a.py": what the clause before was about, where nothing is named."""
    span = read(tokens, clause.world, _GLUE)
    about = clause.function
    if about is None or span.names or span.rest or span.places or span.missing or span.kinds:
        return []
    movable = about.kind in ("class", "function", "variable") and "." not in about.qualname
    commanded = any(t.lower in CUES for t in clause.tokens[:3])
    return [about] if movable and commanded else []


def _files(tokens: Sequence[Token], clause: Clause) -> list[str]:
    """The module that is moved, where nothing in it is named."""
    span = read(tokens, clause.world, _GLUE)
    if span.names or span.rest or span.missing or any(t.lower in ("it", "from", "out", "of") for t in tokens):
        return []
    files = [p for p in span.within if p in clause.world.paths]
    return files if len(files) == 1 else []


def _without_goal(clause: Clause) -> Question | None:
    target = clause.one(clause.tokens, _GLUE | frozenset(["somewhere", "else", "elsewhere"]))
    if isinstance(target, Target):
        return Question(f"Where shall {target.qualname} go?", (f"move {target.qualname} to PACKAGE.MODULE",))
    return target
