"""Protocols (PEP 544): classes that ask for members of classes that do not inherit from them."""

from __future__ import annotations

import ast

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.symbols import Symbol


def refuse_asked(hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol) -> None:
    """Raise RefactorError for an attribute that any protocol asks for."""
    for known, node in hierarchy.nodes.items():
        if _is_protocol(node) and known not in receivers.family and symbol.name in members(node):
            raise _asked(known, node, symbol.name, symbol.parent)


def refuse_used(hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol) -> None:
    """Raise RefactorError for a member that is used through a protocol of which its class has all members, and for one
    that a protocol above it asks of classes that do not inherit from it."""
    family = receivers.family
    for known in sorted(c for c in family if _is_protocol(hierarchy.nodes[c])):
        for other in hierarchy.nodes:
            if other not in family and _has_all(hierarchy, other, known):
                raise _asked(known, hierarchy.nodes[known], symbol.name, other[1])
    asking = {
        known
        for known, node in hierarchy.nodes.items()
        if known not in family
        and _is_protocol(node)
        and symbol.name in members(node)
        and any(_has_all(hierarchy, one, known) for one in family)
    }
    for path, use, verdict in receivers.uses() if asking else ():
        found = receivers.class_of(path, use.value) if verdict == "no" else None
        if found is not None and found in asking:
            raise _asked(found, hierarchy.nodes[found], symbol.name, symbol.parent)


def _is_protocol(node: ast.ClassDef) -> bool:
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def _has_all(hierarchy: Hierarchy, owner: ClassId, protocol: ClassId) -> bool:
    """Whether a class has all members that a protocol and those above it ask for."""
    wanted = {name for c in [protocol, *hierarchy.above([protocol])] for name in members(hierarchy.nodes[c])}
    own = {name for c in [owner, *hierarchy.above([owner])] for name in members(hierarchy.nodes[c])}
    return bool(wanted) and wanted <= own


def _asked(protocol: ClassId, node: ast.ClassDef, name: str, owner: str) -> RefactorError:
    return RefactorError(
        f"{protocol[0]}:{node.lineno}: the protocol {protocol[1]} asks for {name}, maybe of {owner}.",
        "Rename it by hand, or ask a model.",
    )
