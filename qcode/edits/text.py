"""A file as lines, and lines as the rungs of the ladder compare them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_QUOTES = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
}  # fmt: skip
_DASHES = {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"}
_SPACES = {"\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2007": " ", "\u2009": " ", "\u202f": " "}
_NOTHING = {"\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": ""}
TYPOGRAPHY: tuple[dict[str, str], ...] = (_QUOTES, _DASHES, _SPACES, _NOTHING, {"\u2026": "..."})
"""Characters that displays and models put in place of plain ones, in classes that go together."""
_TABLE = str.maketrans({odd: plain for table in TYPOGRAPHY for odd, plain in table.items()})

MANY = 200
"""Equal places that are looked for. Two are too many already."""

Key = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file. Every line keeps its own end; the last line's may be empty."""

    lines: tuple[str, ...]
    ends: tuple[str, ...]
    encoding: str
    bom: bytes

    @property
    def common_end(self) -> str:
        """The line end that most lines have."""
        known = {end: self.ends.count(end) for end in ("\n", "\r\n", "\r")}
        return max(known, key=lambda end: known[end])

    def rebuilt(self, kept: Iterable[tuple[str, str | None]]) -> bytes:
        """The file's bytes with `kept` as its lines: (text, its end, or None for a new line).

        New lines end like the line before them; whether the file ends with a line end stays.
        Raises UnicodeEncodeError when a line has a character that the file's encoding lacks.
        """
        common = self.common_end
        kept = list(kept)
        parts: list[str] = []
        before = next((end for _, end in kept if end), common)
        for text, end in kept:
            before = end or before
            parts += [text, before]
        if parts:
            parts[-1] = self.ends[-1] and parts[-1] if self.ends else common
        return self.bom + "".join(parts).encode(self.encoding)


def decode(content: bytes) -> Text:
    """`content` as lines. Raises UnicodeDecodeError for what is no text."""
    bom, encoding = next(((b, e) for b, e in _BOMS if content.startswith(b)), (b"", "utf-8"))
    body = content[len(bom) :]
    if (not bom or encoding == "utf-8") and b"\0" in body:
        raise UnicodeDecodeError("utf-8", content, 0, 1, "NUL byte")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        if bom:
            raise
        # Every byte has a meaning in Latin-1, and goes back as the same byte.
        encoding = "latin-1"
        text = body.decode(encoding)
    if "\0" in text:
        raise UnicodeDecodeError(encoding, content, 0, 1, "NUL character")
    # Carriage returns alone end lines only where nothing else does.
    pieces = re.split(r"(\r)" if "\r" in text and "\n" not in text else r"(\r?\n)", text)
    if pieces[-1] == "":
        pieces.pop()
    else:
        pieces.append("")
    return Text(tuple(pieces[0::2]), tuple(pieces[1::2]), encoding, bom)


def exact(line: str) -> str:
    """Rung 1."""
    return line


def blank_end(line: str) -> str:
    """Rung 2: blanks at the end do not count."""
    return line.rstrip()


def typographic(line: str) -> str:
    """Rung 3: quotes, dashes, no-break and invisible spaces count as their plain forms."""
    return straight(line).rstrip()


def unindented(line: str) -> str:
    """Rung 4 and 5: nor does the indentation, which must then be mapped consistently."""
    return straight(line).strip()


def straight(line: str) -> str:
    """Typographic characters as ASCII."""
    return line if line.isascii() else line.translate(_TABLE)


def indentation(line: str) -> str:
    """The blanks and tabs that begin `line`."""
    return line[: len(line) - len(line.lstrip(" \t"))]


class Lines:
    """A file's lines and, per rung, where which run of them stands.

    Each different line is one character of a string: finding a run of lines is then one search
    in a string, which Python does in linear time, whatever the lines are.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.all = list(lines)
        self._coded: dict[Key, tuple[dict[str, str], str]] = {}
        self._keys: dict[Key, list[str]] = {exact: self.all}

    def keys(self, key: Key) -> list[str]:
        """Every line as `key` sees it."""
        if key not in self._keys:
            self._keys[key] = [key(line) for line in self.all]
        return self._keys[key]

    def has(self, line: str, key: Key = exact) -> bool:
        """Whether a line reads like `line`."""
        return key(line) in self._code(key)[0]

    def places(self, run: Sequence[str], key: Key, most: int = MANY) -> list[int]:
        """Where (from 0) the lines of `run` stand one after the other; overlapping places too."""
        text, needle = self._code(key)[1], self._needle(run, key)
        found: list[int] = []
        at = text.find(needle) if needle else -1
        while at >= 0 and len(found) < most:
            found.append(at)
            at = text.find(needle, at + 1)
        return found

    def standing(self, line: str, key: Key) -> list[int]:
        """Every place of one line."""
        return self.places([line], key, len(self.all))

    def next_place(self, run: Sequence[str], key: Key, start: int) -> int:
        """The first place of `run` at `start` or behind it; -1 for none."""
        needle = self._needle(run, key)
        return self._code(key)[1].find(needle, start) if needle else -1

    def stands(self, run: Sequence[str], key: Key, at: int) -> bool:
        """Whether the lines of `run` stand at `at` (from 0)."""
        needle = self._needle(run, key)
        return bool(needle) and at >= 0 and self._code(key)[1].startswith(needle, at)

    def _needle(self, run: Sequence[str], key: Key) -> str:
        """`run` in the characters of its lines; "" when a line is not in the file."""
        codes = self._code(key)[0]
        wanted = [codes.get(key(line), "") for line in run]
        return "" if "" in wanted else "".join(wanted)

    def _code(self, key: Key) -> tuple[dict[str, str], str]:
        if key not in self._coded:
            codes: dict[str, str] = {}
            text = "".join([codes.setdefault(k, chr(len(codes))) for k in self.keys(key)])
            self._coded[key] = codes, text
        return self._coded[key]
