"""The one place where foreign text is made safe to show.

Model text, file names, diffs and server messages can carry escape sequences that move the cursor,
write the clipboard (OSC 52) or forge an approval, and bidirectional or invisible characters that
make code read differently from what it is (safety research: published attacks 20).
"""

from __future__ import annotations

import re
import unicodedata

_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
)


def clean(text: str, keep_newlines: bool = True) -> str:
    """`text` with every control, bidirectional, zero-width and tag character made visible.

    C0 controls become their Unicode pictures (ESC is ␛), others `<U+202E>`. Tabs stay, and line
    feeds unless `keep_newlines` is False; a CR before LF belongs to the line end and goes.
    """
    text = text.replace("\r\n", "\n")
    if not keep_newlines:
        text = text.replace("\n", "␊")
    return _SUSPECT.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"<U+{code:04X}>"


def is_clean(text: str) -> bool:
    """Whether `text` can be shown as it is."""
    return not _SUSPECT.search(text) and all(unicodedata.category(c) != "Cs" for c in text)
