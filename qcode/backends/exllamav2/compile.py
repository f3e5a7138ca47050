"""Compiles ExLlamaV2's extension: run by `build` in a process of its own, which can be ended."""

from __future__ import annotations

import sys
from pathlib import Path


def sources(package: Path) -> list[str]:
    """All C++ and CUDA files of the extension in an installed exllamav2."""
    return sorted(
        str(path) for pattern in ("*.cpp", "*.cu") for path in (package / "exllamav2_ext").rglob(pattern)
    )


def main(package: str, folder: str) -> None:
    """Compile what is in `package` to `folder`, and import it."""
    from torch.utils import cpp_extension

    root = Path(package)
    cpp_extension.load(
        name="exllamav2_ext",
        sources=sources(root),
        extra_include_paths=[str(root / "exllamav2_ext")],
        extra_cflags=["-Ofast"],
        extra_cuda_cflags=["-lineinfo", "-O3"],
        build_directory=folder,
        verbose=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
