"""Where things are in a repository: words, definitions, an overview.

One SQLite file per repository in the user's cache, never in the tree. It holds nothing that the
files do not: delete it, and the next use makes it again.
"""

from qcode.index.graph import Use, callees, callers, implementations, references, touching_tests
from qcode.index.query import PATIENCE_S, Hit, Index, Stats, open_index, place_of
from qcode.index.store import remove

__all__ = [
    "PATIENCE_S",
    "Hit",
    "Index",
    "Stats",
    "Use",
    "callees",
    "callers",
    "implementations",
    "open_index",
    "place_of",
    "references",
    "remove",
    "touching_tests",
]
