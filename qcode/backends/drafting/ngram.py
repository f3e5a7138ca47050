"""Prompt lookup: what followed when the last few tokens occurred before.

Source: A. Saxena, "Prompt Lookup Decoding" (2023).
"""

from __future__ import annotations

from collections.abc import Iterable


class PromptLookup:
    """Drafts from the prompt and the answer so far: a match of `sizes` tokens, tried in their order."""

    def __init__(self, prompt: Iterable[int] = (), sizes: tuple[int, ...] = (3,)) -> None:
        self._tokens: list[int] = []
        self._after: dict[int, dict[tuple[int, ...], int]] = {size: {} for size in sizes}
        """Per size: an n-gram -> where the token after its last occurrence stands."""
        self.extend(prompt)

    def extend(self, tokens: Iterable[int]) -> None:
        """Take accepted tokens."""
        for token in tokens:
            end = len(self._tokens)
            for size, after in self._after.items():
                if end >= size:
                    after[tuple(self._tokens[end - size :])] = end
            self._tokens.append(token)

    def propose(self, most: int, least: int = 1) -> list[int]:
        """What followed the last time; [] when these tokens are new. A match has `least` tokens."""
        for size, after in self._after.items():
            if least <= size <= len(self._tokens):
                at = after.get(tuple(self._tokens[-size:]))
                if at is not None:
                    return self._tokens[at : at + most]
        return []
