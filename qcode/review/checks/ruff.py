"""ruff, asked for single rules.

It runs isolated, on copies of the files in a folder of qcode's own: no configuration of the repository
is read, and nothing of it is executed.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

SYNTAX = "invalid-syntax"
"""The code of what is no Python."""
_SECONDS = 20
_NEWEST = "py314"
"""The version that is taken for the repository's: no syntax is too new."""


def diagnose(folder: Path, rules: tuple[str, ...]) -> list[dict[str, Any]]:
    """What ruff says of `rules` and, always, of syntax about the files in `folder`, as its JSON rows;
    nothing when there is no ruff."""
    try:
        from ruff.__main__ import find_ruff_bin

        program = find_ruff_bin()
    except (ImportError, FileNotFoundError):
        return []
    command = [program, "check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json"]
    command += ["--target-version", _NEWEST]
    try:
        done = subprocess.run(
            [*command, "--select", ",".join(rules), str(folder)],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        rows = json.loads(done.stdout or b"[]")
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
