"""What a model would rather have said decides whether it is made to say lines of a window."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from qcode.backends.constraints import escape_for, grammar_for
from qcode.backends.drafting import PromptLookup
from qcode.backends.exllamav2.generator import Generator, Wanted
from qcode.backends.exllamav2.loaded import Loaded, load_torch
from qcode.backends.exllamav2.masks import Guided
from qcode.backends.exllamav2.sampling import Sampler
from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.backends.exllamav2.weighing import LEAST, Weighed
from qcode.backends.threaded import Count
from qcode.messages import (
    NOT_FOUND,
    Anchor,
    Calls,
    Message,
    Request,
    Sampling,
    ToolCall,
    Window,
)
from qcode.tools import Edit, Toolset

EDIT = Toolset([Edit()]).schemas()
LINES = ("def a():", "    return 1", "", "def b():", "    return 1", "", "print(a())")
HEAD = "<tool_call>\n<function=edit>\n<parameter=path>\nf.py\n</parameter>\n<parameter=search>\n"
TAIL = "\n</parameter>\n<parameter=replace>\npass\n</parameter>\n</function>\n</tool_call>"


class Author:
    """A network whose mind is known: it goes on with the text that it has in mind, one byte-level token
    after the other, or with what `minds` say of a place (by the text before it), each with its chance."""

    context = 4_096

    def __init__(self, tokenizer: Tokenizer, minds: Mapping[str, Mapping[str, float]]) -> None:
        self._tokenizer, self._minds = tokenizer, minds
        self._tokens: list[int] = []

    @property
    def length(self) -> int:
        return len(self._tokens)

    def forward(self, tokens: Sequence[int], rows: int | None = None) -> Any:
        made = []
        for token in tokens:
            self._tokens.append(token)
            made.append(self._row())
        return torch.stack(made[len(made) - (len(made) if rows is None else rows) :] or [torch.zeros(512)])

    def _row(self) -> Any:
        said = b"".join(self._tokenizer.piece(t) for t in self._tokens[1:]).decode("utf-8", "replace")
        row = torch.full((512,), 1e-12)
        for place, mind in self._minds.items():
            if said.endswith(place):
                for text, chance in mind.items():
                    row[self._tokenizer.encode(text)[0]] += chance
                break
        else:
            row += 1 / 512
        return row.log()

    def snapshot(self) -> list[int]:
        return list(self._tokens)

    kept = snapshot

    def restore(self, state: list[int]) -> None:
        self._tokens = list(state)

    def reset(self) -> None:
        self._tokens = []


@pytest.fixture(scope="module")
def tokenizer(nine: Any) -> Tokenizer:
    return Tokenizer(nine.folder)


def follows(tokenizer: Tokenizer, text: str) -> dict[str, dict[str, float]]:
    """The mind of one who writes `text`, whatever has been said before; longest places first."""
    tokens = tokenizer.encode(text)
    minds, said = {}, ""
    for token in tokens:
        piece = tokenizer.piece(token).decode()
        minds[said] = {piece: 1.0}
        said += piece
    minds[said] = {"<|im_end|>": 1.0}
    return dict(sorted(minds.items(), key=lambda item: -len(item[0])))


def request(**more: Any) -> Request:
    anchor = Anchor("edit", "path", "search", (Window.whole("f.py", more.pop("lines", LINES)),))
    return Request((Message("user", "Edit."),), EDIT, Sampling(**more), calls=Calls(anchor, False, True))


def answer(
    tokenizer: Tokenizer, minds: Mapping[str, Mapping[str, float]], asked: Request, drafter: Any = None
) -> ToolCall:
    """The call that the author makes."""
    from qcode.backends.chat import family_for

    family = family_for("<function=")
    grammar = grammar_for(asked, family.form, 512)
    assert grammar is not None
    wanted = Wanted(
        [7],
        asked.sampling,
        Guided.lark(tokenizer, grammar),
        escape_for(asked, family.form, 512),
        drafter,
    )
    pieces = Generator(Author(tokenizer, minds), tokenizer).answer(wanted, Count(), lambda: False)
    reader = family.parser(EDIT, False, True)
    deltas = [d for piece in pieces for d in reader.feed(piece.text)]
    (call,) = (d.call for d in deltas if d.call)
    return call


GREEDY = {"temperature": 0.0, "max_tokens": 512}
DRAWN = {"temperature": 1.0, "top_p": 1.0, "top_k": 0, "max_tokens": 512}


@pytest.mark.parametrize("sampling", [GREEDY, {**DRAWN, "seed": 1}], ids=["greedy", "drawn"])
@pytest.mark.parametrize("lines", ["def a():", "    return 1\n\ndef b():", "print(a())"])
def test_lines_that_are_meant_are_said(tokenizer: Tokenizer, sampling: Any, lines: str) -> None:
    call = answer(tokenizer, follows(tokenizer, HEAD + lines + TAIL), request(**sampling))
    assert dict(call.arguments) == {"path": "f.py", "search": lines, "replace": "pass"}


@pytest.mark.parametrize("sampling", [GREEDY, {**DRAWN, "seed": 1}], ids=["greedy", "drawn"])
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("class C:", ""),
        ("def c():", "def"),
        ("def a():\n    return 2", "def a():\n    return"),
        ("def a():\n    return 1\nprint(b())", "def a():\n    return 1\n"),
        ("print(a())\nprint(b())", "print(a())\n"),
    ],
)
def test_what_stands_nowhere_is_not_said(tokenizer: Tokenizer, sampling: Any, lines: str, said: str) -> None:
    call = answer(tokenizer, follows(tokenizer, HEAD + lines + TAIL), request(**sampling))
    *before, last = str(call.arguments["search"]).split("\n")
    assert last == NOT_FOUND and call.arguments["replace"] == ""
    # As far as the lines are the window's, and not much further.
    assert "\n".join(before).rstrip().startswith(said.rstrip())
    assert lines.startswith("\n".join(before).rstrip()) or before[:-1] == said.split("\n")[:-1]


def test_who_would_end_too_soon_goes_on(tokenizer: Tokenizer) -> None:
    """`    return 1` stands twice: more lines have to come, which is nothing against the window."""
    for sampling in (GREEDY, {**DRAWN, "seed": 3}):
        minds = follows(tokenizer, HEAD + "    return 1" + TAIL)
        call = answer(tokenizer, minds, request(**sampling, lines=(*LINES[:2], "x = 1", *LINES[3:])))
        search = str(call.arguments["search"])
        assert search.startswith("    return 1\n") and NOT_FOUND not in search.split("\n")[:1]


def weighed(tokenizer: Tokenizer, lines: tuple[str, ...] = LINES) -> Weighed:
    from qcode.backends.chat import family_for

    asked, form = request(lines=lines), family_for("<function=").form
    grammar, escape = grammar_for(asked, form, 512), escape_for(asked, form, 512)
    assert grammar is not None and escape is not None
    made = Weighed(Guided.lark(tokenizer, grammar), escape, tokenizer)
    for token in tokenizer.encode(HEAD):
        made.accept(token)
    return made


def mind(tokenizer: Tokenizer, inside: str, chance: float, outside: str = "@") -> Any:
    row = torch.full((tokenizer.size,), 1e-12)
    row[tokenizer.encode(inside)[0]] = chance
    row[tokenizer.encode(outside)[0]] = 1 - chance
    return row.log()


@pytest.mark.parametrize("chance", [0.9, 0.5, LEAST * 1.01, LEAST * 0.99, 0.01])
def test_greedy_lines_are_given_up_below_the_least(tokenizer: Tokenizer, chance: float) -> None:
    made, greedy = weighed(tokenizer), Sampler(Sampling(temperature=0.0))
    token = made.choose(mind(tokenizer, "print", chance), greedy)
    assert made.given_up is (chance < LEAST)
    assert (token == tokenizer.encode("print")[0]) is (chance > LEAST)


def test_a_line_is_weighed_as_a_whole_and_the_next_one_anew(tokenizer: Tokenizer) -> None:
    """A slip in every line is mended, a second one in the same line is too much."""
    greedy, slip = Sampler(Sampling(temperature=0.0)), math.sqrt(LEAST) * 0.99
    lines = ["def a():\n", "    return 1\n", "\n", "def b():\n"]
    made = weighed(tokenizer)
    for line in lines:
        tokens = tokenizer.encode(line)
        for place, token in enumerate(tokens):
            text = tokenizer.piece(token).decode()
            assert made.choose(mind(tokenizer, text, 0.999 if place else slip), greedy) == token
            made.accept(token)
    assert not made.given_up
    first, second = (tokenizer.piece(token).decode() for token in tokenizer.encode("    return 1")[:2])
    assert made.choose(mind(tokenizer, first, slip), greedy) and not made.given_up
    made.accept(tokenizer.encode(first)[0])
    made.choose(mind(tokenizer, second, slip), greedy)
    assert made.given_up


def test_drawn_lines_are_given_up_as_often_as_the_model_would_leave_them(tokenizer: Tokenizer) -> None:
    """1,000 draws, within four standard deviations; and what stays is drawn as the model would draw it."""
    texts = {"print": 0.5, "def": 0.2, "@": 0.2, "9": 0.1}
    tokens = {tokenizer.encode(text)[0]: text for text in texts}
    assert len(tokens) == len(texts)
    row = torch.full((tokenizer.size,), 1e-12)
    for token, text in tokens.items():
        row[token] = texts[text]
    found = dict.fromkeys([*texts, ""], 0)
    made = weighed(tokenizer)
    for seed in range(1_000):
        made = weighed(tokenizer) if made.given_up else made
        token = made.choose(row.log(), Sampler(Sampling(1.0, 1.0, 0, 9, seed)))
        found["" if made.given_up else tokens[token]] += 1
    for said, chance in {"": 0.3, "print": 0.5, "def": 0.2, "@": 0.0, "9": 0.0}.items():
        assert abs(found[said] - 1_000 * chance) <= 4 * math.sqrt(1_000 * chance * (1 - chance))


def test_what_the_cut_takes_away_is_not_the_models_wish(tokenizer: Tokenizer) -> None:
    """Nine parts in ten for a line: with top-p .8 none is drawn from the tail."""
    made = weighed(tokenizer)
    for seed in range(50):
        made.choose(mind(tokenizer, "print", 0.9), Sampler(Sampling(1.0, 0.8, 0, 9, seed)))
    assert not made.given_up


@pytest.mark.parametrize("sampling", [GREEDY, {**DRAWN, "seed": 2}], ids=["greedy", "drawn"])
def test_drafts_change_nothing_of_it(tokenizer: Tokenizer, sampling: Any) -> None:
    text = HEAD + "def a():\n    return 2" + TAIL
    minds = follows(tokenizer, text)
    plain = answer(tokenizer, minds, request(**sampling))
    again = answer(tokenizer, minds, request(**sampling), PromptLookup([*tokenizer.encode(text), 7], (1,)))
    assert dict(plain.arguments) == dict(again.arguments)
    assert str(plain.arguments["search"]).endswith("\n" + NOT_FOUND)


def test_a_model_without_a_mind_gives_lines_up(nine: Any) -> None:
    """Random weights mean no line: the whole way from a request to a call."""
    loaded: Loaded = load_torch(nine.folder, 2048)
    asked = request(temperature=0.0, max_tokens=400)
    reader = loaded.parser(asked)
    deltas = [d for piece in loaded.answer(asked, Count(), lambda: False) for d in reader.feed(piece.text)]
    (call,) = (d.call for d in deltas if d.call)
    assert str(call.arguments["search"]).split("\n")[-1] == NOT_FOUND and call.arguments["replace"] == ""
