"""A model that is ready to answer requests: network, tokenizer, generator, and where its prefix state lies."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qcode.backends.chat import Family, Limited, family_for
from qcode.backends.constraints import escape_for, grammar_for
from qcode.backends.drafting import Drafter, EditDrafter, PromptLookup
from qcode.backends.exllamav2.generator import Generator, Wanted
from qcode.backends.exllamav2.masks import Guided
from qcode.backends.exllamav2.prefix import Prefix
from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.backends.llamacpp import free_cores
from qcode.backends.qwen3_5 import Qwen35, Qwen35Config, Weights
from qcode.backends.qwen3_5.text import Text
from qcode.backends.threaded import Count, Pieces
from qcode.config import paths
from qcode.messages import Request

_WORTH_KEEPING = 256
"""Tokens of a prefix below which computing it again costs less than the file."""
_FORMAT = "1"
"""Of the files that keep a prefix state."""
_MOST_FILES = 4
"""Prefix states on disk: of the models used last; each takes 50 MB and more for the 9B."""
_SIZES = (4, 3, 2)
"""Tokens that must have come before, in a row, for what followed them to be drafted."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """`context` in tokens. `portable`: the network's memory can be written to a file."""

    generator: Generator[Any]
    network: Any
    tokenizer: Tokenizer
    family: Family
    context: int
    fingerprint: str
    portable: bool = True

    def prompt(self, request: Request) -> list[int]:
        """Tokens of the prompt."""
        return self.tokenizer.encode(
            self.family.render(request.messages, request.tools, request.sampling.thinking)
        )

    def parser(self, request: Request) -> Limited:
        """A reader of the answer, in the model's own format."""
        return Limited(self.family, request, request.sampling.answer)

    def answer(self, request: Request, count: Count, cancelled: Callable[[], bool]) -> Pieces:
        """See Generator.answer."""
        sampling = request.sampling
        # The generator lets thought pass by itself, and asks a matcher from where it has ended.
        plain = replace(request, sampling=replace(sampling, thinking=False))
        grammar = grammar_for(plain, self.family.form, sampling.answer)
        prompt = self.prompt(request)
        wanted = Wanted(
            prompt,
            sampling if self.family.thinks else plain.sampling,
            None if grammar is None else Guided.lark(self.tokenizer, grammar),
            escape_for(plain, self.family.form, sampling.answer),
            self._drafter(request, prompt),
            sampling.thought or None,
            begin=self.tokenizer.encode(self.family.thought) if sampling.thinking else (),
        )
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
            path = self._file()
            self.generator.prefix.save(path, self.network, self.fingerprint)
            kept = sorted(path.parent.glob("*.safetensors"), key=lambda file: file.stat().st_mtime)
            for old in kept[:-_MOST_FILES]:
                old.unlink(missing_ok=True)

    def _drafter(self, request: Request, prompt: list[int]) -> Drafter:
        """Files that an edit may be anchored in are what it will repeat most of."""
        anchor = request.calls.anchor if request.calls else None
        if anchor is None:
            return PromptLookup(prompt, _SIZES)
        files = {window.path: "\n".join(window.lines) for window in (*anchor.windows, *anchor.late)}
        return EditDrafter(self.tokenizer, files, prompt, "call")

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


def family_of(folder: Path) -> Family:
    """The format that the model's template asks for."""
    with contextlib.suppress(OSError):
        return family_for((folder / "chat_template.jinja").read_text("utf-8"))
    with contextlib.suppress(OSError, ValueError, AttributeError):
        template = json.loads((folder / "tokenizer_config.json").read_text("utf-8")).get("chat_template")
        if isinstance(template, list):  # several, by name
            named = {part.get("name"): part.get("template") for part in template}
            template = named.get("tool_use") or named.get("default")
        return family_for(template if isinstance(template, str) else None)
    return family_for(None)


def load_torch(folder: Path, context: int) -> Loaded:
    """Qwen3.5 in plain torch on the CPU, in float32. Raises ModelFileError."""
    import torch

    torch.set_num_threads(free_cores())
    config = Qwen35Config.read(folder)
    family = family_of(folder)
    tokenizer = Tokenizer(folder, family.stops)
    with Weights(folder) as weights:
        model = Qwen35(config, weights)
    text = Text(model, min(context, config.context_length))
    generator = Generator(text, tokenizer, Prefix(text), batch=16)
    loaded = Loaded(generator, text, tokenizer, family, text.context, fingerprint(folder, "cpu", "float32"))
    loaded.recall()
    return loaded
