"""Where a suggestion ends, and whether it may be shown.

A model goes on for as long as it is let. What it says is cut where the thing ends that was begun at
the cursor: by indentation while it still talks, by the grammar once it is silent. And the file must
parse with the suggestion if it parsed without.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from qcode import syntax
from qcode_lsp.inline.place import Place, indentation

_CLOSING = re.compile(r"\s*(?:[)\]}]|end\b|fi\b|done\b|esac\b|</)")
_CONTINUING = re.compile(r"\s*[)\]}]*\s*(?:else|elif|except|finally|catch|case|default|rescue|ensure|when)\b")
_REPEATS = 3
_TRIES = 6
_MAX_PARSED = 400_000


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of an answer that counts. `ended`: nothing that the model could add would count."""

    text: str
    ended: bool


def cut(place: Place, answer: str, max_lines: int, silent: bool = True) -> Cut:
    """Cut `answer` by its lines. `silent` False: the last of them may still grow."""
    lines = answer.replace("\r", "").split("\n")
    if place.inside_line:
        return Cut(lines[0], len(lines) > 1)
    whole = len(lines) if silent else len(lines) - 1
    following = next((line.strip() for line in place.suffix.split("\n")[1:] if line.strip()), "")
    begun = indentation(place.before) if place.before.strip() else len(place.before.expandtabs(8))
    kept: list[str] = []
    for number, line in enumerate(lines):
        if number >= whole:  # it may still grow: judged by what there is of it
            return Cut("\n".join([*kept, line]), False)
        if number and (
            number >= max_lines
            or _leaves(place, kept, line, begun)
            or (line.strip() == following and len(following) > 3)
            or kept[-_REPEATS + 1 :] == [line] * (_REPEATS - 1)
        ):
            return Cut("\n".join(kept), True)
        kept.append(line)
    return Cut("\n".join(kept), False)


def _leaves(place: Place, kept: list[str], line: str, begun: int) -> bool:
    """Whether `line` belongs to what comes after the thing that was begun at the cursor."""
    if not line.strip():
        said = any(text.strip() for text in kept)
        # A paragraph on a line of its own ends at a blank line; a body ends at two.
        return said and (place.fresh or not kept[-1].strip())
    column = indentation(line)
    if place.fresh:
        return column < begun
    if column > begun:
        return False
    return column < begun or not (_CLOSING.match(line) or _CONTINUING.match(line))


def accepted(place: Place, text: str) -> str:
    """The longest beginning of `text`, by lines, with which the file is no worse; "" when none is.

    Blocks: it parses. Call it in a thread.
    """
    text = _statement(place, text.rstrip())
    if not text.strip() or _there_already(place, text):
        return ""
    allowed = _faults(place, "")
    if place.path.endswith((".py", ".pyi")) and not place.inside_line:
        # An empty body is the fault that the suggestion is there to mend, and excuses no other.
        allowed = min(allowed, _faults(place, "pass"))
    lines = text.split("\n")
    for count in list(range(len(lines), 0, -1))[:_TRIES]:
        part = "\n".join(lines[:count]).rstrip()
        if not part.strip():
            continue
        ways = dict.fromkeys((_without_indent(place, part), part, _without_overlap(place, part)))
        faults, best = min(
            ((_faults(place, way), way) for way in ways if way.strip()), key=lambda pair: pair[0]
        )
        if faults <= allowed:
            return best.replace("\n", place.line_end)
    return ""


def _statement(place: Place, text: str) -> str:
    """`text` up to where the statement ends that the cursor stands in."""
    if place.fresh or place.inside_line or "\n" not in text:
        return text
    last = syntax.extent(place.path, place.filled(text), place.line)
    if last is None:
        return text
    return "\n".join(text.split("\n")[: max(1, last - place.line + 1)])


def _there_already(place: Place, text: str) -> bool:
    """Whether what follows the cursor is what is suggested."""
    following = place.suffix.lstrip()
    return (
        bool(following) and following.startswith(text.strip()) and (place.fresh or place.after.strip() != "")
    )


def _without_indent(place: Place, text: str) -> str:
    """`text` without the indentation that the editor has put there already, and the model said again."""
    return text.removeprefix(place.before) if place.fresh else text


def _without_overlap(place: Place, text: str) -> str:
    """`text` without the end that the rest of the line repeats: `a, b)` before `)`."""
    rest = place.after.rstrip()
    if "\n" in text or not rest:
        return text
    for size in range(min(len(rest), len(text)), 0, -1):
        if text.endswith(rest[:size]):
            return text[:-size]
    return text


def _faults(place: Place, text: str) -> tuple[bool, int]:
    """How far the file is from parsing with `text` in it: what an interpreter says, then a count."""
    content = place.filled(text)
    if len(content) > _MAX_PARSED:
        return False, 0
    errors = syntax.error_count(place.path, content) or 0
    return place.path.endswith((".py", ".pyi")) and not _compiles(content), errors


def _compiles(content: bytes) -> bool:
    """The grammar does not mind a wrong indentation; Python does. Nothing is executed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
