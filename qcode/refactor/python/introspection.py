"""Code that looks at the parameters of functions while the program runs, told by words in a file's text.

What such code does with what it finds cannot be followed. How much of it has to be feared depends on what changes.
"""

from __future__ import annotations

import re

_AT_ANYTHING = re.compile(r"\binspect\.|\bgetfullargspec\b|\bsignature\(|__code__|__defaults__|__wrapped__")
_AT_NAMES = re.compile(r"\bgetfullargspec\b|\binspect\.signature\b|\bco_varnames\b|\bgetargspec\b")
_AT_NUMBER = re.compile(r"\binspect\.signature\(|\bgetfullargspec\(|\bco_argcount\b")


def looking_line(text: str) -> int:
    """The first line that may look at anything of a function, or hands on what it is made of; 0: none does."""
    found = _AT_ANYTHING.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def looks_at_names(text: str) -> bool:
    """Whether the names of parameters are read, so that a string may be one of them."""
    return _AT_NAMES.search(text) is not None


def looks_at_number(text: str) -> bool:
    """Whether it is read which parameters there are, so that one more may change how a function is called."""
    return _AT_NUMBER.search(text) is not None
