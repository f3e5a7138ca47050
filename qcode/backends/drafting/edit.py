"""Drafts for answers that edit files: the file goes on, what is replaced comes back, the rest is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qcode.backends.drafting.find import FileLines, Finder, shortened
from qcode.backends.drafting.follow import Follower
from qcode.backends.drafting.forms import Form, Writing, after, opened, opening
from qcode.backends.drafting.ngram import PromptLookup
from qcode.backends.drafting.vocabulary import Reader, Vocabulary, continued

_CHARS_PER_TOKEN = 8
"""More than tokens of code have in the mean: a draft should not end for want of text."""
_SIZES = (4, 3, 2, 1)


class EditDrafter:
    """Proposes what comes next in an answer that edits `files` (path -> text).

    `prompt` are the prompt's tokens, for prompt lookup; `writing` is how edits were asked for. Give
    every accepted token to `extend`, then ask `propose`.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        files: Mapping[str, str],
        prompt: Iterable[int] = (),
        writing: Writing = "block",
    ) -> None:
        self._vocabulary = vocabulary
        self._reader = Reader(vocabulary)
        self._lookup = PromptLookup(prompt, _SIZES)
        self._files = {path: FileLines(text) for path, text in files.items()}
        self._path = next(iter(files), "")
        self._writing = writing
        self._between: list[str] = []
        """Lines of the answer since the last edit."""
        self._way: tuple[str, ...] = ()
        """The lines that led to the last edit."""
        self._form: Form | None = None
        self._finder: Finder | None = None
        self._follower: Follower | None = None
        self._mark: list[str] = []
        """Lines of a mark (the divider, the end) that have come."""
        self._last = 0

    def extend(self, tokens: Sequence[int]) -> None:
        """Take accepted tokens."""
        self._lookup.extend(tokens)
        for line in self._reader.read(tokens):
            self._add(line)

    def propose(self, most: int) -> list[int]:
        """At most `most` tokens that may come next; [] when nothing is known."""
        if not self._reader.whole:
            return self._lookup.propose(most)
        line, chars = self._reader.line, most * _CHARS_PER_TOKEN
        if draft := self._tokens(self._known(line, chars), most):
            return draft
        if self._form is None or self._follower is None:
            return self._lookup.propose(most)
        # A line that is no old line: code seen elsewhere is likelier than the old line with a change.
        if draft := self._lookup.propose(most, least=2):
            return draft
        changed = self._follower.changed(line, chars, self._form.end)
        return self._tokens(changed, most) or self._lookup.propose(most)

    def _tokens(self, text: str, most: int) -> list[int]:
        return continued(self._vocabulary, self._reader.line, text, most)

    def _add(self, line: str) -> None:
        if self._form is None:
            self._outside(line)
            return
        mark = self._form.end if self._follower else self._form.divider
        if line == mark[len(self._mark)]:
            self._mark.append(line)
            if len(self._mark) == len(mark):
                self._passed_mark()
            return
        if self._follower and self._mark:
            self._form = None
            self._outside(line)
            return
        for text in (*self._mark, line):
            if self._follower:
                self._follower.add(text)
            elif self._finder:
                self._finder.add(text)
        self._mark = []

    def _outside(self, line: str) -> None:
        name = line.strip(" `*#:")
        if name in self._files and name != self._path:
            self._path, self._last = name, 0
        self._between.append(line)
        self._form = opened(line) if self._files else None
        if self._form is None:
            return
        self._way, self._between, self._mark = tuple(self._between), [], []
        file = self._files[self._path]
        self._finder = Finder(file, self._last)
        self._follower = None if self._form.divider else Follower(file.lines)

    def _passed_mark(self) -> None:
        self._mark = []
        if self._follower or self._finder is None:
            self._form = None
            return
        self._last = self._finder.end
        self._follower = Follower(self._finder.written)

    def _known(self, line: str, chars: int) -> str:
        """The text that should follow, where the form of the answer or the file tells it."""
        if self._form is None or self._finder is None:
            return self._next_edit(line)
        if self._follower is None:
            divider = self._form.divider
            if self._mark or (line and divider[0].startswith(line)):
                return after(divider, self._mark, line) + shortened(self._finder.written, chars)
            return self._finder.rest(line, chars)
        if self._mark:
            return after(self._form.end, self._mark, line)
        return self._follower.copied(line, chars, self._form.end)

    def _next_edit(self, line: str) -> str:
        """The lines that lead to an edit: those that led to the last one, or those that were asked for."""
        paths = [self._path, *(path for path in self._files if path != self._path)]
        ways = [self._way] if self._way else []
        ways += [opening(self._writing, path) for path in paths]
        return next((rest for way in ways if (rest := after(way, self._between, line))), "")
