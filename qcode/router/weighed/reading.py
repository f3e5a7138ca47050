"""The second reading of a request: see the room's first words.

What a request asks for is weighed over all of its words (`weights`); what it asks it of must be found among its names
(`slots`, `parameters`, `whole_files`), and nothing that it names may be left over. Several kinds at once: the request is
parted so that each part asks for one. What is only half understood is asked about; a condition is for a model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from qcode.router import follow, reach
from qcode.router.clause import Clause, Reading
from qcode.router.mentions import GLUE, KINDS
from qcode.router.plan import PER_FILE, Call, OutOfReach, Plan, Question
from qcode.router.scope import Scope, scoped
from qcode.router.weighed import parameters, renames, slots, whole_files
from qcode.router.weighed.items import Item, features, items, stands, template
from qcode.router.weighed.kept import kept
from qcode.router.weighed.said import ANNOUNCING, DEEDS, OTHER_DEEDS, STOPS, Said
from qcode.router.weighed.weights import shares
from qcode.router.words import Token, vocabulary
from qcode.router.words import tokens as words_of
from qcode.router.world import World

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
_TELLING = vocabulary(
    "because since as so for instead rather like ( which that where who when not nor than otherwise"
)
"""After these a sentence says why, or of what it does not speak."""
_BEFORE_NEW = vocabulary(
    'to called named as into -> => \u2192 be it name by with use take become becomes : of than call say prefer new and , / & rather "'
)
_DOES: Mapping[str, frozenset[str]] = {
    deed: frozenset(labels.split())
    for deeds, labels in (
        ("rename", "rename"), ("move", "move"), ("extract introduce", "extract"), ("inline", "inline"), ("add", "add"),
        ("reorder", "order"), ("sort", "tidy order"), ("tidy clean", "tidy modernise fstrings"),
        ("remove drop delete strip", "remove tidy inline logging modernise fstrings"), ("modernise modernize upgrade", "modernise fstrings"),
    )
    for deed in deeds.split()
}  # fmt: skip
"""What a part that begins with a deed may be about."""
_LABELS_OF = {"signature": ("add", "remove", "order", "rename")}
_RETRACTING = vocabulary(
    "actually don't do not please no wait never mind forget it that sorry oh hm hmm rather better"
)
_DOUBTFUL = vocabulary(
    "intentional intended intentionally deliberate deliberately re-export re-exports re-exported reexport passed forwarded handed"
)
"""Words of sentences that say what a plan cannot heed: what is meant to be so, what something is passed on to."""
_FOLLOWING = vocabulary(
    "callers caller usages usage references imports import uses everywhere accordingly call calls it that them sites too so same tests"
)
SURELY_FAR = 0.85
"""From this share on, what the frames would ask about is out of reach."""
_UNCLEAR = "What is meant? Name the thing, and what shall become of it."
ASKED = 0.5
"""A kind of request is asked for when its share is at least this."""
FAR = 0.5
"""A request is out of reach when that has at least this share."""
_CONDITIONS = vocabulary("if unless except until whenever when")
_POLITE = vocabulary(
    "grateful nice great good appreciate appreciated fine wonder wondering cool best better lovely even helpful happy glad please as mind"
)
"""Words before an "if" that is no condition."""
_MOST_PARTS = 7


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


def unread(tokens: Sequence[Token], text: str, world: World, plan: Plan) -> str:
    """A name that looks like nothing else, that a plan has no place for and that no exception speaks of; "" for none."""
    if any(c.tool == "respell" for c in plan.calls):
        return ""  # a report has names of errors in it, and of what was called
    row = items(tokens, text, world)
    stays = kept(row)
    said = Said(stays.row if len(stays.row) < len(row) else row, Clause(list(tokens), text, world))
    taken = " ".join(
        f"{a} {a.replace('/', '.')}" for c in plan.calls for a in (*c.arguments.values(), *c.only, *c.but_not)
    )
    words = set(re.findall(r"\w+", taken))
    for call in plan.calls:
        if (path := call.arguments.get("path", "")) and call.tool in PER_FILE and path in stays.places:
            return path
        expression = call.arguments.get("expression", "")
        shown = [i for i in row if i.kind == "code" or (i.called and "." in i.text)]
        if call.tool == "extract" and (expression[:1] in ("[", ".", "(") if expression else bool(shown)):
            return expression or shown[0].text
        pattern = call.arguments.get("pattern", "")
        if pattern and "$" not in pattern and not stands(pattern, world):
            return pattern
    whole = all(c.tool in PER_FILE for c in plan.calls)
    for item in said.of("name", "new", "assign"):
        parts = re.findall(r"\w+", item.text.partition("=")[0])
        if item.kind == "name" and all(c.tool == "extract" for c in plan.calls):
            continue  # where the lines are, or what is in them
        if whole and (item.kind != "name" or all(c.arguments.get("path") for c in plan.calls)):
            continue  # `smtplib` is unused: that is of a file
        if item.weak or said.compared(item) or said.before(item, 2).split()[:1] == ["like"] or not parts:
            continue
        if parts[-1] not in words and not _only_told(said, item, words):
            return item.text
    for call in plan.calls:
        owner = call.arguments.get("symbol", "").rpartition(":")[2]
        new = [i for i in said.row if i.text == call.arguments.get("new_name") and i.kind in ("word", "name")]
        plainly = _BEFORE_NEW | {owner.lower(), *(i.lower for i in said.of("name") if not i.weak)}
        if (
            call.tool == "rename"
            and new
            and not any(
                i.quoted or said.before(i) in plainly or (i.kind == "name" and not i.weak) for i in new
            )
        ):
            return new[0].text  # "User.save stays as it is"
        placed = [
            i for i in said.of("name") if i.text == owner and said.before(i) in ("in", "inside", "within")
        ]
        if call.tool == "rename" and placed and said.has("it"):
            return placed[0].text  # "make it average in Model": it is not Model that is
        for item in said.of("name") if call.tool == "rename" else ():
            part = item.weak and item.lower not in GLUE | KINDS.keys() | ANNOUNCING and item.text not in words
            part = part and (item.lower not in DEEDS or bool(said.before(item)))
            if part and world.inside(f"{owner}.{item.text}"):
                return item.text  # "in f, kin and pot are too short": it is not f that is
    said.used = {i.first for i in said.row if set(re.findall(r"\w+", i.text)) & words and i.kind != "mark"}
    labels = {label for c in plan.calls for label in _LABELS_OF.get(c.tool, (c.tool,))}
    return _undone(said, *labels) if said.used else ""


def _only_told(said: Said, item: Item, words: set[str]) -> bool:
    """Whether a name stands in another sentence than all that is taken, or in brackets or after a reason."""
    taken = {said.sentence(i) for i in said.of("name", "new") if i.text.rpartition(".")[2] in words}
    before = {i.lower for i in said.row if i.last <= item.first and said.sentence(i) == said.sentence(item)}
    return (bool(taken) and said.sentence(item) not in taken) or bool(before & _TELLING)


def _tokens(row: Sequence[Item], tokens: Sequence[Token]) -> list[Token]:
    """The tokens that the items of `row` are made of."""
    return [tokens[at] for item in row for at in range(item.first, item.last)]


def _further(row: Sequence[Item], clause: Clause) -> list[str]:
    """Kinds of which a part of the request speaks by itself, though the whole does not seem to."""
    found: list[str] = []
    pieces = _pieces(row)
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
    for label, part in _parted(row, asked, about):
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
    if deed := _undone(said, label):
        if deed.partition(" ")[0].lower() in OTHER_DEEDS or _is_far(deed, clause):
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


def _is_far(text: str, clause: Clause) -> bool:
    """Whether a part of a request is out of reach by itself."""
    return shares(features(template(items(words_of(text), text, clause.world), clause.world)))["far"] >= FAR


def _undone(said: Said, *labels: str) -> str:
    """A part that begins as a request does, or says what becomes what, and of which nothing was taken."""
    pieces = _pieces(said.row)
    for piece in pieces if len(pieces) > 1 else ():
        begun = next((at for at, i in enumerate(piece) if i.kind not in ("file", "mark")), 0)
        words = [i for i in piece[begun:] if i.lower not in ("please", "also", "just", "then", "pls", "to")]
        deed = words[0].lower if words and words[0].kind == "word" and words[0].lower in DEEDS else ""
        if (
            [w.lower for w in words[:2]] == ["make", "it"]
            and len(words) > 2
            and words[2].lower in OTHER_DEEDS
        ):
            return " ".join(i.text for i in words[2:])
        becomes = any(i.kind == "arrow" for i in piece) or (len(piece) in (4, 5) and piece[1].lower == "to")
        pair = len(piece) == 3 and piece[1].lower == "to" and piece[0].text.isidentifier()
        typo = bool({"typo", "misspelt", "misspelled", "misspelling"} & {i.lower for i in piece})
        named = any(i.kind not in ("word", "mark", "style", "arrow") and not i.weak for i in piece)
        other = deed in _DOES and not _DOES[deed] & set(labels)
        if (other and _speaks_of(piece, said.clause.world, _DOES[deed])) or _speaks_alone(
            piece, said, labels
        ):
            return " ".join(i.text for i in piece)
        if any(i.first in said.used for i in piece) or not (
            _says_more(piece) or deed in OTHER_DEEDS - {"update"}
        ):
            continue
        if (deed in ("log", "print") and "logging" in labels) or (deed == "update" and "modernise" in labels):
            continue
        if "rename" not in labels:
            becomes = pair = False
        strange = deed in _DOES and len(words) > 1 and not _DOES[deed] & {*labels, "replace"}
        if deed in OTHER_DEEDS or strange or pair or (deed and typo) or (named and (deed or becomes)):
            return " ".join(i.text for i in piece)
    return ""


def _speaks_of(piece: Sequence[Item], world: World, labels: frozenset[str]) -> bool:
    """Whether a part by itself asks for one of `labels`."""
    weights = shares(features(template(piece, world)))
    return max(weights[label] for label in labels) >= ASKED


def _speaks_alone(piece: Sequence[Item], said: Said, labels: Sequence[str]) -> bool:
    """Whether a part of a word or two surely asks for a kind of its own: "…, then f-strings"."""
    words = [
        i
        for i in piece
        if i.kind not in ("mark", "file") and i.lower not in ("then", "in", "the", "of", "and", "also")
    ]
    if not 0 < len(words) < 3 or any(i.kind != "word" for i in words):
        return False
    weights = shares(features(template(piece, said.clause.world)))
    best = max(weights, key=lambda label: weights[label])
    return weights[best] >= 0.75 and best in PER_FILE and best not in labels


def _says_more(piece: Sequence[Item]) -> bool:
    """Whether a part is not only "and update the callers", "call it"."""
    words = {i.lower for i in piece if i.kind in ("word", "name")}
    return not words & _FOLLOWING


def _parted(row: Sequence[Item], asked: Sequence[str], clause: Clause) -> list[tuple[str, list[Item]]]:
    """The parts of a request, each with the one kind that it asks for, by the best sum of weights."""
    pieces = _pieces(row)
    if len(pieces) > _MOST_PARTS:
        return []
    best: tuple[float, list[tuple[str, list[Item]]]] = (0.0, [])
    for groups in _groupings(pieces):
        if len(groups) < len(asked):
            continue
        made, total = [], 1.0
        for group in groups:
            weights = shares(features(template(group, clause.world)))
            label = max(asked, key=lambda a: weights[a])
            total *= weights[label]
            made.append((label, group))
        if {label for label, _ in made} == set(asked) and total ** (1 / len(groups)) > best[0]:
            best = (total ** (1 / len(groups)), made)
    return best[1]


def _pieces(row: Sequence[Item]) -> list[list[Item]]:
    pieces: list[list[Item]] = [[]]
    for item in row:
        joint = (item.kind == "mark" and item.text in (*STOPS, ",", "+", "&")) or item.lower in (
            "and",
            "then",
            "plus",
            "n",
            "also",
        )
        if joint and not item.quoted:
            pieces.append([])
        else:
            pieces[-1].append(item)
    return [p for p in pieces if any(i.kind != "mark" for i in p)]


def _groupings(pieces: Sequence[list[Item]]) -> Iterator[list[list[Item]]]:
    """All ways to join neighbouring pieces."""
    for cuts in range(1 << max(0, len(pieces) - 1)):
        groups: list[list[Item]] = [list(pieces[0])]
        for i, piece in enumerate(pieces[1:]):
            if cuts >> i & 1:
                groups.append(list(piece))
            else:
                groups[-1] += piece
        yield groups
