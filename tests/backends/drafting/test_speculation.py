"""Drafted output is plain output, whatever is drafted."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

import pytest

from qcode.backends.drafting import EditDrafter, PromptLookup, Speculation, Vocabulary

SIZE, WIDTH = 24, 12
Logits = list[float]


class Recurrent:
    """A random recurrent model: its state cannot be taken back, only put back."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed).gauss
        self._in = [[draw(0, 1) for _ in range(WIDTH)] for _ in range(SIZE)]
        self._mix = [[draw(0, 0.4) for _ in range(WIDTH)] for _ in range(WIDTH)]
        self._out = [[draw(0, 1) for _ in range(WIDTH)] for _ in range(SIZE)]
        self._state = [0.0] * WIDTH
        self.passes = 0
        self.widest = 0

    def forward(self, tokens: Sequence[int]) -> list[Logits]:
        self.passes += 1
        self.widest = max(self.widest, len(tokens))
        rows = []
        for token in tokens:
            mixed = (sum(a * b for a, b in zip(self._state, row, strict=True)) for row in self._mix)
            self._state = [math.tanh(m + x) for m, x in zip(mixed, self._in[token], strict=True)]
            rows.append([sum(a * b for a, b in zip(self._state, row, strict=True)) for row in self._out])
        return rows

    def snapshot(self) -> list[float]:
        return list(self._state)

    def restore(self, state: list[float]) -> None:
        self._state = list(state)


class Guess:
    """Drafts that are right with a chance of `right`, token by token; else anything."""

    def __init__(self, answer: Sequence[int], right: float, seed: int) -> None:
        self._answer = answer
        self._right = right
        self._random = random.Random(seed)
        self._at = 0

    def extend(self, tokens: Sequence[int]) -> None:
        self._at += len(tokens)

    def propose(self, most: int) -> list[int]:
        known = self._answer[self._at : self._at + self._random.randint(0, most)]
        return [t if self._random.random() < self._right else self._random.randrange(SIZE) for t in known]


def greedy(row: Logits) -> int:
    return max(range(SIZE), key=row.__getitem__)


def sampler(seed: int, temperature: float) -> Callable[[Logits], int]:
    """Draws one random number per token."""
    source = random.Random(seed)

    def choose(row: Logits) -> int:
        weights = [math.exp((value - max(row)) / temperature) for value in row]
        return source.choices(range(SIZE), weights)[0]

    return choose


def plain(model: Recurrent, choose: Callable[[Logits], int], prompt: list[int], count: int) -> list[int]:
    rows = model.forward(prompt)
    answer = [choose(rows[-1])]
    while len(answer) < count:
        answer.append(choose(model.forward(answer[-1:])[-1]))
    return answer


def written(speculation: Speculation[Logits, list[float]], count: int) -> list[int]:
    answer: list[int] = []
    while len(answer) < count and not speculation.ended:
        answer += speculation.step(count - len(answer))
    return answer


@pytest.mark.smoke
@pytest.mark.parametrize("right", [0.0, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_greedy_output_is_that_of_plain_decoding(seed: int, right: float) -> None:
    prompt = [1, 2, 3]
    answer = plain(Recurrent(seed), greedy, prompt, 120)
    model = Recurrent(seed)
    speculation = Speculation(model, greedy, Guess(answer, right, seed), prompt, most=8)
    assert written(speculation, 120) == answer
    assert model.widest <= 16 and model.passes == speculation.passes
    assert speculation.passes + speculation.accepted == 120
    if right == 1.0:
        assert speculation.passes < 50
    if right == 0.0:
        assert speculation.drafted > 50


@pytest.mark.parametrize("seed", range(6))
def test_sampled_output_is_that_of_plain_decoding_with_the_same_seed(seed: int) -> None:
    answer = plain(Recurrent(seed), sampler(seed, 1.0), [1], 120)
    drafter = PromptLookup([1], (2, 1))
    assert written(Speculation(Recurrent(seed), sampler(seed, 1.0), drafter, [1], most=8), 120) == answer


def test_drafts_do_not_change_how_often_tokens_come() -> None:
    """20,000 draws of the second token, always drafted as the likeliest one, against the model's own
    probabilities: chi-square with 23 degrees of freedom stays below its 99.99 % point, 58.6."""
    model = Recurrent(3)
    start = model.snapshot()
    weights = [math.exp(value) for value in model.forward([1, 5])[-1]]
    draws = 20_000
    counts = [0] * SIZE
    source = random.Random(9)
    likely = greedy(weights)

    class Likely:
        def extend(self, tokens: Sequence[int]) -> None:
            pass

        def propose(self, most: int) -> list[int]:
            return [5, likely][:most]

    first = True

    def choose(row: Logits) -> int:
        nonlocal first
        if first:
            first = False
            return 5
        return source.choices(range(SIZE), [math.exp(value) for value in row])[0]

    for _ in range(draws):
        model.restore(start)
        first = True
        counts[written(Speculation(model, choose, Likely(), [1]), 3)[1]] += 1
    total = sum(weights)
    expected = [draws * weight / total for weight in weights]
    assert sum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True)) < 58.6


def test_an_end_within_a_draft_ends_the_answer() -> None:
    answer = plain(Recurrent(1), greedy, [1], 60)
    end = answer[20]
    stop = answer.index(end) + 1
    speculation = Speculation(Recurrent(1), greedy, Guess(answer, 1.0, 2), [1], ends={end}, most=16)
    assert written(speculation, 60) == answer[:stop]
    assert speculation.ended


def test_what_is_pending_and_the_state_are_the_text_so_far() -> None:
    answer = plain(Recurrent(4), greedy, [1], 80)
    model = Recurrent(4)
    speculation = Speculation(model, greedy, Guess(answer, 0.6, 4), [1], most=8)
    done: list[int] = []
    while len(done) < 50:
        done += speculation.step(50 - len(done))
    assert plain(model, greedy, speculation.pending, 80 - len(done)) == answer[len(done) :]


def test_an_edit_is_written_in_far_fewer_passes(words: Vocabulary) -> None:
    """The drafter at work on a whole answer, against the passes that it saves."""
    lines = [f"value_{n} = compute({n}, scale)\n" for n in range(40)]
    search = "".join(lines[5:20])
    replace = search.replace("compute(9, scale)", "compute(9, scale=2)")
    text = f"m.py\n```python\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n```\n"
    answer = words.encode(text)

    class Known:
        """Writes `answer`, whatever it is given."""

        at = -1

        def forward(self, tokens: Sequence[int]) -> list[int]:
            first, self.at = self.at + 1, self.at + len(tokens)
            return [*answer, *[-1] * len(tokens)][first : first + len(tokens)]

        def snapshot(self) -> int:
            return self.at

        def restore(self, state: int) -> None:
            self.at = state

    drafter = EditDrafter(words, {"m.py": "".join(lines)})
    speculation = Speculation(Known(), int, drafter, [0])
    done: list[int] = []
    while len(done) < len(answer):
        done += speculation.step(len(answer) - len(done))
    assert done == answer
    assert len(answer) > 180
    assert speculation.passes <= 22
