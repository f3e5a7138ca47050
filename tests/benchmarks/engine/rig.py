"""What the engine's benchmarks share: the random model in an engine process of their own home."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from qcode.backends import open_backend
from qcode.backends.engine import EngineBackend, start
from qcode.config import Role
from qcode.messages import Delta, Message, Request, Sampling

CONTEXT = 16_384


@contextlib.contextmanager
def home(model: str | None = None, layers: int = 24) -> Iterator[Path]:
    """An empty QCODE_HOME; the path of the model, made here or given."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QCODE_HOME"] = folder
        path = Path(model or Path(folder) / "random.gguf")
        if not path.exists():
            from random_model import shaped, write_model

            write_model(path, shaped(layers))
        try:
            yield path
        finally:
            start.stop()


def backend(model: Path, context: int = CONTEXT) -> EngineBackend:
    """A client of the engine."""
    opened = open_backend(Role("llamacpp", model=str(model), context=context, process="engine"))
    assert isinstance(opened, EngineBackend)
    return opened


def words(seed: int, count: int) -> str:
    """`count` words of one or two tokens, the same for the same seed."""
    state = seed * 2654435761 % 2**32
    made = []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        made.append(chr(97 + (state >> 16) % 26))
    return " ".join(made)


async def sized(engine: EngineBackend, tokens: int, seed: int = 1) -> str:
    """Text of about this many tokens."""
    text = words(seed, tokens // 2)
    count = await engine.count_tokens(Request((Message("user", text),)))
    return words(seed, tokens // 2 * tokens // count)


def request(system: str, user: str, tokens: int, **more: object) -> Request:
    """A chat at temperature 0; the random model's answers go on to their limit."""
    turns = (Message("system", system), Message("user", user)) if system else (Message("user", user),)
    return Request(turns, sampling=Sampling(temperature=0.0, max_tokens=tokens), **more)  # type: ignore[arg-type]


async def ask(engine: EngineBackend, wanted: Request) -> tuple[str, Delta]:
    """All that is said, and the delta with the counts."""
    deltas = [delta async for delta in engine.stream(wanted)]
    return "".join(d.text + d.thought for d in deltas), next(d for d in deltas if d.usage)


def pid() -> int:
    """The engine's."""
    found = start.status()
    assert found is not None
    return int(found["pid"])


def processor_s(process: int) -> float:
    """Seconds of processor that its threads have used. Threads that have ended are not in it: what an
    engine does after a cancel is done by those that live."""
    used = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        # One that ends between two looks is left out.
        with contextlib.suppress(OSError):
            used += int((thread / "schedstat").read_text().split()[0])
    return used / 1e9


def resident(process: int) -> float:
    """MiB of memory that is its own (weights are mapped from the file and counted apart)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024


def silence(process: int, since: float, used: float, quiet: float = 0.7) -> tuple[float, float]:
    """Wall seconds from `since` to the last moment at which the engine was at work, and the processor
    seconds that it used from `used` to then: on a busy machine only those tell what a quiet one would
    need. Looked at each 5 ms in the scheduler's nanoseconds; at work is whoever used a fifth of a
    look, since a server that waits wakes up now and then, too. Blocks."""
    last, until, before = since, used, used
    looked = since
    while looked - last < quiet:
        time.sleep(0.005)
        now, spent = time.monotonic(), processor_s(process)
        if spent - before > 0.2 * (now - looked):
            last, until = now, spent
        looked, before = now, spent
    return last - since, until - used
