"""The place where text is wanted."""

from __future__ import annotations

from dataclasses import dataclass

_CLOSERS = " \t)]}>'\"`;,:"


@dataclass(frozen=True, slots=True)
class Place:
    """All text before and after the cursor of the file `path` (relative to its root)."""

    path: str
    prefix: str
    suffix: str

    @property
    def before(self) -> str:
        """The cursor's line up to the cursor."""
        return self.prefix[max(self.prefix.rfind("\n"), self.prefix.rfind("\r")) + 1 :]

    @property
    def after(self) -> str:
        """The cursor's line from the cursor on, without its end."""
        return self.suffix.partition("\n")[0].removesuffix("\r")

    @property
    def inside_line(self) -> bool:
        """Whether code follows on the line, so that only the rest of a line can be wanted."""
        return bool(self.after.strip(_CLOSERS))

    @property
    def fresh(self) -> bool:
        """Whether nothing but indentation stands before the cursor on its line."""
        return not self.before.strip()

    @property
    def indent(self) -> int:
        """Columns of indentation of the cursor's line."""
        return indentation(self.before)

    @property
    def line(self) -> int:
        """The number of the cursor's line, from 1."""
        return self.prefix.count("\n") + 1

    @property
    def line_end(self) -> str:
        """How this file ends its lines."""
        return "\r\n" if "\r\n" in self.prefix or "\r\n" in self.suffix else "\n"

    def filled(self, text: str) -> bytes:
        """The file with `text` at the place."""
        return f"{self.prefix}{text}{self.suffix}".encode("utf-8", "replace")


def indentation(line: str) -> int:
    """Columns of white space before the first other character; a tab goes to the next eighth."""
    text = line.expandtabs(8)
    return len(text) - len(text.lstrip(" "))
