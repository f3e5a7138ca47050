"""Semantic refactorings: snapshot -> ChangeSet, exact over the whole repository, or refused."""

from qcode.refactor.rename import Refactoring, rename
from qcode.refactor.symbols import Symbol, matching, nearest, resolve, symbols

__all__ = ["Refactoring", "Symbol", "matching", "nearest", "rename", "resolve", "symbols"]
