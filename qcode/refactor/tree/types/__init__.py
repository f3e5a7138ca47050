"""What type an expression has, as far as declarations tell: for the members that a rename may mean."""

from qcode.refactor.tree.types.classes import Class, Classes
from qcode.refactor.tree.types.expressions import Typing

__all__ = ["Class", "Classes", "Typing"]
