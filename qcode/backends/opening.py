"""Which backend serves a role: by its engine, and by whether its weights are large enough to be shared."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from qcode.backends.protocol import Backend
from qcode.config import Role
from qcode.errors import ConfigError

BUILT_IN = 64_000_000
"""Bytes of the largest weights that are loaded in the process that asks."""


def open_backend(role: Role, offline: bool = False) -> Backend:
    """The backend of a role; nothing is loaded or connected yet.

    Raises ConfigError, also for a server that is not on this machine when `offline` is set.
    """
    if offline and role.backend == "openai" and not _is_local(role.base_url):
        raise ConfigError(
            f"{role.base_url} is not on this machine, and qcode is offline.", "Leave --offline out."
        )
    if role.backend == "scripted":
        from qcode.backends.scripted import ScriptedBackend

        return ScriptedBackend.from_file(role.script)
    if role.backend == "openai":
        from qcode.backends.openai import OpenAIBackend

        return OpenAIBackend(role)
    if role.backend in ("llamacpp", "torch"):
        return open_chosen(role)
    if role.backend == "ctransformers":
        from qcode.backends.ctransformers import CtransformersBackend

        return CtransformersBackend(role)
    if role.backend in ("auto", "exllamav2", "exllamav3"):
        from qcode.backends.order import OrderedBackend

        return OrderedBackend(role)
    raise ConfigError(
        f"There is no backend {role.backend!r}.",
        "Use auto, llamacpp, exllamav2, exllamav3, torch, ctransformers, openai or scripted.",
    )


def open_chosen(role: Role) -> Backend:
    """The backend of a role whose engine is one that runs on this machine, and is settled: in this process,
    or, where the weights are large, in the engine process, which all doors share."""
    if _served(role):
        from qcode.backends.engine import EngineBackend

        return EngineBackend(role)
    if role.backend == "llamacpp":
        from qcode.backends.llamacpp import LlamaCppBackend

        return LlamaCppBackend(role)
    from qcode.backends.engines import open_engine

    return open_engine(role)


def _served(role: Role) -> bool:
    """Whether the engine process holds the weights: small ones are loaded faster than asked for."""
    if role.process not in ("", "own", "engine"):
        raise ConfigError(f"There is no process {role.process!r}.", "Use own or engine, or leave it out.")
    if role.process or not hasattr(socket, "AF_UNIX"):
        return role.process == "engine"
    try:
        path = Path(role.model).expanduser()
        files = path.glob("*.safetensors") if path.is_dir() else (path,)
        return sum(file.stat().st_size for file in files) > BUILT_IN
    except OSError:
        return False  # whoever opens it says so


def _is_local(address: str) -> bool:
    """A Unix socket, or a loopback address by number or as `localhost`; other names could lead anywhere."""
    if address.startswith("unix://"):
        return True
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
