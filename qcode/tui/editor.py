"""The user's own editor, for requests and for hunks."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TypeVar

from textual.app import App

from qcode.errors import UsageError

T = TypeVar("T")


def edit(app: App[T] | None, text: str, name: str = "request.md") -> str:
    """`text` as the user leaves it in $VISUAL or $EDITOR; the interface, if any, steps aside meanwhile.

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
            if app is None or app.is_headless:
                done = subprocess.run(argv, check=False)
            else:
                with app.suspend():
                    done = subprocess.run(argv, check=False)
        except (OSError, ValueError) as error:
            raise UsageError(f"{command} cannot be started: {error}.", "Mend VISUAL or EDITOR.") from error
        if done.returncode:
            raise UsageError(f"{command} ended with {done.returncode}.", "The text is as it was.")
        return file.read_bytes().decode("utf-8", "surrogateescape")
