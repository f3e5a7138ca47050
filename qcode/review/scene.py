"""What checks look at: the changed files, and the rest of the repository as it will be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath

from qcode.errors import WorkspaceError
from qcode.review.hunks import Hunk, hunks, split
from qcode.review.trees import former, parsed, touched
from qcode.workspace import git

PYTHON = (".py", ".pyi")
_MOST_APART = 300
"""Files that may be otherwise on disk than in the index, before all are looked for in the index."""
_ON_PURPOSE = frozenset(
    [
        "fixtures",
        "fixture",
        "testdata",
        "test_data",
        "data",
        "snapshots",
        "__snapshots__",
        "cases",
        "samples",
        "corpus",
        "invalid",
        "bad",
        "broken",
        "input",
        "inputs",
        "expected",
        "golden",
        "resources",
    ]
)


class Changed:
    """One file before and after (None: absent). What is costly is worked out once, when it is asked for."""

    def __init__(self, path: str, before: bytes | None, after: bytes | None) -> None:
        self.path = path
        self.before = before
        self.after = after

    @property
    def binary(self) -> bool:
        """Whether the new content, or of a removed file the old one, is no text."""
        return b"\0" in (self.after if self.after is not None else self.before or b"")[:8192]

    @property
    def python(self) -> bool:
        return PurePosixPath(self.path).suffix.lower() in PYTHON

    @property
    def on_purpose(self) -> bool:
        """Whether the file is data, such as a test's broken example: it may be wrong by intention."""
        return any(part.lower() in _ON_PURPOSE for part in PurePosixPath(self.path).parts[:-1])

    @cached_property
    def old_lines(self) -> list[bytes]:
        return split(self.before or b"")

    @cached_property
    def new_lines(self) -> list[bytes]:
        return split(self.after or b"")

    @cached_property
    def hunks(self) -> list[Hunk]:
        return hunks(self.old_lines, self.new_lines)

    @cached_property
    def added(self) -> list[tuple[int, str]]:
        """(number, text) of the lines that are new."""
        return [line for hunk in self.hunks for line in hunk.added]

    @cached_property
    def added_numbers(self) -> frozenset[int]:
        return frozenset(number for number, _ in self.added)

    def line(self, number: int) -> str:
        """Line `number` (from 1) of the new content, "" where there is none."""
        if 0 < number <= len(self.new_lines):
            return self.new_lines[number - 1].decode("utf-8", "replace").removesuffix("\r")
        return ""

    def standing(self, hunk: Hunk) -> int:
        """The number of the line that stands now where `hunk` took something away."""
        lines = self.new_lines
        last = len(lines) - (len(lines) > 1 and not lines[-1])
        return max(1, min(hunk.new_start + 1, last))

    @cached_property
    def old_tree(self) -> ast.Module | None:
        """Positions are those of the new text, where a statement is in both."""
        if not self.python or self.before is None:
            return None
        if self.after is None or self.new_tree is None:
            return parsed(self.before)
        return former(self.new_tree, self.before, self.after, self.hunks)

    @cached_property
    def new_tree(self) -> ast.Module | None:
        return parsed(self.after) if self.python and self.after is not None else None

    @cached_property
    def touched(self) -> tuple[ast.Module, ast.Module] | None:
        """What was changed, before and after, if that can be parsed without the rest."""
        if not self.python or self.before is None or self.after is None:
            return None
        return touched(self.before, self.after, self.hunks)

    def forget_trees(self) -> None:
        """Let them go: they are made again when they are asked for."""
        for name in ("old_tree", "new_tree", "touched"):
            self.__dict__.pop(name, None)

    @property
    def parses(self) -> bool:
        """Whether it is Python and can be parsed now, as far as the change goes."""
        return self.touched is not None or self.new_tree is not None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the state after the change is kept: a revision, the index ("") or the work tree (None)."""

    revision: str | None


@dataclass
class Scene:
    """The change, and a view of the whole repository with it. `root` None: there is only a diff."""

    changed: tuple[Changed, ...]
    root: Path | None = None
    place: Place = field(default_factory=lambda: Place(None))
    too_large: tuple[tuple[str, int], ...] = ()
    """(path, bytes) of new files that are not looked into."""
    excerpts: tuple[Changed, ...] = ()
    """Files of which only added lines are known."""
    _contents: dict[str, bytes | None] = field(default_factory=dict, init=False, repr=False)

    @property
    def with_lines(self) -> tuple[Changed, ...]:
        """All that has added lines, for checks that need no more."""
        return (*self.changed, *self.excerpts)

    @cached_property
    def by_path(self) -> dict[str, Changed]:
        return {changed.path: changed for changed in self.changed}

    @cached_property
    def paths(self) -> frozenset[str]:
        """All files there will be."""
        if self.root is None:
            return frozenset(c.path for c in self.changed if c.after is not None)
        if self.place.revision:
            listed = git.run(self.root, "ls-tree", "-r", "-z", "--name-only", self.place.revision)
        elif self.place.revision == "":
            return frozenset(self._as_staged)
        else:
            return frozenset(p for p in git.files(self.root) if p not in self._gone)
        return frozenset(name for name in listed.split("\0") if name)

    @property
    def _gone(self) -> set[str]:
        return {c.path for c in self.changed if c.after is None}

    @cached_property
    def _as_staged(self) -> dict[str, bool]:
        return git.on_disk_as_staged(self.root) if self.root else {}

    def holding(self, words: Iterable[str], like: Sequence[str] = ("*.py", "*.pyi")) -> set[str]:
        """Files of the new state, named like one of `like`, in which one of `words` stands as a word."""
        wanted = _either(words)
        if self.root is None or not wanted:
            return set()
        if self.place.revision is None:
            return self._grep(wanted, like, "--untracked")
        if self.place.revision:
            return self._grep(wanted, like, self.place.revision)
        apart = [path for path, same in self._as_staged.items() if not same]
        if len(apart) > _MOST_APART:
            return self._grep(wanted, like, "--cached")
        # Git reads the work tree several times as fast as the index's objects, and most files are
        # in both the same; the rest is looked at here.
        word = re.compile(rb"(?<!\w)(?:%s)(?!\w)" % wanted.encode())
        named = [path for path in apart if any(fnmatch(path, pattern) for pattern in like)]
        found = {path for path, text in self.read(named).items() if word.search(text)}
        return found | (self._grep(wanted, like) - set(apart))

    def _grep(self, pattern: str, like: Sequence[str], where: str = "") -> set[str]:
        """Files with a word that `pattern` matches. `where`: a revision, or an option of git grep; ""
        the work tree's tracked files."""
        assert self.root is not None
        # One alternation: a word after the other takes git ten times as long.
        command = ["grep", "-l", "-z", "-w", "-E", "-I"]
        command += [where, "-e", pattern] if where.startswith("--") else ["-e", pattern]
        of_revision = bool(where) and not where.startswith("--")
        try:
            listed = git.run(self.root, *command, *([where] if of_revision else []), "--", *like)
        except WorkspaceError:
            return set()  # git grep ends with 1 when nothing is found
        names = [name for name in listed.split("\0") if name]
        return {name.partition(":")[2] if of_revision else name for name in names}

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """path -> content in the new state, of those that exist and are text. Each is fetched once."""
        wanted = list(paths)
        if rest := [path for path in wanted if path not in self._contents]:
            found = dict.fromkeys(rest, b"\0") | self._fetched(rest)
            self._contents |= {p: None if b"\0" in c[:8192] else c for p, c in found.items()}
        known = ((path, self._contents[path]) for path in wanted)
        return {path: content for path, content in known if content is not None}

    def _fetched(self, paths: Iterable[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        rest: list[str] = []
        for path in paths:
            if path in self.by_path:
                if (after := self.by_path[path].after) is not None:
                    found[path] = after
            else:
                rest.append(path)
        if rest and self.root is not None:
            if self.place.revision is None:
                for path in rest:
                    if (content := git.on_disk(self.root / path)) is not None:
                        found[path] = content
            else:
                found |= git.blobs_of(self.root, self.place.revision, rest)
        return found


def _either(words: Iterable[str]) -> str:
    """A pattern of any of `words`, for git (POSIX, extended) and for Python alike."""
    return "|".join(re.sub(r"[^\w\s]", r"\\\g<0>", word) for word in sorted(set(words)))
