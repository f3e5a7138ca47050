"""A request as tokens: words, names, paths, lines, quoted code.

Nothing is decided here about what a token means: `load` may be a word or a function.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["word", "name", "path", "lines", "range", "number", "code", "assign", "arrow", "mark"]
"""name: looks like code and nothing else (`parse_cfg`, `Cart.put_in`, `load()`, or quoted); word: may be
either; lines: `path:10-20`; range: `10-20`; assign: `timeout=30`; mark: punctuation, and the `'s` of a name."""


@dataclass(frozen=True, slots=True)
class Token:
    """`text` without quotes; `start` and `end` count characters of the request, quotes included."""

    text: str
    kind: Kind
    start: int
    end: int
    quoted: bool = False

    @property
    def lower(self) -> str:
        return self.text.lower()


_VALUE = (
    r"""(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)|\[[^\]\n]*\]|\{[^}\n]*\}|-?\d+(?:\.\d+)?|[^\W\d]\w*(?:\.\w+)*)"""
)
_TYPE = r"(?:int|float|str|bool|bytes|complex|list|dict|tuple|set|object|None|[A-Z]\w*|\w+(?:\.\w+)+)(?:\[[\w., |]*\])?(?:\s*\|\s*\w+)*"
"""Of a parameter; any other word before a colon is what the parameters are of: "f: x=1"."""
_FILE = r"[\w.-]*[\w-]\.(?:pyi?|js|jsx|ts|tsx|go|rs|java|c|h|cpp|toml|md|txt)(?![\w(])"
_PATH = rf"(?:\.?/|[\w.-]+/)[\w./-]*[\w/]|{_FILE}|\w+/"
_TOKEN = re.compile(
    rf"""
    (?P<quote>`[^`\n]+`|"[^"\n]+"|\u201c[^\u201d\n]+\u201d|\u2018[^\u2019\n]+\u2019|(?<!\w)'[^'\n]+'(?!\w))
  | (?P<assign>[^\W\d]\w*(?:\s*:\s*{_TYPE})?\s?=(?![=>])\s?{_VALUE})
  | (?P<arrow>->|=>|→|⇒|➜)
  | (?P<lines>(?:{_PATH}):L?\d+(?:\s?(?:[-\u2013\u2014]|\.\.\.?|:)\s?L?\d+)?)
  | (?P<place>(?:{_PATH}):[^\W\d]\w*(?:\.[^\W\d]\w*)*)
  | (?P<path>{_PATH})
  | (?P<range>L?\d+\s?(?:[-\u2013\u2014]|\.\.\.?)\s?L?\d+\b)
  | (?P<number>\d+)
  | (?P<short>[A-Za-z]+(?:n['\u2019]t|['\u2019](?:ll|re|ve|m|d)))
  | (?P<hyphen>[A-Za-z]+(?:-[A-Za-z]+)+)
  | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*(?:\(\))?)
  | (?P<mark>['\u2019]s\b|[^\s\w])
    """,
    re.VERBOSE,
)
_CODE_LIKE = re.compile(r"_|[a-z0-9][A-Z]|\.|\(\)$")


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, in order."""
    return [_token(found, text) for found in _TOKEN.finditer(text)]


def _token(found: re.Match[str], text: str) -> Token:
    kind, whole = found.lastgroup, found[0]
    start, end = found.span()
    if kind == "quote":
        inner = whole[1:-1].strip()
        alone = _TOKEN.fullmatch(inner)
        if alone and alone.lastgroup in ("name", "place", "path", "lines", "assign"):
            return replace(_token(alone, inner), start=start, end=end, quoted=True, kind=_quoted(alone))
        return Token(inner, "code", start, end, True)
    if kind == "name":
        plain = whole.removesuffix("()")
        return Token(
            plain, "name" if _CODE_LIKE.search(whole.strip("_")) or "_" in whole else "word", start, end
        )
    if kind == "place":
        return Token(whole, "name", start, end)
    if kind in ("short", "hyphen"):
        return Token(whole.replace("\u2019", "'"), "word", start, end)
    if kind in ("lines", "range"):
        return Token(
            _plain_range(whole) if kind == "range" else _dashed(whole),
            kind,  # type: ignore[arg-type]
            start,
            end,
        )
    assert kind in ("assign", "arrow", "path", "number", "mark")
    return Token(whole, kind, start, end)  # type: ignore[arg-type]


def _quoted(found: re.Match[str]) -> Kind:
    return "name" if found.lastgroup in ("name", "place") else found.lastgroup  # type: ignore[return-value]


def _dashed(lines: str) -> str:
    path, _, numbers = re.split(r"(:)(?=L?\d)", lines, maxsplit=1)
    return f"{path}:{_plain_range(numbers)}"


def _plain_range(numbers: str) -> str:
    """`L10..L20` -> `10-20`"""
    return re.sub(r"\s?(?:[-\u2013\u2014:]|\.\.\.?)\s?", "-", numbers).replace("L", "")


def vocabulary(words: str) -> frozenset[str]:
    """The set of the words in a text."""
    return frozenset(words.split())


def raw(text: str, part: Sequence[Token]) -> str:
    """What stands in `text` from the first to the last of `part`."""
    return text[part[0].start : part[-1].end].strip() if part else ""


def parts(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `parseHTTP_cfg` -> parse, http, cfg."""
    return tuple(w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name))
