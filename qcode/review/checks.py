"""What is certain to be wrong, found in added lines alone."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from qcode import syntax
from qcode.review.hunks import Hunk, hunks, split
from qcode.review.report import Finding

_CONFLICT = re.compile(r"^(<{7} .+|>{7} .+|\|{7} .+)$")
_PYTHON = (".py", ".pyi")
_PYTHON_DEBUGGERS = {"pdb", "ipdb", "pudb"}
_DEBUGGERS = {
    ".py": re.compile(r"^\s*(breakpoint\(|(import|from) +(pdb|ipdb|pudb)\b|(i?pdb|pudb)\.set_trace\()"),
    ".js": re.compile(r"^\s*debugger\s*(;|$|//|/\*)"),
    ".rb": re.compile(r"^\s*(binding\.pry|byebug)\b"),
}
_DEBUGGERS |= dict.fromkeys((".ts", ".tsx", ".jsx", ".mjs", ".cjs"), _DEBUGGERS[".js"])
_DEBUGGERS[".pyi"] = _DEBUGGERS[".py"]
_IGNORED = re.compile(r"qcode:\s*ignore(?:\[([\w, -]+)\])?")
# Bytes that may be parsed again to find out which of several hunks broke a file: about a second.
_MAX_REPARSED = 4_000_000

Added = Iterable[tuple[int, str]]


def check_file(path: str, before: bytes | None, after: bytes | None) -> Iterator[Finding]:
    """Findings of one file's change. A removed or binary file has none."""
    if after is None or b"\0" in after[:8192]:
        return
    old, new = split(before or b""), split(after)
    changed = hunks(old, new)
    added = [line for hunk in changed for line in hunk.added]
    yield from _syntax(path, old, new, changed)
    yield from _conflicts(path, added)
    tree = _parsed(after) if _is_python(path) else None
    if isinstance(tree, ast.Module):
        # Exact: neither strings nor comments, and also `if x: breakpoint()`.
        calls = _debugger_lines(tree)
        yield from _debuggers(path, [(number, line) for number, line in added if number in calls])
    else:
        yield from _debuggers(path, _matching(path, added))


def check_lines(path: str, added: list[tuple[int, str]]) -> Iterator[Finding]:
    """The checks that need only the added lines: (number, text) each."""
    yield from _conflicts(path, added)
    yield from _debuggers(path, _matching(path, added))


def _conflicts(path: str, added: Added) -> Iterator[Finding]:
    for number, line in added:
        if _CONFLICT.match(line) and not _ignored(line, "conflict-marker"):
            yield Finding(path, number, "conflict-marker", "block", "A conflict marker was left in.", line)


def _debuggers(path: str, found: Added) -> Iterator[Finding]:
    for number, line in found:
        if not _ignored(line, "debugger"):
            yield Finding(path, number, "debugger", "block", "A debugger call was left in.", line)


def _matching(path: str, added: Added) -> Added:
    pattern = _DEBUGGERS.get(PurePosixPath(path).suffix.lower())
    return [(number, line) for number, line in added if pattern and pattern.match(line)]


def _debugger_lines(tree: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id == "breakpoint":
                lines.add(node.lineno)
            elif (
                isinstance(called, ast.Attribute)
                and called.attr in ("set_trace", "post_mortem")
                and isinstance(called.value, ast.Name)
            ):
                names = [called.value.id]
        if any(name.split(".")[0] in _PYTHON_DEBUGGERS for name in names):
            lines.add(getattr(node, "lineno", 0))
    return lines


def _syntax(path: str, old: list[bytes], new: list[bytes], changed: list[Hunk]) -> Iterator[Finding]:
    errors = _broken(path, b"\n".join(new))
    if not errors or errors <= _broken(path, b"\n".join(old)):
        return
    for hunk in _culprits(path, old, new, changed, errors):
        if any(_ignored(line, "syntax") for _, line in hunk.added):
            continue
        number, line = _place(path, new, hunk)
        yield Finding(path, number, "syntax", "block", "This change breaks the file's syntax.", line)


def _broken(path: str, content: bytes) -> int:
    """How many syntax errors; for Python, the interpreter's own parser has its say as well.

    The grammar does not mind a missing or unexpected indentation, and does not know each version's
    newest syntax. The interpreter may be older than the code: of its errors only those about
    indentation are certain, the same in every version.
    """
    errors = syntax.error_count(path, content) or 0
    if not _is_python(path):
        return errors
    parsed = _parsed(content)
    if isinstance(parsed, ast.Module):
        return 0
    return errors + isinstance(parsed, IndentationError)


def _culprits(path: str, old: list[bytes], new: list[bytes], changed: list[Hunk], errors: int) -> list[Hunk]:
    """The hunks without which there would be fewer errors; the first one when that cannot be told."""
    if len(changed) == 1 or len(changed) * sum(map(len, new)) > _MAX_REPARSED:
        return changed[:1]

    def without(hunk: Hunk) -> bytes:
        return b"\n".join([*new[: hunk.new_start], *old[hunk.old_start : hunk.old_end], *new[hunk.new_end :]])

    return [hunk for hunk in changed if _broken(path, without(hunk)) < errors] or changed[:1]


def _place(path: str, new: list[bytes], hunk: Hunk) -> tuple[int, str]:
    """The line of a hunk to name: where the parser stumbled, else its first that is not blank."""
    parsed = _parsed(b"\n".join(new)) if _is_python(path) else None
    at = parsed.lineno if isinstance(parsed, SyntaxError) else None
    for number, line in hunk.added:
        if number == at:
            return number, line
    for number, line in hunk.added:
        if line.strip():
            return number, line
    # Something was taken away: the line that now stands there.
    number = max(1, min(hunk.new_start + 1, len(new) - (len(new) > 1 and not new[-1])))
    return number, new[number - 1].decode("utf-8", "replace").removesuffix("\r")


def _parsed(content: bytes) -> ast.Module | SyntaxError | None:
    """Parsed by this interpreter, which executes nothing; None when it gave up for another reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(content)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError):
            return None


def _is_python(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _PYTHON


def _ignored(line: str, rule: str) -> bool:
    found = _IGNORED.search(line)
    return found is not None and (found[1] is None or rule in re.split(r"[,\s]+", found[1]))
