"""The tiny model that comes with qcode: the real architecture, small enough for a test run. See MODEL_CARD.md."""

from __future__ import annotations

from pathlib import Path


def file() -> Path:
    """The GGUF file (Q8_0)."""
    return Path(__file__).parent / "qcode-nano-q8_0.gguf"
