"""A private copy of the snapshot's Python files, for engines that read a disk."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from qcode.errors import WorkspaceError
from qcode.refactor.python.modules import Modules


def materialise(folder: Path, modules: Modules) -> list[str]:
    """Write what parses, since a file with an error in it would stop the whole search. Returns the
    source roots.

    Folders that are no packages get an `__init__.py` here, as rope knows no namespace packages;
    they stay roots too.
    """
    written = {path: modules.sources[path] for path in modules.trees}
    folders = {parent for path in written for parent in PurePosixPath(path).parents if parent.name}
    bare = sorted(str(f) for f in folders if str(f) not in modules.packages)
    files = {path: source.text.encode(source.encoding) for path, source in written.items()}
    files |= {f"{f}/__init__.py": b"" for f in bare}
    for path, content in files.items():
        place = folder / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        except OSError as error:
            raise WorkspaceError(
                f"The private copy for refactoring cannot be written: {error.strerror}.",
                "Free space in TMPDIR.",
            ) from error
    # A folder that holds packages or modules is the likelier root than one that only leads to such.
    holds = {str(PurePosixPath(p).parent) for p in written}
    holds |= {str(PurePosixPath(p).parent) for p in modules.packages if p}
    return ["", *sorted(bare, key=lambda f: (f not in holds, f.count("/"), f))]
