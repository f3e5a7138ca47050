"""Ways of writing that say what class something has, told by their form."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from qcode.refactor.python.scopes import Scopes

_GIVE_BACK = {
    "copy": 0,
    "deepcopy": 0,
    "copy.copy": 0,
    "copy.deepcopy": 0,
    "cast": 1,
    "typing.cast": 1,
    "t.cast": 1,
    "replace": 0,
    "dataclasses.replace": 0,
    "copy.replace": 0,
    "attr.evolve": 0,
    "attrs.evolve": 0,
}
"""Functions of the standard library (and attrs) whose result is of the class of what they get: which argument that is."""


_PRETENDS = re.compile(r"mock(?:ed)?|fake|stub|dummy", re.IGNORECASE)
_MOCKS = frozenset(["Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock"])
STAND_INS = _MOCKS | {"SimpleNamespace"}
"""What makes objects that tests hand on for others."""


def given_back(node: ast.expr) -> ast.expr | None:
    """What a call gives back, or a copy of: `x` in `copy.deepcopy(x)`. The names are those that everybody uses."""
    if not isinstance(node, ast.Call):
        return None
    place = _GIVE_BACK.get(ast.unparse(node.func))
    return node.args[place] if place is not None and place < len(node.args) else None


def returns_itself(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether all that a method returns is the object that it is called on."""
    returns = [n for n in ast.walk(method) if isinstance(n, ast.Return) and n.value]
    own = [a.arg for a in method.args.args[:1]]
    plain = not any(ast.unparse(d) in ("staticmethod", "classmethod") for d in method.decorator_list)
    return (
        bool(returns)
        and plain
        and all(isinstance(r.value, ast.Name) and [r.value.id] == own for r in returns)
    )


def bears_name(node: ast.expr, classes: Iterable[str]) -> bool:
    """Whether a variable or attribute is called as one of the classes is: `signer`, `self._signer`, for `Signer`."""
    word = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    plain = word.strip("_0123456789").replace("_", "").lower()
    return len(plain) > 3 and plain in {name.strip("_").lower() for name in classes}


def stands_in(scopes: Scopes, node: ast.expr, classes: Iterable[str]) -> bool:
    """Whether an object of unittest.mock stands for one of the classes by its name: `mock_builder.return_value` for
    `TimeBuilder`."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name):
        return False
    word = _PRETENDS.sub("", node.id).replace("_", "").lower()
    if len(word) < 4 or not any(word in name.lower() for name in classes):
        return False
    owner = scopes.owner(node.id, scopes.where(node))
    bound = [o.node for o in scopes.places(owner, node.id) if o.role != "use"] if owner is not None else []
    made = [scopes.parents.get(b) for b in bound]
    return bool(made) and all(
        isinstance(m, ast.Assign)
        and isinstance(m.value, ast.Call)
        and ast.unparse(m.value.func).rpartition(".")[2] in _MOCKS
        for m in made
    )


def asks_for_kind(node: ast.AST | None) -> bool:
    """Whether it asks for the class of something."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("isinstance", "issubclass")


def is_fixture(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether pytest hands on what it returns."""
    return any("fixture" in ast.unparse(d) for d in node.decorator_list)
