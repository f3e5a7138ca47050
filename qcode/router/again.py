"""The same once more: "do the same for closeAll", "b.py too", "and in load_json as well"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qcode.router.clause import Clause, Reading
from qcode.router.frames import files, inline
from qcode.router.frames.style import in_style
from qcode.router.mentions import GLUE, Span, by_stem, chosen, read
from qcode.router.plan import PER_FILE, Call, Question
from qcode.router.scope import one_place
from qcode.router.speech import harmless
from qcode.router.words import Token, parts, vocabulary
from qcode.router.world import Target, below

WORDS = vocabulary(
    "ditto idem same likewise similarly also too and do does did as well again another next now no actually with w/ n & please pls "
    "thanks ok okay then apply repeat goes go thing things way manner treatment cure disease problem issue get gets got may ask "
    "you one ones other others please stuff case for in of to from over it's has it style fashion both hmm hm camelcase so want"
)
"""Words of "the same for …" that say no more than that."""
_STYLES = ("snake", "camel", "pascal", "upper")
_ENDS = (",", ".", "!", "?", ";", ":", "-", "\u2013", "\u2014")
_OWNING = ("in", "of", "from", "inside", "within")


def read_again(clause: Clause, last: Call) -> Reading:
    """What a clause asks for that says "the same" of another thing, after `last`."""
    tokens = _without_remarks(clause, last.tool in PER_FILE)
    if last.tool in PER_FILE:
        return _files(clause, tokens, last)
    span = read([t for t in tokens if t.kind != "mark"], clause.world, WORDS)
    if span.rest or span.missing:
        return None
    names = [n for n in span.names if n.quoted or n.lower not in WORDS or _word_after(n, tokens) in _OWNING]
    span = replace(span, names=names)
    match last.tool:
        case "rename":
            return _renamed(clause, span, last)
        case "signature":
            return _signature(clause, span, last)
        case "inline":
            return _inlined(clause, span, last)
    return None


def _without_remarks(clause: Clause, of_files: bool) -> list[Token]:
    """Without the parts that name nothing and ask for nothing: "…, it has the same problem"."""
    kept: list[Token] = []
    part: list[Token] = []
    for i, token in enumerate(clause.tokens):
        part.append(token)
        if i + 1 < len(clause.tokens) and token.text not in _ENDS:
            continue
        span = read(part, clause.world, WORDS)
        named = any(t.kind in ("name", "path", "assign", "arrow") or t.quoted for t in part) or (
            of_files and any(t.lower not in WORDS and by_stem(t.text, clause.world) for t in part)
        )
        if span.names or span.places or named or not harmless(part, clause.world):
            kept += part
        part = []
    return kept


def _files(clause: Clause, tokens: Sequence[Token], last: Call) -> Reading:
    """ "now pipeline too", "same thing for cart and notify": bare names of modules will do."""
    words = WORDS | GLUE | files.words(last.tool)
    span = Span()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        silent = token.kind == "mark" or (token.lower in words and not token.quoted)
        used = 0 if silent else one_place(tokens, at, clause.world, span)
        if not silent and not used:
            return None
        at += used or 1
    if span.missing:
        return Question(f"There is no {span.missing[0]} here.")
    if any(len(choices) > 1 and choices != list(clause.world.tests) for choices in span.places):
        return Question("Which one is meant?", tuple(span.within[:8]))
    return [again(last, clause, path=p) for p in (span.within or clause.scope.only)] or None


def _renamed(clause: Clause, span: Span, last: Call) -> Reading:
    old, new = re.split(r"[.:]", last.arguments["symbol"])[-1], last.arguments["new_name"]
    known = [n for n in span.names if clause.world.named(n.text) or clause.world.inside(n.text)]
    fresh = [n for n in span.names if n not in known and n.text.isidentifier()]
    if len(known) + len(fresh) != len(span.names):
        return None
    if known and not fresh:
        owned = _of_owners(clause, known, old)
        return [_rename(clause, t, new) for t in owned] or _restyled(clause, span, known, old, new)
    if len(fresh) == 1 and not known:
        return _twin(clause, span, fresh[0], old)
    pairs = list(zip(span.names[::2], span.names[1::2], strict=False))
    if len(known) == len(fresh) and all(a in known and b in fresh for a, b in pairs):
        calls: list[Call] = []
        for a, b in pairs:
            one = chosen(Span([a], span.places), clause.world)
            if isinstance(one, Question):
                return one
            calls.append(_rename(clause, one, b.text))
        return calls
    return None


def _of_owners(clause: Clause, owners: Sequence[Token], old: str) -> list[Target]:
    """ "and in load_json too", after a rename of a variable of load_csv: that of the same name there."""
    found: list[Target] = []
    for owner in owners:
        if _word_before(owner, clause.tokens) not in _OWNING:
            return []
        inside = clause.world.inside(f"{owner.text}.{old}")
        if len(inside) != 1:
            return []
        found += inside
    return found


def _restyled(clause: Clause, span: Span, names: Sequence[Token], old: str, new: str) -> Reading:
    """ "the same for closeAll" after getPath -> get_path: its words stay, and are written alike."""
    calls: list[Call] = []
    style = next((s for s in _STYLES if in_style(old, s) == new), "") if parts(old) == parts(new) else ""
    for name in names:
        one = chosen(Span([name], span.places, kinds=span.kinds), clause.world)
        if isinstance(one, Question):
            return one
        if one.name == old:
            # "same for User.save": the same new name, where it is another thing of the old one's name
            calls.append(_rename(clause, one, new))
            continue
        name_now = in_style(one.name, style) if style else one.name
        if name_now == one.name:
            return Question(f"What shall {one.qualname} be called?", (f"rename {one.qualname} to …",))
        calls.append(_rename(clause, one, name_now))
    return calls


def _twin(clause: Clause, span: Span, new: Token, old: str) -> Reading:
    """ "the other one too, open_account": what has that name in another style; "the one in b.py to g"."""
    alike = [
        t
        for t in clause.world.defined
        if below(t.path, span.within) and parts(t.name) == parts(new.text) and t.name != new.text
    ]
    if len(alike) != 1 and span.places and clause.has("one", "other"):
        alike = clause.world.named(old, span.within)
    return [_rename(clause, alike[0], new.text)] if len(alike) == 1 else None


def _signature(clause: Clause, span: Span, last: Call) -> Reading:
    """ "read_all too": the same new parameter, or the same one less."""
    changes = last.arguments["changes"]
    if not span.names or not re.fullmatch(r"[+-]\w+(?:\s*:[^=]*)?(?:=.*)?", changes):
        return None
    calls = []
    for name in span.names:
        one = chosen(Span([name], span.places), clause.world, ("function", "method", "class"))
        if isinstance(one, Question):
            return one
        if one.kind not in ("function", "method", "class"):
            return None
        calls.append(again(last, clause, function=one.symbol))
    return calls


def _inlined(clause: Clause, span: Span, last: Call) -> Reading:
    """ "share in g too"; "and in g": the variable of the same name there."""
    if not span.names:
        return None
    one = chosen(span, clause.world, ("local", "variable", "function"))
    if len(span.names) == 1 and _word_before(span.names[0], clause.tokens) in _OWNING:
        inside = clause.world.inside(f"{span.names[0].text}.{last.arguments['name'].rpartition('.')[2]}")
        if len(inside) != 1:
            return Question(f"What shall be inlined in {span.names[0].text}?")
        one = inside[0]
    return one if isinstance(one, Question) else [inline.inlined(clause, one)]


def _word_before(token: Token, tokens: Sequence[Token]) -> str:
    before = [t.lower for t in tokens if t.end <= token.start and t.lower not in ("the", "a", "our")]
    return before[-1] if before else ""


def _word_after(token: Token, tokens: Sequence[Token]) -> str:
    return next((t.lower for t in tokens if t.start >= token.end), "")


def _rename(clause: Clause, target: Target, new: str) -> Call:
    symbol = target.symbol.replace(".__init__.", ".") if target.kind == "parameter" else target.symbol
    return clause.call(
        "rename",
        {"symbol": symbol, "new_name": new},
        f"Rename {target.qualname} ({target.path}:{target.line}) to {new}, with every use of it",
        (target.qualname,) if "." not in target.qualname else (),
        (new,),
    )


def again(last: Call, clause: Clause, **changed: str) -> Call:
    """The call `last` with other arguments."""
    arguments = {**last.arguments, **changed}
    said = " ".join(v for v in changed.values())
    return clause.call(last.tool, arguments, f"{last.tool.capitalize()} {said} likewise")
