"""The deterministic reading of a request.

The whole sentence must be understood. A clause that is not ("… but not in tests", "… and log it")
makes the request out of reach, never half done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qcode.messages import PlanStep, Snapshot
from qcode.refactor import Symbol, matching, nearest, symbols


@dataclass(frozen=True, slots=True)
class Call:
    """An exact call of a tool, and the plan that it amounts to."""

    tool: str
    arguments: Mapping[str, str]
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The request is a rename, but what it names is unclear or absent."""

    text: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """Not for the router; a model may do it."""

    sentence: str
    hint: str


_QUOTES = "[`'\"\u201c\u201d\u2018\u2019]?"
_KIND = r"(?:(?:function|method|class|variable|constant|attribute|symbol|def)\s+)?"
_NAME = rf"{_QUOTES}(?P<{{0}}>[\w./]+\.py:[\w.]+|[^\W\d][\w.]*(?:\(\))?){_QUOTES}"
_OLD = _NAME.format("old")
_NEW = _NAME.format("new")
_POLITE = r"(?:(?:please|pls|can you|could you|would you|kindly|i want to|i'd like to|let's)\s+)*"
_FILE = rf"(?:\s+(?:in|from|of)\s+(?:the\s+)?(?:file\s+)?{_QUOTES}(?P<file>[\w./-]+\.pyi?){_QUOTES})?"
_EVERYWHERE = (
    r"(?:\s+(?:everywhere|throughout(?: the (?:code|project|repository|repo|codebase))?|in the whole \w+))?"
)
_END = r"(?:\s*,?\s*please)?\s*[.!]?\s*"
_FORMS = tuple(
    re.compile(rf"{_POLITE}{form}{_EVERYWHERE}{_END}", re.IGNORECASE)
    for form in (
        rf"(?:rename|renaming|call)\s+(?:the\s+)?{_KIND}{_OLD}(?:\s+{_KIND.strip()})?{_FILE}\s*(?:to|into|as|->|=>|→)\s*{_NEW}",
        rf"rename\s+(?:the\s+)?{_KIND}{_OLD}{_FILE}\s+{_NEW}",
        rf"(?:change|set)\s+the\s+name\s+of\s+(?:the\s+)?{_KIND}{_OLD}{_FILE}\s+(?:to|into)\s+{_NEW}",
        rf"(?:the\s+)?{_KIND}{_OLD}{_FILE}\s+should\s+be\s+(?:called|named|renamed to)\s+{_NEW}",
    )
)
_SPOKEN = re.compile(
    rf"{_POLITE}rename\s+the\s+(?P<spoken>[a-z]+(?: [a-z]+)+?)\s+(?:function|method|class|variable)\s+to\s+{_NEW}{_END}",
    re.IGNORECASE,
)
_RENAME_AT_ALL = re.compile(r"\b(rename|change the name)\b", re.IGNORECASE)
_NOT_NAMES = {
    "it",
    "this",
    "that",
    "everything",
    "all",
    "them",
    "something",
    "to",
    "the",
    "and",
    "or",
    "not",
    "a",
}


def route(request: str, snapshot: Snapshot) -> Call | Question | OutOfReach:
    """What `request` asks for, checked against what `snapshot` defines."""
    text = " ".join(request.split())
    for form in _FORMS:
        if match := form.fullmatch(text):
            groups = match.groupdict()
            old, new = groups["old"].removesuffix("()"), groups["new"].removesuffix("()").rstrip(".")
            if old.lower() in _NOT_NAMES or new.lower() in _NOT_NAMES:
                continue
            return _checked(old.rstrip("."), new, groups.get("file"), snapshot)
    if match := _SPOKEN.fullmatch(text):
        return _spoken(match["spoken"], match["new"].removesuffix("()"), snapshot)
    if _RENAME_AT_ALL.search(text):
        return OutOfReach(
            "That rename has conditions or parts that I cannot carry out exactly, so nothing was done.",
            'Say it plainly: qcode refactor "rename OLD to NEW"; or configure a model (qcode models --help).',
        )
    return OutOfReach(
        "That needs a larger model, and none is configured; nothing was done.",
        'Without one: "rename OLD to NEW". Models: qcode models --help.',
    )


def _checked(old: str, new: str, file: str | None, snapshot: Snapshot) -> Call | Question:
    known = symbols(snapshot)
    path, _, name = old.rpartition(":")
    path = path or file or ""
    chosen = matching(known, name, path or None)
    if not chosen:
        where = f" in {path}" if path else ""
        return Question(f"There is no {name}{where} in this repository.", tuple(nearest(name, known)))
    if len(chosen) > 1:
        places = tuple(f"{s.path}:{s.qualname}" for s in chosen[:8])
        return Question(f"{name} is defined {len(chosen)} times. Which one?", places)
    return _rename(chosen[0], new)


def _spoken(spoken: str, new: str, snapshot: Snapshot) -> Call | Question:
    """ "the parse cfg function": the words of a name, when exactly one name has them."""
    wanted = spoken.lower().split()
    known = symbols(snapshot)
    hits = {s.qualname: s for s in known if [w.lower() for w in _words(s.name)] == wanted}
    if len(hits) == 1:
        return _rename(next(iter(hits.values())), new)
    if hits:
        return Question(f"Several names read “{spoken}”. Which one?", tuple(hits))
    return Question(f"No name reads “{spoken}”.", tuple(nearest("_".join(wanted), known)))


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)


def _rename(symbol: Symbol, new: str) -> Call:
    name = new.rpartition(".")[2] if new.rpartition(".")[0] == symbol.parent else new
    return Call(
        "rename",
        {"symbol": f"{symbol.path}:{symbol.qualname}", "new_name": name},
        (
            PlanStep(
                f"Rename {symbol.qualname} ({symbol.path}:{symbol.line}) to {name}, with every use of it",
                uses=(symbol.qualname,),
                creates=(name,),
            ),
        ),
    )
