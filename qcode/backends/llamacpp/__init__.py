"""llama.cpp in this process, through xllamacpp: any GGUF file, on the CPU or a GPU that its wheel knows.

`native` is the library, `slots` who may use it when, `reading` how a prompt is read so that its
start is never read twice, `states` the prefix states on disk.
"""

from qcode.backends.llamacpp.backend import DEFAULT_CONTEXT, LlamaCppBackend
from qcode.backends.llamacpp.embedding import Embedded
from qcode.backends.llamacpp.size import batch_tokens, free_cores

__all__ = ["DEFAULT_CONTEXT", "Embedded", "LlamaCppBackend", "batch_tokens", "free_cores"]
