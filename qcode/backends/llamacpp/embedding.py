"""Vectors of texts, from the weights of any model: a second context beside the one that writes.

It has its own, since pooling is a setting of a whole context; the weights are mapped from the same
file, and cost nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qcode.backends.gguf import Header
from qcode.backends.llamacpp.size import batch_tokens, free_cores
from qcode.errors import BackendError, ContextOverflow

CONTEXT = 8_192
"""Tokens of the longest text."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A vector of length 1, and the tokens that were read for it."""

    vector: tuple[float, ...]
    tokens: int


class Embedder:
    """A loaded model that writes nothing."""

    def __init__(self, path: Path, header: Header) -> None:
        """Load; takes seconds. Raises BackendError."""
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = min(CONTEXT, header.context_length)
        params.n_parallel = 1
        params.embedding = True
        if f"{header.architecture}.pooling_type" not in header.values:
            # A model that was trained to write sees all of a text at its last token alone.
            params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_LAST
        params.n_batch = params.n_ubatch = batch_tokens(header.size, free_cores())
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = free_cores()
        params.cache_ram_mib = 0
        params.warmup, params.verbosity = False, -1
        self._name = path.name
        try:
            self._server = xllamacpp.Server(params)
        except RuntimeError as error:
            raise BackendError(
                f"llama.cpp makes no vectors with {path.name}: {error}.", "Choose another model."
            ) from error

    def embed(self, text: str) -> Embedded:
        """The vector of a text. Blocks. Raises ContextOverflow; BackendError for an empty text."""
        known = text.encode("utf-8", "replace").decode("utf-8")
        try:
            answer = self._server.handle_embeddings({"input": [known]})
        except (RuntimeError, ValueError, TypeError) as error:  # whatever C++ threw
            raise BackendError(f"The engine failed: {error}.", "Run again; see qcode doctor.") from error
        if said := answer.get("error"):
            if "n_ctx" in said:
                raise ContextOverflow(
                    f"A text has {said['n_prompt_tokens']:,} tokens; {self._name} makes vectors of at most "
                    f"{said['n_ctx']:,}.",
                    "Send it in parts.",
                )
            raise BackendError(f"The engine made no vector: {said.get('message', said)}.", "Send a text.")
        return Embedded(tuple(answer["data"][0]["embedding"]), int(answer["usage"]["prompt_tokens"]))
