"""The weights that were pulled: below one folder, each with a record of where it came from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qcode.config.places import paths
from qcode.errors import ModelFileError, UsageError

_RECORD = ".qcode.json"


@dataclass(frozen=True, slots=True)
class Installed:
    """One model. `path` is what an engine gets: a file (of several, the first), or a folder.

    `files` are relative to the folder of the record; `size` in bytes; `source` is the endpoint, or
    the path it was copied from; `checksums` as the endpoint announced them.
    """

    name: str
    path: Path
    repository: str
    source: str
    commit: str
    size: int
    files: tuple[str, ...]
    checksums: tuple[str, ...]
    record: Path

    @property
    def whole(self) -> bool:
        """Whether all its files are there, with as many bytes as were written."""
        folder = self.record.parent
        try:
            return sum((folder / f).stat().st_size for f in self.files) == self.size
        except OSError:
            return False


def write_record(model: Installed) -> None:
    """Make the model known, after its files are there."""
    values = {**asdict(model), "path": model.path.name if model.path != model.record.parent else ""}
    del values["record"]
    temporary = model.record.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(model.record)


def record_for(folder: Path, name: str) -> Path:
    """Where the record of a model of that name lies; `folder` has its files."""
    return folder / f"{name}{_RECORD}"


def installed() -> list[Installed]:
    """All models with a record, by name. A record that cannot be read is left out."""
    found = (_read(path) for path in sorted(paths().models.rglob(f"*{_RECORD}")))
    return sorted((m for m in found if m), key=lambda m: m.name.casefold())


def unfinished() -> Iterator[tuple[Path, int]]:
    """Part files of pulls that were interrupted, with their bytes."""
    for path in sorted(paths().models.rglob("*.part")):
        yield path, path.stat().st_size


def _read(path: Path) -> Installed | None:
    try:
        said: Any = json.loads(path.read_text("utf-8"))
        files = tuple(str(f) for f in said["files"])
        # A record may only speak of files beside it: `remove` will believe it.
        if any(Path(f).is_absolute() or ".." in Path(f).parts for f in (*files, said["path"])):
            return None
        return Installed(
            str(said["name"]), path.parent / said["path"], str(said["repository"]), str(said["source"]),
            str(said["commit"]), int(said["size"]), files, tuple(said["checksums"]), path,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find(name: str, *, whole: bool = True) -> Installed:
    """The installed model of that name, or the only one that begins with it, or of that repository.

    Raises UsageError, which names those there are; if it shall be `whole`, ModelFileError when its
    files are gone.
    """
    every = installed()
    wanted = name.casefold()
    hits = [m for m in every if wanted in (m.name.casefold(), f"{m.repository}/{m.name}".casefold())]
    hits = hits or [m for m in every if wanted == m.repository.casefold()]
    hits = hits or [m for m in every if m.name.casefold().startswith(wanted)]
    if not hits:
        names = ", ".join(m.name for m in every) or "none"
        raise UsageError(f"No model {name!r} is installed (installed: {names}).", "qcode models pull NAME")
    if len(hits) > 1:
        names = ", ".join(f"{m.repository}/{m.name}" for m in hits)
        raise UsageError(f"{name!r} may be several: {names}.", "Give one of these names.")
    if whole and not hits[0].whole:
        raise ModelFileError(
            f"Files of {hits[0].name} are missing or changed in {hits[0].record.parent}.",
            f"qcode models remove {hits[0].name}, then pull it again.",
        )
    return hits[0]


def remove(name: str) -> tuple[str, int]:
    """Delete a model's files, or an unfinished download of that file name; its name and bytes come
    back. Raises UsageError when there is none."""
    root = paths().models
    for part, size in unfinished():
        if name.casefold() in (part.name.casefold(), part.name.casefold().removesuffix(".part")):
            part.with_name(part.name + ".json").unlink(missing_ok=True)
            part.unlink()
            _prune(part.parent, root)
            return part.name, size
    model = find(name, whole=False)
    freed = 0
    # The record goes first: what is half deleted must not look installed.
    model.record.unlink()
    for file in model.files:
        path = model.record.parent / file
        if path.is_file():
            freed += path.stat().st_size
            path.unlink()
            _prune(path.parent, root)
    _prune(model.record.parent, root)
    return model.name, freed


def _prune(folder: Path, root: Path) -> None:
    while folder != root and folder.is_relative_to(root) and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
