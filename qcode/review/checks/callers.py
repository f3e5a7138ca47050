"""Code elsewhere that a change broke: what it removed is still imported, what it changed is called
in a way that no longer fits.

Only what is certain from the text counts: names that Python resolves by an import of the very
module; functions without decorators; calls whose arguments can be counted. The rest is left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from qcode.review.report import Finding, Severity
from qcode.review.scene import Changed, Scene, parsed

Function = ast.FunctionDef | ast.AsyncFunctionDef
_MOST_FILES = 400
"""Files that are parsed at most: a name that more of them hold is too common to be worth a second."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call must fit. `most` None: any number of positional arguments."""

    names: tuple[str, ...]
    needed: int
    most: int | None
    keywords: frozenset[str]
    needed_keywords: frozenset[str]
    any_keyword: bool


def check(scene: Scene) -> Iterator[Finding]:
    """Callers of removed names and of changed signatures, all over the repository."""
    for changed in scene.changed:
        if not changed.python or changed.before is None or changed.old_tree is None:
            continue
        if changed.after is not None and changed.new_tree is None:
            continue
        old = _top(changed.old_tree)
        new = _top(changed.new_tree) if changed.new_tree else {}
        if changed.new_tree and _open_ended(changed.new_tree):
            continue
        if changed.after is None and _moved_to_package(changed, scene):
            continue
        removed = {name for name in old if name not in new}
        altered = _altered(old, new)
        if removed or altered:
            yield from _elsewhere(changed, scene, removed, altered)
        if altered and changed.new_tree:
            yield from _calls(changed.path, changed.new_tree, altered, {}, scene)


def signature(function: Function, method: bool = False) -> Signature:
    """The shape of a function; of a method without its first parameter."""
    spec = function.args
    positional = [a.arg for a in (*spec.posonlyargs, *spec.args)][1 if method else 0 :]
    plain = [a.arg for a in spec.args][1 if method and not spec.posonlyargs else 0 :]
    only = [a.arg for a in spec.kwonlyargs]
    needed_only = [a.arg for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is None]
    return Signature(
        tuple(positional),
        max(0, len(positional) - len(spec.defaults)),
        None if spec.vararg else len(positional),
        frozenset((*plain, *only)),
        frozenset(needed_only),
        spec.kwarg is not None,
    )


def fits(call: ast.Call, wanted: Signature) -> bool:
    """Whether `call` can be bound; True where stars hide what is passed."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return True
    given = {k.arg for k in call.keywords if k.arg}
    if wanted.most is not None and len(call.args) > wanted.most:
        return False
    if not wanted.any_keyword and not given <= wanted.keywords:
        return False
    taken = set(wanted.names[: len(call.args)])
    if taken & given & wanted.keywords:
        return False
    missing = set(wanted.names[len(call.args) : wanted.needed]) - given
    return not missing and wanted.needed_keywords <= given


def _altered(old: dict[str, ast.AST], new: dict[str, ast.AST]) -> dict[str, tuple[Signature, Signature]]:
    found: dict[str, tuple[Signature, Signature]] = {}
    for name, node in new.items():
        before = _callable(old.get(name))
        after = _callable(node)
        if before and after and before != after:
            found[name] = (before, after)
    return found


def _callable(node: ast.AST | None) -> Signature | None:
    """How a top-level function or a plain class is called; None when the text does not tell."""
    if isinstance(node, Function):
        return None if node.decorator_list else signature(node)
    if isinstance(node, ast.ClassDef) and not (node.decorator_list or node.bases or node.keywords):
        makers = [n for n in node.body if isinstance(n, Function) and n.name in ("__init__", "__new__")]
        if len(makers) == 1 and makers[0].name == "__init__" and not makers[0].decorator_list:
            return signature(makers[0], method=True)
    return None


def _elsewhere(
    changed: Changed, scene: Scene, removed: set[str], altered: dict[str, tuple[Signature, Signature]]
) -> Iterator[Finding]:
    found = {p for p in scene.holding([*removed, *altered]) if p != changed.path}
    if not found or len(found) > _MOST_FILES:
        return
    for path, content in sorted(scene.read(found).items()):
        if (tree := parsed(content)) is None:
            continue
        imports = _Imports(tree, path, changed.path, scene)
        lines = content.split(b"\n")
        for name, statement in imports.names:
            if name in removed and id(statement) not in imports.guarded:
                yield _finding(path, statement.lineno, lines, f"{name} was removed from {changed.path}.")
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and imports.is_module(node.value) and node.attr in removed:
                yield _finding(path, node.lineno, lines, f"{node.attr} was removed from {changed.path}.")
        if altered:
            yield from _calls(path, tree, altered, imports.aliases, scene, imports)


def _calls(
    path: str,
    tree: ast.Module,
    altered: dict[str, tuple[Signature, Signature]],
    aliases: dict[str, str],
    scene: Scene,
    imports: _Imports | None = None,
) -> Iterator[Finding]:
    """Calls that fitted the old signature and do not fit the new one. `aliases`: local name -> name
    over there; without `imports` the functions are those of this very file."""
    bound = _bound_again(tree, set(aliases) if imports else set(altered), bool(imports))
    lines: list[bytes] | None = None
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = None
        if isinstance(node.func, ast.Name) and node.func.id not in bound:
            name = aliases.get(node.func.id) if imports else node.func.id
        elif imports and isinstance(node.func, ast.Attribute) and imports.is_module(node.func.value):
            name = node.func.attr
        if name not in altered:
            continue
        before, after = altered[name]
        wrong = fits(node, before) and not fits(node, after)
        shifted = _shifted(node, before, after)
        if not wrong and (shifted is None or _is_new(path, node, scene)):
            continue
        if lines is None:
            lines = scene.read([path]).get(path, b"").split(b"\n")
        words = f"This call does not fit the new parameters of {name}."
        if not wrong:
            words = f"What this call passes as {shifted} is another parameter of {name} now."
        yield _finding(path, node.lineno, lines, words)


def _shifted(call: ast.Call, before: Signature, after: Signature) -> str | None:
    """The first argument whose parameter moved to another position, if there is one."""
    if any(isinstance(a, ast.Starred) for a in call.args):
        return None
    for at in range(min(len(call.args), len(before.names))):
        old = before.names[at]
        if at < len(after.names) and after.names[at] != old and old in after.names:
            return old
    return None


def _is_new(path: str, node: ast.AST, scene: Scene) -> bool:
    """Whether the change wrote that line, too: then it knows what it passes."""
    changed = scene.by_path.get(path)
    return changed is not None and getattr(node, "lineno", 0) in changed.added_numbers


def _finding(path: str, number: int, lines: list[bytes], words: str) -> Finding:
    quote = lines[number - 1].decode("utf-8", "replace").removesuffix("\r") if number <= len(lines) else ""
    severity: Severity = "advise" if Changed(path, None, None).on_purpose else "block"
    return Finding(path, number, "broken-caller", severity, words, quote)


class _Imports:
    """How a file imports one module: names from it, and the module itself."""

    def __init__(self, tree: ast.Module, path: str, target: str, scene: Scene) -> None:
        self.names: list[tuple[str, ast.ImportFrom]] = []
        self.aliases: dict[str, str] = {}
        self.guarded = _guarded(tree)
        self._modules: set[str] = set()
        wanted = module_names(target, scene.paths)
        folder, _, last = next(iter(wanted), "").rpartition(".")
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name in wanted:
                        self._modules.add(alias.asname or alias.name)
            elif isinstance(node, ast.ImportFrom):
                whole = _absolute(node, path, scene)
                if whole in wanted:
                    for alias in node.names:
                        self.names.append((alias.name, node))
                        self.aliases[alias.asname or alias.name] = alias.name
                elif whole is not None and whole == folder:
                    self._modules |= {a.asname or a.name for a in node.names if a.name == last}
        self._modules -= _bound_again(tree, {m for m in self._modules if "." not in m}, True)

    def is_module(self, node: ast.expr) -> bool:
        """Whether an expression is the module itself."""
        return _dotted(node) in self._modules


def module_names(path: str, paths: frozenset[str]) -> list[str]:
    """The dotted names under which the file can be imported, the most likely first: from where its
    packages end, which is the first folder above it without `__init__.py`."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    if not parts:
        return []
    start = len(parts) - 1
    while start > 0 and "/".join([*parts[:start], "__init__.py"]) in paths:
        start -= 1
    return list(dict.fromkeys((".".join(parts[start:]), ".".join(parts))))


def _absolute(node: ast.ImportFrom, path: str, scene: Scene) -> str | None:
    if not node.level:
        return node.module
    here = module_names(path, scene.paths)
    if not here:
        return None
    package = here[0].split(".")
    if PurePosixPath(path).name != "__init__.py":
        package.pop()
    up = node.level - 1
    if up > len(package):
        return None
    base = package[: len(package) - up]
    return ".".join([*base, *([node.module] if node.module else [])])


def _top(tree: ast.Module) -> dict[str, ast.AST]:
    """Every name that the module binds at its top, within `if` and `try` as well."""
    found: dict[str, ast.AST] = {}
    for node in _statements(tree.body):
        if isinstance(node, Function | ast.ClassDef):
            # Defined twice (overloads, platforms): its shape is not certain.
            found[node.name] = ast.Pass() if node.name in found else node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = node
        else:
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    found[part.id] = node
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.TryStar | ast.With | ast.For | ast.While):
            parts = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]
            parts += [handler.body for handler in getattr(node, "handlers", [])]
            for part in parts:
                yield from _statements(part)
            yield node
        else:
            yield node


def _open_ended(tree: ast.Module) -> bool:
    """Whether the module may define names that cannot be read: `__getattr__`, `import *`, globals()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
            return True
        if isinstance(node, Function) and node.name == "__getattr__":
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("globals", "vars") and not node.args:
                return True
            if node.func.id == "exec":
                return True
    return False


def _moved_to_package(changed: Changed, scene: Scene) -> bool:
    """Whether a removed module's name now belongs to a package, a stub or an extension."""
    stem = changed.path.rpartition(".")[0]
    if changed.path.endswith("/__init__.py"):
        stem = changed.path.removesuffix("/__init__.py")
    return any(p.startswith((f"{stem}/", f"{stem}.")) and p != changed.path for p in scene.paths)


def _guarded(tree: ast.Module) -> set[int]:
    """Imports that are expected to fail, or to be for type checkers alone."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            caught = " ".join(ast.unparse(h.type) if h.type else "Exception" for h in node.handlers)
            if any(
                word in caught
                for word in ("ImportError", "ModuleNotFoundError", "Exception", "AttributeError")
            ):
                found |= {id(part) for stmt in node.body for part in ast.walk(stmt)}
        elif isinstance(node, ast.With) and "raises" in ast.unparse(node.items[0].context_expr):
            found |= {id(part) for stmt in node.body for part in ast.walk(stmt)}
    return found


def _bound_again(tree: ast.Module, names: set[str], imported: bool) -> set[str]:
    """Those of `names` that the file binds in another way, too: parameters, assignments, other defs."""
    again: set[str | None] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            again.add(node.id)
        elif isinstance(node, ast.arg):
            again.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) or (isinstance(node, Function | ast.ClassDef) and imported):
            again.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom) and not imported:
            again |= {a.asname or a.name for a in node.names}
    if not imported:
        tops = {n.name for n in tree.body if isinstance(n, Function | ast.ClassDef)}
        nested = {
            n.name for n in ast.walk(tree) if isinstance(n, Function | ast.ClassDef) and n not in tree.body
        }
        again |= nested & tops
    return {name for name in again if name in names}


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := _dotted(node.value)):
        return f"{left}.{node.attr}"
    return ""
