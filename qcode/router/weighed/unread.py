"""What a plan has no place for, though the request names it: then it is asked about, not done in part.

A look at plans of the frames, which take words for glue that the second reading knows as names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcode.router.clause import Clause
from qcode.router.mentions import GLUE, KINDS
from qcode.router.plan import PER_FILE, Call, Plan
from qcode.router.weighed.items import Item, items, stands
from qcode.router.weighed.kept import kept
from qcode.router.weighed.parts import undone
from qcode.router.weighed.said import ANNOUNCING, DEEDS, Said
from qcode.router.words import Token, vocabulary
from qcode.router.world import World

_TELLING = vocabulary(
    "because since as so for instead rather like ( which that where who when not nor than otherwise"
)
"""After these a sentence says why, or of what it does not speak."""
_BEFORE_NEW = vocabulary(
    'to called named as into -> => \u2192 be it name by with use take become becomes : of than call say prefer new and , / & rather "'
)
"""Words before a new name, and between several."""
_LABELS_OF = {"signature": ("add", "remove", "order", "rename")}
"""Kinds of requests that a tool is for, where that is not its own name."""


def unread(tokens: Sequence[Token], text: str, world: World, plan: Plan) -> str:
    """What the request names and `plan` does not take, though no exception speaks of it; "" for nothing."""
    if any(c.tool == "respell" for c in plan.calls):
        return ""  # a report has names of errors in it, and of what was called
    row = items(tokens, text, world)
    stays = kept(row)
    said = Said(stays.row if len(stays.row) < len(row) else row, Clause(list(tokens), text, world))
    taken = _words_of(plan)
    for call in plan.calls:
        if call.tool in PER_FILE and call.arguments.get("path", "") in stays.places:
            return call.arguments["path"]
        if code := _code_left(call, row, world):
            return code
    for name in _names_left(said, plan, taken):
        return name
    for call in plan.calls:
        if call.tool == "rename" and (name := _misread(call, said, taken, world)):
            return name
    said.used = {i.first for i in said.row if set(re.findall(r"\w+", i.text)) & taken and i.kind != "mark"}
    labels = {label for c in plan.calls for label in _LABELS_OF.get(c.tool, (c.tool,))}
    return undone(said, *labels) if said.used else ""


def _words_of(plan: Plan) -> set[str]:
    """The words of all that a plan names."""
    said = [a for c in plan.calls for a in (*c.arguments.values(), *c.only, *c.but_not)]
    return set(re.findall(r"\w+", " ".join(said)))


def _code_left(call: Call, row: Sequence[Item], world: World) -> str:
    """Code that stands in the request, and was not taken, or only a piece of it."""
    expression, pattern = call.arguments.get("expression", ""), call.arguments.get("pattern", "")
    if call.tool == "extract":
        shown = [i for i in row if i.kind == "code" or (i.called and "." in i.text)]
        if expression[:1] in ("[", ".", "(") if expression else bool(shown):
            return expression or shown[0].text
    return pattern if pattern and "$" not in pattern and not stands(pattern, world) else ""


def _names_left(said: Said, plan: Plan, taken: set[str]) -> Iterator[str]:
    """Names that look like nothing else."""
    whole = all(c.tool in PER_FILE for c in plan.calls)
    for item in said.of("name", "new", "assign"):
        if item.kind == "name" and all(c.tool == "extract" for c in plan.calls):
            continue  # where the lines are, or what is in them
        if whole and (item.kind != "name" or all(c.arguments.get("path") for c in plan.calls)):
            continue  # `smtplib` is unused: that is of a file
        parts = re.findall(r"\w+", item.text.partition("=")[0])
        if item.weak or said.compared(item) or said.before(item, 2).split()[:1] == ["like"] or not parts:
            continue
        if parts[-1] not in taken and not _only_told(said, item, taken):
            yield item.text


def _only_told(said: Said, item: Item, taken: set[str]) -> bool:
    """Whether a name stands in another sentence than all that is taken, or in brackets or after a reason."""
    sentences = {said.sentence(i) for i in said.of("name", "new") if i.text.rpartition(".")[2] in taken}
    before = {i.lower for i in said.row if i.last <= item.first and said.sentence(i) == said.sentence(item)}
    return (bool(sentences) and said.sentence(item) not in sentences) or bool(before & _TELLING)


def _misread(call: Call, said: Said, taken: set[str], world: World) -> str:
    """What a rename took for its old or its new name, and is none, or the part of it that is meant."""
    owner = call.arguments["symbol"].rpartition(":")[2]
    new = [i for i in said.row if i.text == call.arguments["new_name"] and i.kind in ("word", "name")]
    before = _BEFORE_NEW | {owner.lower(), *(i.lower for i in said.of("name") if not i.weak)}
    sure = [i for i in new if i.quoted or said.before(i) in before or (i.kind == "name" and not i.weak)]
    if new and not sure:
        return new[0].text  # "User.save stays as it is"
    for item in said.of("name"):
        if item.text == owner and said.before(item) in ("in", "inside", "within") and said.has("it"):
            return item.text  # "make it average in Model": it is not Model that is
        silent = GLUE | KINDS.keys() | ANNOUNCING
        part = item.weak and item.lower not in silent and item.text not in taken
        begins = item.lower in DEEDS and not said.before(item)
        if part and not begins and world.inside(f"{owner}.{item.text}"):
            return item.text  # "in f, kin and pot are too short": it is not f that is
    return ""
