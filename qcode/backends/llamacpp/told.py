"""The ids of what an engine generated, of what it tells with each chunk.

The library sends a chunk only when the text so far ends with a whole character, and then the id of
its last token alone. Those before it are found by reading the chunk's text; one that cannot be found
so, such as a character that was put together in an unusual way, is `UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

UNKNOWN = -1
ASKED = {"verbose": True}
"""What a request says so that chunks tell their ids."""


class Told:
    """The ids of one generation."""

    def __init__(self, tokenize: Callable[[str], Awaitable[list[int]]]) -> None:
        self._tokenize = tokenize
        self.count = 0
        """Tokens so far."""

    async def ids(self, chunk: MutableMapping[str, Any]) -> tuple[int, ...]:
        """Those that came with a chunk, and before it without one."""
        told = chunk.pop("__verbose", None)
        if not isinstance(told, dict):
            return ()
        more = int(told.get("tokens_predicted") or 0) - self.count
        # A chunk of the prompt's progress tells a token, too, which is none.
        new = [int(token) for token in told.get("tokens") or ()] if more > 0 else []
        missing = more - len(new)
        if missing > 0:
            text = "".join(choice.get("text") or "" for choice in chunk.get("choices") or [])
            read = await self._tokenize(text) if new and text else []
            found = len(read) > missing and read[-1] == new[0]
            new = [*(read[-missing - 1 : -1] if found else [UNKNOWN] * missing), *new]
        self.count += len(new)
        return tuple(new)
