"""A request as a row of items: what it names, each with its kind, and the words between."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from qcode.errors import WorkspaceError
from qcode.router.frames.style import STYLES
from qcode.router.mentions import GLUE, KINDS, Span, by_stem, place_at, spoken_at
from qcode.router.words import Token, raw, vocabulary
from qcode.router.world import World

ItemKind = Literal[
    "name", "new", "file", "newfile", "lines", "code", "assign", "arrow", "number", "style", "word", "mark"
]
_TO = vocabulary("to through until till and - \u2013")
_OPERATORS = frozenset("+-*/%[](){}<>|&=!.$")
_BEFORE_CODE = vocabulary("to with by become becomes into it be use as write prefer have want")
_JOINING = frozenset(["and", "+", ",", "&"])
_LOCATING = vocabulary("in of from inside within under into to at for on")
HALF = re.compile(r"(?:[=!]=|is(?: not)?) ?(?:None|True|False)")
_MOST_TOKENS = 24
"""Of a piece of code that stands in a sentence without quotes."""


@dataclass(frozen=True, slots=True)
class Item:
    """`text` is what it is; of a name that is spoken in words, the name. `first` and `last` count tokens.

    name: known to the index; new: looks like a name and is not known; file: files or folders that there are
    (`places`); newfile: a path that there is not; lines: `10-20` (`places`: of which file, where that is said).
    weak: a plain word that is also a name here.
    """

    kind: ItemKind
    text: str
    first: int
    last: int
    places: tuple[str, ...] = ()
    weak: bool = False
    spoken: bool = False
    quoted: bool = False
    called: bool = False
    """Written with empty brackets: `f()`."""

    @property
    def lower(self) -> str:
        return self.text.lower()


def items(tokens: Sequence[Token], text: str, world: World) -> list[Item]:
    """The row of items that `tokens` of the request `text` are."""
    found: list[Item] = []
    at = 0
    while at < len(tokens):
        item = (
            _lines(tokens, at, world)
            or _code(tokens, at, text, world)
            or _place(tokens, at, world)
            or _name(tokens, at, world)
            or _other(tokens, at)
        )
        if (
            item.kind in ("name", "new")
            and item.last == at + 1
            and text[tokens[at].start : tokens[at].end].rstrip("`'\"").endswith("()")
        ):
            item = replace(item, called=True)
        found.append(item)
        at = item.last
    return found


def known(name: str, world: World) -> bool:
    """Whether the index has something of that name."""
    return bool(
        name in world.names
        or world.named(name)
        or ("." in name and (world.inside(name) or _of_init(name, world)))
    )


def _of_init(name: str, world: World) -> bool:
    owner, _, last = name.rpartition(".")
    return bool(world.inside(f"{owner}.__init__.{last}"))


def _lines(tokens: Sequence[Token], at: int, world: World) -> Item | None:
    token = tokens[at]
    if token.kind == "lines":
        path, _, numbers = token.text.rpartition(":")
        return Item("lines", numbers, at, at + 1, tuple(world.files(path)) or (path,))
    if token.kind == "range":
        return Item("lines", token.text, at, at + 1)
    if token.lower in ("line", "lines", "l", "ln") and at + 1 < len(tokens):
        one = tokens[at + 1]
        if one.kind == "range":
            return Item("lines", one.text, at, at + 2)
        if one.kind == "number":
            further = [
                i
                for i in range(at + 2, min(at + 6, len(tokens)))
                if tokens[i].lower not in ("line", "lines", "down")
            ]
            if len(further) > 1 and tokens[further[0]].lower in _TO and tokens[further[1]].kind == "number":
                return Item("lines", f"{one.text}-{tokens[further[1]].text}", at, further[1] + 1)
            return Item("lines", one.text, at, at + 2)
    return None


def _code(tokens: Sequence[Token], at: int, text: str, world: World) -> Item | None:
    """Code in quotes, or code that stands in the sentence as it is and parses as more than a name."""
    token = tokens[at]
    if token.kind == "code":
        return Item("code", token.text, at, at + 1, quoted=True)
    if (
        at
        and tokens[at - 1].lower in (*_BEFORE_CODE, "every", "all", "replace", "the")
        and (half := _half(tokens, at, text))
    ):
        return half
    if token.quoted or (token.kind not in ("name", "word", "number") and token.text not in ("[", "{", "-")):
        return None
    called = token.kind == "name" and text[token.start : token.end].endswith("()")
    foreign = called and (token.text.count(".") > 1 or ("." in token.text and not known(token.text, world)))
    whole = Item("code", f"{token.text}()", at, at + 1) if foreign else None
    for last in range(min(len(tokens), at + _MOST_TOKENS), at + 1, -1):
        part = tokens[at:last]
        announced = bool(at) and tokens[at - 1].lower in _BEFORE_CODE
        if not any(
            t.text in _OPERATORS or text[t.start : t.end].endswith("()") or (announced and t.lower == "is")
            for t in part
        ):
            break
        written = raw(text, part)
        if _operation(written, announced) and (
            announced or _call_of_others(written, world) or stands(written, world)
        ):
            return Item("code", written, at, last)
    return whole


def _call_of_others(text: str, world: World) -> bool:
    """Whether `text` calls something that is not of this repository, with arguments: `open(path)`."""
    found = re.match(r"([\w.]+)\(\s*[^\s)]", text)
    return bool(found) and text.endswith(")") and not known(found[1] if found else "", world)


def _half(tokens: Sequence[Token], at: int, text: str) -> Item | None:
    """A comparison without what is compared: "== None", "is not None"."""
    for last in range(min(len(tokens), at + 4), at + 1, -1):
        written = raw(text, tokens[at:last])
        if HALF.fullmatch(written):
            return Item("code", written, at, last)
    return None


def _operation(text: str, announced: bool = False) -> bool:
    """Whether `text` is an expression that nobody would write in a sentence of words alone. `announced`: after words that
    say that code comes."""
    try:
        found = ast.parse(re.sub(r"\$+(?=[A-Z_])", "", text), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return False
    if isinstance(found, ast.Call):
        return (
            not (isinstance(found.func, ast.Name | ast.Attribute) and not found.args and not found.keywords)
            or text.count(".") > 1
        )
    if isinstance(found, ast.Compare):
        words = ast.In | ast.NotIn | ast.Is | ast.IsNot
        sure = announced and isinstance(found.comparators[-1], ast.Constant)
        return sure or not any(isinstance(o, words) for o in found.ops)
    return isinstance(found, ast.Subscript | ast.BinOp | ast.List | ast.Dict | ast.Set | ast.ListComp)


def stands(text: str, world: World) -> bool:
    """Whether code stands somewhere in the repository, or the names of it do."""
    bare = re.sub(r"\s+", "", text)
    called = re.match(r"[\w.]+\(", bare)
    holes = called is not None and ("$" in bare or "..." in bare)
    words = re.findall(r"\w+", called[0] if called and holes else text)
    longest = max(words or [""], key=len).encode()
    for path in world.paths:
        if not path.endswith((".py", ".pyi")):
            continue
        try:
            content = world.snapshot.read(path)
        except WorkspaceError:
            continue
        if longest not in content:
            continue  # most files, and at once
        source = re.sub(r"\s+", "", content.decode("utf-8", "replace"))
        if bare in source or (called and holes and called[0] in source):
            return True
    return False


def _place(tokens: Sequence[Token], at: int, world: World) -> Item | None:
    token = tokens[at]
    if (
        token.kind == "path"
        and all(p.isidentifier() for p in token.text.split("/"))
        and not world.files(token.text)
    ):
        return Item("word", token.text, at, at + 1)  # "Dict/List"
    if token.kind == "path" and not world.files(token.text):
        return Item("newfile", token.text, at, at + 1)
    before = tokens[at - 1].lower if at else ""
    if token.kind in ("word", "name") and before in ("in", "of", "from") and spoken_at(tokens, at, world):
        return None
    span = Span()
    used = place_at(tokens, at, world, span)
    if used and span.within:
        return Item("file", token.text, at, at + used, tuple(span.within))
    if (token.kind == "name" and not known(token.text, world) and (found := by_stem(token.text, world))) or (
        token.kind == "word"
        and token.text not in world.names
        and before in (*_LOCATING, "the", "whole", "entire")
        and token.lower not in GLUE
        and (found := by_stem(token.text, world))
    ):
        return Item("file", token.text, at, at + 1, tuple(found))
    if (
        token.kind == "word"
        and token.text in world.folders
        and token.lower not in GLUE
        and token.text not in world.names
    ):
        return Item("file", token.text, at, at + 1, (token.text,))
    return None


def _name(tokens: Sequence[Token], at: int, world: World) -> Item | None:
    token = tokens[at]
    if spoken := spoken_at(tokens, at, world):
        name, size = spoken
        return Item("name", name, at, at + size, spoken=True)
    if token.kind not in ("name", "word") or (token.kind == "word" and token.lower in STYLES):
        return None
    following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    if token.kind == "name" and token.lower in STYLES and not known(token.text, world):
        return None
    if token.text.startswith("self.") and len(token.text) > 5:
        token = replace(token, text=token.text.removeprefix("self."))
    if token.text in ("i.e", "e.g", "a.k.a") or (token.text.endswith("_") and not known(token.text, world)):
        return None  # "get_ is for accessors"
    if following == "class" and token.kind == "word" and not token.quoted:
        classes = {t.name for t in world.defined if t.kind == "class" and t.name.lower() == token.lower}
        if len(classes) == 1:
            return Item("name", classes.pop(), at, at + 1, spoken=token.text == token.lower)
    article = token.text in ("I", "a") and following not in (
        "and",
        ",",
        "in",
        "of",
        "to",
        "->",
        "→",
        "should",
        "/",
    )
    if known(token.text, world) and not article:
        plain = token.kind == "word" and not token.quoted and token.text == token.lower
        return Item("name", token.text, at, at + 1, weak=plain, quoted=token.quoted)
    if token.kind == "name" and all(p.isidentifier() for p in token.text.split(".")):
        return Item("new", token.text, at, at + 1, quoted=token.quoted)
    camel = (
        token.text[:1].isupper()
        and at
        and token.text not in ("I",)
        and token.text[1:]
        and token.kind == "word"
    )
    if (
        camel
        and not token.text.isupper()
        and tokens[at - 1].lower
        in ("to", "called", "named", "as", "be", "into", "->", "it", "become", "name")
    ):
        return Item("new", token.text, at, at + 1)
    return None


def _other(tokens: Sequence[Token], at: int) -> Item:
    token = tokens[at]
    two = " ".join(t.lower for t in tokens[at : at + 2])
    if not token.quoted and " " in two and two in STYLES:
        return Item("style", STYLES[two], at, at + 2)
    if not token.quoted and token.lower in STYLES and token.lower not in ("snake",):
        return Item("style", STYLES[token.lower], at, at + 1)
    if token.kind in ("assign", "arrow", "number", "mark"):
        return Item(token.kind, token.text, at, at + 1)
    return Item("word", token.text, at, at + 1, quoted=token.quoted)


def template(row: Sequence[Item], world: World) -> list[str]:
    """The words of a request, with kinds for what it names: what is asked for does not hang on the names."""
    said: list[str] = []
    for item in row:
        if item.kind == "word" or (item.kind == "name" and item.weak and item.lower in GLUE | KINDS.keys()):
            said.append(_stem(item.lower))
        elif item.kind == "mark":
            said.append(item.text if item.text in ".,?!:;%()" else "·")
        elif item.kind == "file" and set(item.places) <= set(world.tests):
            said.append("<tests>")
        elif item.kind == "lines":
            said.append("<lines>" if "-" in item.text else "<line>")
        else:
            said.append("<weak>" if item.weak else f"<{item.kind}>")
    return said


_ALIKE = {
    word: kind
    for kind, words in {
        "function": "function func fn method def helper routine fixture functions methods helpers",
        "param": "parameter param argument arg kwarg option flag parameters params arguments args kwargs keyword",
        "variable": "variable var local temporary temp tmp variables vars locals",
        "f-string": "f-string f-strings fstring fstrings",
        "file": "file module mod files modules",
        "folder": "folder directory dir package folders directories",
        "please": "please pls plz kindly",
        "everywhere": "everywhere throughout",
        "repo": "repo repository project codebase code",
        "remove": "remove drop delete kill ditch strip",
        "log": "logging logger log logs loggers",
        "print": "print prints printing",
        "modern": "modern modernise modernize modernising modernizing upgrade pyupgrade newer",
    }.items()
    for word in words.split()
}
"""Words that say the same in a request."""


def _stem(word: str) -> str:
    if alike := _ALIKE.get(word):
        return alike
    for end, least in (("ing", 6), ("ed", 5), ("es", 6), ("s", 5)):
        if word.endswith(end) and len(word) >= least and not word.endswith("ss"):
            bare = word[: -len(end)]
            return _ALIKE.get(bare) or (_ALIKE.get(f"{bare}e") or bare.removesuffix("e"))
    return word.removesuffix("e") if len(word) > 4 else word


def features(said: Sequence[str]) -> list[str]:
    """Words, pairs of words, pairs with one between, and what begins a sentence."""
    every = ["^", *said, "$"]
    found = [*said]
    found += [f"{a} {b}" for a, b in pairwise(every)]
    found += [f"{a} _ {b}" for a, b in zip(every, every[2:], strict=False)]
    counted = [
        f"{kind} x{min(2, said.count(kind))}"
        for kind in ("<new>", "<name>", "<weak>", "<file>", "<code>", "<newfile>")
    ]
    found += [*counted, " ".join(c for c in counted if not c.endswith("x0"))]
    found.append("long" if len(said) > 14 else "short")
    return list(dict.fromkeys(found))
