"""Capabilities and limits of the process that becomes the command."""

from __future__ import annotations

import os
import resource
import struct

from .kernel import PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECUREBITS, check, libc, prctl, put

# NOROOT and NO_SETUID_FIXUP, both locked: a program run by user 0 gains nothing.
SECUREBITS = 0b1111
CAPABILITY_VERSION_3 = 0x20080522


def give_up() -> None:
    """No capability now or later, whoever the user is: mounts cannot be changed back. A superuser's
    command would otherwise undo any of it, since it keeps its number."""
    number = 0
    while libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == 0:
        number += 1
    prctl(PR_SET_SECUREBITS, SECUREBITS, "secure bits")
    header, none = struct.pack("=Ii", CAPABILITY_VERSION_3, 0), bytes(24)
    check(libc.capset(header, none), "capabilities")


def no_new() -> None:
    """Programs with a set-user-ID bit or file capabilities gain nothing; filters need this."""
    prctl(PR_SET_NO_NEW_PRIVS, 1, "no_new_privs")


def limit(limits: dict[str, int]) -> None:
    """Set each RLIMIT_<name> to its value, or to the hard limit where that is lower. Memory that is
    shared is under no limit; so when it runs out, the kernel is to end this process before others."""
    if os.path.exists("/proc/self/oom_score_adj"):
        put("/proc/self/oom_score_adj", "1000")
    for name, wanted in limits.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is None:
            continue  # not on this system
        hard = resource.getrlimit(number)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(number, (value, value))
