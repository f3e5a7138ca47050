"""The user's own editor, for requests and for hunks. A run that goes on goes on behind it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from textual.app import App

from qcode.errors import UsageError

T = TypeVar("T")


async def edit(app: App[T] | None, text: str, name: str = "request.md") -> str:
    """`text` as the user leaves it in $VISUAL or $EDITOR; the interface, if any, steps aside meanwhile
    and draws nothing, but its loop turns: what a run says shows afterwards.

    `name` ends like the file that the text belongs to, so that the editor colours it. Raises
    UsageError when there is no editor, or it fails: the text is then as it was.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise UsageError("No editor is named.", "Set VISUAL or EDITOR, for example: export EDITOR=nano.")
    with tempfile.TemporaryDirectory(prefix="qcode-") as folder:
        file = Path(folder, Path(name).name)
        file.write_text(text, "utf-8", errors="surrogateescape", newline="")
        try:
            argv = [*shlex.split(command), str(file)]
            with _aside(app):
                code = await _run(argv)
        except (OSError, ValueError) as error:
            raise UsageError(f"{command} cannot be started: {error}.", "Mend VISUAL or EDITOR.") from error
        if code:
            raise UsageError(f"{command} ended with {code}.", "The text is as it was.")
        return file.read_bytes().decode("utf-8", "surrogateescape")


async def _run(argv: list[str]) -> int:
    process = await asyncio.create_subprocess_exec(*argv)
    try:
        return await process.wait()
    finally:
        if process.returncode is None:  # qcode ends, and nobody would read what is written
            with contextlib.suppress(ProcessLookupError):
                process.terminate()


@contextlib.contextmanager
def _aside(app: App[T] | None) -> Iterator[None]:
    """The terminal belongs to another program. Ctrl+C there must not end this one."""
    if app is None or app.is_headless:
        yield
        return
    with app.batch_update(), app.suspend():
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
