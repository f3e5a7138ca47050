"""File rights that a process gives up for good (kernel documentation: userspace-api/landlock).

Rights are granted below folders and cannot be taken back inside one: what must not be read has to
be left out of the list, or hidden by a mount.
"""

from __future__ import annotations

import ctypes
import os
import struct

from .kernel import check, libc

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION_FLAG, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
MAKE_CHAR, MAKE_BLOCK, REFER, TRUNCATE = 1 << 6, 1 << 11, 1 << 13, 1 << 14
BIND_TCP, CONNECT_TCP = 1, 2
SCOPE_ABSTRACT_SOCKETS, SCOPE_SIGNALS = 1, 2
READ = EXECUTE | READ_FILE | READ_DIR


def version() -> int:
    """The kernel's Landlock ABI; 0: it has none, or it is switched off."""
    found = libc.syscall(ctypes.c_long(CREATE_RULESET), None, ctypes.c_size_t(0), VERSION_FLAG)
    return max(0, int(found))


def restrict(readable: list[str], writable: list[str], network: bool) -> None:
    """Read and run only below `readable` and `writable`, write only below `writable`; signals and
    abstract sockets reach only what is restricted with it (ABI 6). Without `network` no TCP (ABI 4).

    Paths that do not exist are left out. Does nothing on a kernel without Landlock.
    """
    abi = version()
    if not abi:
        return
    handled = (1 << 13) - 1 | (REFER if abi >= 2 else 0) | (TRUNCATE if abi >= 3 else 0)
    tcp = BIND_TCP | CONNECT_TCP if abi >= 4 and not network else 0
    scope = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS if abi >= 6 else 0
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    attributes = struct.pack("QQQ", handled, tcp, scope)[:size]
    rules = check(
        libc.syscall(ctypes.c_long(CREATE_RULESET), attributes, ctypes.c_size_t(size), 0), "landlock"
    )
    for path in readable:
        _allow(rules, path, READ, handled)
    for path in writable:
        _allow(rules, path, handled & ~(MAKE_CHAR | MAKE_BLOCK), handled)
    check(libc.syscall(ctypes.c_long(RESTRICT_SELF), rules, 0), "landlock")
    os.close(rules)


def _allow(rules: int, path: str, rights: int, handled: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
    rule = struct.pack("=Qi", rights & handled, place)
    check(libc.syscall(ctypes.c_long(ADD_RULE), rules, PATH_BENEATH, rule, 0), f"landlock {path}")
    os.close(place)
