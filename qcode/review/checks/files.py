"""Files as a whole: large ones, and binary ones."""

from __future__ import annotations

from collections.abc import Iterator

from qcode.review.report import Finding
from qcode.review.scene import Scene

LARGE = 1_000_000
LARGE_BINARY = 200_000


def large(scene: Scene) -> Iterator[Finding]:
    """New files of more than a megabyte, and binary ones of more than 200 kB."""
    for path, size in scene.too_large:
        words = f"A file of {size / 1e6:.1f} MB: history keeps it for ever."
        yield Finding(path, 1, "large-file", "advise", words, "")
    for changed in scene.changed:
        if changed.before is not None or changed.after is None:
            continue
        size = len(changed.after)
        if size > (LARGE_BINARY if changed.binary else LARGE):
            kind = "binary file" if changed.binary else "file"
            words = f"A {kind} of {size / 1e6:.1f} MB: history keeps it for ever."
            quote = "" if changed.binary else changed.line(1)[:200]
            yield Finding(changed.path, 1, "large-file", "advise", words, quote)
