"""Tool calls at random: python tests/benchmarks/constraints/tool_calls.py [--calls 2000] [--longest 400]

llama.cpp draws answers at temperature 1 from a random model of Qwen3.5's architecture that this
script makes (`gguf`, `numpy`), held to calls of the agent's own tools. Each answer must end by
itself, hold a call, and each call must validate against the tool's JSON schema and be taken by its
pydantic model. An answer that the token limit cuts is a failure. `--longest 0` leaves texts as long
as the answer has room, as the agent does: random weights write on to the limit then.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import os
import sys
import tempfile
import time
from pathlib import Path

import jsonschema
from pydantic import ValidationError

sys.path.insert(0, str(Path(__file__).parent))
import rig

from qcode.messages import Anchor, Calls, Message, Request, Sampling, Window
from qcode.tools import Edit, List, Plan, Question, Read, Refactor, Search, Toolset, Write

TOOLS = [Plan(), Read(), Search(), List(), Edit(), Write(), Refactor("rename"), Question()]
MODELS = {tool.name: tool.parameters for tool in TOOLS}
LINES = tuple(Path(__file__).read_text().split("\n")[:-1])


async def measure(given: argparse.Namespace, folder: Path) -> bool:
    backend = rig.random_backend(folder)
    schemas = Toolset(TOOLS).schemas()
    known = {schema.name: dict(schema.parameters) for schema in schemas}
    wanted = Calls(
        Anchor("edit", "path", "search", (Window.whole("tool_calls.py", LINES),)),
        required=True,
        longest=given.longest,
    )
    bad: collections.Counter[str] = collections.Counter()
    named: collections.Counter[str] = collections.Counter()
    answers = calls = tokens = 0
    started = time.monotonic()
    while calls < given.calls:
        drawn = Sampling(1.0, 1.0, 0, given.tokens, seed=given.first + answers)
        request = Request((Message("user", f"task {given.first + answers}"),), schemas, drawn, calls=wanted)
        deltas = [delta async for delta in backend.stream(request)]
        answers += 1
        tokens += sum(d.usage.completion for d in deltas if d.usage)
        made = [d.call for d in deltas if d.call]
        if deltas[-1].finish == "length":
            bad["cut by the token limit"] += 1
        elif not made:
            bad["no call"] += 1
        for call in made:
            calls += 1
            named[call.name] += 1
            try:
                jsonschema.validate(dict(call.arguments), known[call.name])
                MODELS[call.name].model_validate(dict(call.arguments))
            except (KeyError, jsonschema.ValidationError, ValidationError) as error:
                bad[f"{call.name}: {type(error).__name__} {str(error).splitlines()[0][:80]}"] += 1
        if not made:
            calls += 1
    seconds = time.monotonic() - started
    print(
        f"{calls} calls in {answers} answers of {tokens / answers:.0f} tokens ({seconds:.0f} s): {dict(named)}"
    )
    print("all of them end, parse and validate" if not bad else f"failed: {dict(bad)}")
    return bool(bad)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument(
        "--longest", type=int, default=400, help="characters of a text without a length of its own"
    )
    parser.add_argument("--first", type=int, default=0, help="seed of the first answer")
    parser.add_argument("--tokens", type=int, default=4_096, help="of an answer")
    with tempfile.TemporaryDirectory() as made_in:
        failed = asyncio.run(measure(parser.parse_args(), Path(made_in)))
    sys.stdout.flush()
    os._exit(failed)  # the engine's own threads end with the process
