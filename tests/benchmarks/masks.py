"""How long a mask over a vocabulary of 248,320 tokens takes, as large as Qwen3.5's.

    python tests/benchmarks/masks.py [--tokens 2000] [--lark FILE ...]

The vocabulary is made here, since none can be shipped: single bytes, then words and pieces of the
standard library's own source as they are most frequent, with and without a space before them, then
pieces of digits and letters. Answers are walked token by token, drawn at random from what a mask
allows: that visits more of a grammar than a model would. Times are CPU seconds of the one thread that
works. Grammars of a file each (LLGuidance's Lark) can be given. Then the choice of a token in the lines of
an edit, which are the first 400 of the standard library's argparse: by the mask alone, and with the model's
own mind weighed against it.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import random
import re
import statistics
import sysconfig
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from qcode.backends.constraints import XmlCalls, escape_for, grammar_for
from qcode.backends.exllamav2.masks import Guided, forbid
from qcode.backends.exllamav2.sampling import Sampler
from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.backends.exllamav2.weighing import Weighed
from qcode.messages import Anchor, Calls, Request, Sampling, Window
from qcode.tools import Edit, Toolset

VOCABULARY = 248_320
Make = Callable[[Tokenizer], Guided]
PIECE = re.compile(r" ?[A-Za-z_]+| ?\d+|\s+| ?[^\sA-Za-z_\d]+")
SCHEMA = {
    "type": "object",
    "properties": {
        "findings": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "properties": {
                    "line": {"type": "integer", "minimum": 1, "maximum": 9999},
                    "kind": {
                        "enum": ["none", "logic", "leak", "race", "injection", "error", "resource", "misuse"]
                    },
                    "quote": {"type": "string", "maxLength": 200},
                    "why": {"type": "string", "maxLength": 300},
                },
                "required": ["line", "kind", "quote", "why"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["findings"],
    "additionalProperties": False,
}


def tokenizer(folder: Path) -> Tokenizer:
    """The vocabulary described above."""
    from tokenizers import Tokenizer as Engine
    from tokenizers import decoders, models, pre_tokenizers

    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    written = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    counted: collections.Counter[str] = collections.Counter()
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py")):
        counted.update(PIECE.findall(path.read_text("utf-8", "replace")))
    pieces = [piece for piece, _ in counted.most_common()]
    more = (
        "".join(p) for size in range(1, 9) for p in itertools.product("etaoinshrdlu_0123456789", repeat=size)
    )
    vocabulary = dict.fromkeys((*marks, *letters))
    for piece in itertools.chain(pieces, more):
        if len(vocabulary) == VOCABULARY:
            break
        if len(piece) <= 40:
            vocabulary[written.pre_tokenize_str(piece)[0][0]] = None
    made = Engine(models.BPE({token: n for n, token in enumerate(vocabulary)}, []))
    made.pre_tokenizer, made.decoder = written, decoders.ByteLevel()
    made.add_special_tokens(marks)
    (folder / "tokenizer.json").write_text(made.to_str())
    (folder / "config.json").write_text(json.dumps({"eos_token_id": 2}))
    return Tokenizer(folder)


def walk(words: Tokenizer, make: Make, tokens: int) -> tuple[list[float], list[float]]:
    """Seconds of CPU of this thread for each mask over some answers, and for putting it on logits."""
    draw, row = random.Random(7), torch.zeros(VOCABULARY)
    made: list[float] = []
    put: list[float] = []
    while len(made) < tokens:
        matcher = make(words)
        for _ in range(400):
            start = time.thread_time()
            mask = matcher.mask()
            made.append(time.thread_time() - start)
            start = time.thread_time()
            masked = forbid(row, mask)
            put.append(time.thread_time() - start)
            allowed = masked.isfinite().nonzero()[:, 0]
            token = int(allowed[draw.randrange(len(allowed))])
            if token in words.ends:
                break
            matcher.accept(token)
    return made, put


def lines(words: Tokenizer, tokens: int, weighed: bool) -> list[float]:
    """Seconds of CPU of this thread for each token chosen in the lines of an edit, by random logits."""
    source = Path(argparse.__file__).read_text("utf-8").splitlines()[:400]
    anchor = Anchor("edit", "path", "search", (Window.whole("argparse.py", tuple(source)),))
    asked = Request((), Toolset([Edit()]).schemas(), Sampling(), calls=Calls(anchor))
    grammar, escape = grammar_for(asked, XmlCalls(), 4_096), escape_for(asked, XmlCalls(), 4_096)
    assert grammar is not None and escape is not None
    draw, greedy = torch.Generator().manual_seed(7), Sampler(Sampling(temperature=0.0))
    taken: list[float] = []
    while len(taken) < tokens:
        plain = Guided.lark(words, grammar)
        # Random logits mean nothing: nothing is ever too little for them.
        matcher = Weighed(plain, escape, words, least=0.0) if weighed else plain
        text = escape.head + "argparse.py" + escape.to_lines
        for token in words.encode(text):
            matcher.accept(token)
        for _ in range(200):
            row = torch.randn(VOCABULARY, generator=draw)
            start = time.thread_time()
            if isinstance(matcher, Weighed):
                token = matcher.choose(row, greedy)
            else:
                token = greedy.choose(forbid(row, matcher.mask()))
            taken.append(time.thread_time() - start)
            matcher.accept(token)
            text += words.piece(token).decode("utf-8", "replace")
            if text.endswith(escape.end):
                break
    return taken


def said(times: list[float]) -> str:
    times = sorted(1000 * seconds for seconds in times)
    p99 = times[int(len(times) * 0.99)]
    return f"mean {statistics.mean(times):.3f} ms, median {times[len(times) // 2]:.3f}, p99 {p99:.3f}, most {times[-1]:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tokens", type=int, default=2000)
    parser.add_argument("--lark", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        words = tokenizer(Path(folder))
        start = time.perf_counter()
        assert words.guided.vocab_size == words.size == VOCABULARY
        print(f"{VOCABULARY:,} tokens; taken up by LLGuidance in {time.perf_counter() - start:.2f} s, once")
        makers: dict[str, Make] = {"a JSON schema": lambda words: Guided.json_schema(words, SCHEMA)}
        for path in options.lark:
            makers[path.name] = partial(Guided.lark, text=path.read_text())
        for name, make in makers.items():
            start = time.perf_counter()
            make(words)
            compiled = time.perf_counter() - start
            made, put = walk(words, make, options.tokens)
            print(f"{name}, compiled in {1000 * compiled:.0f} ms; {len(made)} masks: {said(made)}")
            print(f"  put on logits: {said(put)}")
        for what, weighed in (("by the mask alone", False), ("weighed", True)):
            print(f"a token in the lines of an edit, {what}: {said(lines(words, options.tokens, weighed))}")


if __name__ == "__main__":
    main()
