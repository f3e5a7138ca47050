"""The engines behind the features: one backend for each role's model, opened when first needed."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from qcode.backends import Backend
    from qcode.config import Role, Settings

Name = Literal["agent", "complete", "review"]


class Models:
    """Settings are read again when one of their files changed, and a new model is used at once."""

    def __init__(self) -> None:
        self._settings: dict[Path, tuple[tuple[int, ...], Settings]] = {}
        self._open: dict[tuple[Role, bool], Backend] = {}
        self._turn = asyncio.Lock()

    def settings(self, root: Path) -> Settings:
        """The settings in force in `root`. Raises ConfigError. A few `stat` calls when nothing changed."""
        from qcode import config

        stamp = _stamp(root)
        known = self._settings.get(root)
        if known is None or known[0] != stamp:
            known = self._settings[root] = (stamp, config.load(root))
        return known[1]

    def role(self, root: Path, name: Name) -> Role | None:
        """The model that is configured for a purpose, None without one. Raises ConfigError."""
        found: Role | None = getattr(self.settings(root), name)
        return found

    async def backend(self, root: Path, name: Name) -> Backend | None:
        """The backend of a role, shared by all who ask. Raises ConfigError and BackendError."""
        from qcode.backends import open_backend
        from qcode.config import enforce_offline

        settings = self.settings(root)
        enforce_offline(settings)
        role: Role | None = getattr(settings, name)
        if role is None:
            return None
        key = (role, settings.offline)
        async with self._turn:
            if key not in self._open:
                backend = await asyncio.to_thread(open_backend, role, settings.offline)
                await self._close_unused()
                self._open[key] = backend
            return self._open[key]

    async def close(self) -> None:
        """Free the models."""
        async with self._turn:
            for backend in list(self._open.values()):
                with contextlib.suppress(Exception):  # the server is leaving; nobody could be told
                    await backend.close()
            self._open.clear()

    async def _close_unused(self) -> None:
        """A model that no setting names any more only takes memory."""
        wanted = {
            (role, known.offline)
            for _, known in self._settings.values()
            for role in (known.agent, known.complete, known.review)
        }
        for key in [key for key in self._open if key not in wanted]:
            await self._open.pop(key).close()


def _stamp(root: Path) -> tuple[int, ...]:
    from qcode import config

    places = config.paths()
    files = (places.config, places.state / "trust.json", root / "qcode.toml", root / "pyproject.toml")
    return tuple(_changed(file) for file in files)


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
