"""Semantic refactorings: snapshot -> ChangeSet, exact over the whole repository, or refused."""

from qcode.refactor.catalog import VERBS, Parameter, Verb, perform
from qcode.refactor.python.symbols import Symbol, matching, nearest, resolve, symbols
from qcode.refactor.renaming.rename import rename
from qcode.refactor.result import Refactoring
from qcode.refactor.tree import declares

__all__ = [
    "VERBS",
    "Parameter",
    "Refactoring",
    "Symbol",
    "Verb",
    "declares",
    "matching",
    "nearest",
    "perform",
    "rename",
    "resolve",
    "symbols",
]
