"""Nothing that a terminal would obey gets through."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from qcode.terminal import clean, is_clean


@given(st.text())
def test_no_control_or_invisible_character_survives(text: str) -> None:
    shown = clean(text)
    assert is_clean(shown)
    bad = {"Cc", "Cs"}
    assert not [c for c in shown if unicodedata.category(c) in bad and c not in "\n\t"]
    assert not set(shown) & set("\u202e\u2066\u200b\u200d\ufeff")


def test_text_stays_text() -> None:
    text = "def größe():\n\treturn '日本 🎉'\n"
    assert clean(text) == text
    assert clean("\x1b[31mred\x07") == "␛[31mred␇"
    assert clean("a\r\nb") == "a\nb" and clean("a\rb") == "a␍b"


def test_every_character_that_only_formats_is_visible() -> None:
    """Save for the few of category Cf that have a shape of their own (Arabic number signs and so on)."""
    shaped = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    formats = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cf", "Zl", "Zp")]
    assert not [f"{ord(c):04X}" for c in formats if is_clean(c) and ord(c) not in shaped]
    assert not [f"{ord(c):04X}" for c in "\u034f\u115f\u17b4\u180b\u3164\ufe0f\U000e0100" if is_clean(c)]
