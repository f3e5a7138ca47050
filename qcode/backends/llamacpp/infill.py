"""Filling in at a place, with models that were trained to: prefix, suffix, then the middle.

The order is prefix, suffix, middle (PSM; Bavarian et al. 2022, arXiv:2207.14255). That a vocabulary
has the marks says nothing of the training (Qwen3's have them all): so the model's name decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qcode.backends.chat.qwen import unforged
from qcode.backends.gguf import Header
from qcode.messages import Infill


@dataclass(frozen=True, slots=True)
class Marks:
    """What a family writes around the parts; `file` goes before the path of other code, if it has one."""

    prefix: str
    suffix: str
    middle: str
    file: str
    stop: tuple[str, ...]


_QWEN = Marks("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_sep|>",
              ("<|endoftext|>", "<|file_sep|>", "<|fim_pad|>", "<|fim_prefix|>", "<|repo_name|>", "<|im_end|>"))  # fmt: skip
_STAR = Marks("<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<file_sep>",
              ("<|endoftext|>", "<file_sep>", "<fim_prefix>", "<repo_name>"))  # fmt: skip
_GRANITE = Marks("<fim_prefix>", "<fim_suffix>", "<fim_middle>", "", ("<|endoftext|>", "<fim_prefix>"))
_TRAINED = (
    (re.compile(r"qwen\W*2\W*5\W*coder|codeqwen", re.IGNORECASE), _QWEN),
    (re.compile(r"star\W*coder|stable\W*code", re.IGNORECASE), _STAR),
    (re.compile(r"granite.{0,20}code", re.IGNORECASE), _GRANITE),
)


def marks_of(header: Header) -> Marks | None:
    """The marks of a model that was trained to fill in; None for any other."""
    return next((marks for name, marks in _TRAINED if name.search(header.name)), None)


def render_infill(place: Infill, marks: Marks) -> str:
    """The prompt for a place: other code first, since it changes least from key to key."""

    def plain(text: str) -> str:
        for mark in (marks.prefix, marks.suffix, marks.middle, marks.file):
            if mark:
                text = text.replace(mark, mark[:1] + " " + mark[1:])
        return unforged(text)

    other = ""
    if marks.file:
        other = "".join(f"{marks.file}{plain(path)}\n{plain(text)}\n" for path, text in place.extra)
        other += f"{marks.file}{plain(place.path)}\n" if other else ""
    return f"{other}{marks.prefix}{plain(place.prefix)}{marks.suffix}{plain(place.suffix)}{marks.middle}"
