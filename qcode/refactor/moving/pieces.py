"""What a move does to the files that are there: pieces, of which several may belong to one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qcode.messages import Change
from qcode.refactor.python.imports import added
from qcode.refactor.python.meaning import Program
from qcode.refactor.splice import Edit, rewritten


@dataclass(frozen=True, slots=True)
class Piece:
    """`edits` of the file `path`, and lines that come below its imports; `doubtful` ("path:line: text") were found
    there and left alone."""

    path: str
    edits: Sequence[Edit] = ()
    imports: Sequence[str] = ()
    doubtful: Sequence[str] = ()


def changed(program: Program, pieces: Iterable[Piece]) -> Iterator[Change]:
    """The files with all their pieces, in the order of their paths. Raises RefactorError when two edits overlap."""
    files: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.edits or piece.imports:
            files.setdefault(piece.path, []).append(piece)
    for path in sorted(files):
        before, scopes = program.contents[path], program.scopes(path)
        edits = [edit for piece in files[path] for edit in piece.edits]
        edits += added(scopes.tree, scopes.text, [line for piece in files[path] for line in piece.imports])
        yield Change(path, before, rewritten(before, scopes.text.spliced(edits), path))
