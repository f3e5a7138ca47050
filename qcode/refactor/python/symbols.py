"""Python's definitions by qualified name, with the offset that a refactoring engine starts from."""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Snapshot
from qcode.refactor.python.attributes import attributes


@dataclass(frozen=True, slots=True)
class Symbol:
    """One definition. `offset` counts characters in the file's text with LF line ends. `kind`: `class`, `def`,
    `variable`, or `attribute`, which only methods set (`self.x = …`)."""

    path: str
    module: str
    qualname: str
    kind: str
    line: int
    offset: int

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]

    @property
    def parent(self) -> str:
        return self.qualname.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file's text with LF line ends, without BOM. `encoding` and `bom` lead back to bytes."""

    text: str
    encoding: str
    bom: bytes

    def encoded(self, text: str, path: str) -> bytes:
        """`text`, with its final line ends, as bytes of this file. Raises RefactorError."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise RefactorError(
                f"{path} is written in {self.encoding}, which lacks a character of the result.",
                "Choose another name, or store the file as UTF-8.",
            ) from error


def decode(content: bytes) -> Source | None:
    """The text of a Python file; None when it cannot be decoded as it declares."""
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content[len(bom) :]).readline)
        text = content[len(bom) :].decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None
    return Source(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, bom)


def encode(before: bytes, text: str, path: str) -> bytes:
    """`text` (LF) in the encoding of `before`, each line with its own ending.

    Raises RefactorError when the number of lines differs, or the encoding lacks a character.
    """
    source = decode(before)
    if source is None:
        raise RefactorError(f"{path} cannot be decoded as it declares.", "Mend its encoding first.")
    endings = re.findall(r"\r\n|\r|\n", before[len(source.bom) :].decode(source.encoding))
    lines = text.split("\n")
    if len(endings) != len(lines) - 1:
        raise RefactorError(
            f"The engine changed the lines of {path}.", "Rename it by hand; please report this."
        )
    whole = "".join(line + end for line, end in zip(lines, [*endings, ""], strict=True))
    return source.encoded(whole, path)


def python_files(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Every readable Python file of `snapshot`."""
    for path in snapshot.paths():
        if path.endswith((".py", ".pyi")):
            try:
                yield path, snapshot.read(path)
            except WorkspaceError:
                continue


def module_of(path: str) -> str:
    """The dotted module of a path; a leading `src/` belongs to the layout, not to the name."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[0] == "src" and len(parts) > 1:
        parts = parts[1:]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    return ".".join(parts)


def symbols(snapshot: Snapshot) -> list[Symbol]:
    """Functions, classes, methods, variables of modules and classes, and attributes that methods set on their
    instance; broken files are left out."""
    return [s for path, tree, text in parsed_files(snapshot) for s in symbols_of(tree, path, text)]


def parsed_files(snapshot: Snapshot) -> Iterator[tuple[str, ast.Module, str]]:
    """Path, tree and text of every Python file that parses."""
    for path, content in python_files(snapshot):
        source = decode(content)
        if source is None:
            continue
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        yield path, tree, source.text


def resolve(snapshot: Snapshot, name: str, path: str | None = None) -> Symbol:
    """The one function, class or variable that `name` means: `f`, `Class.f`, `package.module.f` or `file.py:f`.

    Raises RefactorError when there is none (naming the nearest) or several (naming all).
    """
    return chosen([s for s in symbols(snapshot) if s.kind != "attribute"], name, path)


def chosen(known: list[Symbol], name: str, path: str | None = None) -> Symbol:
    """Of the `known` definitions the one that `name` means. Raises RefactorError as `resolve` does."""
    if ":" in name and path is None:
        path, _, name = name.rpartition(":")
    found = matching(known, name, path)
    if len(found) == 1:
        return found[0]
    if not found:
        close = nearest(name, known)
        raise RefactorError(
            f"{name} is not defined in {path or 'this repository'}.",
            f"Did you mean {', '.join(close)}?" if close else "Only Python definitions are known so far.",
        )
    places = ", ".join(f"{s.path}:{s.line} ({s.qualname})" for s in found[:6])
    raise RefactorError(
        f"{name} is defined {len(found)} times: {places}.", "Say which: Class.method, or file.py:name."
    )


def matching(known: list[Symbol], name: str, path: str | None = None) -> list[Symbol]:
    """The definitions that `name` may mean; one, where it is clear.

    The same name bound again in one scope (overloads, if/else) is one symbol, and so is a
    definition with its declaration in the stub file beside it.
    """
    candidates = [
        s
        for s in known
        if (not path or s.path == path or s.path.endswith(f"/{path}"))
        and (s.qualname == name or f".{s.module}.{s.qualname}".endswith(f".{name}"))
    ]
    distinct = {(s.path, s.qualname): s for s in reversed(candidates)}
    merged = [
        s
        for (where, qualname), s in distinct.items()
        if not (where.endswith(".pyi") and (where[:-1], qualname) in distinct)
    ]
    exact = [s for s in merged if s.qualname == name]
    return exact if len(exact) == 1 else merged


def nearest(name: str, known: list[Symbol], count: int = 3) -> list[str]:
    """Names like `name` that exist."""
    names = {s.qualname for s in known} | {s.name for s in known}
    return difflib.get_close_matches(name, sorted(names), count, 0.6)


def symbols_of(tree: ast.Module, path: str, text: str) -> Iterator[Symbol]:
    """The definitions of one parsed file."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    module = module_of(path)

    def symbol(names: list[str], kind: str, line: int, column: int) -> Symbol:
        return Symbol(path, module, ".".join(names), kind, line, starts[line - 1] + column)

    def visit(body: list[ast.stmt], above: list[str], in_function: bool) -> Iterator[Symbol]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                word = "class" if isinstance(node, ast.ClassDef) else "def"
                line = lines[node.lineno - 1]
                found = re.compile(rf"\b{word}\s+({re.escape(node.name)})\b").search(line)
                names = [*above, node.name]
                if found:
                    yield symbol(names, word, node.lineno, found.start(1))
                yield from visit(node.body, names, word == "def")
                for name, place in attributes(node).items() if isinstance(node, ast.ClassDef) else ():
                    row, end = place.end_lineno or place.lineno, place.end_col_offset or 0
                    column = len(lines[row - 1].encode()[:end].decode()) - len(name)
                    yield symbol([*names, name], "attribute", row, column)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and not in_function:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        # ast counts UTF-8 bytes.
                        raw = lines[target.lineno - 1].encode()[: target.col_offset]
                        yield symbol([*above, target.id], "variable", target.lineno, len(raw.decode()))
            else:
                for inner in ("body", "orelse", "finalbody"):
                    yield from visit(getattr(node, inner, []), above, in_function)
                for handler in getattr(node, "handlers", []):
                    yield from visit(handler.body, above, in_function)

    return visit(tree.body, [], False)
