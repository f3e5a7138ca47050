"""The folder that a quantised model grows in: whole files only, and a record of them.

Until the last file is there the folder has no `config.json`, so that no engine takes it for a model.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from qcode.backends.quantize.rounding import Report
from qcode.errors import ModelFileError, UsageError

RECORD = "quantize.json"
"""What was done: settings, and for each file its checksum and how far its weights moved."""
_PIECE = 1 << 22


class Output:
    """`settings` and `source` tell whether what lies there is a part of the same work."""

    def __init__(self, folder: Path, settings: Mapping[str, Any], source: str) -> None:
        """Makes the folder, or takes up what was begun. Raises UsageError and ModelFileError."""
        self.folder = folder
        self._record: dict[str, Any] = {"settings": dict(settings), "source": source, "files": {}}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if (folder / RECORD).exists():
                self._take_up(json.loads((folder / RECORD).read_text("utf-8")))
            elif any(path.suffix != ".part" for path in folder.iterdir()):
                raise UsageError(f"{folder} is not empty.", "Name another: --out DIR.")
            else:
                self._json(RECORD, self._record)  # first of all: whoever is killed now is known by it
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise ModelFileError(f"{folder} cannot be used: {error}.", "Name another: --out DIR.") from error

    def has(self, name: str) -> bool:
        """Whether this file was written before, and is as it was."""
        known = self._record["files"].get(name)
        path = self.folder / name
        return known is not None and path.is_file() and _checksum(path) == known["sha256"]

    def write(self, name: str, tensors: Mapping[str, torch.Tensor], reports: Mapping[str, Report]) -> None:
        """One file, whole or not at all. Raises ModelFileError."""
        from safetensors.torch import save_file

        path = self.folder / name
        part = path.with_suffix(".part")
        try:
            save_file(dict(tensors), part, metadata={"format": "pt"})
            _settle(part, path)
        except OSError as error:
            raise ModelFileError(
                f"{path} cannot be written: {error.strerror or error}.",
                "Make room, and run it again: it goes on from here.",
            ) from error
        self._record["files"][name] = {
            "sha256": _checksum(path),
            "tensors": sorted(tensors),
            "errors": {name: asdict(report) for name, report in reports.items()},
        }
        self._json(RECORD, self._record)

    def finish(self, config: Mapping[str, Any], beside: list[Path]) -> None:
        """The index, the files that lie `beside` the source's weights, and last of all `config.json`."""
        files = self._record["files"]
        places = {tensor: name for name, file in files.items() for tensor in file["tensors"]}
        total = sum((self.folder / name).stat().st_size for name in files)
        self._json("model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": places})
        for path in beside:
            part = self.folder / f"{path.name}.part"
            part.write_bytes(path.read_bytes())
            _settle(part, self.folder / path.name)
        self._json("config.json", config)

    @property
    def reports(self) -> dict[str, Report]:
        """How far each weight moved, also in files of an earlier run."""
        return {
            name: Report(**report)
            for file in self._record["files"].values()
            for name, report in file["errors"].items()
        }

    def _take_up(self, found: dict[str, Any]) -> None:
        if (found["settings"], found["source"]) != (self._record["settings"], self._record["source"]):
            raise UsageError(
                f"{self.folder} holds another work: other settings, or another model.",
                "Name another: --out DIR; or remove it.",
            )
        self._record["files"] = found["files"]

    def _json(self, name: str, value: Mapping[str, Any]) -> None:
        part = self.folder / f"{name}.part"
        part.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", "utf-8")
        _settle(part, self.folder / name)


def _settle(part: Path, path: Path) -> None:
    """Bytes first, then the name: a crash leaves the file of before, or this one."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
