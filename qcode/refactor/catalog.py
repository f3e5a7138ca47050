"""Every refactoring as a value: what the router, the tools' schemas and the command line are made from."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qcode.errors import UsageError
from qcode.messages import ChangeSet, Snapshot
from qcode.refactor.extracting.extract import extract
from qcode.refactor.inlining.inline import inline
from qcode.refactor.moving.move import move
from qcode.refactor.renaming.meant import rename_any
from qcode.refactor.renaming.mentions import mentioned
from qcode.refactor.renaming.misspelt import respell
from qcode.refactor.result import Refactoring
from qcode.refactor.signatures.signature import signature
from qcode.refactor.style import lint, prints
from qcode.refactor.style.patterns import replace

Kind = Literal["symbol", "variable", "name", "place", "path", "module", "text"]
"""What a parameter holds: a definition (`f`, `Class.f`, `package.module.f`, `file.py:f`), a variable in use
(as a definition, or `file.py:function.x`), a new name, lines (`path:10-20`), a file or folder, a dotted
module, or free text. All are given as strings."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a verb."""

    name: str
    kind: Kind
    description: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Verb:
    """One refactoring. `terse` is its form on the command line, after `qcode refactor`."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., Refactoring]
    terse: str


_FILES = Parameter("path", "path", "file or folder; everything when left out", required=False)

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(
            "rename",
            "Rename a function, class, method, variable, parameter or module everywhere in the repository.",
            (
                Parameter(
                    "symbol",
                    "symbol",
                    "what to rename: name, Class.method, function.parameter or path.py:name",
                ),
                Parameter("new_name", "name", "the new name alone, without a class or module"),
            ),
            rename_any,
            "rename OLD NEW",
        ),
        Verb(
            "move",
            "Move a top-level function or class to another module, or give a module another name.",
            (
                Parameter("symbol", "symbol", "what to move: name, package.module, or path.py:name"),
                Parameter("to", "module", "where to: package.module, or path.py"),
            ),
            move,
            "move WHAT WHERE",
        ),
        Verb(
            "extract",
            "Extract lines as a function or method, or (in Python) an expression as a variable.",
            (
                Parameter("place", "place", "the lines: path:10-20; for an expression its line: path:12"),
                Parameter("new_name", "name", "the name of the new function, method or variable"),
                Parameter("expression", "text", "the expression, as it stands in the line", required=False),
            ),
            extract,
            "extract PATH:10-20 NAME",
        ),
        Verb(
            "inline",
            "Put a variable's value, or a one-expression function's body, where its name stands.",
            (
                Parameter("name", "variable", "the variable or function"),
                Parameter("inside", "symbol", "the function that a local variable is in", required=False),
            ),
            inline,
            "inline NAME [in FUNCTION]",
        ),
        Verb(
            "signature",
            "Add, remove, rename or reorder the parameters of a function; its calls follow.",
            (
                Parameter("function", "symbol", "the function, Class.method, or class"),
                Parameter("changes", "text", "one or more of: +name=default, -name, old->new, (new, order)"),
            ),
            signature,
            "signature FUNCTION +NAME=DEFAULT | -NAME | OLD->NEW | (A, B)",
        ),
        Verb(
            "replace",
            "Replace code by its structure; $NAME stands for one node, $$$NAME for several.",
            (
                Parameter("pattern", "text", "the code to find, as print($X)"),
                Parameter("replacement", "text", "what comes there, as log.info($X)"),
                _FILES,
            ),
            replace,
            "replace 'PATTERN' 'REPLACEMENT' [PATH]",
        ),
        Verb(
            "respell",
            "Correct a name that is defined nowhere to one that is, as an error of Python proposes.",
            (
                Parameter("wrong", "text", "the name that does not exist"),
                Parameter("right", "text", "the name that is meant"),
                _FILES,
            ),
            respell,
            "respell WRONG RIGHT [PATH]",
        ),
        Verb("tidy", "Sort imports and remove unused ones.", (_FILES,), lint.tidy, "tidy [PATH]"),
        Verb(
            "modernise",
            "Apply the safe fixes of a linter: newer syntax, simpler expressions.",
            (_FILES,),
            lint.modernise,
            "modernise [PATH]",
        ),
        Verb(
            "fstrings",
            "Turn % and .format() formatting into f-strings.",
            (_FILES,),
            lint.fstrings,
            "fstrings [PATH]",
        ),
        Verb(
            "logging",
            "Turn print() calls into calls of the module's logger.",
            (_FILES,),
            prints.to_logging,
            "logging [PATH]",
        ),
    )
}


def perform(
    snapshot: Snapshot,
    verb: str,
    arguments: Mapping[str, str],
    *,
    scope: Sequence[str] = (),
    mentions: bool = False,
) -> Refactoring:
    """Carry out the refactoring `verb` with arguments by name, as a router or a model gives them.

    `scope` limits where uncertain places are looked for. `mentions`: a rename also changes the old name
    in comments, strings and texts (documents, settings), where it is listed. Raises UsageError for an unknown verb or
    argument, and RefactorError when it is refused.
    """
    known = VERBS.get(verb)
    if known is None:
        raise UsageError(f"There is no refactoring {verb!r}.", f"Use one of: {', '.join(VERBS)}.")
    names = {p.name for p in known.parameters}
    if unknown := sorted(arguments.keys() - names):
        raise UsageError(
            f"{verb} has no argument {', '.join(unknown)}.", f"It takes: {', '.join(sorted(names))}."
        )
    if missing := [p.name for p in known.parameters if p.required and not arguments.get(p.name)]:
        raise UsageError(f"{verb} needs {', '.join(missing)}.", f"Like this: qcode refactor {known.terse}")
    kinds = {p.name: p.kind for p in known.parameters}
    given = {name: said for name, value in arguments.items() if (said := as_said(kinds[name], value))}
    collecting = gc.isenabled()
    gc.disable()  # millions of tree nodes live until the end: looking through them takes a third of the time
    try:
        done = known.run(snapshot, *(given.get(p.name, "") for p in known.parameters), scope=scope)
        return _with_mentions(snapshot, done, given) if mentions and verb == "rename" else done
    finally:
        if collecting:
            gc.enable()


def as_said(kind: Kind, value: str) -> str:
    """A value without what small models put around names: quotes, backticks, `def`, and `()`."""
    if kind == "text":
        return value
    found = value.strip()
    while len(found) > 1 and found[0] == found[-1] and found[0] in "`'\"":
        found = found[1:-1].strip()
    if kind in ("symbol", "variable", "name"):
        found = re.sub(
            r"^(?:async def|def|class|function|func|fn|method|variable|parameter|module)\s+(?=\S)", "", found
        )
        found = re.sub(r"\([^()]*\)$", "", found)
    return found


def _with_mentions(snapshot: Snapshot, done: Refactoring, given: Mapping[str, str]) -> Refactoring:
    old, new = re.split(r"[.:]", given["symbol"])[-1], given["new_name"].rpartition(".")[2]
    after = snapshot.with_changes(done.changes)
    changes = ChangeSet.of(mentioned(after, old, new, done.doubtful))
    changed = after.with_changes(changes)
    left = tuple(p for p in done.doubtful if _still_there(changed, p, old))
    places = len(done.doubtful) - len(left)
    summary = f"{done.summary} Mentions: {places} lines in {len(changes)} files."
    return Refactoring(done.changes.then(changes), done.places + places, left, summary)


def _still_there(snapshot: Snapshot, place: str, name: str) -> bool:
    path, _, rest = place.partition(":")
    number = rest.partition(":")[0]
    rows = snapshot.read(path).split(b"\n") if snapshot.exists(path) else []
    row = rows[int(number) - 1] if number.isdigit() and int(number) <= len(rows) else b""
    return bool(re.search(rf"\b{re.escape(name)}\b".encode(), row))
