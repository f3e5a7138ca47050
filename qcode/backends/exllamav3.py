"""ExLlamaV3: EXL3 files on an NVIDIA card. It has Qwen3.5, recurrent checkpoints and n-gram drafts of its own.

Written against exllamav3 1.6.5. It compiles its kernels when it is first imported, with whatever
CUDA toolkit it finds; its releases have compiled ones.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qcode.backends.chat import Family, Limited
from qcode.backends.constraints import grammar_for
from qcode.backends.exllamav2.machine import Machine
from qcode.backends.threaded import Count, Piece, Pieces
from qcode.errors import BackendError, ModelFileError
from qcode.messages import Request

OLDEST_CARD = (8, 0)
"""Compute capability of Ampere (RTX 30)."""
_PAGE = 256
"""Tokens: a cache holds whole pages."""
_DRAFT = 4
_MATCH = 3
"""Tokens that are drafted, after so many have come in a row before."""


class ExLlamaV3Engine:
    """A loaded model with its own generator."""

    def __init__(self, generator: Any, tokenizer: Any, library: Any, family: Family, context: int) -> None:
        self.context = context
        self._generator, self._tokenizer, self._library = generator, tokenizer, library
        self._family = family

    def prompt(self, request: Request) -> list[int]:
        """Tokens of the prompt."""
        return [int(token) for token in self._encoded(request)[0]]

    def parser(self, request: Request) -> Limited:
        """A reader of the answer, in the model's own format."""
        return Limited(self._family, request, request.sampling.answer)

    def answer(self, request: Request, count: Count, cancelled: Callable[[], bool]) -> Pieces:
        """The pieces of an answer. Raises BackendError when the library reports an error of the job."""
        ids, sampling = self._encoded(request), request.sampling
        grammar = grammar_for(request, self._family.form, sampling.answer, self._family.thought)
        filters = []
        if grammar is not None:
            guided = self._library.LLGuidanceFilter(
                self._tokenizer, lark_grammar=grammar, eos_after_completed=True
            )
            filters = [guided]
        job = self._library.Job(
            input_ids=ids,
            max_new_tokens=min(sampling.max_tokens, self.context - ids.shape[-1]),
            sampler=self._library.ComboSampler(
                temperature=sampling.temperature, top_k=sampling.top_k, top_p=sampling.top_p
            ),
            seed=sampling.seed,
            stop_conditions=[*self._family.stops, *sampling.stop, *self._tokenizer.config.eos_token_id_list],
            filters=filters,
        )
        count.prompt = int(ids.shape[-1])
        self._generator.enqueue(job)
        try:
            while self._generator.num_remaining_jobs() and not cancelled():
                for result in self._generator.iterate():
                    if error := result.get("error"):
                        raise BackendError(f"ExLlamaV3 failed: {error}.", "Run again; see qcode doctor.")
                    if result["stage"] == "prefill":
                        yield Piece(read=(result["curr_progress"], result["max_progress"]))
                    if text := result.get("text"):
                        yield Piece(text)
                    if result.get("eos"):
                        _counted(result, count)
        finally:
            if self._generator.num_remaining_jobs():
                self._generator.cancel(job)

    def close(self) -> None:
        """Nothing is kept."""

    def _encoded(self, request: Request) -> Any:
        prompt = self._family.render(request.messages, request.tools, request.sampling.thinking)
        return self._tokenizer.encode(prompt, encode_special_tokens=True)


def why_not_run(machine: Machine) -> BackendError | None:
    """What keeps it from running on this machine."""
    from importlib.util import find_spec

    if find_spec("exllamav3") is None:
        return BackendError("ExLlamaV3 is not installed.", "Install it: pip install 'qcode[exllamav3]'.")
    if machine.torch_cuda is None or machine.driver_cuda is None or machine.capability is None:
        return BackendError(
            "ExLlamaV3 finds no NVIDIA card that torch can use.", "See qcode doctor, or use llama.cpp."
        )
    if machine.capability < OLDEST_CARD:
        return BackendError(
            f"{machine.card} is too old for ExLlamaV3: Ampere (RTX 30) or newer is needed.",
            "Use llama.cpp here: qcode models use FILE.gguf.",
        )
    return None


def load_exllamav3(folder: Path, context: int) -> ExLlamaV3Engine:
    """A folder of EXL3 files. Raises BackendError, ModelFileError."""
    if wrong := why_not_run(Machine.look()):
        raise wrong
    try:
        import exllamav3
    except Exception as error:  # compilers, linkers and drivers all fail in their own ways here
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise BackendError(
            f"ExLlamaV3 cannot be imported: {said}.",
            "Take a compiled wheel from its releases, or use exllamav2.",
        ) from error
    try:
        config = exllamav3.Config.from_directory(str(folder))
        model = exllamav3.Model.from_config(config)
        pages = -(-context // _PAGE) * _PAGE
        cache = exllamav3.Cache(model, max_num_tokens=pages, max_batch_size=1, max_history=_DRAFT)
        model.load()
    except (ValueError, KeyError, AssertionError, FileNotFoundError) as error:
        raise ModelFileError(
            f"ExLlamaV3 cannot load {folder.name}: {error}.", "Take files in its format, EXL3."
        ) from error
    from qcode.backends.exllamav2.loaded import family_of

    tokenizer = exllamav3.Tokenizer.from_config(config)
    generator = exllamav3.Generator(
        model, cache, tokenizer, max_batch_size=1, ngram_match_min=_MATCH, num_draft_tokens=_DRAFT
    )
    return ExLlamaV3Engine(generator, tokenizer, exllamav3, family_of(folder), pages)


def _counted(result: dict[str, Any], count: Count) -> None:
    count.cached = int(result.get("cached_tokens", 0))
    count.completion = int(result.get("new_tokens", 0))
    count.finish = "length" if result.get("eos_reason") == "max_new_tokens" else "stop"
