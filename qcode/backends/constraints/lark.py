"""Writing a grammar in LLGuidance's variant of Lark (guidance-ai/llguidance, docs/syntax.md).

Its lexer is greedy: a terminal goes on as long as it can, so each one here either ends with a mark
that it cannot hold, or is lazy. A terminal, unlike a rule, may not be recursive, and is one item of
the parser whatever it holds: that is why runs of lines are terminals.
"""

from __future__ import annotations

import json
import re


class Grammar:
    """Rules (lower case) and terminals (upper case), then the text of it all."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}

    def define(self, name: str, body: str, options: str = "") -> str:
        """Define a rule or a terminal and give its name, which has a number when the name is taken.
        A second one that is equal is the first one."""
        wanted, number, said = name, 1, f"{f'[{options}]' if options else ''}: {body}"
        while self._rules.get(name, said) != said:
            number += 1
            name = f"{wanted}_{number}"
        self._rules[name] = said
        return name

    def text(self) -> str:
        """The grammar, as llama.cpp and LLGuidance take it."""
        return "\n".join(("%llguidance {}", *(name + said for name, said in self._rules.items()), ""))


def literal(text: str) -> str:
    """`text` as a string of the grammar."""
    return json.dumps(text)


def quoted(text: str) -> str:
    """`text` inside of a regular expression between slashes."""
    return re.sub(r"([\\/.+*?()|\[\]{}^$#&~-])", r"\\\1", text).replace("\n", r"\n")
