"""Drafts as text: what is proposed after a text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from qcode.backends.drafting import EditDrafter, Writing

_TOKEN = re.compile(r" ?\w+|\n+|[ \t]+|.", re.DOTALL)


class Words:
    """A vocabulary: every word, sign and run of blanks is a token, numbered as it comes."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []

    def encode(self, text: str) -> list[int]:
        return [self._number(token) for token in _TOKEN.findall(text)]

    def piece(self, token: int) -> bytes:
        return self._texts[token].encode()

    def text(self, tokens: list[int]) -> str:
        return b"".join(self.piece(token) for token in tokens).decode()

    def _number(self, token: str) -> int:
        if token not in self._numbers:
            self._numbers[token] = len(self._texts)
            self._texts.append(token)
        return self._numbers[token]


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def drafted(words: Words) -> Callable[..., str]:
    """What is proposed after `answer`, an answer that edits `files`."""

    def proposed(files: dict[str, str], answer: str, writing: Writing = "block", most: int = 64) -> str:
        drafter = EditDrafter(words, files, writing=writing)
        for token in words.encode(answer):
            drafter.extend([token])
        return words.text(drafter.propose(most))

    return proposed
