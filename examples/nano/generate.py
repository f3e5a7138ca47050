"""Endless examples from a seed: an index, a request, and the one call (or the one sentence) that answers it.

    python generate.py [SEED]        shows six

Names are made of the words in the standard library's identifiers, four fifths of them for training and
one fifth (by hash) for evaluation, and of letters at random. Nothing else goes into the model.
"""

from __future__ import annotations

import hashlib
import keyword
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import phrases

FAR = "That needs a larger model."
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "rename": ("symbol", "new_name"),
    "move": ("symbol", "to"),
    "extract": ("place", "new_name"),
    "inline": ("name",),
    "signature": ("function", "changes"),
    "fstrings": ("path",),
    "logging": ("path",),
    "tidy": ("path",),
    "modernise": ("path",),
    "respell": ("wrong", "right"),
}
KINDS = {"f": ("function", "method", "helper"), "c": ("class", "type"), "v": ("variable", "constant")}
DEFAULTS = ("None", "True", "False", "0", "1", "30", "10", "0.5", '""', '"utf-8"', "()")
OPEN = "<|im_start|>assistant\n<think>\n\n</think>\n\n"


@dataclass(frozen=True)
class Example:
    """`after`: what a tool said, and the sentence that then ends the run."""

    index: tuple[tuple[str, str], ...]
    request: str
    intent: str
    arguments: Mapping[str, str]
    answer: str
    after: tuple[str, str] | None = None
    system: str = ""

    @property
    def prompt(self) -> str:
        lines = "\n".join(f"{name} {path}" for name, path in self.index)
        system = f"<|im_start|>system\n{self.system}<|im_end|>\n" if self.system else ""
        return f"{system}<|im_start|>user\n{lines}\n\n{self.request}<|im_end|>\n{OPEN}"

    def parts(self) -> list[tuple[str, bool]]:
        """The conversation in pieces; True: the model's own words, which it learns."""
        told = [(self.prompt, False), (f"{self.answer}<|im_end|>", True)]
        if self.after:
            result, closing = self.after
            told.append(
                (f"\n<|im_start|>user\n<tool_response>\n{result}\n</tool_response><|im_end|>\n{OPEN}", False)
            )
            told.append((f"{closing}<|im_end|>", True))
        return told


def call(name: str, arguments: Mapping[str, str]) -> str:
    """A tool call as Qwen3.5 writes it."""
    inner = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in arguments.items())
    return f"<tool_call>\n<function={name}>\n{inner}</function>\n</tool_call>"


@cache
def words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words for training and for evaluation."""
    counts = Counter[str]()
    for file in sorted(Path(os.__file__).parent.rglob("*.py")):
        if "site-packages" in file.parts:
            continue
        text = file.read_text(encoding="utf-8", errors="ignore")
        for name in set(re.findall(r"[A-Za-z_]{3,}", text)):
            counts.update(
                w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name) if 2 <= len(w) <= 12
            )
    known = sorted(
        (w for w, n in counts.items() if n >= 3 and not keyword.iskeyword(w)), key=lambda w: (-counts[w], w)
    )
    seen = [w for w in known[:4000] if hashlib.md5(w.encode()).digest()[0] % 5]
    return tuple(seen), tuple(w for w in known[:4000] if hashlib.md5(w.encode()).digest()[0] % 5 == 0)


class Generator:
    """`held`: names of words, and (with `unseen`) sentences that training never sees."""

    def __init__(self, seed: int, held: bool = False, unseen: bool = False) -> None:
        self.chance = random.Random(seed)
        self._words = words()[held]
        self._phrases = phrases.HELD if unseen else phrases.SEEN
        self._pool: Sequence[str] = ()

    def example(self, size: int | None = None) -> Example:
        chance = self.chance
        self._pool = [self._word() for _ in range(chance.randint(4, 10))] if chance.random() < 0.5 else ()
        # Mostly short ones: they cost less, and what is learnt on them holds for the long ones.
        longest = 5.0 if chance.random() < 0.15 else 3.2
        index, kinds = self._index(size or min(30, int(2 ** chance.uniform(1, longest))))
        at = chance.randrange(len(index))
        symbol, path = index[at]
        taken = {name for name, _ in index}
        new = self._fresh(taken, kinds[at])
        first = chance.randint(1, 300)
        last = first + chance.randint(1, 40)
        to = self._destination([p for _, p in index], path)
        wrong = self._misspelt(symbol, taken)
        parameter, default = self._word(), chance.choice(DEFAULTS)
        places = {
            "s": self._said(symbol, kinds[at]), "n": f"`{new}`" if chance.random() < 0.15 else new,
            "p": self._path_said(path, [p for _, p in index]), "d": to, "a": first, "b": last, "q": parameter,
            "v": default, "w": wrong, "t": f"tests/test_{self._word()}.py::test_{self._word()}",
            "k": chance.choice(KINDS[kinds[at]]),
        }  # fmt: skip
        values = {
            "symbol": symbol, "name": symbol, "function": symbol, "new_name": new, "path": path, "to": to,
            "place": f"{path}:{first}-{last}", "changes": f"+{parameter}={default}", "wrong": wrong, "right": symbol,
        }  # fmt: skip
        intent = chance.choice([*PARAMETERS, "far", "far", "vague", "unknown"])
        arguments: dict[str, str] = {}
        if intent in PARAMETERS:
            line = phrases.pick(self._phrases[intent], chance)
            if intent == "respell":
                places["s"] = symbol
            arguments = {p: values[p] for p in PARAMETERS[intent]}
            answer = call(intent, arguments)
        elif intent == "far":
            line, answer = phrases.pick(phrases.FAR, chance), FAR
        elif intent == "vague":
            line, answer = phrases.pick(phrases.VAGUE, chance), "What exactly?"
        else:
            missing = self._fresh(taken, kinds[at])
            while missing == new:
                missing = self._fresh(taken, kinds[at])
            line, answer = (
                phrases.pick(self._phrases[chance.choice(["rename", "move", "inline", "signature"])], chance),
                f"There is no {missing}.",
            )
            places["s"] = missing
        request = self._surrounded(line.format(**places), answer)
        after = self._after() if arguments and chance.random() < 0.1 else None
        return Example(index, request, intent, arguments, answer, after, self._system())

    def _index(self, size: int) -> tuple[tuple[tuple[str, str], ...], list[str]]:
        chance = self.chance
        folders = [self._folder() for _ in range(chance.choice([1, 1, 2, 3]))]
        files = [self._file(folders) for _ in range(max(1, size * 2 // 3))]
        index: dict[str, str] = {}
        kinds: list[str] = []
        while len(index) < size:
            kind = chance.choices("fcv", [0.6, 0.25, 0.15])[0]
            name = self._name(kind)
            if index and chance.random() < 0.15 and "_" in (other := chance.choice(list(index))).strip("_"):
                name, kind = f"{other.rpartition('_')[0]}_{self._word()}", "f"
            if name not in index:
                index[name] = chance.choice(files)
                kinds.append(kind)
        return tuple(index.items()), kinds

    def _word(self) -> str:
        chance = self.chance
        if self._pool and chance.random() < 0.5:
            return chance.choice(self._pool)
        if chance.random() < 0.08:
            return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 6)))
        return chance.choice(self._words)

    def _name(self, kind: str) -> str:
        chance = self.chance
        parts = [self._word() for _ in range(chance.choices([1, 2, 3], [0.3, 0.5, 0.2])[0])]
        if kind == "c":
            return "".join(p.capitalize() for p in parts)
        if kind == "v" and chance.random() < 0.4:
            return "_".join(parts).upper()
        if chance.random() < 0.12:
            return parts[0] + "".join(p.capitalize() for p in parts[1:])
        name = "_".join(parts)
        return f"_{name}" if chance.random() < 0.06 else name

    def _fresh(self, taken: set[str], kind: str) -> str:
        while (name := self._name(kind)) in taken:
            pass
        return name

    def _folder(self) -> str:
        chance = self.chance
        first = chance.choice(["src", "lib", "app", self._word(), self._word()])
        return f"{first}/{self._word()}" if chance.random() < 0.4 else first

    def _file(self, folders: Sequence[str]) -> str:
        name = self._word() if self.chance.random() < 0.7 else f"{self._word()}_{self._word()}"
        return f"{self.chance.choice(folders)}/{name}.py" if self.chance.random() < 0.85 else f"{name}.py"

    def _destination(self, paths: Sequence[str], path: str) -> str:
        others = [p for p in paths if p != path]
        if others and self.chance.random() < 0.5:
            return self.chance.choice(others)
        while (made := self._file([self._folder()])) == path:
            pass
        return made

    def _misspelt(self, symbol: str, taken: set[str]) -> str:
        at = self.chance.randrange(max(1, len(symbol) - 1))
        made = self.chance.choice(
            [
                symbol[:at] + symbol[at + 1 :],
                symbol[:at] + symbol[at] + symbol[at:],
                symbol[:at] + symbol[at : at + 2][::-1] + symbol[at + 2 :],
            ]
        )
        return made if made and made not in taken else f"{symbol}x"

    def _said(self, symbol: str, kind: str) -> str:
        one = self.chance.random()
        if one < 0.15:
            return f"`{symbol}`"
        if one < 0.2:
            return f'"{symbol}"'
        if one < 0.28 and kind == "f":
            return f"{symbol}()"
        if one < 0.36 and "_" in symbol.strip("_") and symbol.islower() and symbol[0] != "_":
            return f"the {symbol.replace('_', ' ')}"
        return symbol

    def _path_said(self, path: str, paths: Sequence[str]) -> str:
        name = path.rpartition("/")[2]
        alone = len({p for p in paths if p.rpartition("/")[2] == name}) == 1
        one = self.chance.random()
        if alone and one < 0.3:
            return name
        if alone and one < 0.38:
            return f"the {name.removesuffix('.py')} module"
        return f"`{path}`" if one < 0.46 else path

    def _surrounded(self, text: str, answer: str) -> str:
        text = f"{self.chance.choice(phrases.BEFORE)}{text}{self.chance.choice(phrases.AFTER)}"
        first = text.split()[0]
        plain = first.isalpha() and first not in answer
        return text[0].upper() + text[1:] if plain and self.chance.random() < 0.3 else text

    def _after(self) -> tuple[str, str]:
        places, files = self.chance.randint(1, 60), self.chance.randint(1, 9)
        return f"ok: {places} places in {files} files", f"Done: {places} places in {files} files."

    def _system(self) -> str:
        """Now and then, words before the request that do not matter."""
        if self.chance.random() > 0.15:
            return ""
        return "You are qcode. " + " ".join(self._word() for _ in range(self.chance.randint(3, 60)))


if __name__ == "__main__":
    made = Generator(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    for _ in range(6):
        print("".join(text for text, _ in made.example().parts()), end="\n-----\n")
    print(*(len(w) for w in words()), "words")
