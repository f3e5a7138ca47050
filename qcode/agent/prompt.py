"""The first message of a run: what the model is shown of the repository, within a budget of tokens.

Order serves the cache: file list, notes of the repository and code come first, the request last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from qcode import context, index
from qcode.agent import pins
from qcode.errors import QcodeError, WorkspaceError
from qcode.messages import Snapshot
from qcode.prompts import render

FILES_SHOWN = 200
CONTEXT_TOKENS = 8_192
"""At that size packed spans showed 80 % of the files that a commit later changed; more shows
little more, and a 9B reads long prompts less well."""
NOTES_CHARACTERS = 4_000
NOTES_NAMES = ("AGENTS.md",)

Kind = Literal["mend", "feature", "restructure", "test", "document", ""]
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("test", re.compile(r"\b(?:write|add|create|extend)\b.{0,40}\btests?\b", re.IGNORECASE)),
    (
        "document",
        re.compile(r"\b(?:docstrings?|document(?:ation)?|comments?|readme|changelog)\b", re.IGNORECASE),
    ),
    (
        "mend",
        re.compile(
            r"\b(?:fix|mend|bug|fails?|failing|error|exception|crash\w*|broken|wrong|regression)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "restructure",
        re.compile(
            r"\b(?:rename|move|extract|inline|split|merge|simplify|clean|restructure|refactor|deduplicate)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "feature",
        re.compile(
            r"\b(?:add|support|implement|allow|introduce|create|make|write|new|option)\b", re.IGNORECASE
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Budget:
    """Tokens for the parts of the first message. `window` is prompt and answer together."""

    window: int
    thought: int = 0
    """Tokens of thought in a turn, as wished; a small window gives less."""

    @property
    def thinking(self) -> int:
        """Tokens kept for the thought of one turn."""
        return min(self.thought, self.window // 4)

    @property
    def answer(self) -> int:
        """Tokens kept for one answer of the model."""
        return max(256, min(4_096, self.window // 4))

    @property
    def context(self) -> int:
        """Tokens for code: at most a third of what the answer leaves, so that the work still fits."""
        return min(CONTEXT_TOKENS, (self.window - self.answer - self.thinking) // 3)

    @property
    def compact(self) -> bool:
        """Whether tool schemas have to go without their explanations."""
        return self.window < 8_192


def kind_of(request: str) -> Kind:
    """Which page of guidance fits a request; "" when none does."""
    return next((kind for kind, pattern in _KINDS if pattern.search(request)), "")


def guide_for(kind: Kind, budget: Budget) -> str:
    """One page on how to go about a task of that kind; "" where there is none, or no room."""
    return render(f"guide-{kind}") if kind and not budget.compact else ""


def first_message(
    request: str,
    snapshot: Snapshot,
    budget: Budget,
    count: Callable[[str], int],
    *,
    plan: bool,
    pinned: tuple[str, ...] = (),
    dropped: tuple[str, ...] = (),
) -> str:
    """The user turn that starts a run, at most about half of the window.

    `count` gives the tokens of a text, as the model's own tokenizer would. An index that cannot be
    had costs the code, not the run.
    """
    paths = snapshot.paths()
    shown = FILES_SHOWN
    while shown and count("\n".join(paths[:shown])) > budget.window // 10:
        shown //= 2
    code = ""
    try:
        made = index.open_index(snapshot)
        made.refresh(seconds=index.PATIENCE_S)
        found = context.gather(request, snapshot, made, budget.context, count=count)
        if pinned or dropped:
            first = pins.spans_for(pinned, snapshot, made)
            found = pins.packed(first, found, dropped, snapshot, lambda text: count(text) <= budget.context)
        code = context.render(snapshot, found)
    except QcodeError:
        code = ""
    notes_path, notes = notes_for(request, snapshot)
    if count(notes) > budget.window // 8:
        notes = ""
    return render(
        "request",
        request=request,
        files=paths[:shown],
        more_files=max(0, len(paths) - shown) if shown else 0,
        notes=notes,
        notes_path=notes_path,
        context=code,
        guide=guide_for(kind_of(request), budget),
        plan=plan,
    )


def notes_for(request: str, snapshot: Snapshot) -> tuple[str, str]:
    """(path, text) of the AGENTS.md that is nearest to the first file that the request names, else
    the root's; ("", "") when there is none. It is shown as context: it cannot make qcode do anything."""
    known = set(snapshot.paths())
    named = next((p for p in sorted(known, key=len, reverse=True) if p in request), "")
    folder = PurePosixPath(named).parent
    for place in (folder, *folder.parents):
        for name in NOTES_NAMES:
            path = (place / name).as_posix()
            if path in known:
                try:
                    text = snapshot.read(path).decode("utf-8", "replace").strip()
                except WorkspaceError:
                    continue
                cut = text[:NOTES_CHARACTERS]
                return path, cut + ("\n(cut)" if len(text) > len(cut) else "")
    return "", ""
