"""Tool calls at random: python tests/benchmarks/constraints/tool_calls.py [--calls 2000] [--engine] [--longest 0]

Answers are drawn at temperature 1 from random logits over the vocabulary of the tiny model that comes
with qcode (`numpy`, `gguf`, `llguidance`), or with `--engine` by llama.cpp from a random model of
Qwen3.5's architecture that this script makes; held to calls of the agent's own tools, as the agent
holds them but that a call must come. Each answer must end by itself, hold a call, and each call must
validate against the tool's JSON schema and be taken by its pydantic model. An answer that the token
limit cuts is a failure. Counted beside: calls with a text that met its own limit, which a tool refuses
to act on. `--longest` gives each text its own limit in characters.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import jsonschema
from pydantic import ValidationError

sys.path.insert(0, str(Path(__file__).parent))
import rig

from qcode.backends.chat import Limited, family_for
from qcode.backends.constraints import grammar_for
from qcode.messages import Anchor, Calls, Message, Request, Sampling, ToolCall, Window
from qcode.tools import Edit, List, Plan, Question, Read, Refactor, Search, Toolset, Write

TOOLS = [Plan(), Read(), Search(), List(), Edit(), Write(), Refactor("rename"), Question()]
MODELS = {tool.name: tool.parameters for tool in TOOLS}
SCHEMAS = Toolset(TOOLS).schemas()
LINES = tuple(Path(__file__).read_text().split("\n")[:-1])
SPREAD = 0.5
"""Of random logits, as those of the random model."""
Answer = tuple[Sequence[ToolCall], int, bool]
"""Calls, tokens, and whether the token limit cut it."""


def request(given: argparse.Namespace, number: int) -> Request:
    anchor = Anchor("edit", "path", "search", (Window.whole("tool_calls.py", LINES),))
    wanted = Calls(anchor, required=True, longest=given.longest)
    drawn = Sampling(1.0, 1.0, 0, given.tokens, seed=number)
    return Request((Message("user", f"task {number}"),), SCHEMAS, drawn, calls=wanted)


async def drawn_by_matcher(given: argparse.Namespace) -> AsyncIterator[Answer]:
    family, tokenizer = family_for(None), rig.small()
    number = given.first
    while True:
        wanted = request(given, number)
        matcher = rig.matcher(tokenizer, grammar_for(wanted, family.form, given.tokens) or "")
        tokens = rig.drawn(tokenizer, matcher, given.tokens, 1.0, SPREAD, number)
        text = str(tokenizer.decode_str(tokens))
        cut = not matcher.is_accepting()
        reader = Limited(family, wanted, given.tokens)
        deltas = [*reader.feed(text), *reader.finish(cut)]
        yield [d.call for d in deltas if d.call], len(tokens), cut
        number += 1


async def drawn_by_engine(given: argparse.Namespace) -> AsyncIterator[Answer]:
    with tempfile.TemporaryDirectory() as folder:
        backend = rig.random_backend(Path(folder))
        number = given.first
        while True:
            deltas = [delta async for delta in backend.stream(request(given, number))]
            tokens = sum(d.usage.completion for d in deltas if d.usage)
            yield [d.call for d in deltas if d.call], tokens, deltas[-1].finish == "length"
            number += 1


async def measure(given: argparse.Namespace) -> bool:
    known = {schema.name: dict(schema.parameters) for schema in SCHEMAS}
    bad: collections.Counter[str] = collections.Counter()
    named: collections.Counter[str] = collections.Counter()
    met: collections.Counter[str] = collections.Counter()
    answers = calls = tokens = longest = 0
    started = time.process_time()
    async for made, length, cut in (drawn_by_engine if given.engine else drawn_by_matcher)(given):
        answers += 1
        tokens += length
        longest = max(longest, length)
        if cut:
            bad["cut by the token limit"] += 1
        elif not made:
            bad["no call"] += 1
        for call in made:
            named[call.name] += 1
            met[f"{call.name}.{call.unfinished}"] += bool(call.unfinished)
            try:
                jsonschema.validate(dict(call.arguments), known[call.name])
                MODELS[call.name].model_validate(dict(call.arguments))
            except (KeyError, jsonschema.ValidationError, ValidationError) as error:
                bad[f"{call.name}: {type(error).__name__} {str(error).splitlines()[0][:80]}"] += 1
        calls += max(1, len(made))
        if calls >= given.calls:
            break
    seconds = time.process_time() - started
    print(
        f"{calls} calls in {answers} answers of {tokens / answers:.0f} tokens, at most {longest} "
        f"({seconds:.0f} s of CPU): {dict(named)}"
    )
    print(f"texts that met their limit: {dict(+met)}")
    print("all of them end, parse and validate" if not bad else f"failed: {dict(bad)}")
    return bool(bad)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--engine", action="store_true")
    parser.add_argument("--longest", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="seed of the first answer")
    parser.add_argument("--tokens", type=int, default=4_096, help="of an answer")
    failed = asyncio.run(measure(parser.parse_args()))
    sys.stdout.flush()
    os._exit(failed)  # the engine's own threads end with the process
