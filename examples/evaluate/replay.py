"""Reference solutions as a model would send them: clean, or with the noise that models make.

This proves the harness without a model: a clean replay must pass every exercise, and no kind of
noise may ever leave a wrong file. The noise is that of small models' real replies: the kinds, not
the cases, of published edit benches.
"""

from __future__ import annotations

import difflib
import html
import json
from collections.abc import Callable
from dataclasses import replace

from task import Task

Row = tuple[str, str]
"""(tag, line): context " ", removed "-", added "+"."""


def script(task: Task, kind: str, form: str) -> str:
    """The scripted backend's script for `task`: one reply, which then stands by itself, twice."""
    reply = _reply(task, kind, form)
    said = f"quoted: {json.dumps(reply)}" if reply else "text: I cannot do it."
    give_up = "text: That is all I can do."
    return "\n---\n".join([said, *[give_up] * 8]) + "\n"


def _reply(task: Task, kind: str, form: str) -> str:
    if kind == "nothing":
        return ""
    task = BOTH[kind](task) if kind in BOTH else task
    parts: list[str] = []
    for path, after in task.solution.items():
        before = task.files[path].decode()
        if after == before:
            continue
        hunks = _hunks(before.splitlines(), after.splitlines())
        hunks = HUNKS[kind](hunks) if kind in HUNKS else hunks
        text = FORMS[form](path, hunks)
        parts.append(TEXTS[kind](text) if kind in TEXTS else text)
    return "\n".join(parts)


def _hunks(before: list[str], after: list[str]) -> list[list[Row]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    hunks: list[list[Row]] = []
    for group in matcher.get_grouped_opcodes(3):
        rows: list[Row] = []
        for tag, a, b, c, d in group:
            if tag == "equal":
                rows += [(" ", line) for line in before[a:b]]
            else:
                rows += [("-", line) for line in before[a:b]] + [("+", line) for line in after[c:d]]
        hunks.append(rows)
    return hunks


def _blocks(path: str, hunks: list[list[Row]]) -> str:
    parts = []
    for rows in hunks:
        old = "".join(f"{line}\n" for tag, line in rows if tag != "+")
        new = "".join(f"{line}\n" for tag, line in rows if tag != "-")
        parts.append(f"{path}\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n")
    return "\n".join(parts)


def _unified(path: str, hunks: list[list[Row]]) -> str:
    parts = [f"--- a/{path}\n+++ b/{path}\n"]
    at = shift = 1
    for rows in hunks:
        old = sum(tag != "+" for tag, _ in rows)
        new = sum(tag != "-" for tag, _ in rows)
        parts.append(f"@@ -{at},{old} +{shift},{new} @@\n" + "".join(f"{t}{line}\n" for t, line in rows))
        at, shift = at + old, shift + new
    return "".join(parts)


def _patch(path: str, hunks: list[list[Row]]) -> str:
    body = "".join("@@\n" + "".join(f"{t}{line}\n" for t, line in rows) for rows in hunks)
    return f"*** Begin Patch\n*** Update File: {path}\n{body}*** End Patch\n"


FORMS: dict[str, Callable[[str, list[list[Row]]], str]] = {
    "blocks": _blocks,
    "unified": _unified,
    "patch": _patch,
}


def _each(change: Callable[[Row], Row]) -> Callable[[list[list[Row]]], list[list[Row]]]:
    return lambda hunks: [[change(row) for row in rows] for rows in hunks]


def _curly(row: Row) -> Row:
    """Typographic quotes in what must be found."""
    return (row[0], row[1].replace("'", "\u2019")) if row[0] != "+" else row


def _stale(hunks: list[list[Row]]) -> list[list[Row]]:
    """A removed line that the file never held."""
    return [[(t, line + "_old" if t == "-" and line.strip() else line) for t, line in rows] for rows in hunks]


def _absent(hunks: list[list[Row]]) -> list[list[Row]]:
    """Context of some other file."""
    return [[(" ", "this_line = nowhere()"), *rows] for rows in hunks]


def _elided(hunks: list[list[Row]]) -> list[list[Row]]:
    """New code with a comment instead of its middle."""
    return [[*rows[: len(rows) // 2], ("+", "    # ... rest of the code ...")] for rows in hunks]


def _overlapping(hunks: list[list[Row]]) -> list[list[Row]]:
    """The same lines changed twice, in two ways."""
    return [*hunks, [(t, line + "  # again" if t == "+" else line) for t, line in hunks[0]]]


def _numbered(hunks: list[list[Row]]) -> list[list[Row]]:
    """With the numbers that a read tool puts before lines."""
    at = 0
    made = []
    for rows in hunks:
        numbered = []
        for tag, line in rows:
            at += 1
            numbered.append((tag, f"{at:4} | {line}"))
        made.append(numbered)
    return made


def _reworded(row: Row) -> Row:
    """A comment of the file as somebody remembers it."""
    return (row[0], row[1].replace(COMMENT, "# Put a solution of your own here.")) if row[0] == " " else row


HUNKS: dict[str, Callable[[list[list[Row]]], list[list[Row]]]] = {
    "curly quotes": _each(_curly),
    "html entities": _each(lambda row: (row[0], html.escape(row[1], quote=False))),
    "trailing blanks": _each(lambda row: (row[0], row[1] + "  ") if row[0] != "+" else row),
    "shifted indentation": _each(lambda row: (row[0], "  " + row[1] if row[1].strip() else row[1])),
    "tabs": _each(lambda row: (row[0], row[1].replace("    ", "\t"))),
    "missing context": lambda hunks: [
        [r for n, r in enumerate(rows) if r[0] != " " or n % 2] for rows in hunks
    ],
    "out of order": lambda hunks: hunks[::-1],
    "stale": _stale,
    "absent": _absent,
    "elided": _elided,
    "overlap": _overlapping,
    "twice": lambda hunks: [*hunks, *hunks],
    "line numbers": _numbered,
    "reworded comment": _each(_reworded),
    "typographic file": _each(lambda row: (row[0], row[1].translate(STRAIGHT))),
}
TEXTS: dict[str, Callable[[str], str]] = {
    "fenced": lambda text: f"Here is the change:\n\n```python\n{text}```\n\nIt handles all cases.",
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "truncated": lambda text: text[: len(text) * 2 // 3],
    "wrong numbers": lambda text: text.replace("@@ -1,", "@@ -31,"),
    "no numbers": lambda text: "\n".join("@@" if x.startswith("@@") else x for x in text.split("\n")),
    "blank context": lambda text: text.replace("\n \n", "\n\n"),
    "dots for numbers": lambda text: "\n".join(
        "@@ ... @@" if x.startswith("@@") else x for x in text.split("\n")
    ),
    "wrong counts": lambda text: text.replace("@@ -1,", "@@ -1,9"),
    "context without its tag": lambda text: "\n".join(
        x[1:] if text.startswith("---") and x.startswith("     ") else x for x in text.split("\n")
    ),
}


def _lines(change: Callable[[str], str]) -> Callable[[Task], Task]:
    """The same change of the file that is given and of the reference."""

    def changed(task: Task) -> Task:
        files = {p: change(task.files[p].decode()).encode() for p in task.solution}
        solution = {path: change(text) for path, text in task.solution.items()}
        return replace(task, files={**task.files, **files}, solution=solution)

    return changed


def _doubled(task: Task) -> Task:
    """Everything stands twice; an edit that can tell means the first."""

    def joined(one: str, other: str) -> str:
        # By lines: the last one may have no end.
        return "\n".join([*one.splitlines(), "", "", *other.splitlines()]) + "\n"

    old = {path: task.files[path].decode() for path in task.solution}
    files = {path: joined(text, text).encode() for path, text in old.items()}
    solution = {path: joined(text, old[path]) for path, text in task.solution.items()}
    return replace(task, files={**task.files, **files}, solution=solution)


def _done(task: Task) -> Task:
    """The file is the reference already."""
    return replace(task, files={**task.files, **{p: t.encode() for p, t in task.solution.items()}})


COMMENT = "# Fill this in with your own solution."
STRAIGHT = str.maketrans({"\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-"})
TREES: dict[str, Callable[[Task], Task]] = {
    "CRLF file": _lines(lambda text: text.replace("\n", "\r\n")),
    "no final newline": _lines(lambda text: text.rstrip("\n")),
    "ambiguous": _doubled,
    "already applied": _done,
}
"""The reply was made for another file than the one that is there."""
BOTH = {
    "typographic file": _lines(lambda text: f"# It\u2019s a \u201cstub\u201d \u2013 so far.\n{text}"),
    "reworded comment": _lines(lambda text: f"{COMMENT}\n{text}"),
}
"""The file has something that the reply gets wrong."""
KINDS = tuple(dict.fromkeys(("clean", "nothing", *HUNKS, *TEXTS, *TREES)))


def given(task: Task, kind: str) -> Task:
    """The task as it is attempted under this kind of noise."""
    return TREES.get(kind, BOTH.get(kind, lambda same: same))(task)
