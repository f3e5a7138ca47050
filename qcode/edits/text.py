"""A file as lines, and lines as the rungs of the ladder compare them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00a0": " ", "\u2026": "...",
}  # fmt: skip
_TABLE = str.maketrans(_PLAIN)

Key = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file. Every line keeps its own end; the last line's may be empty."""

    lines: tuple[str, ...]
    ends: tuple[str, ...]
    encoding: str
    bom: bytes

    def rebuilt(self, kept: list[tuple[str, str | None]]) -> bytes:
        """The file's bytes with `kept` as its lines: (text, its end, or None for a new line).

        New lines end like the line before them; whether the file ends with a line end stays.
        """
        common = "\r\n" if self.ends.count("\r\n") > self.ends.count("\n") else "\n"
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
    if not bom and b"\0" in body:
        raise UnicodeDecodeError("utf-8", content, 0, 1, "NUL byte")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        if bom:
            raise
        # Every byte has a meaning in Latin-1, and goes back as the same byte.
        encoding = "latin-1"
        text = body.decode(encoding)
    pieces = re.split(r"(\r?\n)", text)
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
    """Rung 3: quotes, dashes, no-break spaces and HTML entities count as their plain forms."""
    return html.unescape(straight(line)).rstrip()


def unindented(line: str) -> str:
    """Rung 4 and 5: nor does the indentation, which must then be mapped consistently."""
    return typographic(line).strip()


def straight(line: str) -> str:
    """Typographic characters as ASCII."""
    return line.translate(_TABLE)


def indentation(line: str) -> str:
    """The blanks and tabs that begin `line`."""
    return line[: len(line) - len(line.lstrip(" \t"))]
