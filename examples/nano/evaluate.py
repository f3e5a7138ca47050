"""How good it is: on fresh examples, and on people's requests beside the router's parser.

    python evaluate.py WORK [--examples 200]

The first table: whole answers right, on words and sentences that training never saw. The second: the
requests of tests/benchmarks/router, judged by the tree that results, for the parser alone, the model alone, and
the model where the parser does nothing; it decodes under a grammar that only lets it name what the index or
the request names, and answers below `--sure` (mean log-probability of a token) count as a question.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from generate import FAR, OPEN, PARAMETERS, Generator

from qcode import router
from qcode.errors import QcodeError
from qcode.messages import Snapshot
from qcode.router.world import World

REQUESTS = Path(__file__).parents[2] / "tests" / "benchmarks" / "router" / "run.py"


class Engine:
    """The GGUF file in llama.cpp, on one thread, greedy."""

    def __init__(self, model: Path) -> None:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.n_ctx, params.n_parallel, params.warmup, params.verbosity = 4096, 1, False, -1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
        self._server = xllamacpp.Server(params)

    def answer(self, prompt: str, grammar: str = "") -> tuple[str, float]:
        """The text, and the mean log-probability of its tokens."""
        body: dict[str, Any] = {
            "prompt": prompt, "max_tokens": 120, "temperature": 0, "cache_prompt": False, "logprobs": 1,
            "stop": ["<|im_end|>"], **({"grammar": grammar} if grammar else {}),
        }  # fmt: skip
        choice = self._server.handle_completions(body)["choices"][0]
        tokens = (choice.get("logprobs") or {}).get("content") or []
        sure = sum(t["logprob"] for t in tokens) / len(tokens) if tokens else 0.0
        return choice["text"].strip(), sure


def grammar(names: Sequence[str], paths: Sequence[str], request: str) -> str:
    """GBNF: a call whose arguments stand in the index or the request, or a sentence."""
    said = sorted(set(re.findall(r"[^\W\d]\w*", request)) - set(names))
    given = sorted(set(re.findall(r"[\w./-]*\w\.py", request)) | set(paths))
    assigned = [f"+{a.replace(' ', '')}" for a in re.findall(r"\w+\s?=\s?[\w.\"'-]+", request)]
    lines = re.findall(r"\d+", request)
    places = [f"{p}:{a}-{b}" for p in given for a, b in pairwise(lines)]
    allowed = {
        "symbol": names, "name": names, "function": names, "right": names, "new_name": said, "wrong": said,
        "path": given, "to": given, "place": places, "changes": assigned,
    }  # fmt: skip

    def one_of(texts: Sequence[str]) -> str:
        return "( " + " | ".join(json.dumps(t) for t in texts) + " )"

    calls = [
        json.dumps(f"<function={verb}>\n")
        + "".join(
            f" {json.dumps(f'<parameter={p}>' + chr(10))} {one_of(allowed[p])} {json.dumps(chr(10) + '</parameter>' + chr(10))}"
            for p in needed
        )
        for verb, needed in PARAMETERS.items()
        if all(allowed[p] for p in needed)
    ]
    texts = [
        json.dumps(FAR),
        json.dumps("What exactly?"),
        *([f'"There is no " {one_of(said)} "."'] if said else []),
    ]
    call = f'"<tool_call>\\n" ( {" | ".join(calls)} ) "</function>\\n</tool_call>"' if calls else ""
    return "root ::= " + " | ".join([*([call] if call else []), *texts])


def reading(engine: Engine, request: str, snapshot: Snapshot, sure: float) -> Any:
    """What the model makes of a request, as the router would say it."""
    world = World(snapshot)
    said = set(re.findall(r"\w+", request))
    known = {t.name: t.path for t in reversed(world.defined)}
    chosen = sorted(known, key=lambda n: (n not in said, n))[:30]
    index = "\n".join(f"{n} {known[n]}" for n in sorted(chosen))
    prompt = f"<|im_start|>user\n{index}\n\n{request}<|im_end|>\n{OPEN}"
    text, confidence = engine.answer(prompt, grammar(chosen, sorted({known[n] for n in chosen}), request))
    found = re.search(r"<function=(\w+)>", text)
    if not found or confidence < sure:
        return router.Question(text) if found or text != FAR else router.OutOfReach(text, "")
    arguments = dict(re.findall(r"<parameter=(\w+)>\n(.*?)\n</parameter>", text, re.DOTALL))
    for key in ("symbol", "function"):
        if key in arguments:
            arguments[key] = f"{known[arguments[key]]}:{arguments[key]}"
    return router.Plan((router.Call(found[1], arguments, ()),))


def fresh(engine: Engine, count: int) -> None:
    print(f"{'fresh examples':<38}{'right':>8}{'function':>10}")
    sets = {
        "known words and sentences": Generator(93), "new words": Generator(91, held=True),
        "new words and new sentences": Generator(92, held=True, unseen=True),
    }  # fmt: skip
    for name, generator in sets.items():
        right = function = 0
        for _ in range(count):
            example = generator.example()
            text, _ = engine.answer(example.prompt)
            right += text == example.answer
            function += text.partition(">\n<parameter")[0] == example.answer.partition(">\n<parameter")[0]
        print(f"{name:<38}{right / count:>8.1%}{function / count:>10.1%}")


def requests(engine: Engine, sure: float) -> None:
    spec = importlib.util.spec_from_file_location("router_requests", REQUESTS)
    assert spec and spec.loader
    run = importlib.util.module_from_spec(spec)
    sys.modules["router_requests"] = run
    spec.loader.exec_module(run)
    every = list(run.cases(sorted((REQUESTS.parent / "requests").glob("*.txt"))))

    def nano(request: str, snapshot: Snapshot, history: Sequence[router.Call] = ()) -> Any:
        return reading(engine, request, snapshot, sure)

    def both(request: str, snapshot: Snapshot, history: Sequence[router.Call] = ()) -> Any:
        found = router.route(request, snapshot, history)
        asked = nano(request, snapshot) if not isinstance(found, router.Plan) else found
        return asked if isinstance(asked, router.Plan) else found

    print(
        f"\n{len(every)} requests{'':<20}{'right':>9}{'wrong':>9}{'question':>10}{'refusal':>9}{'coverage':>10}"
    )
    readers: dict[str, Callable[..., Any]] = {"parser alone": router.route, "nano alone": nano, "both": both}
    for name, reader in readers.items():
        counts = Counter[str]()
        for case in every:
            snapshot, history = run.started(case.repository, case.before)
            try:
                verdict, said = run.judged(case, reader(case.request, snapshot, history))
            except QcodeError:
                verdict, said = "refusal", ""
            counts.update([verdict, *(["done"] if said.startswith("do:") else [])])
        print(
            f"{name:<33}"
            + "".join(
                f"{counts[k] / len(every):>9.1%}" for k in ("right", "wrong", "question", "refusal", "done")
            )
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--sure", type=float, default=-0.05)
    given = parser.parse_args()
    engine = Engine(given.work / "qcode-nano-q8_0.gguf")
    fresh(engine, given.examples)
    requests(engine, given.sure)
