"""Text -> the words that are searched."""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_LETTERS = re.compile(r"\w+")
_BLANKED = "".join(char if re.match(r"\w", char) else " " for char in map(chr, range(128)))
_REMEMBERED = 60_000
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


class _Spaced(dict[str, str]):
    """Letters and digits in a row -> `split` of the identifier in them, joined with spaces.

    Remembered, since a repository repeats its names.
    """

    def __missing__(self, run: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = _IDENTIFIER.search(run)
        self[run] = made = " ".join(split(found[0])) if found else ""
        return made


_SPACED = _Spaced()


def runs(text: str) -> list[str]:
    """What stands between the marks of `text`: each is an identifier, behind digits perhaps, or a number."""
    return text.translate(_BLANKED).split() if text.isascii() else _LETTERS.findall(text)


def spaced(found: list[str]) -> str:
    """The searchable words of `runs`, joined with spaces: what `words` gives, in a third of the time."""
    return " ".join(filter(None, map(_SPACED.__getitem__, found)))


def names(found: set[str]) -> set[str]:
    """The identifiers in `runs`."""
    return {name[0] for run in found if (name := _IDENTIFIER.search(run))}


def words(text: str) -> list[str]:
    """All searchable words of `text`, in order."""
    return [word for name in identifiers(text) for word in split(name)]


def query_words(query: str) -> list[str]:
    """The words of a question that say something, each once; all of them when none does."""
    every = list(dict.fromkeys(words(query)))
    telling = [word for word in every if word not in _STOP and len(word) > 1]
    return telling or every
