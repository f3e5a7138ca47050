"""The language server: pygls, one file per feature, no drawing."""

from __future__ import annotations

from pathlib import Path


def main() -> None:
    """Entry point of `qcode-lsp`."""
    from qcode import trust

    trust.import_nothing_from(Path.cwd())
    from qcode_lsp.server import main as serve

    serve()
