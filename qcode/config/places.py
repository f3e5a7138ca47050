"""Where qcode keeps what is the user's: never in a repository."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qcode.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Paths:
    """`config` is a file, the others folders (made with mode 0700)."""

    config: Path
    state: Path
    cache: Path

    @property
    def sessions(self) -> Path:
        return _folder(self.state / "sessions")

    @property
    def models(self) -> Path:
        """Weights that were pulled; QCODE_MODELS names another disk for them."""
        other = os.environ.get("QCODE_MODELS")
        return _folder(Path(other).expanduser().absolute() if other else self.state / "models")


def paths() -> Paths:
    """The user's places. QCODE_HOME puts them all below one folder. Raises ConfigError if they
    cannot be made."""
    if home := os.environ.get("QCODE_HOME"):
        base = Path(home).absolute()
        return Paths(base / "config.toml", _folder(base / "state"), _folder(base / "cache"))
    import platformdirs

    config = Path(platformdirs.user_config_dir("qcode")) / "config.toml"
    state = _folder(Path(platformdirs.user_state_dir("qcode")))
    return Paths(config, state, _folder(Path(platformdirs.user_cache_dir("qcode"))))


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be made: {error.strerror}.", "Set QCODE_HOME to a folder that you may write."
        ) from error
    return path
