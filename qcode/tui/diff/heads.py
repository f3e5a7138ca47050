"""The lines above a diff: the question with its verdict, and the file that is shown."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from rich.text import Text

from qcode.messages import TestFinished, Verdict
from qcode.terminal import clean
from qcode.tui.diff.draft import Draft, FileDraft
from qcode.tui.diff.subject import Subject
from qcode.tui.lines import cut, spread

Colours = Mapping[str, str]
"""The theme's variables."""
_MARKS = {Verdict.PASSED: ("✓", "text-success"), Verdict.FAILED: ("✗", "text-error")}


def question(subject: Subject, draft: Draft, right: Text, width: int, colours: Colours) -> Text:
    """What is asked; `right` stands at the end of the line."""
    left = Text(clean(subject.title, keep_newlines=False), "bold")
    if subject.asking and draft.comments:
        left.append("  comments go back to the model", colours["text-warning"])
    elif subject.asking and not draft.untouched:
        left.append("  a part of it is taken", colours["text-warning"])
    return spread(left, right, width)


def testing(line: str, colours: Colours) -> Text:
    """The latest line of tests that run."""
    return Text(f"testing … {cut(clean(line, keep_newlines=False), 40)}", colours["text-accent"])


def verdict(told: TestFinished | None, *, stands: bool, asking: bool, room: int, colours: Colours) -> Text:
    """What the tests say. `stands`: of just what is taken now."""
    if told is None:
        return Text("tests were switched off", "dim") if asking else Text()
    if not stands:
        return Text("not tested as it stands (t)", colours["text-warning"])
    mark, name = _MARKS.get(told.verdict, ("!", "text-warning"))
    words = clean(f"{mark} {told.verdict}: {told.summary}", keep_newlines=False)
    return Text(cut(words, room), Style.parse(colours[name]))


def path(file: FileDraft, width: int, place: tuple[int, int] = (1, 1)) -> Text:
    """The file, and how much of it is taken. `place`: the how many-th of how many it is, where no list
    of files shows it."""
    taken = sum(part.taken for part in file.parts)
    words = f"{taken} of {len(file.parts)} hunks taken" if len(file.parts) > 1 else ""
    if place[1] > 1:
        words = f"{words}  file {place[0]} of {place[1]}".strip()
    left = Text(clean(file.path, keep_newlines=False), "bold")
    if file.change.before is None:
        left.append("  new file", "dim")
    elif file.change.after is None:
        left.append("  removed", "dim")
    return spread(left, Text(words, "dim"), width)
