"""The deterministic reading of a request.

Everything that is said must be understood. What is not ("… and log it", "… if it is unused") makes the
request out of reach as a whole, never half done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcode.messages import PlanStep, Snapshot
from qcode.refactor import VERBS
from qcode.router import follow, notation, reach, terse
from qcode.router.clause import Clause, Reading
from qcode.router.frames import FRAMES
from qcode.router.mentions import read, targets
from qcode.router.plan import Call, OutOfReach, Plan, Question
from qcode.router.scope import Scope, scoped
from qcode.router.sentence import corrected, distributed, hard_parts, soft_parts, spoken_to
from qcode.router.spared import asked_of
from qcode.router.speech import after_a_question, ordinary, simpler
from qcode.router.weighed import unread, weighed
from qcode.router.words import Token, tokens, vocabulary
from qcode.router.world import World

_MOST_WORDS = 150
"""Longer ones are no request for a refactoring but a report, or a file that was pasted: they are for a
model, and to try all ways of reading them would take minutes."""
_OPEN = re.compile(r"\bmay mean\b|, or be called\b|^Shall it be\b")
"""What is asked where all was understood, and more than one thing is meant by it."""
_PRONOUNS = vocabulary("it this that them everything all and both")


def route(request: str, snapshot: Snapshot, history: Sequence[Call] = ()) -> Plan | Question | OutOfReach:
    """What `request` asks for, checked against what `snapshot` defines.

    `history`: the calls of earlier requests of this conversation, oldest first, already in `snapshot`.
    """
    request = notation.plain(request)
    exact = terse.parse(request)
    if exact and exact.verb in ("signature", "replace"):
        return Plan((_exact(exact),))
    if alone := _steps_alone(request, snapshot, history):
        return alone
    world = World(snapshot)
    request = notation.contrasted(request, world)
    found = _Reader(request, world, history).whole()
    if isinstance(found, Plan):
        return asked_of(found, world) or found
    if exact and exact.verb in VERBS and _means_it(exact, request):
        return Plan((_exact(exact),))
    if isinstance(found, OutOfReach) and (better := corrected(request)) != request:
        meant = route(better, snapshot, history)
        return Question(f"Did you mean: {better}?", (better,)) if isinstance(meant, Plan) else found
    return found


def _steps_alone(request: str, snapshot: Snapshot, history: Sequence[Call]) -> Plan | None:
    """ "fetch +timeout=30", and after a request about fetch "+timeout=30"."""
    if not terse.steps(request):
        return None
    world = World(snapshot)
    name = request.split()[0].removesuffix("()")
    if name.startswith(("+", "-", "(")):
        about = follow.focus(history[-1], world) if history else None
        found, said = [about] if about else [], request
    else:
        found, said = world.named(name), request.split(maxsplit=1)[1]
    if len(found) != 1 or found[0].kind not in ("function", "method", "class"):
        return None
    exact = terse.parse(f"signature {found[0].symbol} {said}")
    return Plan((_exact(exact),)) if exact else None


def _means_it(exact: terse.Terse, request: str) -> bool:
    """Whether a command that names nothing of the index is meant to be one: "move utils.slug text.slugs"."""
    words = request.lower().split()
    return exact.verb != "inline" and not _PRONOUNS & set(words) and (exact.verb != "move" or len(words) == 3)


def _exact(exact: terse.Terse) -> Call:
    return Call(exact.verb, exact.arguments, (PlanStep(exact.sentence, exact.uses, exact.creates),))


class _Reader:
    """Clauses are read in order: names that one makes are known to the next, and "it" is what it was about."""

    def __init__(self, request: str, world: World, history: Sequence[Call]) -> None:
        self._request = request
        self._world = world
        self._last = history[-1] if history else None
        self._focus = follow.focus(self._last, world) if self._last else None
        self._place = follow.place(self._last) if self._last else ""
        self._home = follow.home(self._last) if self._last else ""
        self._topic = ""

    def whole(self) -> Plan | Question | OutOfReach:
        said = tokens(self._request)
        if not said or len(said) > _MOST_WORDS:
            return reach.sentence(self._request)
        every = notation.directed(ordinary(spoken_to(said), self._world), self._world)
        found = self._understood(every)
        if not isinstance(found, Plan) and (wanted := after_a_question(every)):
            self._heed([every[: -len(wanted)]])
            every = wanted
            found = self._understood(every)
        if isinstance(found, Plan):
            return self._all_of(said, found)
        if reach.forbidden(every):
            return found
        framed = self._less(every, found)
        return self._all_of(said, framed) if isinstance(framed, Plan) else self._weighed(said, framed)

    def _all_of(self, said: list[Token], plan: Plan) -> Plan | Question:
        """A plan that has all that is named; or else what the second reading makes of it."""
        left = unread(ordinary(said, self._world), self._request, self._world, plan)
        if not left:
            return plan
        asked = Question(f"What about {left}?", tuple(step.text for step in plan.steps[:3]))
        again = self._weighed(said, asked)
        return again if isinstance(again, Plan) and again.calls != plan.calls else asked

    def _weighed(self, said: list[Token], found: Question | OutOfReach) -> Plan | Question | OutOfReach:
        """What the second reading makes of a request that the frames do not take."""
        clause = Clause(
            said, self._request, self._world, Scope(), self._focus, self._place, self._home, self._topic
        )
        if isinstance(found, Question) and len(found.candidates) > 1 and _OPEN.search(found.text):
            return found  # two things are meant by what was said, and more words do not tell which
        again = weighed(ordinary(said, self._world), clause)
        if isinstance(again, Plan | OutOfReach):
            return again
        return again if again and isinstance(found, OutOfReach) else found

    def _less(self, every: list[Token], found: Question | OutOfReach) -> Plan | Question | OutOfReach:
        for less in simpler(every, self._world):
            before = self._focus, self._place, self._topic
            self._heed(less.told)
            again = self._understood(less.tokens)
            self._focus, self._place, self._topic = before
            if isinstance(again, Plan):
                if not _touches(again, less.others):
                    return again
            elif isinstance(found, OutOfReach):
                found = again
        return found

    def _heed(self, told: Sequence[Sequence[Token]]) -> None:
        """What a statement names is what "it" means after it."""
        for statement in told:
            span = read(statement, self._world)
            about = targets(span, self._world)
            if len(about) == 1:
                self._focus = about[0]
            if len(span.within) == 1:
                self._place = self._topic = span.within[0]

    def _understood(self, every: list[Token]) -> Plan | Question | OutOfReach:
        if not every or reach.forbidden(every):
            return reach.sentence(self._request)
        found = self._read(every)
        if isinstance(found, list):
            return Plan(tuple(found))
        parts = hard_parts(every)
        calls = self._sequence(parts) if len(parts) > 1 else None
        if calls is None:
            parts = [p for part in parts for p in soft_parts(part, self._world)]
            calls = self._sequence(parts) if len(parts) > 1 else None
        if not isinstance(calls, list) and (shared := distributed(every)):
            listed = self._sequence(shared)
            calls = listed if isinstance(listed, list) else calls
        if isinstance(calls, list):
            return Plan(tuple(_in_order(calls)))
        if isinstance(calls, Question):
            return calls
        if isinstance(found, Question) and (found.candidates or len(parts) < 2):
            return found
        return reach.sentence(self._request)

    def _sequence(self, parts: Sequence[list[Token]]) -> Reading:
        """All of `parts`, one after the other. None: one of them is not understood."""
        before = self._world, self._focus, self._place, self._home, self._last
        calls: list[Call] = []
        asked: Question | None = None
        try:
            for part in parts:
                found = self._read(part)
                if not isinstance(found, list) and (shared := distributed(part)):
                    listed = self._sequence(shared)
                    found = listed if isinstance(listed, list) else found
                if found is None:
                    return None
                if isinstance(found, Question):
                    asked = asked or found
                    continue
                calls += found
                for call in found:
                    self._world, focus = follow.after(call, self._world)
                    self._focus = focus or self._focus
                    self._place = follow.place(call) or self._place
                    self._home = follow.home(call) or self._home
                    self._last = call
        finally:
            self._world, self._focus, self._place, self._home, self._last = before
        return asked or calls

    def _read(self, part: list[Token]) -> Reading:
        rest, scope = scoped(part, self._world)
        if not rest:
            rest, scope = part, Scope()
        asked: Question | None = None
        clause = Clause(
            rest, self._request, self._world, scope, self._focus, self._place, self._home, self._topic
        )
        for frame in FRAMES:
            found = frame.read_clause(clause)
            if isinstance(found, list):
                return found
            asked = asked or found
        if self._last and (found := follow.read_follow_up(clause, self._last)):
            return found
        return asked


def _touches(plan: Plan, others: Sequence[str]) -> bool:
    """Whether a plan is about something that is not meant."""
    said = {
        word
        for call in plan.calls
        for a in call.arguments.values()
        for word in (a, *re.split(r"[:.]", a), a.partition(":")[0])
    }
    return bool(said & set(others))


def _in_order(calls: list[Call]) -> list[Call]:
    """Extractions first, from the end of each file: their lines are those of the files as they are now."""
    lines = [c for c in calls if c.tool == "extract"]
    lines.sort(key=lambda c: -int(c.arguments["place"].rpartition(":")[2].partition("-")[0]))
    return [*lines, *(c for c in calls if c.tool != "extract")]
