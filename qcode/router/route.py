"""The deterministic reading of a request.

The whole sentence must be understood. A clause that is not ("… but not in tests", "… and log it")
makes the request out of reach, never half done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qcode.messages import PlanStep, Snapshot
from qcode.refactor import VERBS, Symbol, declares, matching, nearest, symbols
from qcode.router import terse


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
_KIND = r"(?:(?P<kind>function|method|class|variable|constant|attribute|symbol|def)\s+)?"
_KIND_AFTER = r"(?:\s+(?P<kind_after>function|method|class|variable|constant|attribute))?"
_NAME = rf"(?P<{{0}}_quote>{_QUOTES})(?P<{{0}}>[\w./-]+\.py:[\w.]+|[^\W\d][\w.]*(?:\(\))?){_QUOTES}"
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
        rf"(?:rename|renaming)\s+(?:the\s+)?{_KIND}{_OLD}{_KIND_AFTER}{_FILE}\s*(?P<sure>\bto\b|\binto\b|->|=>|→|\bas\b)\s*{_NEW}",
        rf"rename\s+(?:the\s+)?{_KIND}{_OLD}{_FILE}\s+{_NEW}",
        rf"change\s+the\s+name\s+of\s+(?:the\s+)?{_KIND}{_OLD}{_FILE}\s+(?P<sure>to|into)\s+{_NEW}",
        rf"(?:the\s+)?{_KIND}{_OLD}{_FILE}\s+should\s+be\s+(?P<sure>called|named|renamed to)\s+{_NEW}",
    )
)
_SPOKEN = re.compile(
    rf"{_POLITE}rename\s+the\s+(?P<spoken>[a-z]+(?: [a-z]+)*?)\s+(?P<kind>function|method|class|variable)\s+to\s+{_NEW}{_END}",
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


_ASKED = re.compile(r"(?:please\s+|pls\s+)?(?:can|could|would)\s+you\b.*\?$", re.IGNORECASE)
_STYLES = frozenset(
    ["snake_case", "camelcase", "pascalcase", "kebab", "lowercase", "uppercase", "something", "better"]
)
_FILLERS = frozenset(
    [
        "please",
        "pls",
        "everywhere",
        "now",
        "again",
        "better",
        "here",
        "too",
        "also",
        "back",
        "instead",
        "first",
        "later",
        "soon",
        "well",
        "always",
        "today",
        "tomorrow",
        "throughout",
        "globally",
        "me",
        "for",
        "in",
        "by",
        "asap",
    ]
)


def route(request: str, snapshot: Snapshot) -> Call | Question | OutOfReach:
    """What `request` asks for, checked against what `snapshot` defines."""
    if (exact := terse.parse(request)) and exact.verb in VERBS:
        return Call(exact.verb, exact.arguments, (PlanStep(exact.sentence, exact.uses, exact.creates),))
    text = " ".join(request.split())
    if _ASKED.match(text):
        text = text.rstrip(" ?")
    for form in _FORMS:
        if match := form.fullmatch(text):
            groups = match.groupdict()
            old, new = groups["old"].removesuffix("()"), groups["new"].removesuffix("()").rstrip(".")
            if old.lower() in _NOT_NAMES or new.lower() in _NOT_NAMES:
                continue
            if _vague(groups, new):
                plain = f"rename {old} to `{new}`"
                return Question(f"Is {new} the new name of {old}? Then say: {plain}.", (plain,))
            kinds = [k.lower() for k in (groups.get("kind"), groups.get("kind_after")) if k]
            return _checked(old.rstrip("."), new, groups.get("file"), kinds, snapshot)
    if match := _SPOKEN.fullmatch(text):
        return _spoken(match["spoken"], match["new"].removesuffix("()"), match["kind"].lower(), snapshot)
    if _RENAME_AT_ALL.search(text):
        return OutOfReach(
            "That rename has conditions or parts that I cannot carry out exactly, so nothing was done.",
            'Say it plainly: qcode refactor "rename OLD to NEW"; or configure a model (qcode models --help).',
        )
    return OutOfReach(
        "That needs a larger model, and none is configured; nothing was done.",
        'Without one: "rename OLD to NEW". Models: qcode models --help.',
    )


def _vague(groups: Mapping[str, str | None], new: str) -> bool:
    """Whether `new` may be a word of the sentence rather than a name: "load should be called once"."""
    word = new.lower()
    if groups.get("new_quote"):
        return False
    if word in _STYLES:
        return True
    if not new.isalpha() or (new != word and word not in _FILLERS):
        return False
    if (groups.get("sure") or "").lower() in ("to", "into", "->", "=>", "→", "renamed to"):
        return False
    terse = not groups.get("sure") and not groups.get("kind")
    return not terse or word in _FILLERS or word.endswith("ly")


def _checked(old: str, new: str, file: str | None, kinds: list[str], snapshot: Snapshot) -> Call | Question:
    known = symbols(snapshot)
    path, _, name = old.rpartition(":")
    path = path or file or ""
    chosen = matching([s for s in known if all(_is(s, k, known) for k in kinds)], name, path or None)
    if not chosen and kinds and (others := matching(known, name, path or None)):
        places = tuple(f"{s.path}:{s.qualname}" for s in others[:8])
        return Question(f"{name} is no {' '.join(kinds)} here. Which one is meant?", places)
    if not chosen and (other := _elsewhere(name, path, new, known, snapshot)):
        return other
    if not chosen:
        where = f" in {path}" if path else ""
        return Question(f"There is no {name}{where} in this repository.", tuple(nearest(name, known)))
    if len(chosen) > 1:
        places = tuple(f"{s.path}:{s.qualname}" for s in chosen[:8])
        return Question(f"{name} is defined {len(chosen)} times. Which one?", places)
    symbol = chosen[0]
    prefix, _, last = new.rpartition(".")
    if prefix and not f".{symbol.module}.{symbol.parent}".rstrip(".").endswith(f".{prefix}"):
        return Question(
            f"{new} lies elsewhere, and a rename does not move. Is {last} the new name?",
            (f"rename {symbol.path}:{symbol.qualname} to {last}",),
        )
    return _rename(symbol, last)


def _elsewhere(name: str, path: str, new: str, known: list[Symbol], snapshot: Snapshot) -> Call | None:
    """A rename of a parameter (`function.parameter`), a module, or a name of another language."""
    owner, _, last = name.rpartition(".")
    functions = (
        [s for s in matching(known, owner, path or None) if s.kind in ("def", "class")] if owner else []
    )
    if len(functions) == 1:
        function = functions[0]
        symbol = f"{function.path}:{function.qualname}.{last}"
        what = f"the parameter {last} of {function.qualname}"
    elif not path and "." in name and any(s.module == name for s in known):
        symbol, what = name, f"the module {name}"
    elif declares(snapshot, name, path):
        symbol, what = f"{path}:{name}" if path else name, name
    else:
        return None
    step = PlanStep(f"Rename {what} to {new}, with every use of it", creates=(new.rpartition(".")[2],))
    return Call("rename", {"symbol": symbol, "new_name": new.rpartition(".")[2]}, (step,))


def _is(symbol: Symbol, kind: str, known: list[Symbol]) -> bool:
    """Whether `symbol` is what people call a `kind`."""
    member = any(s.kind == "class" and s.path == symbol.path and s.qualname == symbol.parent for s in known)
    match kind:
        case "class":
            return symbol.kind == "class"
        case "function":
            return symbol.kind == "def" and not member
        case "method":
            return symbol.kind == "def" and member
        case "def":
            return symbol.kind == "def"
        case "variable" | "constant" | "attribute":
            return symbol.kind == "variable"
    return True


def _spoken(spoken: str, new: str, kind: str, snapshot: Snapshot) -> Call | Question:
    """ "the parse cfg function": the words of a name, when exactly one name has them."""
    wanted = spoken.lower().split()
    known = symbols(snapshot)
    read = [s for s in known if _is(s, kind, known) and [w.lower() for w in _words(s.name)] == wanted]
    hits = {f"{s.path}:{s.qualname}": s for s in read}
    if len(hits) == 1 and "." not in new:
        return _rename(next(iter(hits.values())), new)
    if hits:
        return Question(f"What is called “{spoken}”, and what shall it be called?", tuple(hits))
    return Question(f"No name reads “{spoken}”.", tuple(nearest("_".join(wanted), known)))


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)


def _rename(symbol: Symbol, new: str) -> Call:
    return Call(
        "rename",
        {"symbol": f"{symbol.path}:{symbol.qualname}", "new_name": new},
        (
            PlanStep(
                f"Rename {symbol.qualname} ({symbol.path}:{symbol.line}) to {new}, with every use of it",
                uses=(symbol.qualname,),
                creates=(new,),
            ),
        ),
    )
