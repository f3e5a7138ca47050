"""The few system calls that Python does not have."""

from __future__ import annotations

import ctypes
import os
import struct

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 4096, 16384, 1 << 18
# The number is the same on every architecture.
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 22, 24, 28
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
SIGKILL, SIGTERM = 9, 15

libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """mount(2)."""

    def raw(text: str | None) -> bytes | None:
        return None if text is None else os.fsencode(text)

    check(
        libc.mount(raw(source), raw(target), raw(kind), ctypes.c_ulong(flags), raw(data)), f"mount {target}"
    )


def set_flags(path: str, on: int, off: int, depth: int = 0) -> None:
    """Flags of the mount at `path`, and with AT_RECURSIVE of all below it, in one call."""
    attributes = struct.pack("QQQQ", on, off, 0, 0)
    place, size = os.fsencode(path), ctypes.c_size_t(len(attributes))
    result = libc.syscall(ctypes.c_long(SYS_MOUNT_SETATTR), AT_FDCWD, place, depth, attributes, size)
    check(result, f"flags of {path}")


def prctl(option: int, value: int, step: str) -> None:
    """prctl(2) with one argument."""
    check(libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), step)


def put(path: str, text: str) -> None:
    """Write a small file. A failed write names it, too, which Python's own error does not."""
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error


def check(result: int, step: str) -> int:
    """`result`. Raises OSError, with `step` as its file name, when a call of the C library failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), step)
    return result
