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
