"""Which system calls the command may make: all but those that reach around the other walls.

A classic BPF program over `struct seccomp_data` (kernel documentation: userspace-api/seccomp_filter):
number at offset 0, architecture at 4, the low half of argument N at 16 + 8 N. Foreign architectures
and x32 end the process, since their numbers mean other calls.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from .kernel import PR_SET_SECCOMP, check, libc

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050000, 0x80000000
X32 = 0x40000000
FILTER_MODE = 2
NUMBER, ARCHITECTURE = 0, 4
NEW_NAMESPACES = 0x10000000 | 0x20000 | 0x20000000 | 0x40000000 | 0x8000000 | 0x4000000 | 0x2000000
FAMILIES = (1, 2, 10)  # UNIX, INET, INET6; a namespace does not hold e.g. VSOCK, which leads to the host
NETLINK, NETLINK_ROUTE = 16, 0
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # type into a terminal
NETWORK_DENIED = errno.ENONET if hasattr(errno, "ENONET") else errno.EPERM
"""No other part of a system says "Machine is not on the network": so a denial is known by it."""

# The later calls have one number on every architecture.
_COMMON = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "clone3": 435, "mount_setattr": 442,
    "pidfd_getfd": 438, "open_tree_attr": 467,
}  # fmt: skip
_MACHINES = {
    "x86_64": (0xC000003E, {
        "socket": 41, "clone": 56, "ioctl": 16, "ptrace": 101, "pivot_root": 155, "chroot": 161, "mount": 165,
        "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169, "init_module": 175, "delete_module": 176,
        "lookup_dcookie": 212, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250,
        "unshare": 272, "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
        "process_vm_writev": 311, "finit_module": 313, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
    }),
    "aarch64": (0xC00000B7, {
        "socket": 198, "clone": 220, "ioctl": 29, "ptrace": 117, "pivot_root": 41, "chroot": 51, "mount": 40,
        "umount2": 39, "swapon": 224, "swapoff": 225, "reboot": 142, "init_module": 105, "delete_module": 106,
        "lookup_dcookie": 18, "kexec_load": 104, "add_key": 217, "request_key": 218, "keyctl": 219,
        "unshare": 97, "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "finit_module": 273, "kexec_file_load": 294, "bpf": 280, "userfaultfd": 282,
    }),
}  # fmt: skip
_LOOKED_INTO = ("socket", "clone", "ioctl")
# Programs try these first and know what to do without; the others are refused as to anybody.
_UNKNOWN = ("clone3", "io_uring_setup", "io_uring_enter", "io_uring_register")


def supported() -> bool:
    """Whether this machine's system calls are known here."""
    return os.uname().machine in _MACHINES


def install(network: bool) -> None:
    """Filter this process and all that it starts. Without `network` no socket can be made but a
    pair; with it the families are those that the command's network namespace holds.

    Raises OSError where the kernel refuses. Needs no_new_privs. Does nothing on other machines.
    """
    if not supported():
        return
    program = _program(network)
    code = ctypes.create_string_buffer(b"".join(program), 8 * len(program))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    check(libc.prctl(PR_SET_SECCOMP, FILTER_MODE, header, 0, 0), "seccomp")


def _program(network: bool) -> list[bytes]:
    machine = os.uname().machine
    architecture, numbers = _MACHINES[machine]
    calls = {**_COMMON, **numbers}
    program = [_step(LOAD, ARCHITECTURE), *_unless(EQUAL, architecture, KILL), _step(LOAD, NUMBER)]
    if machine == "x86_64":
        program += _when(AT_LEAST, X32, KILL)
    for name, number in calls.items():
        if name not in _LOOKED_INTO:
            program += _when(EQUAL, number, FAIL | (errno.ENOSYS if name in _UNKNOWN else errno.EPERM))
    program += _block(calls["clone"], [_argument(0), *_when(ANY_BIT, NEW_NAMESPACES, FAIL | errno.EPERM)])
    typing = [step for request in (TIOCSTI, TIOCLINUX) for step in _when(EQUAL, request, FAIL | errno.EPERM)]
    program += _block(calls["ioctl"], [_argument(1), *typing])
    if network:
        allowed = [step for family in FAMILIES for step in _when(EQUAL, family, ALLOW)]
        refused = _step(RETURN, FAIL | errno.EAFNOSUPPORT)
        route = [_argument(2), *_when(EQUAL, NETLINK_ROUTE, ALLOW), refused]
        sockets = [_argument(0), *allowed, _step(EQUAL, NETLINK, 0, len(route)), *route, refused]
    else:
        sockets = [_step(RETURN, FAIL | NETWORK_DENIED)]
    return [*program, *_block(calls["socket"], sockets), _step(RETURN, ALLOW)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _argument(number: int) -> bytes:
    return _step(LOAD, 16 + 8 * number)


def _when(test: int, value: int, result: int) -> list[bytes]:
    return [_step(test, value, 0, 1), _step(RETURN, result)]


def _unless(test: int, value: int, result: int) -> list[bytes]:
    return [_step(test, value, 1, 0), _step(RETURN, result)]


def _block(number: int, steps: list[bytes]) -> list[bytes]:
    """`steps` for the call `number`; what they let through is allowed."""
    body = [*steps, _step(RETURN, ALLOW)]
    return [_step(EQUAL, number, 0, len(body)), *body]
