"""`--offline`: this process talks to the configured local engine, and to nobody else.

An audit hook sees every connection that Python code makes, whichever library makes it (PEP 578), and
refuses those that the settings do not name; looking up a foreign name is refused, too, since the
question itself leaves the machine. It cannot be taken off again. Code that is not Python's is not
seen: the programs that qcode starts are git (all its protocols are off), ruff (it has no network),
commands in the sandbox (it has none either) and the servers that the user named with --mcp.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any

from qcode.config.places import paths
from qcode.config.settings import Settings

_CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_PORTS = {"http": 80, "https": 443}


class _Guard:
    """What may be talked to: (host, port) on this machine, sockets by their path."""

    def __init__(self) -> None:
        self.on = False
        self.hosts: set[tuple[str, int]] = set()
        self.sockets: set[Path] = set()
        self.folders: tuple[Path, ...] = ()

    def allow(self, url: str) -> None:
        from urllib.parse import urlsplit

        parts = urlsplit(url)
        if parts.scheme == "unix":
            self.sockets.add(Path(parts.path))
        elif parts.scheme in _PORTS and parts.hostname and _is_local(parts.hostname):
            self.hosts.add((parts.hostname, parts.port or _PORTS[parts.scheme]))

    def permits(self, address: Any) -> bool:
        if isinstance(address, (str, bytes)):
            path = Path(address.decode("utf-8", "surrogateescape") if isinstance(address, bytes) else address)
            return path in self.sockets or any(folder in path.parents for folder in self.folders)
        if not isinstance(address, tuple) or len(address) < 2 or not _is_local(str(address[0])):
            return False
        # A name and its addresses are one host: which of them a library takes is its own affair.
        return any(port == address[1] for _, port in self.hosts)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event in _CONNECTS:
            # An unconnected send has no address, and a connected one was seen before.
            address = arguments[1] if len(arguments) > 1 else None
            if address is not None and not self.permits(address):
                raise OSError(errno.ENETUNREACH, f"qcode is offline: no connection to {address}")
        elif event in _LOOK_UPS:
            host = arguments[0][0] if isinstance(arguments[0], tuple) else arguments[0]
            if host is not None and not _is_local(host.decode() if isinstance(host, bytes) else str(host)):
                raise OSError(errno.ENETUNREACH, f"qcode is offline: {host} is not looked up")


_GUARD = _Guard()


def enforce(settings: Settings) -> None:
    """From now on, until the process ends, a socket to anything but the engines and servers that
    `settings` name on this machine raises OSError. Does nothing unless they say `offline`."""
    if not settings.offline:
        return
    for role in (settings.agent, settings.complete, settings.review):
        if role is not None:
            _GUARD.allow(role.base_url)
    for server in settings.mcp:
        _GUARD.allow(server.url)
    own = paths()
    _GUARD.folders = (own.state, own.cache)  # qcode's own engine process
    if not _GUARD.on:
        _GUARD.on = True
        sys.addaudithook(_GUARD)


def _is_local(host: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return host.casefold() in ("localhost", "localhost.", "")
