"""What the user asked before, over all sessions: one JSON text a line, in the user's own folder."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

KEPT = 500


class History:
    """Walks back and forth; what was being typed is kept at its end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._entries = _read(file)
        self._place = len(self._entries)
        self._draft = ""

    def add(self, text: str) -> None:
        """The user sent `text`. A file that cannot be written costs nothing but its line."""
        if not self._entries or self._entries[-1] != text:
            self._entries.append(text)
            with contextlib.suppress(OSError):
                self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace") as out:
                    out.write(json.dumps(text, ensure_ascii=False) + "\n")
        self._place = len(self._entries)

    def back(self, current: str) -> str | None:
        """The entry before, None at the oldest."""
        if self._place == 0:
            return None
        if self._place == len(self._entries):
            self._draft = current
        self._place -= 1
        return self._entries[self._place]

    def forward(self) -> str | None:
        """The entry after, the draft at the end, None beyond."""
        if self._place >= len(self._entries):
            return None
        self._place += 1
        return self._entries[self._place] if self._place < len(self._entries) else self._draft


def _read(file: Path) -> list[str]:
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    entries: list[str] = []
    for line in lines[-KEPT:]:
        with contextlib.suppress(ValueError):
            if isinstance(value := json.loads(line), str):
                entries.append(value)
    return entries
