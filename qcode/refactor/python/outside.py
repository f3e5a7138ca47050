"""Objects of which a repository says nothing: what a function gets that nothing in it calls, an attribute that it
never sets."""

from __future__ import annotations

import ast
import builtins

from qcode.refactor.python.idioms import given_back
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.scopes import Scopes

_DEPTH = 8


def from_outside(program: Program, path: str, node: ast.expr, depth: int = _DEPTH) -> bool:
    """Whether an expression begins at something that only code outside of the repository gives."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute) and not _set_anywhere(program, node.attr):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name) or depth <= 0:
        return False
    scopes = program.scopes(path)
    owner = scopes.owner(node.id, scopes.where(node))
    bound = [o for o in scopes.places(owner, node.id) if o.role != "use"] if owner is not None else []
    return bool(bound) and all(_given_outside(program, path, scopes, o.node, depth) for o in bound)


def _given_outside(program: Program, path: str, scopes: Scopes, node: ast.AST, depth: int) -> bool:
    if isinstance(node, ast.arg):
        function = scopes.parents.get(scopes.parents[node])
        return isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and not _called(
            program, scopes, function
        )
    above = scopes.parents.get(node)
    while isinstance(above, ast.Tuple | ast.List):
        node, above = above, scopes.parents.get(above)
    match above:
        case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
            pass
        case ast.Assign(targets=[target], value=source) | ast.NamedExpr(target=target, value=source):
            pass
        case ast.withitem(optional_vars=ast.expr() as target, context_expr=source):
            pass
        case _:
            return False
    return target is node and from_outside(program, path, source, depth - 1)


def _called(program: Program, scopes: Scopes, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether something may call it: its name stands somewhere, or Python or a test runner does."""
    name = function.name
    owner = scopes.class_of(function)
    if name == "__init__" and owner is not None:
        name = owner.name
    if name.startswith(("test", "__")) or function.decorator_list:
        return True
    for path in program.files_with([name]):
        for node in ast.walk(program.modules.trees[path]):
            match node:
                case ast.Name(id=found) | ast.Attribute(attr=found) | ast.Constant(value=found):
                    if found == name:
                        return True
    return False


def _set_anywhere(program: Program, name: str) -> bool:
    """Whether something in the repository is called so: a definition, an import, or what is set."""
    for path in program.files_with([name]):
        for node in ast.walk(program.modules.trees[path]):
            match node:
                case (
                    ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found)
                ):
                    pass
                case ast.Attribute(attr=found, ctx=ast.Store()) | ast.Name(id=found, ctx=ast.Store()):
                    pass
                case ast.alias(name=whole, asname=other):
                    found = other or whole.rpartition(".")[2]
                case ast.arg(arg=found) | ast.Constant(value=found) | ast.keyword(arg=found):
                    pass
                case _:
                    continue
            if found == name:
                return True
    return False


def elsewhere(program: Program, path: str, node: ast.expr) -> bool:
    """Whether an expression begins at something that is not of this repository."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = (given_back(node) or node.func) if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name):
        return isinstance(node, ast.Constant | ast.JoinedStr | ast.List | ast.Dict | ast.Set | ast.Tuple)
    scopes = program.scopes(path)
    owner = scopes.owner(node.id, scopes.where(node))
    if owner is None:
        return True
    places = scopes.places(owner, node.id)
    if any(o.role == "import" for o in places):
        return program.meaning(path, node) is None
    for one in places:  # what comes from elsewhere is of elsewhere
        above = scopes.parents.get(one.node)
        if (
            one.role == "bind"
            and isinstance(above, ast.Assign)
            and isinstance(above.value, ast.Call | ast.Attribute)
        ):
            root = given_back(above.value) or above.value
            while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
                root = root.func if isinstance(root, ast.Call) else root.value
            if isinstance(root, ast.Name) and root.id != node.id and _from_elsewhere(program, path, root):
                return True
    return False


def _from_elsewhere(program: Program, path: str, root: ast.Name) -> bool:
    scopes = program.scopes(path)
    owner = scopes.owner(root.id, scopes.where(root))
    if owner is None:
        return not hasattr(builtins, root.id)  # list(ours)[0] is ours
    bound = [o for o in scopes.places(owner, root.id) if o.role != "use"]
    return all(o.role == "import" for o in bound) and program.meaning(path, root) is None
