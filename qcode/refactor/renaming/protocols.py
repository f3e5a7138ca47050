"""Protocols (PEP 544): classes that ask for members of classes that do not inherit from them."""

from __future__ import annotations

import ast

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.symbols import Symbol


def refuse_asked(hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol) -> None:
    """Raise RefactorError for an attribute that any protocol asks for."""
    for known, node in hierarchy.nodes.items():
        if _is_protocol(node) and known not in receivers.family and symbol.name in members(node):
            raise _asked(known, node, symbol.name, symbol.parent)


def refuse_used(program: Program, hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol) -> None:
    """Raise RefactorError for a member that is used through a protocol of which its class has all members, and for one
    that a protocol above it asks of classes that do not inherit from it."""
    family = receivers.family
    for known, node in hierarchy.nodes.items():
        if not _is_protocol(node) or symbol.name not in members(node):
            continue
        others = hierarchy.nodes.keys() - family if known in family else family
        likely = sorted(one for one in others if _has_all(hierarchy, one, known))
        near = [one for one in likely if _is_near(hierarchy, one, known)]
        found = near or [one for one in likely if one in _handed(program, hierarchy, receivers, known)]
        if found and (known in family or _used(receivers, known)):
            raise _asked(known, node, symbol.name, found[0][1] if known in family else symbol.parent)


def _used(receivers: Receivers, protocol: ClassId) -> bool:
    """Whether the member of a protocol is used."""
    return any(
        verdict == "no" and receivers.class_of(path, use.value) == protocol
        for path, use, verdict in receivers.uses()
    )


def _handed(program: Program, hierarchy: Hierarchy, receivers: Receivers, protocol: ClassId) -> set[ClassId]:
    """Classes of what functions are called with for parameters that a protocol annotates."""
    word = protocol[1].rpartition(".")[2]
    takes: dict[str, set[tuple[str, int]]] = {}
    for path in program.files_with([word]):
        scopes = program.scopes(path)
        for node in ast.walk(scopes.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            owner = scopes.class_of(node)
            name = owner.name if owner is not None and node.name == "__init__" else node.name
            for number, one in enumerate([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]):
                if one.annotation is not None and word in ast.unparse(one.annotation):
                    takes.setdefault(name, set()).add((one.arg, number - (owner is not None)))
    found: set[ClassId] = set()
    for path in program.files_with(takes) if takes else ():
        for node in ast.walk(program.scopes(path).tree):
            if not isinstance(node, ast.Call):
                continue
            for name, number in takes.get(ast.unparse(node.func).rpartition(".")[2], ()):
                given = [k.value for k in node.keywords if k.arg == name] + node.args[number : number + 1]
                found |= {c for g in given if (c := receivers.class_of(path, g))}
    return found | {base for one in found for base in hierarchy.above([one])}


def _is_protocol(node: ast.ClassDef) -> bool:
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def _has_all(hierarchy: Hierarchy, owner: ClassId, protocol: ClassId) -> bool:
    """Whether a class has all members that a protocol and those above it ask for."""
    wanted = {name for c in [protocol, *hierarchy.above([protocol])] for name in members(hierarchy.nodes[c])}
    own = {name for c in [owner, *hierarchy.above([owner])] for name in members(hierarchy.nodes[c])}
    return bool(wanted) and wanted <= own


def _is_near(hierarchy: Hierarchy, owner: ClassId, protocol: ClassId) -> bool:
    """Whether a protocol asks for at least half of what a class offers: it was written after it."""
    line = [owner, *hierarchy.above([owner])]
    offered = {n for c in line for n in members(hierarchy.nodes[c]) if not n.startswith("_")}
    return 2 * len(offered & members(hierarchy.nodes[protocol]).keys()) >= len(offered)


def _asked(protocol: ClassId, node: ast.ClassDef, name: str, owner: str) -> RefactorError:
    return RefactorError(
        f"{protocol[0]}:{node.lineno}: the protocol {protocol[1]} asks for {name}, maybe of {owner}.",
        "Rename it by hand, or ask a model.",
    )
