"""Refactorings chosen from a package by a seeded random choice, without asking what qcode can do."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

KINDS = (
    "rename function", "rename class", "rename method", "rename parameter", "rename module",
    "move", "extract", "inline variable", "inline function", "signature add", "signature remove",
)  # fmt: skip
MANY = 1000
_RUNS = re.compile(r"^\s*(?:import|from) (?:unittest|pytest)\b", re.MULTILINE)
_OTHER = re.compile(r"test_.*|.*_tests?|conftest|setup|noxfile")


@dataclass(slots=True)
class Case:
    """One refactoring; `read_as`: new words and what they were, for the comparison of trees;
    `may_change`: how many top-level statements may differ; `may_come`: how many may be added."""

    kind: str
    verb: str
    arguments: dict[str, str]
    read_as: tuple[tuple[str, str], ...] = ()
    may_change: int = 0
    may_come: int = 0
    target: tuple[str, str] = field(default=("", ""))

    def __str__(self) -> str:
        return f"{self.verb} {' '.join(self.arguments.values())}"


def mined(root: Path, folder: str, count: int, seed: int, kinds: list[str]) -> list[Case]:
    """`count` cases of the package in `folder`, the kinds in turn; fewer where it has too few."""
    chance = random.Random(f"{seed} {root.name}")
    trees = {}
    for path in sorted((root / folder).rglob("*.py")):
        parts = path.relative_to(root).parts
        named = {path.stem} if _RUNS.search(path.read_text("utf-8", "replace")) else set()
        if {"test", "tests"} & {*parts[:-1], *named} or _OTHER.fullmatch(path.stem):
            continue  # the package's own code is what is refactored, and a module `tests` may be of that
        trees[path.relative_to(root).as_posix()] = ast.parse(path.read_bytes())
    makers: dict[str, Callable[[], Iterator[Case]]] = {
        "rename function": lambda: _renames(trees, "function"),
        "rename class": lambda: _renames(trees, "class"),
        "rename method": lambda: _methods(trees),
        "rename parameter": lambda: _parameters(trees),
        "rename module": lambda: _modules(trees),
        "move": lambda: _moves(trees),
        "extract": lambda: _extractions(trees, chance),
        "inline variable": lambda: _inline_variables(trees),
        "inline function": lambda: _inline_functions(trees),
        "signature add": lambda: _additions(trees),
        "signature remove": lambda: _removals(trees),
    }
    pools = {}
    for kind in KINDS:
        if not kinds or kind in kinds:
            pool = list(makers[kind]())
            chance.shuffle(pool)
            pools[kind] = pool
    found: list[Case] = []
    while len(found) < count and any(pools.values()):
        for pool in pools.values():
            if pool and len(found) < count:
                found.append(pool.pop())
    return found


def _tops(trees: dict[str, ast.Module]) -> Iterator[tuple[str, ast.stmt]]:
    for path, tree in trees.items():
        for node in tree.body:
            yield path, node


def _functions(trees: dict[str, ast.Module]) -> Iterator[tuple[str, str, ast.FunctionDef]]:
    for path, node in _tops(trees):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            yield path, node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("__"):
                    yield path, f"{node.name}.{inner.name}", inner


def _renames(trees: dict[str, ast.Module], kind: str) -> Iterator[Case]:
    wanted = ast.FunctionDef if kind == "function" else ast.ClassDef
    for path, node in _tops(trees):
        if isinstance(node, wanted) and not node.name.startswith("__") and len(node.name) > 3:
            new = f"{node.name}_renamed" if kind == "function" else f"{node.name}Renamed"
            yield Case(
                f"rename {kind}", "rename", {"symbol": f"{path}:{node.name}", "new_name": new},
                ((new, node.name),), target=(path, node.name),
            )  # fmt: skip


def _methods(trees: dict[str, ast.Module]) -> Iterator[Case]:
    for path, name, node in _functions(trees):
        if "." in name and len(node.name) > 3:
            new = f"{node.name}_renamed"
            yield Case(
                "rename method",
                "rename",
                {"symbol": f"{path}:{name}", "new_name": new},
                ((new, node.name),),
                target=(path, name),
            )


def _parameters(trees: dict[str, ast.Module]) -> Iterator[Case]:
    for path, name, node in _functions(trees):
        arguments = [a.arg for a in [*node.args.args, *node.args.kwonlyargs] if a.arg not in ("self", "cls")]
        for argument in arguments[:2]:
            new = f"{argument}_renamed"
            yield Case(
                "rename parameter", "rename", {"symbol": f"{path}:{name}.{argument}", "new_name": new},
                ((new, argument),), target=(path, f"{name}.{argument}"),
            )  # fmt: skip


def _modules(trees: dict[str, ast.Module]) -> Iterator[Case]:
    for path in trees:
        stem = Path(path).stem
        if not stem.startswith("__") and stem not in ("conftest", "setup"):
            new = f"{stem}_renamed"
            yield Case(
                "rename module",
                "move",
                {"symbol": path, "to": f"{path[:-3]}_renamed.py"},
                ((new, stem),),
                target=(path, ""),
            )


def _moves(trees: dict[str, ast.Module]) -> Iterator[Case]:
    paths = sorted(trees)
    for path, node in _tops(trees):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("__"):
            folder = path.rpartition("/")[0]
            others = [
                p
                for p in paths
                if p != path and p.rpartition("/")[0] == folder and not p.endswith("__init__.py")
            ]
            # Half of them to a module that is there, half to a new one.
            new = f"{folder}/moved_here.py".lstrip("/")
            to = others[sum(map(ord, node.name)) % len(others)] if others and len(node.name) % 2 else new
            yield Case(
                "move",
                "move",
                {"symbol": f"{path}:{node.name}", "to": to},
                may_change=MANY,
                may_come=MANY,
                target=(path, node.name),
            )


def _extractions(trees: dict[str, ast.Module], chance: random.Random) -> Iterator[Case]:
    for path, name, node in _functions(trees):
        blocks = [
            block
            for inner in ast.walk(node)
            for field_name in ("body", "orelse")
            if isinstance(block := getattr(inner, field_name, None), list)
            and block
            and isinstance(block[0], ast.stmt)
            and not (
                field_name == "orelse" and isinstance(inner, ast.If) and isinstance(block[0], ast.If)
            )  # elif
        ]
        for block in blocks:
            start = chance.randrange(len(block))
            end = min(len(block) - 1, start + chance.randrange(1, 4))
            first, last = block[start].lineno, block[end].end_lineno or 0
            docstring = isinstance(block[start], ast.Expr) and isinstance(
                getattr(block[start], "value", None), ast.Constant
            )
            if last - first < 2 or docstring or getattr(block[start], "decorator_list", []):
                continue
            leaves = any(
                isinstance(n, ast.Yield | ast.YieldFrom | ast.Break | ast.Continue | ast.Return)
                for s in block[start : end + 1]
                for n in ast.walk(s)
            )
            if leaves:
                continue  # a person would not ask for it
            yield Case(
                "extract", "extract", {"place": f"{path}:{first}-{last}", "new_name": "extracted_here"},
                may_change=1, may_come=1, target=(path, name),
            )  # fmt: skip


def _inline_variables(trees: dict[str, ast.Module]) -> Iterator[Case]:
    """Variables set once, by an assignment whose next statement has their only use."""
    for path, name, node in _functions(trees):
        nested = {
            id(n)
            for inner in ast.walk(node)
            if isinstance(inner, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and inner is not node
            for n in ast.walk(inner)
        }
        for inner in ast.walk(node):
            if id(inner) in nested:
                continue
            body = getattr(inner, "body", None)
            if not isinstance(body, list):
                continue
            for statement, following in pairwise(body):
                match statement:
                    case ast.Assign(targets=[ast.Name(id=variable)]):
                        every = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == variable]
                        near = [
                            n for n in ast.walk(following) if isinstance(n, ast.Name) and n.id == variable
                        ]
                        simple = isinstance(following, ast.Return | ast.Assign | ast.Expr | ast.If)
                        if len(every) == 2 and len(near) == 1 and simple:
                            yield Case(
                                "inline variable", "inline", {"name": variable, "inside": f"{path}:{name}"},
                                may_change=1, target=(path, f"{name}.{variable}"),
                            )  # fmt: skip


def _inline_functions(trees: dict[str, ast.Module]) -> Iterator[Case]:
    """Private functions of one returned expression, without decorators."""
    for path, node in _tops(trees):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_") and not node.decorator_list:
            body = node.body[1:] if isinstance(node.body[0], ast.Expr) else node.body
            if (
                len(body) == 1
                and isinstance(body[0], ast.Return)
                and not node.args.vararg
                and not node.args.kwarg
            ):
                yield Case(
                    "inline function",
                    "inline",
                    {"name": f"{path}:{node.name}"},
                    may_change=MANY,
                    target=(path, node.name),
                )


def _additions(trees: dict[str, ast.Module]) -> Iterator[Case]:
    for path, name, _ in _functions(trees):
        yield Case(
            "signature add", "signature", {"function": f"{path}:{name}", "changes": "+added_here=None"},
            may_change=MANY, target=(path, name),
        )  # fmt: skip


def _removals(trees: dict[str, ast.Module]) -> Iterator[Case]:
    """Parameters of functions that their bodies do not use, methods' overrides left out."""
    for path, node in _tops(trees):
        if not isinstance(node, ast.FunctionDef) or node.decorator_list:
            continue
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        for argument in [*node.args.args, *node.args.kwonlyargs]:
            if argument.arg not in used and argument.arg not in ("self", "cls"):
                yield Case(
                    "signature remove", "signature", {"function": f"{path}:{node.name}", "changes": f"-{argument.arg}"},
                    may_change=MANY, target=(path, node.name),
                )  # fmt: skip
