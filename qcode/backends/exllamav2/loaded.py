"""A model that is ready to answer requests: network, tokenizer, generator, and where its prefix state lies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcode.backends.drafting import PromptLookup
from qcode.backends.exllamav2.generator import Generator, Wanted
from qcode.backends.exllamav2.masks import Guided
from qcode.backends.exllamav2.prefix import Prefix
from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.backends.llamacpp import free_cores
from qcode.backends.qwen import render
from qcode.backends.qwen3_5 import Qwen35, Qwen35Config, Weights
from qcode.backends.qwen3_5.text import Text
from qcode.backends.threaded import Count, Pieces
from qcode.config import paths
from qcode.messages import Request

_WORTH_KEEPING = 256
"""Tokens of a prefix below which computing it again costs less than the file."""
_FORMAT = "1"
"""Of the files that keep a prefix state."""
_SIZES = (4, 3, 2)
"""Tokens that must have come before, in a row, for what followed them to be drafted."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """`context` in tokens. `portable`: the network's memory can be written to a file."""

    generator: Generator[Any]
    network: Any
    tokenizer: Tokenizer
    context: int
    fingerprint: str
    portable: bool = True

    def tokens(self, request: Request) -> int:
        """Tokens of the prompt."""
        return len(self._prompt(request))

    def answer(self, request: Request, count: Count, cancelled: Callable[[], bool]) -> Pieces:
        """See Generator.answer."""
        prompt = self._prompt(request)
        matcher = None
        if request.constraint is not None:
            matcher = Guided.json_schema(self.tokenizer, request.constraint)
        wanted = Wanted(prompt, request.sampling, matcher, PromptLookup(prompt, _SIZES))
        return self.generator.answer(wanted, count, cancelled)

    def recall(self) -> int:
        """Take up the prefix that was kept, if it is of this model; gives the tokens that need no computing."""
        return (
            self.generator.prefix.load(self._file(), self.network, self.fingerprint) if self.portable else 0
        )

    def close(self) -> None:
        """Keep the prefix that most prompts share for the next start."""
        points = self.generator.prefix.checkpoints
        if self.portable and points and points[0].length >= _WORTH_KEEPING:
            self.generator.prefix.save(self._file(), self.network, self.fingerprint)

    def _prompt(self, request: Request) -> list[int]:
        return self.tokenizer.encode(render(request.messages, request.tools, request.sampling.thinking))

    def _file(self) -> Path:
        folder = paths().cache / "prefix"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"{self.fingerprint[:32]}.safetensors"


def fingerprint(folder: Path, *more: str) -> str:
    """What a prefix state belongs to: these files, as they are now, and how they are computed with."""
    digest = hashlib.sha256("\0".join((_FORMAT, str(folder.resolve()), *more)).encode())
    for path in sorted((*folder.glob("*.safetensors"), *folder.glob("*.json"))):
        found = path.stat()
        digest.update(f"\0{path.name}\0{found.st_size}\0{found.st_mtime_ns}".encode())
    return digest.hexdigest()


def load_torch(folder: Path, context: int) -> Loaded:
    """Qwen3.5 in plain torch on the CPU, in float32. Raises ModelFileError."""
    import torch

    torch.set_num_threads(free_cores())
    config = Qwen35Config.read(folder)
    tokenizer = Tokenizer(folder)
    with Weights(folder) as weights:
        model = Qwen35(config, weights)
    text = Text(model, min(context, config.context_length))
    generator = Generator(text, tokenizer, Prefix(text), batch=16)
    loaded = Loaded(generator, text, tokenizer, text.context, fingerprint(folder, "cpu", "float32"))
    loaded.recall()
    return loaded
