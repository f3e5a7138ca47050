""" "convert runAll to snake case", "runAll: snake_case": the new name follows from the old one."""

from __future__ import annotations

from collections.abc import Sequence

from qcode.router.clause import Clause
from qcode.router.frames.cuts import CUES, WORDS
from qcode.router.mentions import GLUE, read
from qcode.router.words import Token, parts, vocabulary
from qcode.router.world import Target

STYLES = {
    "snake_case": "snake", "snakecase": "snake", "snake-case": "snake", "snake case": "snake", "snake": "snake",
    "camelcase": "camel", "camel-case": "camel", "camel case": "camel", "lowercamelcase": "camel",
    "pascalcase": "pascal", "pascal-case": "pascal", "pascal case": "pascal", "capwords": "pascal",
    "upper_case": "upper", "uppercase": "upper", "upper case": "upper", "screaming_snake_case": "upper",
}  # fmt: skip
_GLUE = (
    WORDS
    | GLUE
    | vocabulary(
        "convert converted converting change make made turn should must has have be put into in use using style naming version case"
    )
)
_NOT = vocabulary(
    "not isn't aren't no never don't doesn't instead than all every everything functions names methods if"
)


def restyled(clause: Clause) -> tuple[Target, str] | None:
    """What gets another style, and its name in that; None where the clause says no such thing."""
    said = [t.lower for t in clause.tokens]
    if _NOT & set(said):
        return None
    for i in range(len(said)):
        for size in (2, 1):
            style = STYLES.get(" ".join(said[i : i + size]))
            if style is None or clause.tokens[i].quoted:
                continue
            rest: Sequence[Token] = [*clause.tokens[:i], *clause.tokens[i + size :]]
            target = clause.one(rest, _GLUE) if not _silent(rest, clause) else clause.focus
            if not isinstance(target, Target) or not _named_so(target, style, clause):
                return None
            name = in_style(target.name, style)
            return (target, name) if name != target.name and name.isidentifier() else None
    return None


def _silent(rest: Sequence[Token], clause: Clause) -> bool:
    """ "f is Java style. snake_case please": what it is about was said before."""
    span = read(rest, clause.world, _GLUE)
    return not (span.names or span.rest or span.places or span.kinds)


def _named_so(target: Target, style: str, clause: Clause) -> bool:
    """Whether it is the name that gets the style: "make the title uppercase" speaks of a text."""
    if target.kind == "module":
        return False
    if clause.has(*CUES, "name", "named", "called"):
        return True
    if style == "upper":
        return target.kind == "variable" and "." not in target.qualname
    return style == "snake" or target.kind == "class" or (style == "camel" and "_" in target.name.strip("_"))


def in_style(name: str, style: str) -> str:
    """`name` as its words are written in a style; underscores before and after it stay."""
    bare = name.strip("_")
    words = parts(bare)
    if not words:
        return name
    made = {
        "snake": "_".join(words),
        "upper": "_".join(words).upper(),
        "pascal": "".join(w.capitalize() for w in words),
        "camel": words[0] + "".join(w.capitalize() for w in words[1:]),
    }[style]
    return name.replace(bare, made)
