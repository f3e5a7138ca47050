"""What an answer may look like, as values; `qcode.backends.constraints` compiles them per engine."""

from __future__ import annotations

from dataclasses import dataclass

NOT_FOUND = "NOT_FOUND"
"""What a model gives for lines that it cannot see: the way out of a choice among those it has read."""


@dataclass(frozen=True, slots=True)
class Window:
    """A file as it stands, and which of its lines the model has read: ranges (first, last), from 1."""

    path: str
    lines: tuple[str, ...]
    read: tuple[tuple[int, int], ...]

    @classmethod
    def whole(cls, path: str, lines: tuple[str, ...]) -> Window:
        """All of the file was read."""
        return cls(path, lines, ((1, len(lines)),) if lines else ())

    @property
    def size(self) -> int:
        """How many lines were read."""
        return sum(last - first + 1 for first, last in self.read)


@dataclass(frozen=True, slots=True)
class Anchor:
    """In calls of `tool`, the parameter `lines` holds whole lines of one of `windows`, next to each
    other, that occur exactly once in the file which the parameter `path` names.

    `escape`: or NOT_FOUND, for these files and any other. `late`: files of which more was read than a
    grammar can hold: of them any lines can be written, and the engine is stopped where they end if
    they are not lines of the file that occur exactly once (`ToolCall.stray`).
    An engine that sees how much of its model's mind a constraint forbids may also say NOT_FOUND after some
    of the lines, as the last one.
    """

    tool: str
    path: str
    lines: str
    windows: tuple[Window, ...]
    escape: bool = True
    late: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Calls:
    """The answer is text, or calls of the request's tools after some text.

    A call has a known name, all required parameters, and values of the schema's kinds. `text`: words
    may stand before a call. `required`: a call must be made. `most`: calls in one answer; one with
    an anchor always stands alone, since the lines of the next one would no longer be those read.
    `longest`: characters of a text whose schema gives no length; 0: all texts of a call share what the
    answer surely has room for. One that has all of it is told by `ToolCall.unfinished`.
    """

    anchor: Anchor | None = None
    text: bool = True
    required: bool = False
    most: int = 4
    longest: int = 0
