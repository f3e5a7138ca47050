"""One request of a sentence, on its way to a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qcode.messages import PlanStep
from qcode.router.mentions import KINDS, Line, Span, chosen, line_in, read, targets
from qcode.router.plan import Call, Question
from qcode.router.scope import Scope
from qcode.router.speech import DEEDS
from qcode.router.words import Token
from qcode.router.world import Target, World

Reading = list[Call] | Question | None
"""Calls, what has to be asked, or None: it is no request of this kind, or says more than is understood."""


@dataclass(slots=True)
class Clause:
    """`text` is the whole request, which the tokens count their places in. `focus`: what "it" means;
    `place`: what "there" means."""

    tokens: list[Token]
    text: str
    world: World
    scope: Scope = field(default_factory=Scope)
    focus: Target | None = None
    place: str = ""
    home: str = ""
    """The file of the last call: "that file"."""
    topic: str = ""
    """The file or folder that a statement before the request is about: "a.py has unused imports, remove them"."""

    def has(self, *words: str) -> bool:
        """Whether one of `words` is said, outside of quotes."""
        return any(t.lower in words for t in self.tokens if not t.quoted)

    def says(self, phrase: str) -> bool:
        """Whether the words of `phrase` stand one after the other."""
        wanted = phrase.split()
        said = [t.lower for t in self.tokens]
        return any(said[i : i + len(wanted)] == wanted for i in range(len(said)))

    def call(
        self,
        tool: str,
        arguments: Mapping[str, str],
        sentence: str,
        uses: tuple[str, ...] = (),
        creates: tuple[str, ...] = (),
    ) -> Call:
        """A call in this clause's scope."""
        but_not = self.scope.but_not
        if tool == "move":
            # "it belongs in a.py, not in b.py": that is where it is
            but_not = tuple(p for p in but_not if p != arguments["symbol"].partition(":")[0])
        step = PlanStep(sentence + _where(self.scope.only, but_not), uses=uses, creates=creates)
        return Call(tool, arguments, (step,), self.scope.only, but_not)

    def one(
        self, tokens: Sequence[Token], glue: frozenset[str], kinds: Sequence[str] = ()
    ) -> Target | Question | None:
        """The one thing that `tokens` name; None when they say more than that."""
        if (line := line_in(tokens, self.world)) is not None:
            return self._at_line(line, glue)
        span = read(tokens, self.world, glue)
        if own := self._of_the_focus(tokens, span):
            return own
        if self._means_focus(tokens, span):
            wanted = {k for kind in span.kinds for k in KINDS[kind]} or set(kinds)
            itself = not wanted or "local" in wanted or (self.focus and self.focus.kind in wanted)
            return self.focus if itself else self.function
        if span.rest and (span.names or len(span.rest) > 3 or any(t.lower in DEEDS for t in span.rest)):
            return None
        if self._only_where(tokens, span):
            return self._of_it(span)
        found = chosen(span, self.world, kinds)
        if isinstance(found, Question) and (there := self._there(tokens, span)):
            return there
        like_none = isinstance(found, Question) and not found.candidates
        # many words and nothing that is called like one of them: it is of something outside of the code
        return None if like_none and len(span.rest) > 2 and not span.names else found

    def several(
        self, tokens: Sequence[Token], glue: frozenset[str], kinds: Sequence[str] = ()
    ) -> list[Target] | Question | None:
        """All things that `tokens` name one after the other: "price and qty"."""
        span = read(tokens, self.world, glue)
        names, shared = span.names, list[Token]()
        if len(names) > 2 and _before(names[-1], tokens) in ("in", "of", "from", "inside"):
            names, shared = names[:-1], names[-1:]
        if not shared and (len(names) < 2 or targets(span, self.world, kinds)):
            one = self.one(tokens, glue, kinds)
            return [one] if isinstance(one, Target) else one
        if span.rest:
            return None
        found: list[Target] = []
        for name in names:
            each = chosen(Span([name, *shared], span.places, span.missing, span.kinds), self.world, kinds)
            if isinstance(each, Question):
                return each
            found.append(each)
        return found

    def _there(self, tokens: Sequence[Token], span: Span) -> Target | None:
        """ "rename dt there": of the function that was spoken of."""
        said = any(t.lower == "there" and not t.quoted for t in tokens)
        if not said or self.function is None or len(span.names) != 1 or span.places:
            return None
        inside = self.world.inside(f"{self.function.qualname}.{span.names[0].text}", [self.function.path])
        return inside[0] if len(inside) == 1 else None

    def _at_line(self, line: Line, glue: frozenset[str]) -> Target | Question | None:
        """ "base at pricing.py:22": what has that name there, or is defined there."""
        span = read(line.others, self.world, glue)
        if span.rest or span.places or span.missing or len(span.names) > 1:
            return None
        name = span.names[0].text if span.names else ""
        if found := self.world.at_line(line.path, line.number, name):
            return found
        what = name or "a definition"
        return Question(f"There is no {what} at {line.path}:{line.number}. What is meant?")

    def _of_the_focus(self, tokens: Sequence[Token], span: Span) -> Target | None:
        """ "its save method": the member or parameter of what "it" is."""
        said = any(t.lower in ("its", "it's") and not t.quoted for t in tokens)
        whole = self.function
        if whole is None or not said or len(span.names) != 1 or span.rest or span.places:
            return None
        name = f"{whole.qualname}.{span.names[0].text}"
        found = [
            t for t in (*self.world.defined, *self.world.inner) if t.path == whole.path and t.qualname == name
        ]
        return found[0] if len(found) == 1 else None

    @property
    def function(self) -> Target | None:
        """What "it" means; of a parameter or a local variable, its function."""
        if self.focus is None or self.focus.kind not in ("parameter", "local"):
            return self.focus
        owner = self.focus.owner.removesuffix(".__init__")
        return next((t for t in self.world.named(owner, [self.focus.path]) if t.qualname == owner), None)

    def _only_where(self, tokens: Sequence[Token], span: Span) -> bool:
        """Whether what is named only says where "it" is: "make it total in f"."""
        pronoun = next((t for t in tokens if t.lower == "it" and not t.quoted), None)
        located = [_before(n, tokens) in ("in", "inside", "within", "of") for n in span.names]
        return pronoun is not None and bool(located) and all(located) and pronoun.end <= span.names[0].start

    def _of_it(self, span: Span) -> Target | Question:
        """What "it" is, where it is said to be in something."""
        owners = [n.text for n in span.names]
        if self.focus is not None and set(owners) & {*self.focus.owner.split(".")}:
            return self.focus
        return Question(f"What is meant, in {' '.join(owners)}?")

    def _means_focus(self, tokens: Sequence[Token], span: Span) -> bool:
        if self.focus is None or span.rest:
            return False
        pronoun = any(t.lower in ("it", "that", "this", "that's", "him", "her") for t in tokens)
        own = {t.kind for t in (self.focus, self.function) if t}
        if span.kinds and not any(own & {*KINDS[kind]} for kind in span.kinds):
            return False
        the_kind = any(
            a.lower == "the" and b.lower in KINDS and KINDS[b.lower] != ("module",)
            for a, b in pairwise(tokens)
        )
        pronoun = pronoun or (the_kind and not span.names and not span.places)  # "rename the function to g"
        silent = not span.names or (len(span.names) == 1 and span.names[0].text == self.focus.name)
        return pronoun and silent


def _where(only: Sequence[str], but_not: Sequence[str]) -> str:
    said = f", only in {', '.join(only)}" if only else ""
    return said + (f", but not in {', '.join(but_not)}" if but_not else "")


def _before(token: Token, tokens: Sequence[Token]) -> str:
    """The word before `token`, past articles."""
    before = [
        t.lower
        for t in tokens
        if t.end <= token.start and t.lower not in ("the", "a", "function", "class", "method")
    ]
    return before[-1] if before else ""


def unique_file(span: Span, clause: Clause) -> str | Question:
    """The one file that a span names."""
    if span.missing:
        return Question(f"There is no {span.missing[0]} here.")
    files = [p for p in span.within if p in clause.world.paths]
    if len(files) == 1:
        return files[0]
    if len(span.places) == 1 and files:
        return Question(f"There are {len(files)} files of that name. Which one?", tuple(files[:8]))
    if not files and not span.places and clause.place.endswith(".py"):
        return clause.place
    return Question("Which file is meant?")
