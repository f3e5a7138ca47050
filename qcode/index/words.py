"""Text -> the words that are searched."""

from __future__ import annotations

import re
from functools import lru_cache

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_RUN = re.compile(r"[^\W_]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by can do does for from has have how i if in into is it its me my not of on "
        "or our should so that the their then there these this to was we what when where which who why will "
        "with would you your please",
    )
)


def identifiers(text: str) -> list[str]:
    """The names in `text`, in order, repeated as they are."""
    return _IDENTIFIER.findall(text)


def split(identifier: str) -> list[str]:
    """`parseHTTPRequest_v2` -> parse, http, request, v, 2, and the whole name without underscores.

    The whole name is indexed too, so that a search for it outranks files that merely hold its parts.
    """
    runs = _RUN.findall(identifier)
    # Capitals mean a new word in ASCII names only; other scripts are kept in one piece.
    parts = [part.lower() for run in runs for part in (_PART.findall(run) if run.isascii() else [run])]
    whole = identifier.replace("_", "").lower()
    return parts if len(parts) == 1 and parts[0] == whole else [*parts, whole]


@lru_cache(200_000)
def spaced(identifier: str) -> str:
    """`split`, joined with spaces; remembered, since a repository repeats its names."""
    return " ".join(split(identifier))


def words(text: str) -> list[str]:
    """All searchable words of `text`, in order."""
    return [word for name in identifiers(text) for word in split(name)]


def query_words(query: str) -> list[str]:
    """The words of a question that say something, each once; all of them when none does."""
    every = list(dict.fromkeys(words(query)))
    telling = [word for word in every if word not in _STOP and len(word) > 1]
    return telling or every
