"""Which places of a name mean a member of a class: by the types of what stands before the dot."""

from qcode.refactor.tree.members.verdicts import Members

__all__ = ["Members"]
