"""Which engine reads which weights."""

from __future__ import annotations

import json
from pathlib import Path

from qcode.errors import ModelFileError


def engine_for(path: Path) -> str:
    """The name of the backend for a file or folder, after a look at it.

    Raises ModelFileError for weights that no engine should be given.
    """
    if path.is_dir():
        return _folder(path)
    if path.suffix.lower() == ".gguf" or not path.exists() or _starts_with(path, b"GGUF"):
        from qcode.backends.catalog.admit import admit

        admit(path)
        return "llamacpp"
    from qcode.backends.ctransformers.legacy import examine

    examine(path)
    return "ctransformers"


def _starts_with(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError:
        return False


def _folder(path: Path) -> str:
    try:
        said = json.loads((path / "config.json").read_text("utf-8"))
        method = str((said.get("quantization_config") or {}).get("quant_method", ""))
    except (OSError, ValueError, AttributeError) as error:
        raise ModelFileError(
            f"{path} has no config.json that could be read.", "Give a folder of Hugging Face's layout."
        ) from error
    return "exllamav3" if method == "exl3" else "exllamav2"
