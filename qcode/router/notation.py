"""What editors, other languages and other tongues write differently, put as a plain request says it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace

from qcode.router.frames.cuts import CUES
from qcode.router.mentions import by_stem
from qcode.router.words import Token, parts
from qcode.router.world import World

_NAME = r"[^\W\d]\w*"
_SED = re.compile(rf"(?<!\S)s/({_NAME})/({_NAME})(?:/g?|(?=\s|$))")
"""`s/old/new/`, as editors write it."""
_MEMBER = re.compile(rf"(?<![\w./:#])({_NAME})(?:#|::)({_NAME})(?![\w.:#])")
"""`Cart#add`, `Cart::add`"""
_MENU = re.compile(r"^\s*refactor(?:ing)?\s*(?:>|/|:|-)\s*(?=[a-z])", re.IGNORECASE)
"""`Refactor > Rename: …`, as a menu has it."""
_VERB = re.compile(r"^(\s*(?:rename|move|inline|extract|tidy|modernise))\s*:\s*(?=\S)", re.IGNORECASE)
_SHELL = re.compile(r"(^|[;,&]\s*|\band\s+|\bthen\s+)(mv|ren|rm|del)\s+(?=[\w`'\"])", re.IGNORECASE)
_SHELLED = {"mv": "move", "ren": "rename", "rm": "remove", "del": "delete"}
_PERMALINK = re.compile(r"(\.\w{1,4})#L(\d+)(?:-L?(\d+))?")
"""`a.py#L10-L20`, as links to a line have it."""
_STEP = re.compile(rf"^\s*-({_NAME}) (?:from|in|of) (?=\S)")
_ADDED = re.compile(r"^\s*\+(?=\S+=\S+ (?:to|in|for) )")
_WHEN = re.compile(
    r"^\s*(?:if (?:at all )?(?:possible|you (?:can|could|don't mind|have time|get to it|like)|it's (?:ok|okay|possible|not too much trouble)|that's (?:ok|okay|fine))"
    r"|(?:when|whenever|once) (?:you (?:have|get|find) (?:a |the |some )?(?:minute|moment|second|sec|chance|time|while)|possible|you can)"
    r"|at your (?:convenience|leisure))\s*[,:;-]*\s*",
    re.IGNORECASE,
)
"""Courtesy that reads like a condition."""
_IF_ANY = re.compile(
    r"^\s*if there (?:are|is) (?:still )?(?:any )?(?=(?:unused|dead|unneeded|superfluous) imports?\b|prints?\b|print (?:statements?|calls?)\b)",
    re.IGNORECASE,
)
"""What is removed only where it is, is removed without a condition."""
_DICTATED = re.compile(r"\b([a-z]+) underscore (?=[a-z])")
_DOT = re.compile(r"\b(\w+) dot (?=py\b)")
_LABEL = re.compile(
    r"^\s*(?:\[[^\][]*\]\s*|[A-Z][A-Z0-9]+-\d+\s*:?\s+(?=\S))?(?:nit(?:pick)?|suggestion|minor|optional|style|naming|cleanup|clean-up|chore|idea|note|review"
    r"|feat|tech debt|non-blocking|refactor(?:ing)?)"
    r"(?:\s*\([^()]*\))?\s*:\s*(?=\S)",
    re.IGNORECASE,
)
"""What reviewers and commit messages write before a remark."""
_TICKET = re.compile(r"^\s*(?:\[[^\][\d]*\]\s*|[A-Z][A-Z0-9]+-\d+\s*[:.-]?\s+)(?=\S)")
"""`SHOP-212: …`, `[tech debt] …`"""
_WITH = re.compile(r"(?<!\S)w/\s+(?=\S)")
_ORDINAL = re.compile(r"\b([1-4])(?:st|nd|rd|th)\b")
_ORDINALS = ("", "first", "second", "third", "fourth")
_NOT_OLD = re.compile(rf"^\s*`?({_NAME})`?\s*,?\s+not\s+`?({_NAME})`?[.!]?\s*$")
_TOWARDS = ("in", "for", "by", "with", "on", "at")


def plain(request: str) -> str:
    """`request` with `s/a/b/`, `A#b` and `Verb: …` as words say it."""
    found = _LABEL.sub("", _WHEN.sub("", _TICKET.sub("", request)))
    found = _ORDINAL.sub(lambda m: _ORDINALS[int(m[1])], _WITH.sub("with ", found))
    found = _DOT.sub(r"\1.", _DICTATED.sub(r"\1_", found))
    found = _MEMBER.sub(r"\1.\2", _SED.sub(r"rename \1 to \2", found))
    found = _SHELL.sub(lambda m: f"{m[1]}{_SHELLED[m[2].lower()]} ", found)
    found = _PERMALINK.sub(lambda m: f"{m[1]}:{m[2]}" + (f"-{m[3]}" if m[3] else ""), found)
    found = _ADDED.sub("add ", _STEP.sub(r"remove the parameter \1 from ", found))
    found = _IF_ANY.sub("there are ", found)
    return _VERB.sub(r"\1 ", _MENU.sub("", found))


def directed(tokens: Sequence[Token], world: World) -> list[Token]:
    """ "rename f in g_h", "change the name of f for g_h": a name that looks like code and is not known
    can only be the new one, whatever word stands before it, where no other says where the new one is."""
    said = [t.lower for t in tokens]
    renames = any(w in CUES for w in said) or ("name" in said and "change" in said)
    towards = {
        w for w, following in zip(said, [*said[1:], ""], strict=True) if w != "to" or following not in CUES
    }
    if (
        not renames
        or {"to", "into", "as", "called", "named"} & towards
        or any(t.kind == "arrow" for t in tokens)
    ):
        return list(tokens)
    made = list(tokens)
    for i in range(1, len(tokens) - 1):
        if said[i] in _TOWARDS and not tokens[i].quoted and _new(tokens[i + 1], world):
            made[i] = replace(tokens[i], text="to")
    return made


def contrasted(request: str, world: World) -> str:
    """ "put_in, not putIn": the one that is known is the old one."""
    said = _NOT_OLD.match(request)
    if not said or said[1] in world.names or not (world.named(said[2]) or world.inside(said[2])):
        return request
    return f"rename {said[2]} to {said[1]}"


def _new(token: Token, world: World) -> bool:
    unknown = token.text not in world.names and not world.named(token.text) and not world.inside(token.text)
    near = difflib.get_close_matches(token.text, world.names, 3, 0.8)
    like_one = any(parts(n) != parts(token.text) for n in near)  # a name in another style is no slip
    plainly = token.kind == "name" and token.text.isidentifier()
    return plainly and unknown and not like_one and not by_stem(token.text, world)
