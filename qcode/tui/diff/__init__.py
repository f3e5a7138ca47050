"""Review of a ChangeSet: hunk by hunk, file by file."""

from qcode.tui.diff.draft import Draft, FileDraft, Part
from qcode.tui.diff.screen import ReviewScreen
from qcode.tui.diff.subject import Outcome, Subject

__all__ = ["Draft", "FileDraft", "Outcome", "Part", "ReviewScreen", "Subject"]
