"""The generator on tiny random models, with transformers as the oracle of what comes next."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from qcode.backends.drafting import EditDrafter, PromptLookup
from qcode.backends.exllamav2.generator import Generator, Wanted
from qcode.backends.exllamav2.loaded import Loaded, load_torch
from qcode.backends.exllamav2.masks import Guided
from qcode.backends.exllamav2.prefix import Prefix
from qcode.backends.threaded import Count, Piece
from qcode.messages import Sampling

GREEDY = Sampling(temperature=0.0, max_tokens=64)
START, END = 1, 2
ENDS = (0, END)
"""<|endoftext|> and <|im_end|>."""


def never() -> bool:
    return False


def run(
    loaded: Loaded, prompt: Sequence[int], sampling: Sampling = GREEDY, **more: Any
) -> tuple[list[int], str, Count]:
    count, pieces = Count(), []
    pieces = list(loaded.generator.answer(Wanted(prompt, sampling, **more), count, never))
    return [t for piece in pieces for t in piece.tokens], "".join(p.text for p in pieces), count


def tokens_of(count: int, seed: int = 1) -> list[int]:
    """Random text without marks of turns."""
    source = random.Random(seed)
    return [source.randrange(7, 500) for _ in range(count)]


@pytest.fixture
def loaded(nine: Any) -> Loaded:
    return load_torch(nine.folder, 2048)


def ended(answer: list[int]) -> list[int]:
    """Up to the first token that ends an answer."""
    first = next((place for place, token in enumerate(answer) if token in ENDS), len(answer))
    return answer[: first + 1]


class Guess:
    """Drafts that are right with a chance of `right`."""

    def __init__(self, answer: Sequence[int], right: float) -> None:
        self._answer, self._right, self._at = answer, right, 0
        self._random = random.Random(3)

    def extend(self, tokens: Sequence[int]) -> None:
        self._at += len(tokens)

    def propose(self, most: int) -> list[int]:
        known = self._answer[self._at : self._at + self._random.randint(0, most)]
        return [t if self._random.random() < self._right else self._random.randrange(500) for t in known]


def test_greedy_answers_are_those_of_transformers(tiny: Any) -> None:
    loaded = load_torch(tiny.folder, 2048)
    for seed in range(3):
        prompt = tokens_of(90, seed)
        answer, _, count = run(loaded, prompt)
        assert answer == ended(tiny.greedy(prompt, 64, known=500))
        assert (count.prompt, count.completion, count.passes) == (90, len(answer), len(answer))


@pytest.mark.parametrize("right", [0.0, 0.5, 0.9, 1.0])
def test_drafts_change_no_token(tiny: Any, right: float) -> None:
    for seed in range(3):
        prompt = tokens_of(60, seed)
        loaded = load_torch(tiny.folder, 2048)
        plain, said, _ = run(loaded, prompt)
        drafted, also, count = run(load_torch(tiny.folder, 2048), prompt, drafter=Guess(plain, right))
        assert (drafted, also) == (plain, said)
        assert right < 1 or len(plain) < 10 or count.passes < len(plain) / 3


def test_drafts_change_no_token_that_is_drawn(nine: Any) -> None:
    sampling = Sampling(temperature=1.0, top_p=0.95, top_k=40, max_tokens=64, seed=5)
    prompt = tokens_of(40)
    plain = run(load_torch(nine.folder, 2048), prompt, sampling)[0]
    drafted = run(load_torch(nine.folder, 2048), prompt, sampling, drafter=Guess(plain, 0.7))[0]
    other = run(load_torch(nine.folder, 2048), prompt, Sampling(temperature=1.0, max_tokens=64, seed=6))[0]
    assert drafted == plain != other


def test_drafts_of_an_edit_change_no_token(nine: Any) -> None:
    loaded = load_torch(nine.folder, 2048)
    text = "".join(f"def part_{n}(x):\n    return x + {n}\n" for n in range(20))
    prompt = loaded.tokenizer.encode(
        f"Change this file:\n{text}\nm.py\n```python\n<<<<<<< SEARCH\ndef part_3(x):\n"
    )
    plain = run(loaded, prompt)[0]
    drafter = EditDrafter(loaded.tokenizer, {"m.py": text}, prompt)
    drafted, _, count = run(load_torch(nine.folder, 2048), prompt, drafter=drafter)
    assert drafted == plain and count.drafted > 0


@pytest.mark.parametrize("drafting", [False, True])
def test_what_is_known_of_a_prompt_is_not_computed_again(nine: Any, drafting: bool) -> None:
    """Each prompt after others, beside the same prompt asked of a fresh model."""
    loaded = load_torch(nine.folder, 2048)
    system = [START, *tokens_of(100), END]
    first = [*system, START, *tokens_of(50, 2), END, START, *tokens_of(3, 3)]

    def ask(prompt: list[int], cached: int) -> list[int]:
        more = {"drafter": PromptLookup(prompt, (2, 1))} if drafting else {}
        answer, _, count = run(loaded, prompt, **more)
        assert answer == run(load_torch(nine.folder, 2048), prompt)[0]
        assert count.cached >= cached
        return answer

    answer = ask(first, 0)
    ask(first, len(first) - 1)
    again = ask(first, len(first) - 1)
    assert again == answer
    # Without drafts the network holds the answer, too, but for its last token.
    known = len(first) - 1 if drafting else len(first) + len(answer) - 1
    ask([*first, *answer[:-1], END, START, *tokens_of(30, 4)], known)
    ask([*system, START, *tokens_of(60, 5)], len(system))
    ask([*first[:-20], *tokens_of(40, 6)], len(system))
    ask(tokens_of(30, 7), 0)
    ask([*system, START, *tokens_of(10, 8)], 0)


def test_a_point_of_a_text_that_was_left_is_never_gone_back_to(nine: Any) -> None:
    """The second text leaves the first before the point at its end, and goes on beyond that place."""
    loaded = load_torch(nine.folder, 2048)
    first = [*tokens_of(30), START, *tokens_of(70, 2)]
    second = [*first[:90], *tokens_of(40, 3)]
    third = [*second[:110], *tokens_of(30, 4)]
    for prompt, cached in ((first, 0), (second, 30), (third, 30)):
        answer, _, count = run(loaded, prompt, Sampling(temperature=0.0, max_tokens=8))
        assert (
            answer == run(load_torch(nine.folder, 2048), prompt, Sampling(temperature=0.0, max_tokens=8))[0]
        )
        assert count.cached == cached


def test_points_to_go_back_to_are_bounded_and_the_first_stays(nine: Any) -> None:
    loaded = load_torch(nine.folder, 2048)
    prefix = Prefix(loaded.network, most=4)
    generator = Generator(loaded.network, loaded.tokenizer, prefix)
    prompt = [START, *tokens_of(10)]
    for seed in range(8):
        prompt = [*prompt, END, START, *tokens_of(12, seed)]
        list(generator.answer(Wanted(prompt, GREEDY), Count(), never))
    lengths = [point.length for point in prefix.checkpoints]
    assert len(lengths) == 4 and lengths[0] == 12 and lengths[-1] == len(prompt) - 1


def test_a_state_on_disk_serves_another_process(nine: Any) -> None:
    prompt = [START, *tokens_of(400), END, START, *tokens_of(20, 2)]
    first = load_torch(nine.folder, 2048)
    answer = run(first, prompt)[0]
    first.close()
    second = load_torch(nine.folder, 2048)
    assert second.recall() == 402
    again, _, count = run(second, prompt)
    assert again == answer and count.cached == 402
    [kept] = second._file().parent.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    for n in range(6):
        older = kept.with_name(f"{n}.safetensors")
        older.write_bytes(b"")
        os.utime(older, (n, n))
    second.close()
    assert sorted(f.name for f in kept.parent.iterdir()) == sorted(
        [kept.name, *(f"{n}.safetensors" for n in (3, 4, 5))]
    )


@pytest.mark.parametrize("damage", ["cut", "foreign", "other model", "longer"])
def test_a_state_of_no_use_is_left_alone(nine: Any, damage: str) -> None:
    first = load_torch(nine.folder, 2048)
    run(first, [START, *tokens_of(400), END, START, 9])
    first.close()
    path = first._file()
    second = load_torch(nine.folder, 300 if damage == "longer" else 2048)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-500])
    elif damage == "foreign":
        path.write_bytes(b"\x05")
    elif damage == "other model":
        first.generator.prefix.save(path, first.network, "another")
    assert second.recall() == 0
    prompt = tokens_of(30)
    assert run(second, prompt)[0] == run(load_torch(nine.folder, 2048), prompt)[0]


def test_a_cancel_ends_the_reading_of_a_prompt_and_what_was_read_is_kept(nine: Any) -> None:
    loaded = load_torch(nine.folder, 2048)
    prompt = tokens_of(500)
    looks = iter([False] * 4 + [True] * 1000)
    count = Count()
    pieces = list(loaded.generator.answer(Wanted(prompt, GREEDY), count, lambda: next(looks)))
    assert count.finish == "cancelled" and count.completion == 0
    assert 0 < loaded.network.length < 499
    assert pieces[-1].read == (loaded.network.length, 500)
    answer, _, again = run(loaded, prompt)
    assert again.cached == pieces[-1].read[0]
    assert answer == run(load_torch(nine.folder, 2048), prompt)[0]


def test_a_cancel_ends_an_answer_between_two_passes(nine: Any) -> None:
    loaded = load_torch(nine.folder, 2048)
    prompt, count = tokens_of(30), Count()
    pieces = loaded.generator.answer(Wanted(prompt, GREEDY), count, never)
    taken: list[Piece] = [next(pieces) for _ in range(8)]
    pieces.close()
    assert sum(len(piece.tokens) for piece in taken) == count.completion > 0
    assert run(loaded, prompt)[0] == run(load_torch(nine.folder, 2048), prompt)[0]


def test_a_stop_string_ends_the_text_before_it(loaded: Loaded) -> None:
    prompt = tokens_of(30)
    _, said, _ = run(loaded, prompt)
    for start in (5, 11, 20):
        stop = said[start : start + 3]
        _, text, count = run(loaded, prompt, Sampling(temperature=0.0, max_tokens=64, stop=(stop,)))
        assert text == said[: said.index(stop)] and count.finish == "stop"


def test_an_answer_ends_at_its_limit(loaded: Loaded) -> None:
    prompt = tokens_of(30)
    whole = run(loaded, prompt)[0]
    short, _, count = run(loaded, prompt, Sampling(temperature=0.0, max_tokens=7), drafter=Guess(whole, 1.0))
    assert short == whole[:7] and count.finish == "length"


def test_an_answer_may_fill_the_context_to_the_last_token(nine: Any) -> None:
    loaded = load_torch(nine.folder, 80)
    prompt = tokens_of(50)
    answer, _, count = run(loaded, prompt, drafter=PromptLookup(prompt, (1,)))
    assert len(answer) == 30 or ended(answer)[-1] in ENDS
    assert count.finish == "length" or ended(answer)[-1] in ENDS


def test_logprobs_are_those_of_transformers(nine: Any, loaded: Loaded) -> None:
    prompt, count = tokens_of(30), Count()
    pieces = list(loaded.generator.answer(Wanted(prompt, GREEDY, logprobs=True), count, never))
    answer = [t for piece in pieces for t in piece.tokens]
    rows = nine.logits(prompt + answer)[len(prompt) - 1 : -1, :500].log_softmax(-1)
    wanted = rows[range(len(answer)), answer]
    found = torch.tensor([p for piece in pieces for p in piece.logprobs])
    assert len(found) == len(answer) and (found - wanted).abs().max() < 1e-3


SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"enum": ["parse", "load"]},
        "count": {"type": "integer", "maximum": 99, "minimum": 0},
    },
    "required": ["name", "count"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("temperature", [0.0, 1.5])
@pytest.mark.parametrize("right", [None, 0.5])
def test_a_constrained_answer_matches_its_schema(
    loaded: Loaded, temperature: float, right: float | None
) -> None:
    for seed in range(4):
        sampling = Sampling(temperature=temperature, top_p=1.0, top_k=0, max_tokens=80, seed=seed)
        guess = None if right is None else Guess(tokens_of(80, seed), right)
        matcher = Guided.json_schema(loaded.tokenizer, SCHEMA)
        _, text, count = run(loaded, tokens_of(20, seed), sampling, matcher=matcher, drafter=guess)
        value = json.loads(text)
        assert value["name"] in ("parse", "load") and 0 <= value["count"] <= 99 and count.finish == "stop"


def test_a_grammar_leaves_only_what_it_says(loaded: Loaded) -> None:
    grammar = Guided.lark(loaded.tokenizer, 'start: "[" /[0-9]{2,4}/ "]"')
    _, text, _ = run(loaded, tokens_of(20), matcher=grammar)
    assert text[0] == "[" and text[-1] == "]" and text[1:-1].isdigit() and 4 <= len(text) <= 6


def test_a_grammar_may_say_marks_that_are_tokens_of_their_own(loaded: Loaded) -> None:
    """`<tool_call>` is one token; `<|im_end|>`, which ends a turn, is no text whatever a grammar allows."""
    assert loaded.tokenizer.encode("<tool_call>") == [5]
    for seed in range(3):
        sampling = Sampling(temperature=1.0, top_p=1.0, top_k=0, max_tokens=60, seed=seed)
        call = Guided.lark(loaded.tokenizer, 'start: "<tool_call>\\n<f=" /[ab]{3}/ ">" "</tool_call>"')
        answer, text, count = run(loaded, tokens_of(20, seed), sampling, matcher=call)
        assert (
            text.startswith("<tool_call>\n<f=") and text.endswith("></tool_call>") and count.finish == "stop"
        )
        assert [t for t in answer if t < 3] in [[end] for end in ENDS]
        free = Guided.lark(loaded.tokenizer, "start: /(?s:.{20,40})/")
        assert [t for t in run(loaded, tokens_of(20, seed), sampling, matcher=free)[0] if t < 3] in (
            [ENDS[0]],
            [ENDS[1]],
            [],
        )


def test_thought_is_closed_at_its_limit_and_the_constraint_holds_behind_it(loaded: Loaded) -> None:
    sampling = Sampling(temperature=0.0, max_tokens=120, thinking=True)
    matcher = Guided.json_schema(loaded.tokenizer, SCHEMA)
    _, text, _ = run(loaded, tokens_of(20), sampling, matcher=matcher, thought_tokens=15)
    thought, _, said = text.partition("</think>\n\n")
    assert thought.endswith("\n") and json.loads(said)["count"] <= 99
    assert 10 <= len(loaded.tokenizer.encode(thought)) <= 30


def test_a_thought_that_the_model_has_to_begin_is_begun(loaded: Loaded) -> None:
    sampling = Sampling(temperature=0.0, max_tokens=120, thinking=True)
    begin = loaded.tokenizer.encode("<think>\n")
    matcher = Guided.json_schema(loaded.tokenizer, SCHEMA)
    answer, text, _ = run(
        loaded,
        tokens_of(20),
        sampling,
        matcher=matcher,
        thought_tokens=15,
        begin=begin,
        drafter=Guess(tokens_of(90), 0.5),
    )
    assert answer[: len(begin)] == begin
    assert json.loads(text.partition("</think>\n\n")[2])["count"] <= 99


def test_padding_is_never_drawn(loaded: Loaded) -> None:
    """The model's vocabulary has 512 tokens, of which the tokenizer knows 500."""
    hot = Sampling(temperature=50.0, top_p=1.0, top_k=0, max_tokens=400, seed=1)
    answer = run(loaded, tokens_of(20), hot)[0]
    assert len(answer) > 50 and max(answer) < 500
