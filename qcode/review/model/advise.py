"""Stage 1 asks about each changed definition, stage 2 tries to refute what was claimed.

Both run one after the other on one backend, until the time is up, and what was found by then
counts. A refuter sees the claim in a fresh conversation; where time is left, two of three have to
let it stand.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qcode import __version__, prompts
from qcode.backends import Backend
from qcode.errors import QcodeError
from qcode.messages import Message, Request, Sampling
from qcode.review.memory import Memory, key
from qcode.review.model import answers, prove
from qcode.review.model.classes import CLASSES
from qcode.review.model.units import Unit
from qcode.review.report import Finding
from qcode.review.scene import Scene

SHOWN = 3
"""Findings of a model in one report: more are not read (field reports on review bots)."""
MOST_TOKENS = 2000
"""Of a question, with its instructions."""
_ANSWER = 400
_SECOND_OPINION = 0.7
"""The temperature of the second and the third refuter."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`deadline` is a time of `time.monotonic()`, or infinity."""

    deadline: float
    prove: Scene | None = None
    """Where claims may be reproduced; one that is blocks."""
    shown: int = SHOWN


class Advice:
    """What a model has found so far. It is read from another thread while it grows."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.asked = self.remembered = self.dropped = self.garbage = 0
        self.units = 0
        self.failure = ""

    @property
    def answered(self) -> int:
        """Units that were settled, in whatever way."""
        return self.asked + self.remembered

    def skipped(self) -> list[str]:
        """What was not reviewed, and why, in sentences."""
        if self.failure:
            left = f" ({self.answered} of {self.units} changed parts were)" if self.answered else ""
            return [f"by the model{left}: {self.failure}"]
        said: list[str] = []
        if self.garbage:
            said.append(
                f"by the model, {self.garbage} of {self.units} changed parts: its answers were no answers"
            )
        if self.answered < self.units and len(self.findings) < SHOWN:
            said.append(
                f"by the model, {self.units - self.answered} of {self.units} changed parts: out of time"
            )
        return said


async def advise(
    units: Sequence[Unit], backend: Backend, identity: str, limits: Limits, memory: Memory, advice: Advice
) -> None:
    """Fill `advice`. Whatever the backend does wrong ends as a sentence in it, never as an error."""
    advice.units = len(units)
    try:
        for unit in units:
            if len(advice.findings) >= limits.shown or time.monotonic() >= limits.deadline:
                break
            known = memory.get(name := _key(unit, identity))
            if isinstance(known, dict) and "claim" in known:
                claim = answers.Claim(*known["claim"]) if known["claim"] else None
                advice.remembered += 1
            else:
                settled, claim = await _settle(unit, backend, limits, advice)
                if settled:
                    memory.put(name, {"claim": [claim.kind, claim.at, claim.why] if claim else None})
                advice.asked += 1
            if claim is not None:
                advice.findings.append(_finding(unit, claim))
                if limits.prove is not None and await _proved(unit, claim, backend, limits, limits.prove):
                    advice.findings[-1] = _as_proved(advice.findings[-1])
    except QcodeError as error:
        advice.failure = error.message
    except TimeoutError:
        pass


async def _settle(
    unit: Unit, backend: Backend, limits: Limits, advice: Advice
) -> tuple[bool, answers.Claim | None]:
    """(whether the answer may be remembered, the claim that nobody could refute)."""
    page = await _page(unit, backend)
    try:
        text = await _ask(backend, "review", page, answers.claim_schema(unit), 0.0, 0, limits)
        claim = answers.claim(text, unit)
        if claim is None or not await _defended(unit, page, claim, backend, limits):
            return True, None
        return True, claim
    except answers.Dropped as reason:
        advice.dropped += 1
        advice.garbage += reason.garbage
        return not reason.garbage, None


async def _defended(unit: Unit, page: str, claim: answers.Claim, backend: Backend, limits: Limits) -> bool:
    """Whether the claim survives: the first refuter must let it stand, and one of two more where
    there is time for them."""
    case = _case(page, unit, claim)
    votes = [answers.stands(await _ask(backend, "refute", case, answers.REFUTATION, 0.0, 0, limits))]
    while votes[0] and votes.count(True) < 2 and votes.count(False) < 2:
        try:
            text = await _ask(
                backend, "refute", case, answers.REFUTATION, _SECOND_OPINION, len(votes), limits
            )
        except TimeoutError:
            break
        votes.append(answers.stands(text))
    return votes[0] and votes.count(False) < 2


async def _proved(unit: Unit, claim: answers.Claim, backend: Backend, limits: Limits, scene: Scene) -> bool:
    """Whether a script of the model's shows the fault (see `prove`)."""
    if not prove.possible(scene, unit.path):
        return False
    case = _case(await _page(unit, backend), unit, claim)
    try:
        text = await _ask(backend, "prove", case, prove.SCHEMA, 0.0, 0, limits)
        return await prove.reproduces(answers.script(text), scene, limits.deadline)
    except (answers.Dropped, TimeoutError):
        return False


def _as_proved(finding: Finding) -> Finding:
    return replace(
        finding,
        severity="block",
        message=f"{finding.message} A script reproduces it, and passes without the change.",
    )


def _case(page: str, unit: Unit, claim: answers.Claim) -> str:
    """The claim beside the code, for somebody who has not seen either."""
    _, quote = unit.added[claim.at]
    return (
        f"{page}\n\nThe claim: {CLASSES[claim.kind]}, in the new line\n{quote.strip()}\nbecause: {claim.why}"
    )


async def _page(unit: Unit, backend: Backend) -> str:
    """The richest form of the unit that fits the budget of tokens, else the barest."""
    for form in unit.forms:
        if await backend.count_tokens(_request("review", form, None, 0.0, 0, False)) <= MOST_TOKENS:
            return form
    return unit.forms[-1]


async def _ask(
    backend: Backend,
    prompt: str,
    page: str,
    schema: dict[str, object],
    temperature: float,
    seed: int,
    limits: Limits,
) -> str:
    """The answer's text. Raises TimeoutError at the deadline, which also stops the engine."""
    left = limits.deadline - time.monotonic()
    can = await backend.capabilities()
    request = _request(prompt, page, schema, temperature, seed, can.json_schema)
    parts: list[str] = []
    async with asyncio.timeout(None if left == float("inf") else max(0.0, left)):
        async for delta in backend.stream(request):
            parts.append(delta.text)
    return "".join(parts)


def _request(
    prompt: str, page: str, schema: dict[str, object] | None, temperature: float, seed: int, constrained: bool
) -> Request:
    system = Message("system", _instructions(prompt))
    return Request(
        (system, Message("user", page)),
        sampling=Sampling(temperature=temperature, max_tokens=_ANSWER, seed=seed),
        constraint=schema if constrained else None,
    )


def _instructions(prompt: str) -> str:
    if prompt == "review":
        return prompts.render(prompt, classes=[f"{name}: {words}" for name, words in CLASSES.items()])
    return prompts.render(prompt)


def _key(unit: Unit, identity: str) -> str:
    lines = [text for _, text in unit.added]
    words = (_instructions("review"), _instructions("refute"))
    return key([__version__, identity, *words, *unit.forms, *lines])


def _finding(unit: Unit, claim: answers.Claim) -> Finding:
    number, quote = unit.added[claim.at]
    return Finding(unit.path, number, claim.kind, "advise", claim.why, quote)
