"""Files as a whole: large ones, binary ones, and lock files out of step with their manifests."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene

LARGE = 1_000_000
LARGE_BINARY = 200_000
_LOCKS = {
    "package.json": ("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"),
    "pyproject.toml": ("uv.lock", "poetry.lock", "pdm.lock"),
    "Cargo.toml": ("Cargo.lock",),
    "go.mod": ("go.sum",),
    "composer.json": ("composer.lock",),
    "Gemfile": ("Gemfile.lock",),
}


def large(scene: Scene) -> Iterator[Finding]:
    """New files of more than a megabyte, and binary ones of more than 200 kB."""
    for path, size in scene.too_large:
        words = f"A file of {size / 1e6:.1f} MB: history keeps it for ever."
        yield Finding(path, 1, "large-file", "advise", words, "")
    for changed in scene.changed:
        if changed.before is not None or changed.after is None:
            continue
        size = len(changed.after)
        if size > (LARGE_BINARY if changed.binary else LARGE):
            kind = "binary file" if changed.binary else "file"
            words = f"A {kind} of {size / 1e6:.1f} MB: history keeps it for ever."
            quote = "" if changed.binary else changed.line(1)[:200]
            yield Finding(changed.path, 1, "large-file", "advise", words, quote)


def lock_files(scene: Scene) -> Iterator[Finding]:
    """A manifest whose dependencies changed, beside a lock file that did not."""
    for changed in scene.changed:
        place = PurePosixPath(changed.path)
        locks = _LOCKS.get(place.name)
        if not locks or changed.before is None or changed.after is None:
            continue
        folders = (place.parent, *place.parent.parents)
        near = [(folder / lock).as_posix() for folder in folders for lock in locks]
        standing = [path for path in near if path in scene.paths]
        if not standing or any(path in scene.by_path for path in near):
            continue
        read = _READERS.get(place.name, _words)
        if read(changed.before) == read(changed.after):
            continue
        number, line = _first(changed)
        words = f"Dependencies changed, and {standing[0]} did not."
        yield Finding(changed.path, number, "lock-file", "advise", words, line)


def _first(changed: Changed) -> tuple[int, str]:
    for number, line in changed.added:
        if line.strip():
            return number, line
    return 1, changed.line(1)


def _package(content: bytes) -> Any:
    try:
        value = json.loads(content)
        return [
            value.get(k)
            for k in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
        ]
    except (ValueError, AttributeError):
        return None


def _toml(content: bytes) -> Any:
    try:
        value = tomllib.loads(content.decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError:
        return None
    project, tool = value.get("project", {}), value.get("tool", {})
    return [
        project.get("dependencies"),
        project.get("optional-dependencies"),
        value.get("dependency-groups"),
        tool.get("poetry", {}).get("dependencies"),
        tool.get("poetry", {}).get("group"),
        value.get("dependencies"),
        value.get("dev-dependencies"),
        value.get("build-dependencies"),
        value.get("target"),
        value.get("workspace", {}).get("dependencies"),
    ]


def _words(content: bytes) -> Any:
    return [
        line.strip() for line in content.splitlines() if re.match(rb"\s*(?:gem|require|[\w./-]+ v\d)", line)
    ]


_READERS: dict[str, Callable[[bytes], Any]] = {
    "package.json": _package,
    "composer.json": _package,
    "pyproject.toml": _toml,
    "Cargo.toml": _toml,
}
