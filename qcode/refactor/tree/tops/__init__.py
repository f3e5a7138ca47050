"""Which places of a name mean a definition at the top of a file: a room for what each language says of that."""

from qcode.refactor.tree.tops.verdicts import Tops

__all__ = ["Tops"]
