"""Which file a relative import of JavaScript or TypeScript means, and whether it provides a name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.messages import Snapshot
from qcode.refactor.tree.occurrences import Place, Trees

if TYPE_CHECKING:
    from tree_sitter import Node


class ScriptModules:
    """The modules from which the top-level `name` of `home` can be imported."""

    def __init__(self, snapshot: Snapshot, trees: Trees, home: str, name: str) -> None:
        self._snapshot, self._trees, self._home, self._name = snapshot, trees, home, name
        self._language = trees.language

    def source(self, place: Place) -> str:
        """The module that an import or export statement names."""
        here: Node | None = place.node
        while here is not None and here.type not in (
            "import_statement",
            "export_statement",
            "variable_declarator",
        ):
            here = here.parent
        if here is not None and here.type == "variable_declarator":
            found = re.search(rb"require\(\s*['\"]([^'\"]+)", here.text or b"")
            return found[1].decode() if found else ""
        source = here.child_by_field_name("source") if here is not None else None
        return (source.text or b"").decode().strip("'\"") if source else ""

    def namespace(self, path: str, word: str) -> str:
        """The module that `import * as word` or `const word = require(…)` names."""
        text = self._trees.contents[path].decode("utf-8", "replace")
        name = re.escape(word)
        found = re.search(rf"import\s+\*\s+as\s+{name}\s+from\s+['\"]([^'\"]+)", text) or re.search(
            rf"\b{name}\s*=\s*require\(\s*['\"]([^'\"]+)", text
        )
        return found[1] if found else ""

    def provides(self, source: str, importer: str, depth: int = 5) -> bool:
        """Whether a relative module is the target's file, or exports from it."""
        if not source.startswith(".") or not depth:
            return False
        file = self._file(source, importer)
        if file is None or file == self._home:
            return file is not None
        text = self._snapshot.read(file).decode("utf-8", "replace")
        for found in re.finditer(r"export\s*(\*|\{[^}]*\})\s*from\s*['\"]([^'\"]+)", text):
            if (found[1] == "*" or re.search(rf"\b{re.escape(self._name)}\b", found[1])) and self.provides(
                found[2], file, depth - 1
            ):
                return True
        return False

    def _file(self, source: str, importer: str) -> str | None:
        parts = list(PurePosixPath(importer).parent.parts)
        for part in source.split("/"):
            if part == ".." and parts:
                parts.pop()
            elif part not in (".", ".."):
                parts.append(part)
        base = "/".join(parts)
        bare = re.sub(r"\.[cm]?jsx?$", "", base)
        ends = [*self._language.suffixes, *(f"/index{s}" for s in self._language.suffixes)]
        for candidate in (base, *(f"{base}{e}" for e in ends), *(f"{bare}{e}" for e in ends)):
            if self._snapshot.exists(candidate):
                return candidate
        return None
