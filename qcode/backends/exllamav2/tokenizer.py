"""A byte-level tokenizer from `tokenizer.json`: text to tokens, and the bytes of each token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from qcode.errors import ModelFileError

_END_OF_TURN = "<|im_end|>"


def _byte_letters() -> dict[str, int]:
    """The letters that byte-level vocabularies write bytes with (GPT-2's: those that print stand for
    themselves, the others follow 255)."""
    printed = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printed]
    return {chr(b): b for b in printed} | {chr(256 + n): b for n, b in enumerate(others)}


_LETTERS = _byte_letters()


class Tokenizer:
    """One vocabulary. Marks of turns in a text become their tokens: `qwen.render` has seen to forgeries."""

    def __init__(self, folder: Path, stops: Sequence[str] = (_END_OF_TURN,)) -> None:
        """`stops` are the marks that end a turn. Raises ModelFileError."""
        from tokenizers import Tokenizer as Engine

        path = folder / "tokenizer.json"
        try:
            source = path.read_text("utf-8")
            self._engine: Any = Engine.from_str(source)
            added = json.loads(source).get("added_tokens") or []
        except OSError as error:
            raise ModelFileError(
                f"{path} cannot be read: {error.strerror}.", "Download all files of the model."
            ) from error
        except Exception as error:  # the engine raises plain Exceptions
            raise ModelFileError(f"{path} is damaged.", "Download it again.") from error
        self.specials = [int(token["id"]) for token in added if token.get("special")]
        """Marks of turns, which are no text."""
        self._added = {int(token["id"]): token for token in added}
        self.size = max([self._engine.get_vocab_size() - 1, *self._added]) + 1
        """Tokens that mean something; a model's vocabulary is often padded beyond them."""
        self.ends = self._ends(folder, stops)

    def encode(self, text: str) -> list[int]:
        """The tokens of a text."""
        return list(self._engine.encode(text, add_special_tokens=False).ids)

    def piece(self, token: int) -> bytes:
        """What one token adds to the text; b"" for marks of turns and what is no token."""
        if token in self._added:
            mark = self._added[token]
            return b"" if mark.get("special") else str(mark["content"]).encode()
        letters = self._engine.id_to_token(token)
        return bytes(_LETTERS[letter] for letter in letters if letter in _LETTERS) if letters else b""

    def number(self, mark: str) -> int | None:
        """The token of a mark such as `</think>`, where it has one of its own."""
        found = self._engine.token_to_id(mark)
        return found if isinstance(found, int) else None

    @cached_property
    def guided(self) -> Any:
        """The same vocabulary as LLGuidance sees it; made at the first use, which takes about two seconds.

        Not from `tokenizer.json`: LLGuidance would take every `<mark>` there for one that is no text,
        and a grammar could then not say `<tool_call>`.
        """
        import llguidance

        return llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Words(self)), eos_token=sorted(self.ends))

    def _ends(self, folder: Path, stops: Sequence[str]) -> frozenset[int]:
        """Tokens that end an answer, as the model's files and the format have it."""
        ends: set[int] = set()
        for name in ("generation_config.json", "config.json"):
            try:
                said = json.loads((folder / name).read_text("utf-8"))
            except (OSError, ValueError):
                continue
            if not isinstance(said, dict):
                continue
            for part in (said, said.get("text_config") or {}):
                found = part.get("eos_token_id")
                ends.update(found if isinstance(found, list) else [found] if isinstance(found, int) else [])
        ends.update(number for stop in stops if (number := self.number(stop)) is not None)
        if not ends:
            raise ModelFileError(
                f"{folder} names no token that ends an answer.", "Download all of its files."
            )
        return frozenset(ends)


class _Words:
    """What LLGuidance asks of a vocabulary: the bytes of each token, and how a text is cut."""

    bos_token_id = None

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.eos_token_id = min(tokenizer.ends)
        self.special_token_ids = sorted({*tokenizer.specials, *tokenizer.ends})
        marks = set(self.special_token_ids)
        self.tokens = [
            f"<special {token}>".encode() if token in marks else tokenizer.piece(token)
            for token in range(tokenizer.size)
        ]
        self._encode = tokenizer.encode

    def __call__(self, text: str) -> list[int]:
        return self._encode(text)
