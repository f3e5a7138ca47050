"""Grammars walked at random: LLGuidance itself, with a vocabulary of single bytes."""

from __future__ import annotations

import random

from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

END = 256


class _Bytes:
    eos_token_id = END
    bos_token_id = None
    tokens = (*(bytes([n]) for n in range(END)), b"<end>")
    special_token_ids = (END,)

    def __call__(self, text: bytes) -> list[int]:
        return list(text)


TOKENIZER = LLTokenizer(TokenizerWrapper(_Bytes()))


def compiled(grammar: str) -> LLMatcher:
    """The grammar at its start; an error fails the test."""
    matcher = LLMatcher(TOKENIZER, LLMatcher.grammar_from_lark(grammar), log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    return matcher


def walked(grammar: str, seed: int, most: int = 20_000) -> str:
    """A text of the grammar, each byte drawn from all that may come."""
    matcher, drawn = compiled(grammar), random.Random(seed)
    text = bytearray()
    while not matcher.is_stopped() and len(text) < most:
        mask = matcher.compute_bitmask()
        assert not matcher.is_error(), matcher.get_error()
        allowed = [n for n in range(END + 1) if mask[n // 8] >> n % 8 & 1]
        # Printing ASCII more often than not, or texts would be cut characters alone.
        plain = [n for n in allowed if 32 <= n < 127 or n == 10]
        token = drawn.choice(plain if plain and drawn.random() < 0.9 else allowed)
        if token == END:
            break
        text.append(token)
        assert matcher.consume_token(token)
    return text.decode()


def accepts(grammar: str, text: str) -> bool:
    """Whether the grammar has exactly this text."""
    matcher = compiled(grammar)
    return bool(matcher.consume_tokens(list(text.encode()))) and matcher.is_accepting()
