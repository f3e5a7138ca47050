"""The command line: parse, build, hand over. Nothing here decides what a run does."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Entry point of `qcode`. Foreseeable failures print two lines and exit with their code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Before typer is imported: editors and scripts ask for the version often.
        from qcode import __version__

        print(f"qcode {__version__}")
        return
    from qcode import trust

    trust.import_nothing_from(Path.cwd())
    from qcode.cli import staged

    if staged.is_plain(sys.argv[1:]):
        sys.exit(staged.call(sys.argv[1:]))
    from qcode.cli.app import call

    sys.exit(call())
