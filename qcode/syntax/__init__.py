"""Grammars and what they tell: how many errors a text has, and what it defines.

One more language is one entry in `grammars.py` and one query file beside it.
"""

from qcode.syntax.doubts import balanced, doubts, usually_right
from qcode.syntax.extent import extent
from qcode.syntax.parse import Definition, definitions, error_count

__all__ = ["Definition", "balanced", "definitions", "doubts", "error_count", "extent", "usually_right"]
