"""Settings from text files, with defaults and overrides."""

from settings.loader import parse_cfg
from settings.store import Store

__all__ = ["Store", "parse_cfg"]
