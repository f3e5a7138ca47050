"""The tree: its root, what may be read, git with its teeth drawn, and the only way to write."""

from qcode.workspace.journal import JournalEntry, UndoReport, apply, history, recover, undo
from qcode.workspace.root import checked, find_root, is_protected
from qcode.workspace.snapshot import open_snapshot

__all__ = [
    "JournalEntry",
    "UndoReport",
    "apply",
    "checked",
    "find_root",
    "history",
    "is_protected",
    "open_snapshot",
    "recover",
    "undo",
]
