"""The declarations that must bear one name: a method, what it overrides, and what overrides it."""

from qcode.refactor.tree.family.family import Family

__all__ = ["Family"]
