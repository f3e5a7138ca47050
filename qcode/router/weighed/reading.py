"""The second reading of a request: see the room's first words.

What a request asks for is weighed over all of its words (`weights`); what it asks it of must be found among its names
(`slots`, `parameters`, `whole_files`), and nothing that it names may be left over. Several kinds at once: the request is
parted so that each part asks for one. What is only half understood is asked about; a condition is for a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from qcode.router import follow, reach
from qcode.router.clause import Clause, Reading
from qcode.router.plan import PER_FILE, Call, OutOfReach, Plan, Question
from qcode.router.scope import Scope, scoped
from qcode.router.weighed import parameters, renames, slots, whole_files
from qcode.router.weighed.items import Item, features, items, template
from qcode.router.weighed.kept import kept
from qcode.router.weighed.parts import ASKED, FAR, is_far, parted, pieces_of, undone
from qcode.router.weighed.said import DEEDS, OTHER_DEEDS, STOPS, Said
from qcode.router.weighed.weights import shares
from qcode.router.words import Token, vocabulary

_READERS: Mapping[str, Callable[[Said], Reading]] = {
    "rename": renames.rename,
    "move": slots.move,
    "extract": slots.extract,
    "inline": slots.inline,
    "add": parameters.add,
    "remove": parameters.remove,
    "order": parameters.order,
    "tidy": partial(whole_files.in_files, "tidy"),
    "fstrings": partial(whole_files.in_files, "fstrings"),
    "logging": partial(whole_files.in_files, "logging"),
    "modernise": partial(whole_files.in_files, "modernise"),
    "replace": whole_files.replace,
}
_OF_NAMES = frozenset(["rename", "move", "inline", "remove", "order"])
EVERYWHERE = frozenset(whole_files.ALL)
SURE = 0.6
"""A part of a request asks for a kind of its own when that has at least this share."""
_RETRACTING = vocabulary(
    "actually don't do not please no wait never mind forget it that sorry oh hm hmm rather better"
)
_DOUBTFUL = vocabulary(
    "intentional intended intentionally deliberate deliberately re-export re-exports re-exported reexport passed forwarded handed"
)
"""Words of sentences that say what a plan cannot heed: what is meant to be so, what something is passed on to."""
SURELY_FAR = 0.85
"""From this share on, what the frames would ask about is out of reach."""
_UNCLEAR = "What is meant? Name the thing, and what shall become of it."
_CONDITIONS = vocabulary("if unless except until whenever when")
_POLITE = vocabulary(
    "grateful nice great good appreciate appreciated fine wonder wondering cool best better lovely even helpful happy glad please as mind"
)
"""Words before an "if" that is no condition."""


def weighed(tokens: Sequence[Token], clause: Clause) -> Plan | Question | OutOfReach | None:
    """What the words of a whole request ask for; None where no weight is enough. `clause`: what is known before it."""
    every = items(tokens, clause.text, clause.world)
    said = shares(features(template(every, clause.world)))
    words = [i.lower for i in every if i.kind == "word"]
    if _taken_back(every) or set(words) & _DOUBTFUL:
        return None
    asked = [label for label, share in said.items() if share >= ASKED and label not in ("far", "unclear")]
    if said["far"] >= FAR or not asked:
        if said["far"] >= SURELY_FAR:
            return reach.sentence(clause.text)
        return None if said["unclear"] < ASKED or said["far"] >= said["unclear"] else Question(_UNCLEAR)
    stays = kept(every)
    if stays.unclear:
        return Question(f"Which files are meant by: {stays.unclear}?")
    left = stays.row if len(stays.row) < len(every) else every
    asked += [label for label in _further(left, clause) if label not in asked]
    about = replace(clause, scope=Scope(but_not=stays.places))
    found = (
        _one_kind(asked[0], _tokens(left, tokens), about)
        if len(asked) == 1
        else _several(left, asked, tokens, about)
    )
    if (
        isinstance(found, list)
        and stays.names
        and any(c.tool in PER_FILE or set(_named_in(c)) & set(stays.names) for c in found)
    ):
        return Question(f"Shall {stays.names[0]} stay as it is?", tuple(c.steps[0].text for c in found[:3]))
    return Plan(tuple(found)) if isinstance(found, list) else found


def _tokens(row: Sequence[Item], tokens: Sequence[Token]) -> list[Token]:
    """The tokens that the items of `row` are made of."""
    return [tokens[at] for item in row for at in range(item.first, item.last)]


def _further(row: Sequence[Item], clause: Clause) -> list[str]:
    """Kinds of which a part of the request speaks by itself, though the whole does not seem to."""
    found: list[str] = []
    pieces = pieces_of(row)
    for piece in pieces if len(pieces) > 1 else ():
        weights = shares(features(template(piece, clause.world)))
        best = max(weights, key=lambda label: weights[label])
        if weights[best] >= SURE and best in _READERS and piece[0].lower in DEEDS | {best}:
            found.append(best)
    return found


def _taken_back(row: Sequence[Item]) -> bool:
    """ "Actually, don't." """
    sentences: list[list[str]] = [[]]
    for item in row:
        if item.kind == "mark" and item.text in STOPS:
            sentences.append([])
        elif item.kind != "mark":
            sentences[-1].append(item.lower)
    return any(set(s) <= _RETRACTING and set(s) & {"don't", "not", "never", "forget"} for s in sentences if s)


def _named_in(call: Call) -> list[str]:
    """The names of what a call changes."""
    return [
        part
        for a in ("symbol", "function", "name")
        for part in (call.arguments.get(a, "").rpartition(":")[2],)
    ]


def _one_kind(label: str, tokens: Sequence[Token], about: Clause) -> Reading:
    rest, scope = scoped(tokens, about.world)
    if not rest:
        return None
    scope = replace(scope, but_not=(*scope.but_not, *about.scope.but_not))
    row = items(rest, about.text, about.world)
    files = {p for i in row if i.kind in ("file", "lines") for p in i.places if p in about.world.paths}
    topic = files.pop() if len(files) == 1 else about.topic
    return _read(label, row, replace(about, tokens=list(rest), scope=scope, topic=topic))


def _several(row: Sequence[Item], asked: Sequence[str], tokens: Sequence[Token], about: Clause) -> Reading:
    """Each part with its kind; a part of whole files that names none is about those of the part before."""
    calls: list[Call] = []
    places: list[Item] = [i for i in row if i.kind == "file"][:1]
    every = [i for i in row if i.kind == "file"]
    for label, part in parted(row, asked, about):
        own = [i for i in part if i.kind in ("file", "lines")]
        words = {i.lower for i in part}
        if (
            label in PER_FILE
            and not own
            and not every
            and not words & EVERYWHERE
            and not scoped(_tokens(part, tokens), about.world)[1].only
        ):
            return Question("In which files?", tuple(c.steps[0].text for c in calls[:2]))
        if label in PER_FILE and not own and not words & EVERYWHERE:
            part = [*part, *(every if words & {"both", "these", "them"} else places)]
        places = [i for i in own if i.kind == "file"] or places
        found = _one_kind(label, _tokens(part, tokens), about)
        if not isinstance(found, list):
            return found
        calls += found
        for call in found:
            world, focus = follow.after(call, about.world)
            about = replace(
                about,
                world=world,
                focus=focus or about.focus,
                place=follow.place(call) or about.place,
                home=follow.home(call) or about.home,
            )
    return calls or None


def _read(label: str, row: Sequence[Item], clause: Clause) -> Reading:
    if label not in _READERS:
        return None
    said = Said(row, clause)
    found = _READERS[label](said)
    if not isinstance(found, list):
        return found
    if label in _OF_NAMES and (one := said.unknown_one()):
        near = clause.world.nearest(one)
        return Question(f"There is no {one} in this repository. What is meant?", near)
    if deed := undone(said, label):
        if deed.partition(" ")[0].lower() in OTHER_DEEDS or is_far(deed, clause):
            return None
        return Question(f"What about: {deed}?", tuple(c.steps[0].text for c in found[:3]))
    if left := said.leftover():
        return Question(f"What about {left[0].text}?", tuple(c.steps[0].text for c in found[:3]))
    if any(
        i.lower in _CONDITIONS and not i.quoted and said.before(i) not in _POLITE
        for i in row
        if i.kind == "word"
    ):
        return None
    return found
