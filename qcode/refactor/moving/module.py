"""A module or package gets another dotted name; imports, attribute chains and patch targets follow."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import PurePosixPath

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.moving.other_files import entry_points, listed, naming, refuse_loaded
from qcode.refactor.python.imports import root_of, without
from qcode.refactor.python.meaning import Module, Program
from qcode.refactor.python.settings import refuse_plugin
from qcode.refactor.python.shown import is_test
from qcode.refactor.result import Refactoring, finished, refuse_file
from qcode.refactor.splice import Edit, Text, rewritten

_FIXED = {"__init__", "__main__", "conftest", "setup"}
_LOADS_BY_NAME = re.compile(r"\bsys\.modules\[|\bimport_module\(|\b__import__\(|\biter_modules\(")

_LOADS_WHAT_IS_GIVEN = re.compile(
    r"\b(?:import_module|__import__)\(\s*(?![\"'])|\bsys\.modules\[(?![\"'])|\biter_modules\("
)
_ASKS = frozenset(["startswith", "endswith", "removeprefix", "getLogger", "replace", "split", "lstrip"])


def move_module(snapshot: Snapshot, old: str, new: str) -> Refactoring:
    """Move the module or package at the place `old` to `new` (paths without suffix).

    Raises RefactorError: nothing there, something is at the new place, a name that tools look for.
    """
    return _Move(snapshot, old, new).done()


class _Move:
    def __init__(self, snapshot: Snapshot, old: str, new: str) -> None:
        self._snapshot = snapshot
        self._program = Program(snapshot)
        self._old, self._new = old, new
        self._files = {p: self._moved_path(p) for p in snapshot.paths() if self._inside(p)}
        self._refuse()
        self._module = self._program.file_of(Module(old)) or next(iter(self._files))
        self._root = root_of(self._program, self._module)
        self._names = {self._dotted(old): self._dotted(new)}
        self._doubtful: list[str] = []

    def _inside(self, path: str) -> bool:
        return path in (f"{self._old}.py", f"{self._old}.pyi") or path.startswith(f"{self._old}/")

    def _moved_path(self, path: str) -> str:
        return self._new + path.removeprefix(self._old)

    def _dotted(self, place: str) -> str:
        inner = place.removeprefix(f"{self._root}/") if self._root else place.removeprefix("src/")
        return inner.replace("/", ".")

    def _refuse(self) -> None:
        old, new = self._old, self._new
        if not self._files:
            raise RefactorError(f"There is no module {old}.", "Name a module or package of this repository.")
        name, last = PurePosixPath(old).name, PurePosixPath(new).name
        still = (name.startswith("test_") and last.startswith("test_")) or (
            name.endswith("_test") and last.endswith("_test")
        )
        if name in _FIXED or ((name.startswith("test_") or name.endswith("_test")) and not still):
            raise RefactorError(f"{name} is found by its name.", "It cannot be renamed.")
        if not last.isidentifier():
            raise RefactorError(f"{last} is no module name.", "Use letters, digits and _.")
        if any(p in (f"{new}.py", f"{new}.pyi") or p.startswith(f"{new}/") for p in self._snapshot.paths()):
            raise RefactorError(f"{new} is there already.", "Choose another name.")
        if new.startswith(f"{old}/"):
            raise RefactorError(f"{new} lies inside of {old}.", "Choose another place.")
        folder = str(PurePosixPath(new).parent)
        if (
            folder == "." or folder not in self._program.modules.packages
        ) and last in sys.stdlib_module_names:
            raise RefactorError(f"{last} would hide Python's own module.", "Choose another name.")
        if any(PurePosixPath(p).name.startswith(("test_", "conftest")) for p in self._files):
            for path in self._snapshot.paths():
                above = str(PurePosixPath(path).parent)
                serves = path.endswith("conftest.py") and (above == "." or f"{old}/".startswith(f"{above}/"))
                if serves and not (above == "." or f"{new}/".startswith(f"{above}/")):
                    raise RefactorError(
                        f"{path} serves {old}, and would not serve {new}.", "Move what it needs first."
                    )
        if PurePosixPath(old).parent != PurePosixPath(new).parent:
            for path in self._files:
                if path.endswith(".py") and re.search(
                    rb"\b__file__\b|\bget_data\(", self._program.contents[path]
                ):
                    raise RefactorError(
                        f"{path} looks for files beside itself (__file__).",
                        "Rename it in its folder, or move it by hand.",
                    )

    def done(self) -> Refactoring:
        program = self._program
        changes: list[Change] = []
        leaf = self._old.rpartition("/")[2]
        for path in program.contents:
            moved = path in self._files
            tree = program.modules.trees.get(path)
            before = program.contents[path]
            after = before
            if tree is not None and (moved or leaf in program.modules.sources[path].text):
                after = rewritten(before, self._rewritten(path), path)
            if moved:
                changes += [Change(path, before, None), Change(self._files[path], None, after)]
                refuse_file(self._snapshot, path, before)
            elif after != before:
                changes.append(Change(path, before, after))
        for path in self._files.keys() - program.contents.keys():
            content = self._snapshot.read(path)
            changes += [Change(path, content, None), Change(self._files[path], None, content)]
        self._refuse_put_together()
        refuse_plugin(self._snapshot, self._names)
        (old, new), *_ = self._names.items()
        done = {c.path for c in changes}
        changes += [c for c in entry_points(self._snapshot, old, new) if c.path not in done]
        made = finished(self._snapshot, changes, f"Moved {old} to {new}: {{places}} in {{files}}.")
        others = naming(program, old, f"{self._old}.py")
        refuse_loaded(others, old)
        places = sum(_differs(c) for c in made.changes if c.before and c.after) + len(self._files)
        return Refactoring(
            made.changes, places, tuple(dict.fromkeys([*self._doubtful, *listed(others)])),
            f"Moved {old} to {new}: {places} places in {len(made.changes) - len(self._files)} files.",
        )  # fmt: skip

    def _new_place(self, module: Module) -> str:
        place = module.place
        if place == self._old or place.startswith(f"{self._old}/"):
            return self._new + place.removeprefix(self._old)
        return place

    def _rewritten(self, path: str) -> str:
        scopes = self._program.scopes(path)
        edits: list[Edit] = []
        for node in ast.walk(scopes.tree):
            if isinstance(node, ast.ImportFrom):
                edits += self._from(path, node, scopes.text)
            elif isinstance(node, ast.Import):
                edits += self._import(path, node, scopes.text)
            elif isinstance(node, ast.Attribute):
                edits += self._chain(path, node, scopes.text)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                edits += self._string(path, node, scopes.text)
        return scopes.text.spliced(edits)

    def _from(self, path: str, node: ast.ImportFrom, text: Text) -> list[Edit]:
        module = self._program.imported(path, node.module or "", node.level)
        if module is None:
            return []
        start = text.span(node)[0]
        written = re.compile(rb"from\s*([\w.]+)").match(text.raw, start)
        assert written
        edits: list[Edit] = []
        here = self._files.get(path, path)
        source = self._source(path, here, module, node)
        if source is not None:
            edits.append((written.start(1), written.end(1), source))
        for alias in node.names:
            inner = Module(f"{module.place}/{alias.name}")
            if inner.place != self._old:
                continue
            if self._is_attribute(module, alias.name) and not self._not_yet(path, module, node, alias.name):
                continue
            edits += self._submodule(path, node, alias, text, here)
        return edits

    def _is_attribute(self, module: Module, name: str) -> bool:
        """Whether a package binds `name` itself, so that `from package import name` is no module."""
        file = self._program.file_of(module)
        if file is None or file not in self._program.modules.trees:
            return False
        scopes = self._program.scopes(file)
        meaning = self._program.follow(file, name)
        return name in scopes.module.bound and meaning != Module(self._old)

    def _not_yet(self, path: str, module: Module, node: ast.ImportFrom, name: str) -> bool:
        """Whether a package takes a name from itself before it binds that: then it is the module."""
        if self._program.file_of(module) != path:
            return False
        scopes = self._program.scopes(path)
        start = scopes.text.span(node)[0]
        return all(o.role == "use" or o.start >= start for o in scopes.places(scopes.module, name))

    def _source(self, path: str, here: str, module: Module, node: ast.ImportFrom) -> str | None:
        """What follows `from` now; None when it stays."""
        place = self._new_place(module)
        if place == module.place and here == path:
            return None
        if not node.level:
            return self._renamed(node.module or "", module) if place != module.place else None
        base, dots = str(PurePosixPath(here).parent), 1
        while base != "." and not f"{place}/".startswith(f"{base}/"):
            base = base.rpartition("/")[0] or "."
            dots += 1
        # Dots that reached as far before do it still, also out of a folder without an `__init__.py`.
        reached = here == path and dots <= node.level
        if not reached and (base == "." or not base.startswith(self._root) or base == self._root):
            return self._dotted(place)
        return "." * dots + place.removeprefix(base).strip("/").replace("/", ".")

    def _renamed(self, written: str, module: Module) -> str:
        """The dotted name of a moved module, from the root that a file's own name for it implies."""
        inner = written.replace(".", "/")
        root = module.place.removesuffix(inner)
        place = self._new_place(module)
        if not module.place.endswith(inner) or not place.startswith(root):
            return self._dotted(place)
        return place.removeprefix(root).replace("/", ".")

    def _submodule(
        self, path: str, node: ast.ImportFrom, alias: ast.alias, text: Text, here: str
    ) -> list[Edit]:
        """`from package import old`."""
        old, new = self._old.rpartition("/")[2], self._new.rpartition("/")[2]
        same_package = self._old.rpartition("/")[0] == self._new.rpartition("/")[0]
        edits: list[Edit] = []
        if not alias.asname and old != new:
            edits += self._local(path, alias, old, new)
        written = f"{new} as {alias.asname}" if alias.asname else new
        if same_package:
            return [*edits, (*text.span(alias), written)]
        parent = Module(self._new.rpartition("/")[0])
        source = self._source_of(path, here, parent, node.level)
        line = f"from {source} import {written}"
        if len(node.names) == 1:
            return [*edits, (*text.span(node), line)]
        below = text.at((node.end_lineno or 0) + 1)
        return [*edits, *without(text, node, [alias]), (below, below, text.indent(node.lineno) + line + "\n")]

    def _source_of(self, path: str, here: str, parent: Module, level: int) -> str:
        if not level:
            return self._dotted(parent.place)
        made = ast.ImportFrom(module=None, names=[], level=level)
        moved = Module(parent.place)
        return self._source(f"{path}?", here, moved, made) or self._dotted(parent.place)

    def _local(self, path: str, alias: ast.alias, old: str, new: str) -> list[Edit]:
        """Uses of the module's name in the scope that imports it."""
        scopes = self._program.scopes(path)
        owner = scopes.owner(old, scopes.where(alias))
        if owner is None:
            return []
        if any(new in s.bound for s in scopes.scope_of.values()):
            raise RefactorError(f"{new} is taken in {path}.", "Choose another name.")
        return [
            (o.start, o.end, new)
            for o in scopes.places(owner, old)
            if o.role == "use" and self._program.meaning(path, o.node) == Module(self._old)
        ]

    def _import(self, path: str, node: ast.Import, text: Text) -> list[Edit]:
        edits: list[Edit] = []
        for alias in node.names:
            module = self._program.imported(path, alias.name)
            if module is None or self._new_place(module) == module.place:
                continue
            new = self._renamed(alias.name, module)
            start = text.at(alias.lineno, alias.col_offset)
            edits.append((start, start + len(alias.name.encode()), new))
            if not alias.asname and "." not in alias.name:
                if "." in new:
                    scopes = self._program.scopes(path)
                    owner = scopes.owner(alias.name, scopes.where(alias)) or scopes.module
                    uses = [o for o in scopes.places(owner, alias.name) if o.role == "use"]
                    edits += [(o.start, o.end, new) for o in uses]
                else:
                    edits += self._local(path, alias, alias.name, new)
        return edits

    def _chain(self, path: str, node: ast.Attribute, text: Text) -> list[Edit]:
        """`package.old`, when it is the moved module."""
        if node.attr != self._old.rpartition("/")[2] or self._program.meaning(path, node) != Module(
            self._old
        ):
            return []
        start, end = text.span(node)
        if self._old.rpartition("/")[0] == self._new.rpartition("/")[0]:
            new = self._new.rpartition("/")[2]
            return [(end - len(node.attr.encode()), end, new)]
        written = text.between(start, end)
        if re.fullmatch(r"[\w.]+", written) and self._dotted(self._old) == written:
            return [(start, end, self._dotted(self._new))]
        raise RefactorError(
            f"{path}:{node.lineno} reaches the module as {written}.", "Change that place first."
        )

    def _string(self, path: str, node: ast.Constant, text: Text) -> list[Edit]:
        """Dotted paths in strings, as patches, loggers and entry points take them."""
        start, end = text.span(node)
        written, value = text.between(start, end), str(node.value)
        leaf = self._old.rpartition("/")[2]
        if value == leaf and self._exported(path, node):
            return [(start, end, written.replace(leaf, self._new.rpartition("/")[2]))]
        if value == leaf and _LOADS_BY_NAME.search(self._program.modules.sources[path].text):
            raise RefactorError(
                f"{path}:{node.lineno} has {leaf} in a string, and loads modules by name.",
                "Change that place first.",
            )
        for old in self._names:
            package, _, last = old.rpartition(".")
            taken = package and re.match(
                rf"\s*from\s+{re.escape(package)}\s+import\b[^\n;]*\b{re.escape(last)}\b", value
            )
            if taken or re.match(rf"\s*(?:from|import)\s+{re.escape(old)}\b", value):
                raise RefactorError(
                    f"{path}:{node.lineno} holds code that imports {old}, in a string.",
                    "Change that place first.",
                )
        for old, new in self._names.items():
            if "." not in old and not value.startswith(f"{old}."):
                continue
            if re.fullmatch(rf"{re.escape(old)}(?:[.:]\w+)*", value) and old in written:
                if "." not in old and not self._has(value.removeprefix(f"{old}.")):
                    self._doubtful.append(f"{path}:{node.lineno}: {text.line(node.lineno).strip()[:120]}")
                    continue
                return [(start, end, written.replace(old, new, 1))]
        above = self._program.scopes(path).parents.get(node)
        if is_test(path) and not isinstance(above, ast.JoinedStr | ast.Expr):
            after = self._shown(written)
            return [(start, end, after)] if after != written else []
        return []

    def _refuse_put_together(self) -> None:
        """Raise RefactorError where a text begins the dotted names of modules beside this one, which something loads:
        `import_module("package." + name)`. What asks a name how it begins, or shows an object, loads nothing."""
        packages = {package for old in self._names for package in (old, old.rpartition(".")[0])} - {""}
        begins = re.compile(
            rf"(?:{'|'.join(map(re.escape, packages))})\.(?:(?:%s|%\(\w+\)s|\{{\w*\}})[\w.]*)?"
        )
        sources = self._program.modules.sources
        if not packages or not any(_LOADS_WHAT_IS_GIVEN.search(s.text) for s in sources.values()):
            return
        for path, source in sources.items():
            scopes = self._program.scopes(path) if any(p in source.text for p in packages) else None
            for node in ast.walk(scopes.tree) if scopes is not None else ():
                if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                    continue
                whole = begins.fullmatch(node.value)
                if whole is None or not (node.value.endswith(".") or {"%", "{"} & set(node.value)):
                    continue
                if scopes is not None and not _only_shown(node, scopes.parents):
                    raise RefactorError(
                        f"{path}:{node.lineno} begins the names of modules that are loaded by them.",
                        "Move it by hand.",
                    )

    def _exported(self, path: str, node: ast.Constant) -> bool:
        """Whether a string lists the module in `__all__` of a file that imports it by its own name."""
        scopes, leaf = self._program.scopes(path), self._old.rpartition("/")[2]
        listed = any(r.node is node for r in self._program.exports(path, leaf))
        return (
            listed
            and any(
                isinstance(o.node, ast.alias) and o.node.asname is None and o.node.name == leaf
                for o in scopes.places(scopes.module, leaf)
            )
            and self._program.follow(path, leaf) == Module(self._old)
        )

    def _shown(self, written: str) -> str:
        """A test's text in which objects are shown with their module, as `<package.module.Name object …>`, also
        as a pattern: `package\\.module\\.(Name|Other)`."""
        for old, new in self._names.items():
            for dot in (".", r"\.", r"\\.") if "." in old else ():
                shown = rf"(?<![\w.]){re.escape(old.replace('.', dot) + dot)}(?=\(*(?:\?:)?(\w+))"
                for found in reversed(list(re.finditer(shown, written))):
                    if self._has(found[1]):
                        moved = new.replace(".", dot) + dot
                        written = written[: found.start()] + moved + written[found.end() :]
        return written

    def _has(self, dotted: str) -> bool:
        """Whether the moved module defines the first of these names."""
        name = dotted.partition(".")[0]
        file = self._program.file_of(Module(self._old))
        place = f"{self._old}/{name}"
        return self._program.file_of(Module(place)) is not None or bool(
            file and file in self._program.modules.trees and name in self._program.scopes(file).module.bound
        )


def _differs(change: Change) -> int:
    before, after = (change.before or b"").split(b"\n"), (change.after or b"").split(b"\n")
    return sum(a != b for a, b in zip(before, after, strict=False))


def _only_shown(node: ast.Constant, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a text that begins dotted names is compared, or part of a text that is no dotted name."""
    above = parents.get(node)
    if isinstance(above, ast.JoinedStr):
        texts = [str(v.value) for v in above.values if isinstance(v, ast.Constant)]
        return not all(re.fullmatch(r"[\w.]*", text) for text in texts)
    above = parents.get(above) if isinstance(above, ast.Tuple) else above
    return isinstance(above, ast.Compare) or (
        isinstance(above, ast.Call) and ast.unparse(above.func).rpartition(".")[2] in _ASKS
    )
