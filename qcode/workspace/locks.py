"""Locks between processes: they end with the one that holds them, however it ends."""

from __future__ import annotations

import fcntl


def hold(descriptor: int) -> bool:
    """Hold a file until its descriptor is closed; False when another descriptor does. Where a file system
    knows no such locks, nothing is held."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
