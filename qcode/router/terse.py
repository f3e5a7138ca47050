"""Terse commands: `move utils.slug text.slugs`, `extract app.py:10-20 read_args`, `signature f +x=1`.

A pure reading of the words. What is no exact command of this form (plain language, a word too many)
is None, and goes on to the reading of sentences.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_NAME = re.compile(r"[^\W\d]\w*")
_DOTTED = re.compile(r"(?:[\w./-]+\.pyi?:)?[^\W\d]\w*(?:\.[^\W\d]\w*)*(?:\(\))?")
_MODULE = re.compile(r"(?:\./)?[\w/-]+(?:\.[^\W\d]\w*)*/?")
_LINES = re.compile(r"[\w./ -]+?:\d+(?::\d+)?(?:-\d+(?::\d+)?)?")
_PATH = re.compile(r"\.|(?:\./)?[\w.-]*[./][\w./-]*")
_WORD = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")
"""Words with the quotes that stand in them: `+encoding="utf-8"` has a string for its default."""
_STEP = re.compile(r"\+\w+.*|-[^\W\d]\w*|\w+(?:->|=>|→)\w+|\(.*\)")

_NO_PATHS = frozenset(
    ["up", "it", "this", "that", "everything", "all", "code", "please", "now", "here", "things", "them", "me"]
)


@dataclass(frozen=True, slots=True)
class Terse:
    """A verb of the catalogue with its arguments, and what one calls that."""

    verb: str
    arguments: Mapping[str, str]
    sentence: str
    uses: tuple[str, ...] = field(default=())
    creates: tuple[str, ...] = field(default=())


def parse(request: str) -> Terse | None:
    """The command that `request` is; None when it is none."""
    try:
        words = shlex.split(request)
    except ValueError:
        return None
    if words and words[0].lower() == "signature":
        words = [w[1:-1] if w[0] in "\"'" and w[0] == w[-1] else w for w in _WORD.findall(request)]
    if len(words) < 1:
        return None
    verb, rest = words[0].lower(), words[1:]
    read = _VERBS.get(verb)
    return read(rest) if read else None


def steps(request: str) -> bool:
    """Whether changes of parameters stand alone, or after one name: `f +x=1`, `+x=1 -y`."""
    words = _WORD.findall(request)
    if words and _DOTTED.fullmatch(words[0]):
        words = words[1:]
    return bool(words) and all(re.fullmatch(r"\+[^\W\d]\w*=\S+|-[^\W\d]\w*", w) for w in words)


def _move(words: Sequence[str]) -> Terse | None:
    if len(words) == 3 and words[1] in ("to", "->"):
        words = [words[0], words[2]]
    if len(words) != 2:
        return None
    what, to = words[0].removesuffix("()"), words[1]
    exact = "." in to or "/" in to or "." in what or "/" in what or "_" in what + to
    if not (
        (_DOTTED.fullmatch(what) or _MODULE.fullmatch(what) or what.endswith(".py")) and _MODULE.fullmatch(to)
    ):
        return None
    return (
        Terse("move", {"symbol": what, "to": to}, f"Move {what} to {to}, with every use of it")
        if exact
        else None
    )


def _extract(words: Sequence[str]) -> Terse | None:
    if words[:1] and words[0].lower() in ("function", "method", "variable"):
        words = words[1:]
    words = [w for w in words if w not in ("as", "to", "->")]
    if len(words) not in (2, 3) or not _LINES.fullmatch(words[0]) or not _NAME.fullmatch(words[-1]):
        return None
    arguments = {"place": words[0], "new_name": words[-1]}
    if len(words) == 3:
        arguments["expression"] = words[1]
    return Terse("extract", arguments, f"Extract {words[0]} as {words[-1]}", creates=(words[-1],))


def _inline(words: Sequence[str]) -> Terse | None:
    name = words[0].removesuffix("()") if words else ""
    if len(words) == 1 and _DOTTED.fullmatch(name):
        return Terse("inline", {"name": name}, f"Inline {name}")
    if len(words) == 3 and words[1] == "in" and _NAME.fullmatch(name):
        inside = words[2].removesuffix("()")
        if _DOTTED.fullmatch(inside) or inside.endswith(".py"):
            return Terse("inline", {"name": name, "inside": inside}, f"Inline {name} in {inside}")
    return None


def _signature(words: Sequence[str]) -> Terse | None:
    if len(words) < 2 or not _DOTTED.fullmatch(words[0]):
        return None
    steps = " ".join(words[1:])
    if not all(_STEP.fullmatch(w) for w in re.split(r"[\s,]+(?=[+(-]|\w+(?:->|=>|→))", steps)):
        return None
    function = words[0].removesuffix("()")
    return Terse(
        "signature", {"function": function, "changes": steps}, f"Change the parameters of {function}: {steps}"
    )


def _replace(words: Sequence[str]) -> Terse | None:
    if len(words) > 2 and words[2] == "in":
        words = [*words[:2], *words[3:]]
    # Two bare words are plain language ("replace foo bar"); a pattern has more than a name in it.
    if len(words) not in (2, 3) or _DOTTED.fullmatch(words[0]) or not re.search(r"[$(=\[]", words[0]):
        return None
    arguments = {"pattern": words[0], "replacement": words[1]}
    if len(words) == 3:
        if not _PATH.fullmatch(words[2]):
            return None
        arguments["path"] = words[2]
    return Terse("replace", arguments, f"Replace {words[0]} by {words[1]}")


def _files(verb: str, sentence: str, fillers: Sequence[str] = ()) -> Callable[[Sequence[str]], Terse | None]:
    def read(words: Sequence[str]) -> Terse | None:
        words = [w for w in words if w not in fillers]
        if len(words) > 1:
            return None
        bare = bool(words) and bool(_NAME.fullmatch(words[0])) and words[0].lower() not in _NO_PATHS
        if words and not bare and not _PATH.fullmatch(words[0]):
            return None
        where = f" in {words[0]}" if words else ""
        return Terse(verb, {"path": words[0]} if words else {}, f"{sentence}{where}")

    return read


_VERBS: Mapping[str, Callable[[Sequence[str]], Terse | None]] = {
    "move": _move,
    "extract": _extract,
    "inline": _inline,
    "signature": _signature,
    "replace": _replace,
    "tidy": _files("tidy", "Sort imports and remove unused ones", ("imports", "in")),
    "fstrings": _files("fstrings", "Turn formatting into f-strings", ("in",)),
    "logging": _files("logging", "Turn print into logging", ("in",)),
    "modernise": _files("modernise", "Apply the linter's safe fixes", ("in",)),
    "modernize": _files("modernise", "Apply the linter's safe fixes", ("in",)),
}
