"""Code found and replaced by its structure, on ast-grep (the extra `structural`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.result import Refactoring, finished

_LANGUAGES = {
    ".py": "python", ".pyi": "python", ".js": "javascript", ".jsx": "javascript", ".mjs": "javascript",
    ".cjs": "javascript", ".ts": "typescript", ".tsx": "tsx", ".go": "go", ".rs": "rust", ".java": "java",
    ".c": "c", ".h": "cpp", ".cc": "cpp", ".cpp": "cpp", ".hpp": "cpp",
}  # fmt: skip
_VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)")


def replace(
    snapshot: Snapshot, pattern: str, replacement: str, path: str = "", *, scope: Sequence[str] = ()
) -> Refactoring:
    """Replace what matches `pattern` below `path`, in every language that ast-grep reads.

    A match inside of another one is left to a second run, and listed. Raises RefactorError: nothing
    matches, the replacement uses a variable that the pattern lacks, a result that does not parse.
    """
    unknown = {a or b for a, b in _VARIABLE.findall(replacement)} - {
        a or b for a, b in _VARIABLE.findall(pattern)
    }
    if unknown:
        raise RefactorError(f"${min(unknown)} is not in the pattern.", "Use the pattern's own variables.")
    root_of = _engine()
    folder = path.removeprefix("./").rstrip("/")
    changes: list[Change] = []
    nested: list[str] = []
    count = 0
    read: set[str] = set()
    unread: set[str] = set()
    for name in snapshot.paths():
        language = _LANGUAGES.get(PurePosixPath(name).suffix.lower())
        inside = folder in ("", ".") or name == folder or name.startswith(f"{folder}/")
        if language is None or not inside:
            continue
        try:
            before = snapshot.read(name)
            text = before.decode("utf-8")
        except (WorkspaceError, UnicodeDecodeError):
            continue
        try:
            edits, inner = _edits(root_of(text, language).root(), text, pattern, replacement)
        except RuntimeError:  # ast-grep's word for a pattern that is no code of this language
            unread.add(language)
            continue
        read.add(language)
        nested += [f"{name}:{line}: inside of another match; run it again" for line in inner]
        if edits:
            after = text
            for start, end, new in sorted(edits, reverse=True):
                after = after[:start] + new + after[end:]
            count += len(edits)
            changes.append(Change(name, before, after.encode()))
    if unread and not read:
        raise RefactorError(
            f"{pattern} is no whole piece of code: {', '.join(sorted(unread))} cannot read it.",
            "Write an expression or a statement, with $NAME for what may differ: $X == None.",
        )
    if not changes:
        raise RefactorError(
            f"Nothing matches {pattern}.", "Write it as code, with $NAME for what may differ."
        )
    return finished(
        snapshot,
        changes,
        f"Replaced {count} matches: {{places}} in {{files}}.",
        tuple(nested),
        loads=False,
    )


def _engine() -> Any:
    try:
        from ast_grep_py import SgRoot
    except ImportError as error:
        raise RefactorError(
            "Structural replace needs ast-grep, which is not installed.", "pip install 'qcode[structural]'"
        ) from error
    return SgRoot


def _edits(
    root: Any, text: str, pattern: str, replacement: str
) -> tuple[list[tuple[int, int, str]], list[int]]:
    edits: list[tuple[int, int, str]] = []
    inner: list[int] = []
    last = -1
    for node in sorted(root.find_all(pattern=pattern), key=lambda n: n.range().start.index):
        where = node.range()
        start, end = where.start.index, where.end.index
        if start < last:
            inner.append(where.start.line + 1)
            continue
        last = end

        def filled(found: re.Match[str], node: Any = node) -> str:
            if found[1]:
                several = node.get_multiple_matches(found[1])
                if not several:
                    return ""
                return text[several[0].range().start.index : several[-1].range().end.index]
            one = node.get_match(found[2])
            return one.text() if one is not None else ""

        edits.append((start, end, _VARIABLE.sub(filled, replacement)))
    return edits, inner
