"""Replies whose text was escaped for HTML on its way: `&lt;` where `<` was written.

Where a removed or context line proves it, the whole hunk is read unescaped.
Where nothing does, new lines with escapes could be meant either way, and are refused.
"""

from __future__ import annotations

import html
import re
from pathlib import PurePosixPath

from qcode.edits.model import Hunk, Line
from qcode.edits.refusals import Refusal
from qcode.edits.text import Lines

_ANY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_ESCAPE = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#39|#x27|#34);")
_RAW = re.compile(r"[<>]|&(?![a-z]+;|#\w+;)")
_MARKUP = (".html", ".htm", ".xml", ".svg", ".xhtml", ".vue", ".md", ".jsx", ".tsx", ".svelte", ".astro")


def unescaped_line(line: str) -> str:
    """`line` with its escapes as characters; an ampersand without a semicolon is none."""
    return _ANY.sub(lambda match: html.unescape(match[0]), line) if "&" in line else line


def unescaped(tagged: tuple[Line, ...]) -> tuple[Line, ...] | None:
    """A hunk without escapes; None when its old side has none, and so proves nothing."""
    if not any(_ANY.search(text) for tag, text in tagged if tag != "+"):
        return None
    return tuple((tag, unescaped_line(text)) for tag, text in tagged)


def doubtful_entities(path: str, lines: Lines, hunks: list[Hunk], added: list[str]) -> list[Refusal]:
    """A refusal when `added` lines hold escapes, the file none, and nothing in the reply is unescaped."""
    escaped = [text for text in added if _ESCAPE.search(text)]
    if not escaped or PurePosixPath(path).suffix.lower() in _MARKUP:
        return []
    said = [text for hunk in hunks for _, text in hunk.lines]
    if any(_RAW.search(text) for text in said) or any(_ESCAPE.search(line) for line in lines.all):
        return []
    return [
        Refusal(
            path,
            "encoding",
            f"The new lines for {path} hold HTML escapes ({escaped[0].strip()[:80]}); the file has none.",
            advice="Send the characters themselves.",
        )
    ]
