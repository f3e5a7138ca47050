"""What a part of a sentence names: definitions, kinds, files; and the words that are left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qcode.refactor.python.symbols import module_of
from qcode.router.plan import Question
from qcode.router.words import Token, vocabulary
from qcode.router.world import Target, World, below

KINDS: dict[str, tuple[str, ...]] = {
    "function": ("function",), "functions": ("function",), "func": ("function",), "def": ("function", "method"),
    "helper": ("function", "method"), "fixture": ("function",), "view": ("function",), "routine": ("function", "method"),
    "method": ("method",), "methods": ("method",), "class": ("class",), "classes": ("class",), "type": ("class",),
    "dataclass": ("class",), "exception": ("class",),
    "variable": ("variable", "local", "parameter"), "var": ("variable", "local", "parameter"),
    "variables": ("variable", "local", "parameter"), "vars": ("variable", "local", "parameter"),
    "struct": ("class",), "subroutine": ("function", "method"), "procedure": ("function", "method"),
    "locals": ("local",), "constants": ("variable",), "helpers": ("function", "method"),
    "local": ("local",), "temporary": ("local",), "temp": ("local",),
    "constant": ("variable",), "global": ("variable",),
    **dict.fromkeys(("attribute", "attributes", "field", "fields", "attr", "attrs"), ("variable", "attribute")),
    **dict.fromkeys(("member", "members"), ("variable", "attribute", "method")),
    "parameter": ("parameter",), "param": ("parameter",), "argument": ("parameter",), "arg": ("parameter",),
    "parameters": ("parameter",), "params": ("parameter",), "arguments": ("parameter",), "args": ("parameter",),
    "option": ("parameter",), "keyword": ("parameter",),
    "module": ("module",), "file": ("module",), "package": ("module",),
}  # fmt: skip
ATTRIBUTES = frozenset(["attribute", "attributes", "attr", "attrs", "field", "fields", "member", "members"])
_PLACE_NOUNS = vocabulary("module file package folder directory dir subpackage")
_BEFORE_A_PLACE = vocabulary(
    "on across over through in under below within inside from of and for only not except outside"
)
_TAKES_A_NAME = frozenset(["rename", "inline", "move", "relabel"])
_LOCATING = vocabulary("in from of under inside within at")
_LIMITING = vocabulary("not only except but if unless when other wrong same non and or , ; . :")
_ARTICLES = frozenset(["the", "a", "an", "my", "our"])
_TEST_NOUNS = vocabulary("files file folder directory suite code modules dir")
GLUE = vocabulary(
    "the a an this that these those it its them him her they there their here files including should've could've would've under below my our your me us i i'd i'll i'm we "
    "we'd you u please pls plz kindly thanks thank thx cheers lot much ok okay hey hi so just really "
    "simply actually also too now then well be is are was been being should must shall can could "
    "would will may might ought need needs needed want wants wanted like have has had get gets let "
    "lets let's 's do does of in from on at for inside within everywhere throughout across over whole "
    "entire project repo repository codebase code all every each any both usage usages use uses used "
    "reference references occurrence occurrences caller callers update updating todo next first "
    "second third finally quick small refactoring refactor think kind and name symbol identifier "
    "thing one ones which some bunch lot lots couple here's there's it's its i've we've , : . ! ? ( ) ; - … & * + course"
)


@dataclass(slots=True)
class Span:
    """`names` in the order in which they stand; `places` are files and folders, each with its choices."""

    names: list[Token] = field(default_factory=list)
    places: list[list[str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Paths that there are not."""
    kinds: list[str] = field(default_factory=list)
    rest: list[Token] = field(default_factory=list)
    located: bool = False
    """The places say where something is ("in a.py"); they are not the thing itself."""

    @property
    def within(self) -> list[str]:
        return [p for choices in self.places for p in choices]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was named, and the words beside it."""

    path: str
    number: int
    others: list[Token]


def line_in(tokens: Sequence[Token], world: World) -> Line | None:
    """The one line that `tokens` name: "a.py:22", "line 22 of a.py", "a.py line 22"."""
    for i, token in enumerate(tokens):
        start, end, number, path = i, i + 1, "", ""
        if token.kind == "lines":
            path, _, number = token.text.rpartition(":")
        elif token.lower == "line" and i + 1 < len(tokens) and tokens[i + 1].kind == "number":
            number, end = tokens[i + 1].text, i + 2
            if end + 1 < len(tokens) and tokens[end].lower in ("of", "in") and tokens[end + 1].kind == "path":
                path, end = tokens[end + 1].text, end + 2
            elif i and tokens[i - 1].kind == "path":
                path, start = tokens[i - 1].text, i - 1
        files = [p for p in world.files(path) if p in world.paths] if path else []
        if number.isdigit() and len(files) == 1:
            while start and tokens[start - 1].lower in ("in", "at", "on", "from", "of"):
                start -= 1
            return Line(files[0], int(number), [*tokens[:start], *tokens[end:]])
    return None


def read(tokens: Sequence[Token], world: World, glue: frozenset[str] = frozenset()) -> Span:
    """What `tokens` name. Words in GLUE or `glue` say nothing more."""
    span = Span()
    silent = GLUE | glue
    placed: set[int] = set()
    left: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        # "in notify customer": the function notify_customer, not the module notify
        located = at and tokens[at - 1].lower in ("in", "of", "from")
        spoken = located and token.kind == "word" and _said(tokens, at, world, Span())
        if not spoken and (used := place_at(tokens, at, world, span)):
            placed |= set(range(at, at + used))
            before = [t.lower for t in tokens[max(0, at - 2) : at] if t.lower not in _ARTICLES]
            span.located = span.located or bool(before and before[-1] in _LOCATING)
            at += used
        elif token.kind == "name" and (token.quoted or token.lower not in silent):
            span.names.append(token)
            at += 1
        elif used := _said(tokens, at, world, span):
            at += used
        elif token.kind == "word" and _is_named(tokens, at, world, silent):
            span.names.append(token)
            at += 1
        elif token.kind == "word" and token.text in world.folders and token.lower not in silent:
            span.places.append([token.text])
            at += 1
        elif token.lower in KINDS:
            # "the name field": the word before is the name, however little it says elsewhere
            last = tokens[at - 1] if at else token
            silenced = last.kind == "word" and last.lower in silent and last.text in world.names
            if silenced and last.lower not in _ARTICLES and at > 1 and tokens[at - 2].lower in _ARTICLES:
                span.names.append(last)
            if at and KINDS[token.lower] == ("class",) and not last.quoted:
                _class_in_words(last, world, span)
            span.kinds.append(token.lower)
            at += 1
        else:
            if token.lower not in silent:
                span.rest.append(token)
                left.append(at)
            at += 1
    span.rest = [tokens[i] for i in left if i not in _description(tokens, left, world)]
    if not span.names:
        # "rename run to execute": a word that says nothing elsewhere may be the name itself.
        words = [
            t for i, t in enumerate(tokens) if i not in placed and t.kind == "word" and t.text in world.names
        ]
        silently = [t for t in words if t.lower not in _ARTICLES | KINDS.keys()]
        span.names += silently[-1:]
    return span


def _description(tokens: Sequence[Token], left: Sequence[int], world: World) -> set[int]:
    """Words that only describe what is named after them: "the learning rate argument `lr`", "the loader of
    tables (read_all)"."""
    found: set[int] = set()
    for first in left:
        if not first or tokens[first - 1].lower not in _ARTICLES - {"a", "an"}:
            continue
        at = first
        while at < len(tokens) and at in left and tokens[at].lower not in _LIMITING:
            at += 1
        noun = at
        while at < len(tokens) and tokens[at].lower in KINDS.keys() | {"("}:
            at += 1
        named = at < len(tokens) and (tokens[at].text in world.names or world.named(tokens[at].text))
        if named and noun < at and noun - first < 5:
            found |= set(range(first, noun))
    return found


def _class_in_words(token: Token, world: World, span: Span) -> None:
    """ "the user class": the class User, whatever else is called `user`."""
    named = {t.name for t in world.defined if t.kind == "class" and t.name.lower() == token.lower}
    if len(named) != 1 or token.text in named:
        return
    span.names = [n for n in span.names if n is not token]
    span.rest = [t for t in span.rest if t is not token]
    span.names.append(Token(named.pop(), "name", token.start, token.end))


def _is_named(tokens: Sequence[Token], at: int, world: World, silent: frozenset[str]) -> bool:
    """Whether a word is a name here: one that means nothing else, or that stands where only a name
    can ("rename ok to fine")."""
    word = tokens[at].lower
    if tokens[at].text not in world.names:
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if word in KINDS and following and (following.text in world.names or following.kind in ("path", "name")):
        return False  # "the func retry", "rename file a.py"
    if at + 2 < len(tokens) and tokens[at + 1].lower in ("in", "of", "inside"):
        # "ok in verify": common as the word is, it is a name there
        owner = next(
            (t for t in tokens[at + 2 : at + 5] if t.lower not in _ARTICLES and t.lower not in KINDS), None
        )
        if owner and owner.text in world.names and world.inside(f"{owner.text}.{tokens[at].text}"):
            return True
    if at and tokens[at - 1].lower in _TAKES_A_NAME and word not in _ARTICLES | {"it", "this", "that"}:
        return True
    return word not in silent | KINDS.keys()


def place_at(tokens: Sequence[Token], at: int, world: World, span: Span) -> int:
    """A file, folder or module at `at`: how many tokens it takes; 0 for none."""
    token = tokens[at]
    if token.kind == "path":
        if found := world.files(token.text):
            span.places.append(found)
        else:
            span.missing.append(token.text)
        return 1
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.lower in ("test", "tests") and token.kind == "word" and world.tests:
        noun = following is not None and following.lower in _TEST_NOUNS
        if noun or token.lower == "tests":
            span.places.append(list(world.tests))
            return 2 if noun else 1
    if token.kind not in ("word", "name"):
        return 0
    if following and following.lower in _PLACE_NOUNS and (found := by_stem(token.text, world)):
        span.places.append(found)
        return 2
    if token.lower in _PLACE_NOUNS and following and following.kind in ("word", "name"):
        if found := by_stem(following.text, world):
            span.places.append(found)
            return 2
        return 0
    before = tokens[at - 1].lower if at else ""
    if before in _BEFORE_A_PLACE and token.text not in world.names:
        if token.text in world.folders:
            span.places.append([token.text])
            return 1
        out = before == "of" and at > 1 and tokens[at - 2].lower in ("out", *KINDS)
        bare = before in ("in", "from") or out or (before != "of" and token.kind == "name")
        if bare and (found := by_stem(token.text, world)):
            span.places.append(found)
            return 1
    return 0


def by_stem(text: str, world: World) -> list[str]:
    """Files and folders that a word before "module" or "package" means."""
    modules = [m.path.removesuffix("/__init__.py") for m in world.module(text)]
    folders = [
        f
        for f in world.folders
        if f == text or f.endswith(f"/{text}") or f.replace("/", ".").endswith(f".{text}")
    ]
    return modules or folders


def _said(tokens: Sequence[Token], at: int, world: World, span: Span) -> int:
    """A name spoken as its words: "the parse cfg function"."""
    if spoken := spoken_at(tokens, at, world):
        name, size = spoken
        span.names.append(Token(name, "name", tokens[at].start, tokens[at + size - 1].end, True))
        return size
    return 0


def spoken_at(tokens: Sequence[Token], at: int, world: World) -> tuple[str, int] | None:
    """A name of several words that is spoken at `at`, and of how many tokens."""
    for size in range(min(6, len(tokens) - at), 1, -1):
        part = tokens[at : at + size]
        if any(t.kind != "word" or t.quoted for t in part):
            continue
        if name := world.spoken.get(tuple(t.lower for t in part)):
            return name, size
    return None


def targets(span: Span, world: World, kinds: Sequence[str] = ()) -> list[Target]:
    """What the names of `span` mean together: an owner and its member are one thing.

    `kinds`: kinds of targets that are meant, if the span itself says nothing.
    """
    wanted = [k for word in span.kinds for k in KINDS[word]] or list(kinds)
    if len(span.names) > 1:
        owned = [
            t
            for one in span.names
            for other in span.names
            if one is not other
            for t in _owned(one.text, other.text, world)
        ]
        found = [t for t in owned if below(t.path, span.within) and _all_said(t, span.names)]
    elif span.names:
        found = _alone(span.names[0].text, span, world, wanted)
    else:
        alone = len(span.within) == 1 and not span.located
        return [
            m
            for m in world.modules
            if alone and m.path == span.within[0] and "module" in (*wanted, *([] if kinds else ["module"]))
        ]
    chosen = [t for t in found if not wanted or t.kind in wanted]
    if not chosen and wanted and len(span.names) > 1:
        # an attribute that a method sets is no parameter of the same name
        chosen = [t for t in found if t.kind != "parameter" or not ATTRIBUTES & set(span.kinds)]
    if not chosen and set(wanted) <= {"function", "method"}:
        # "the function save", which is a method: many say so
        chosen = [t for t in found if t.kind in ("function", "method")]
    return list(dict.fromkeys(chosen))


def _all_said(target: Target, names: Sequence[Token]) -> bool:
    """Whether every one of `names` is a part of what `target` is called: what is left over is of something else."""
    whole = f".{module_of(target.path)}.{target.qualname}."
    return all(f".{n.text.rpartition(':')[2].removesuffix('()')}." in whole for n in names)


def _alone(name: str, span: Span, world: World, wanted: Sequence[str]) -> list[Target]:
    within = span.within
    if wanted and not set(wanted) & {"class", "function", "method", "variable"}:
        return [*world.inside(name, within), *(world.module(name) if "module" in wanted else [])]
    found = world.named(name, within, bool(wanted))
    if "attribute" in wanted:
        found = list(dict.fromkeys([*found, *world.attribute(name, within)]))
    if found and any(t.kind in wanted for t in found):
        return found
    inner = world.inside(name, within)
    if not (found or inner) and "." in name:
        owner, _, last = name.rpartition(".")
        inner = world.inside(f"{owner}.__init__.{last}", within)
    if found and not wanted:
        return found
    return inner or found or world.module(name)


def _owned(name: str, owner: str, world: World) -> list[Target]:
    both = [*world.named(f"{owner}.{name}"), *world.inside(f"{owner}.{name}")]
    initial = world.inside(f"{owner}.__init__.{name}")
    return [t for t in (*both, *initial) if t.name == name.rpartition(".")[2]]


def chosen(span: Span, world: World, kinds: Sequence[str] = ()) -> Target | Question:
    """The one thing that `span` names, or what has to be asked."""
    if span.missing:
        return Question(f"There is no {span.missing[0]} here.", _like(span.missing[0], world))
    found = targets(span, world, kinds)
    set_on = _parameter(span, world) if ATTRIBUTES & set(span.kinds) else None
    if len(found) == 1 and (set_on is None or found[0].kind not in ("parameter", "local")):
        return found[0]
    if set_on is not None and not any(t.kind == "variable" for t in found):
        owner = set_on.owner.removesuffix(".__init__")
        return Question(
            f"{set_on.name} is set by {owner}, and no refactoring renames such attributes. Is its parameter meant?",
            (f"rename the parameter {set_on.name} of {owner} to …",),
        )
    said = " ".join(t.text for t in (span.names or span.rest))
    if not said:
        return Question("What is meant?")
    if found:
        return Question(
            f"{said} may mean {len(found)} things. Which one?", tuple(t.symbol for t in found[:8])
        )
    if span.names and (others := targets(Span(span.names), world)):
        where = f" in {span.within[0]}" if span.within else ""
        kind = f"no {' '.join(span.kinds)}" if span.kinds else "not"
        return Question(f"{said} is {kind}{where}. Which one is meant?", tuple(t.symbol for t in others[:8]))
    near = world.nearest(span.names[0].text if span.names else "_".join(t.lower for t in span.rest))
    return Question(f"There is no {said} in this repository.", near)


def _parameter(span: Span, world: World) -> Target | None:
    """The parameter that is called like an attribute."""
    found = [t for t in targets(Span(span.names, span.places), world) if t.kind == "parameter"]
    return found[0] if len(found) == 1 else None


def _like(path: str, world: World) -> tuple[str, ...]:
    import difflib

    return tuple(difflib.get_close_matches(path, world.paths, 3, 0.6))
