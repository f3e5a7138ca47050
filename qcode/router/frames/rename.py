""" "rename X to Y", "X should be called Y", "call it Y", "use Y instead of X", "X -> Y"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qcode.refactor import declares
from qcode.router.clause import Clause, Reading
from qcode.router.frames.cuts import CUES, NAMING, WORDS, Split, splits
from qcode.router.frames.pairs import read_pairs
from qcode.router.frames.style import restyled
from qcode.router.mentions import GLUE, Span, by_stem, chosen, read
from qcode.router.plan import Call, Question
from qcode.router.words import Token, vocabulary
from qcode.router.world import Target

_NO_NAMES = vocabulary(
    "it this that everything all them something anything to the and or not a an better please pls "
    "instead everywhere now too also here there me for in by asap snake_case camelcase pascalcase kebab lowercase uppercase "
    "needed private public of on"
)  # fmt: skip
_RISKY = vocabulary("confusing unclear better clearer bad long short generic")
_VERBS = vocabulary("get use make take add find call update")
_ADVERBS = vocabulary("again back first later soon once twice well always today tomorrow often never")
_PARAMETERS = vocabulary("parameter param argument arg option flag")
_CONDITIONS = vocabulary("if unless when while until or because only except provided otherwise whenever")


def read_clause(clause: Clause) -> Reading:
    """A rename."""
    if other := restyled(clause):
        return called(clause, *other)
    clause = replace(clause, tokens=_everywhere(clause))
    strong = clause.has(*CUES)
    if not strong and not (
        clause.has(*NAMING, "become", "becomes")
        or _arrow(clause)
        or clause.has("be", "change", "switch")
        or any(t.kind == "path" and "/" in t.text for t in clause.tokens)
        or clause.says("make it")
        or clause.says("make that")
        or _verbless(clause)
    ):
        return None
    if found := _paired(clause) or _several(clause):
        return found
    asked: Question | None = None
    for split in splits(clause.tokens):
        found = _renamed(clause, split, strong)
        if isinstance(found, list):
            return found
        asked = asked or found
    if asked or not (strong or _wants_a_name(clause)):
        return asked if strong or _arrow(clause) or clause.has(*NAMING) else None
    return _without_new_name(clause)


def _everywhere(clause: Clause) -> list[Token]:
    """Without ", also in tests": a rename is everywhere."""
    tokens = clause.tokens
    said = [t.lower for t in tokens]
    if len(said) > 4 and said[-2:] in (["tests", "too"], ["tests", "included"], ["tests", "also"]):
        end = len(tokens) - 2 - (said[-3] in ("the", "in"))
        return list(tokens[: end - (said[end - 1] in (",", "and", "-"))])
    for i, token in enumerate(tokens):
        also = token.lower in ("also", "even") or (token.lower == "and" and i + 1 < len(tokens))
        if not also or i + 2 >= len(tokens) or tokens[i + 1].lower != "in":
            continue
        span = read(tokens[i + 1 :], clause.world)
        if span.places and not (span.names or span.rest or span.missing):
            end = i
            while end and tokens[end - 1].lower in (",", "and", "-", "("):
                end -= 1
            return list(tokens[:end])
    return list(tokens)


def _verbless(clause: Clause) -> bool:
    """ "stats to ticket_stats": two names and no more."""
    said = [t for t in clause.tokens if t.kind != "mark"]
    if len(said) != 3 or said[1].lower not in ("to", "into"):
        return False
    old, new = said[0], said[2]
    known = old.text in clause.world.names or bool(clause.world.named(old.text))
    return known and new.kind == "name" and new.text not in clause.world.names


def _wants_a_name(clause: Clause) -> bool:
    """ "change the name of f", "f needs a better name" """
    return (clause.has("change") and clause.says("name of")) or any(
        clause.says(f"{better} name")
        for better in ("better", "new", "another", "different", "good", "proper")
    )


def _paired(clause: Clause) -> Reading:
    """ "rename A and B to C and D": as many new names as old ones."""
    at = next((i for i, t in enumerate(clause.tokens) if t.lower in ("to", "into") or t.kind == "arrow"), 0)
    new = [
        t
        for t in clause.tokens[at + 1 :]
        if t.lower not in ("and", ",", "respectively", "be", "become", "called", "named")
    ]
    old = read(clause.tokens[:at], clause.world, WORDS)
    if (
        len(old.names) < 2
        or len(old.names) != len(new)
        or old.rest
        or any(not t.text.isidentifier() for t in new)
    ):
        return None
    calls: list[Call] = []
    for name, other in zip(old.names, new, strict=True):
        found = _renamed(clause, Split([name], other, [], True, True), True)
        if not isinstance(found, list):
            return found
        calls += found
    return calls


def _several(clause: Clause) -> Reading:
    """ "in f: a -> b, c -> d": variables of one function."""
    calls: list[Call] = []
    for split in read_pairs(clause):
        found = _renamed(clause, split, True)
        if not isinstance(found, list):
            return found
        calls += found
    return calls or None


def _adverb(word: str) -> bool:
    return word.endswith("ly") and len(word) > 6


def _arrow(clause: Clause) -> bool:
    return any(t.kind == "arrow" for t in clause.tokens)


def _renamed(clause: Clause, split: Split, strong: bool) -> Reading:
    new = split.new
    following = split.after[0] if split.after else None
    if following and following.kind in ("name", "word") and following.lower not in GLUE | WORDS:
        return _left_over(clause, split, strong)
    if new.kind == "path":
        return _module_file(clause, split)
    if new.kind not in ("name", "word") or not all(p.isidentifier() for p in new.text.split(".")):
        return (
            Question("What shall it be called? A name has letters, digits and _.")
            if strong and split.sure
            else None
        )
    if new.lower in _NO_NAMES and not new.quoted:
        return None
    weak = not strong and not clause.has(*NAMING) and not (_arrow(clause) and split.sure)
    weak = weak and not (split.firm and _verbless(clause))
    looks_so = new.kind == "name" or new.quoted or new.text[0].isupper()
    if weak and not (looks_so and (split.sure or clause.has("be"))):
        return None
    if (
        clause.has("call")
        and not strong
        and not (looks_so and not clause.has("to"))
        and not clause.has("it", "that", "instead")
    ):
        return None
    target = clause.one([*split.old, *split.after], WORDS)
    if isinstance(target, Target) and target.name == new.text:
        return None
    if target is None:
        return _left_over(clause, split, strong)
    if isinstance(target, Target) and (others := _members(clause, target, [*split.old, *split.after])):
        return Question(
            f"{target.name} may mean {1 + len(others)} things. Which one?",
            tuple(f"rename {t.symbol} to {new.text}" for t in (target, *others[:7])),
        )
    if isinstance(target, Target) and (asked := _which(clause, split, target, strong)):
        return asked
    if isinstance(target, Target) and _may_be_an_attribute(clause, target, [*split.old, *split.after]):
        return Question(
            f"There is also an attribute {target.name}. Which one is meant?",
            (f"rename {target.owner}.{target.name} to {new.text}",),
        )
    if isinstance(target, Question) and (calls := _in_each(clause, [*split.old, *split.after], new.text)):
        return calls
    if isinstance(target, Question):
        return _elsewhere(clause, split, new.text) or (target if strong or not weak else None)
    if (
        not looks_so
        and not new.quoted
        and not _verb_after_arrow(clause, split)
        and not (strong and split.firm and not split.after and new.lower in _VERBS)
        and (
            not split.sure
            or new.lower in _RISKY | GLUE
            or (not split.firm and (_adverb(new.lower) or new.lower in _ADVERBS))
        )
    ):
        plain = f"rename {target.qualname} to `{new.text}`"
        return Question(f"Is {new.text} the new name of {target.qualname}? Then say: {plain}.", (plain,))
    said = [t.text for t in split.old]
    if (
        target.kind == "class"
        and new.text == new.text.lower()
        and target.name not in said
        and "_" not in new.text
    ):
        # "the cart class to basket": the class Cart, and then surely Basket
        written = new.text.capitalize()
        return Question(f"Shall {target.name} be called {written}?", (f"rename {target.name} to {written}",))
    return called(clause, target, new.text)


def _in_each(clause: Clause, tokens: Sequence[Token], new: str) -> list[Call]:
    """ "rename save to store in both User and Order": one call for each owner."""
    span = read(tokens, clause.world, WORDS)
    if len(span.names) < 3 or span.rest or span.places or not clause.has("and", "both"):
        return []
    calls: list[Call] = []
    for owner in span.names[1:]:
        one = chosen(Span([span.names[0], owner], kinds=span.kinds), clause.world)
        found = (
            called(clause, one, new) if isinstance(one, Target) and one.owner.endswith(owner.text) else None
        )
        if not isinstance(found, list):
            return []
        calls += found
    return calls


def _verb_after_arrow(clause: Clause, split: Split) -> bool:
    """ "fetch -> get": nothing but a name can stand there, however common the word is."""
    arrow = any(t.kind == "arrow" and t.end <= split.new.start for t in clause.tokens[-2:])
    return arrow and not split.after and split.new.lower not in _RISKY


def _members(clause: Clause, target: Target, tokens: Sequence[Token]) -> list[Target]:
    """Methods of the same name, where nothing but the bare name was said of a function."""
    span = read(tokens, clause.world, WORDS)
    bare = len(span.names) == 1 and not span.kinds and not span.places and span.names[0].text == target.name
    if not bare or "." in target.qualname or target.kind != "function":
        return []
    return [t for t in clause.world.defined if t.kind == "method" and t.name == target.name]


def _which(clause: Clause, split: Split, target: Target, strong: bool) -> Question | None:
    """What has to be asked, where one name is called like something else that may be meant."""
    said, new = [*split.old, *split.after], split.new.text
    span = read(said, clause.world, WORDS)
    if target.added and strong and not clause.has("instead", *_PARAMETERS):
        whole = clause.function.qualname if clause.function else target.owner
        return Question(
            f"Shall {whole} be called {new}, or its parameter {target.name}?",
            (f"rename {whole} to {new}", f"rename {target.owner}.{target.name} to {new}"),
        )
    top = target.kind in ("function", "class") and "." not in target.qualname
    bare = len(span.names) == 1 and span.names[0].text == target.name and not span.kinds and not span.places
    modules = clause.world.module(target.name) if top and bare and not _called(span.names[0], clause) else []
    if modules:
        return Question(
            f"{target.name} is a module, too. Which one is meant?",
            (f"rename {target.symbol} to {new}", f"rename the module {modules[0].qualname} to {new}"),
        )
    if top and not strong and _arrow(clause) and (homes := by_stem(new, clause.world)):
        return Question(
            f"{new} is a module. Shall {target.name} go there, or be called {new}?",
            (f"move {target.name} to {homes[0]}", f"rename {target.name} to {new}"),
        )
    return None


def _called(token: Token, clause: Clause) -> bool:
    """Whether a name stands there as a call: `f()`."""
    return clause.text[token.start : token.end].strip("`'\"").endswith("()")


def _may_be_an_attribute(clause: Clause, target: Target, tokens: Sequence[Token]) -> bool:
    """Whether a parameter or local variable was found by its bare name, which objects have too."""
    if target.kind not in ("parameter", "local") or target.name not in clause.world.attributes:
        return False
    span = read(tokens, clause.world, WORDS)
    return len(span.names) == 1 and not span.kinds and "." not in span.names[0].text


def _spoken(clause: Clause, split: Split, target: Target) -> str:
    """ "rename the read table function to load table": both names in words, so both are written alike."""
    words = [split.new, *split.after]
    old = next(iter(read(split.old, clause.world, WORDS).names), None)
    if (
        old is None
        or not (split.firm or (split.sure and clause.has("called", "named")))
        or not 2 <= len(words) <= 4
        or " " not in clause.text[old.start : old.end]
    ):
        return ""
    if any(
        t.kind != "word" or not t.text.isalpha() or t.lower in GLUE | WORDS | _ADVERBS | _NO_NAMES
        for t in words
    ):
        return ""
    if _adverb(words[-1].lower):
        return ""
    if target.kind == "class":
        return "".join(t.text.capitalize() for t in words)
    camel = target.name != target.name.lower() and "_" not in target.name
    parts = [t.lower for t in words]
    return parts[0] + "".join(p.capitalize() for p in parts[1:]) if camel else "_".join(parts)


def _left_over(clause: Clause, split: Split, strong: bool) -> Reading:
    """The old name is clear, and words follow the new one: is that all of it?"""
    words = {t.lower for t in split.after}
    target = clause.one(split.old, WORDS)
    announced = split.sure and clause.has("called", "named")
    if (
        not (strong or announced)
        or not isinstance(target, Target)
        or words & _CONDITIONS
        or len(split.after) > 6
    ):
        return None
    if any(t.lower in ("and", ",", ";", ".", "but", "then") for t in split.after):
        return None
    if name := _spoken(clause, split, target):
        return called(clause, target, name)
    if not strong:
        return None
    said = "_".join([split.new.lower, *(t.lower for t in split.after if t.lower not in ("the", "a"))])
    return Question(f"What shall {target.qualname} be called?", (f"rename {target.qualname} to {said}",))


def called(clause: Clause, target: Target, new: str) -> Reading:
    """The call that gives `target` the name `new`, or what has to be asked first."""
    prefix, _, last = new.rpartition(".")
    module = (
        target.qualname
        if target.kind == "module"
        else f"{target.path.removesuffix('.py').replace('/', '.')}.{target.owner}"
    )
    home = module.rpartition(".")[0] if target.kind == "module" else module.rstrip(".")
    if prefix and not f".{home}".endswith(f".{prefix}"):
        return Question(
            f"{new} lies elsewhere, and a rename does not move. Is {last} the new name?",
            (f"rename {target.symbol} to {last}",),
        )
    symbol = target.symbol
    short = target.qualname.replace(".__init__.", ".")
    if target.kind == "parameter" and not clause.world.attribute(short, (target.path,)):
        symbol = symbol.replace(target.qualname, short)  # no attribute has the name
    what = (
        f"the {target.kind} {target.name} of {target.owner}"
        if target.kind in ("parameter", "local")
        else target.qualname
    )
    known = ("class", "function", "method", "variable", "attribute")
    uses = (target.qualname,) if target.kind in known else ()
    sentence = f"Rename {what} ({target.path}:{target.line}) to {last}, with every use of it"
    return [clause.call("rename", {"symbol": symbol, "new_name": last}, sentence, uses, (last,))]


def _module_file(clause: Clause, split: Split) -> Reading:
    """ "rename a.py to b.py" """
    span = read(split.old, clause.world, WORDS)
    files = [p for p in span.within if p in clause.world.paths]
    if (
        len(files) != 1
        or span.names
        or span.rest
        or not split.new.text.endswith(".py")
        or split.new.text.startswith((".", "/"))
    ):
        return Question("Which file is meant, and what shall it be called?") if span.places else None
    folder = files[0].rpartition("/")[0]
    to = split.new.text if "/" in split.new.text or not folder else f"{folder}/{split.new.text}"
    return [
        clause.call("move", {"symbol": files[0], "to": to}, f"Move {files[0]} to {to}, with every use of it")
    ]


def _elsewhere(clause: Clause, split: Split, new: str) -> Reading:
    """A name of another language."""
    span = read(split.old, clause.world, WORDS)
    if span.rest or len(span.names) != 1:
        return None
    name, path = span.names[0].text, next(iter(span.within), "")
    if clause.world.named(name) or not declares(clause.world.snapshot, name, path):
        return None
    symbol = f"{path}:{name}" if path else name
    return [
        clause.call(
            "rename",
            {"symbol": symbol, "new_name": new},
            f"Rename {name} to {new}, with every use of it",
            creates=(new,),
        )
    ]


def _without_new_name(clause: Clause) -> Question | None:
    if any(t.lower in _CONDITIONS for t in clause.tokens):
        return None
    target = clause.one(clause.tokens, WORDS | _NO_NAMES)
    if isinstance(target, Target):
        return Question(f"What shall {target.qualname} be called?", (f"rename {target.qualname} to …",))
    short = len(clause.tokens) < 4
    return target or (
        Question("What shall be renamed, and to what?", ("rename OLD to NEW",)) if short else None
    )
