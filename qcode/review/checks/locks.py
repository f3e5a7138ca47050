"""Lock files out of step with their manifests."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene

_LOCKS = {
    "package.json": ("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"),
    "pyproject.toml": ("uv.lock", "poetry.lock", "pdm.lock"),
    "Cargo.toml": ("Cargo.lock",),
    "go.mod": ("go.sum",),
    "composer.json": ("composer.lock",),
    "Gemfile": ("Gemfile.lock",),
}


def check(scene: Scene) -> Iterator[Finding]:
    """Dependencies that only one of the two knows of, since this change."""
    yield from _left_behind(scene)
    yield from _fallen_out(scene)


def _left_behind(scene: Scene) -> Iterator[Finding]:
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


def _fallen_out(scene: Scene) -> Iterator[Finding]:
    """A lock file that lost what its manifest still asks for, as a merge does it."""
    for changed in scene.changed:
        place = PurePosixPath(changed.path)
        manifest = next((name for name, locks in _LOCKS.items() if place.name in locks), "")
        beside = (place.parent / manifest).as_posix()
        if not manifest or changed.before is None or changed.after is None or beside not in scene.paths:
            continue
        wanted = _asked_for(manifest, scene.read([beside]).get(beside, b""))
        lost = [
            name
            for name in wanted
            if (entry := _entry(place.name, name)).search(changed.before) and not entry.search(changed.after)
        ]
        if lost:
            more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
            number = changed.standing(changed.hunks[0]) if changed.hunks else 1
            words = f"{lost[0]}{more}: no longer locked, and {manifest} still asks for it."
            yield Finding(changed.path, number, "lock-file", "advise", words, changed.line(number))


def _asked_for(manifest: str, content: bytes) -> list[str]:
    """The names of what a manifest asks for directly."""
    if manifest in ("go.mod", "Gemfile"):
        found = re.findall(
            rb"^[ \t]*+(?:require[ \t]++)?+([\w./~-]++) v\d|^[ \t]*+gem[ \t]++['\"]([\w.-]++)",
            content,
            re.MULTILINE,
        )
        return sorted({(a or b).decode() for a, b in found})
    names: set[str] = set()
    waiting = [_READERS[manifest](content)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            names |= {key for key, one in value.items() if not isinstance(one, list) and key != "python"}
            waiting += [one for one in value.values() if isinstance(one, dict | list)]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and (match := re.match(r"[A-Za-z0-9][\w.-]*", value)):
            names.add(match[0])
    return sorted(names)


def _entry(lock: str, name: str) -> re.Pattern[bytes]:
    """How a locked package begins in a lock file. Python's names care for neither case nor `-_.`."""
    spelt = re.escape(name)
    if lock in ("uv.lock", "poetry.lock", "pdm.lock"):
        loose = "[-_.]+".join(map(re.escape, re.split(r"[-_.]+", name)))
        return re.compile(rf'^name = "{loose}"'.encode(), re.MULTILINE | re.IGNORECASE)
    if lock == "Cargo.lock":
        return re.compile(rf'^name = "{spelt}"'.encode(), re.MULTILINE)
    if lock == "package-lock.json":
        return re.compile(rf'"node_modules/{spelt}"'.encode())
    if lock == "composer.lock":
        return re.compile(rf'"name": "{spelt}"'.encode())
    return re.compile(rf"^[ \t]*+['\"/]*+{spelt}(?:@| v?\d| \(|['\"]?:)".encode(), re.MULTILINE)


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
    except (tomllib.TOMLDecodeError, AttributeError):  # no TOML, or no tables where they belong
        return None


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
