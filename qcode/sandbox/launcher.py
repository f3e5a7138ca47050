"""Started as `python -I -S launcher.py` in front of a command: makes the namespaces and the layer,
then becomes the command. It imports nothing of qcode, and reads its policy (JSON) from stdin.

Order matters: user namespace first (it gives the rights for the rest), then mounts, then /proc in
the new PID namespace, last the rights are given up and the limits set. Exit status 125 and one line
on the status descriptor mean that the sandbox, not the command, failed.

What is not read-only is the layer, /tmp, /run, /dev/shm and an empty home, all of which go to the
scratch folder or to memory. A superuser's command would otherwise undo any of this: it keeps its
number, so it loses every capability, the device files, and the switches below /proc.
"""

from __future__ import annotations

import base64
import ctypes
import errno
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself would cost every start some milliseconds
    from typing import Any

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x20000, 0x8000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWUTS = 0x20000000, 0x40000000, 0x4000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE, MS_REMOUNT = 1, 2, 4, 4096, 16384, 1 << 18, 32
# The number is the same on every architecture.
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 38, 1, 24, 28
# NOROOT and NO_SETUID_FIXUP, both locked: a program run by user 0 gains nothing.
SECUREBITS = 0b1111
CAPABILITY_VERSION_3 = 0x20080522
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
SWITCHES = ("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi")

libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Set up, then run the command and end as it ends."""
    status = int(sys.argv[1])
    policy = json.loads(sys.stdin.buffer.read())
    try:
        enter(policy)
        give_up_rights()
    except OSError as error:
        os.write(status, f"{error.strerror}: {error.filename or 'set-up'}".encode())
        os._exit(125)
    # The first process of a PID namespace: when it ends, the kernel ends all the others.
    child = os.fork()
    if child == 0:
        become(policy, status)
    os.close(status)
    while True:
        pid, code = os.wait()
        if pid == child:
            os._exit(as_exit_code(code))


def as_exit_code(status: int) -> int:
    """As a shell counts: 128 and the signal for a command that a signal ended."""
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def enter(policy: dict[str, Any]) -> None:
    """Namespaces, mounts, the layer. Raises OSError with the failing step in `filename`."""
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS
    check(libc.unshare(flags), "user namespaces")
    # qcode killed outright must not leave a test run behind. (A new user namespace clears this.)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    put("/proc/self/setgroups", "deny")
    put("/proc/self/uid_map", f"{user} {user} 1")
    put("/proc/self/gid_map", f"{group} {group} 1")
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    loopback()
    root, scratch = policy["root"], policy["scratch"]
    # The scratch folder must stay writable when everything else becomes read-only: a bind mount
    # of itself carries its own flag.
    mount(scratch, scratch, None, MS_BIND)
    set_flags("/", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, AT_RECURSIVE)
    set_flags(scratch, 0, MOUNT_ATTR_RDONLY)
    # The tree's layer is made at a side place, since the layer over /tmp may hide both the tree and
    # the scratch folder; descriptors and the current folder still lead to what a later mount hides.
    os.chdir(scratch)
    try:
        layer("tree", root, "tree")
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # The cache's file system cannot hold a layer (it is one itself, as in a container, or a
        # network's): memory can.
        mount("tmpfs", scratch, "tmpfs", MS_NOSUID | MS_NODEV, "size=75%,mode=700")
        os.chdir(scratch)
        layer("tree", root, "tree")
    os.mkdir("home")
    put("empty", "")
    tree, below, empty = (os.open(name, os.O_PATH) for name in ("tree", ".", "empty"))
    temporary()
    runtime()
    devices()
    for descriptor, place in ((below, scratch), (tree, root)):
        os.makedirs(place, exist_ok=True)
        mount(f"/proc/self/fd/{descriptor}", place, None, MS_BIND)
    set_flags("/dev", MOUNT_ATTR_RDONLY, 0)
    for path in policy["masked"]:
        mask(path, empty)
    for descriptor in (tree, below, empty):
        os.close(descriptor)
    # A fork is what enters the PID namespace; its /proc must be its own.
    child = os.fork()
    if child:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os.kill(child, signal.SIGKILL))
        _, code = os.waitpid(child, 0)
        os._exit(as_exit_code(code))
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
    for name in SWITCHES:
        if os.path.exists(f"/proc/{name}"):
            mount(f"/proc/{name}", f"/proc/{name}", None, MS_BIND)
            set_flags(f"/proc/{name}", MOUNT_ATTR_RDONLY, 0)
    write_changes(root, policy["changes"])


def give_up_rights() -> None:
    """No capability now or later, whoever the user is: mounts cannot be changed back."""
    number = 0
    while libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == 0:
        number += 1
    check(libc.prctl(PR_SET_SECUREBITS, SECUREBITS, 0, 0, 0), "secure bits")
    header, none = struct.pack("=Ii", CAPABILITY_VERSION_3, 0), bytes(24)
    check(libc.capset(header, none), "capabilities")
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def temporary() -> None:
    """A writable /tmp with all that is in it. (A layer's sockets lead nowhere, too.)"""
    try:
        layer("tmp", "/tmp", "/tmp")
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # The kernel makes no layer over a folder in which something is mounted.
        mount("tmpfs", "tmp-upper", "tmpfs", MS_NOSUID | MS_NODEV, "size=50%,mode=1777")
        for entry in os.scandir("/tmp"):
            place = f"tmp-upper/{entry.name}"
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), place)
                continue
            if entry.is_dir():
                os.mkdir(place)
            else:
                put(place, "")
            mount(entry.path, place, None, MS_BIND | MS_REC)
        mount("tmp-upper", "/tmp", None, MS_BIND | MS_REC)


def runtime() -> None:
    """A /run without its daemons (Docker's, the user's agents and desktop): a read-only mount does
    not keep anybody from talking to them. The links in it are what some systems find programs by."""
    if not os.path.isdir("/run") or os.path.islink("/run"):
        return
    links = [(e.name, os.readlink(e.path)) for e in os.scandir("/run") if e.is_symlink()]
    mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,mode=755")
    for name, target in links:
        os.symlink(target, f"/run/{name}")
    os.makedirs("/run/lock", 0o1777, exist_ok=True)


def devices() -> None:
    """A /dev of its own: the harmless devices, its own terminals, its own shared memory."""
    kept = [(name, os.open(f"/dev/{name}", os.O_PATH)) for name in DEVICES if os.path.exists(f"/dev/{name}")]
    mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "size=1m,mode=755")
    for name, descriptor in kept:
        put(f"/dev/{name}", "")
        mount(f"/proc/self/fd/{descriptor}", f"/dev/{name}", None, MS_BIND)
        set_flags(f"/dev/{name}", 0, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV)
        os.close(descriptor)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        os.symlink(f"/proc/self/fd{target}", f"/dev/{name}")
    for name in ("pts", "shm"):
        os.mkdir(f"/dev/{name}")
    mount("devpts", "/dev/pts", "devpts", MS_NOSUID, "newinstance,ptmxmode=0666,mode=0620")
    os.symlink("pts/ptmx", "/dev/ptmx")
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=512m,mode=1777")


def become(policy: dict, status: int) -> None:  # type: ignore[type-arg]
    """Limits, then the command itself."""
    for name, wanted in policy["limits"].items():
        limit = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(limit)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (value, value))
    os.chdir(policy["root"])
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    fcntl.fcntl(status, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    try:
        os.execvpe(policy["command"][0], policy["command"], policy["environment"])
    except OSError as error:
        os.write(status, f"{policy['command'][0]}: {error.strerror}".encode())
        os._exit(127)


def layer(name: str, lower: str, target: str) -> None:
    """Mount `lower` at `target` so that what is written goes to the current folder, the scratch one."""
    upper, work = f"{name}-upper", f"{name}-work"
    for folder in (upper, work, target):
        os.makedirs(folder, exist_ok=True)
    # The merged folder's mode is the upper's: /tmp must keep its sticky bit, not our umask.
    os.chmod(upper, os.stat(lower).st_mode & 0o7777)
    options = f"lowerdir={escaped(lower)},upperdir={upper},workdir={work},userxattr"
    mount("overlay", target, "overlay", 0, options)


def escaped(path: str) -> str:
    """Overlay's option list is split at commas and colons."""
    return path.replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:")


def set_flags(path: str, on: int, off: int, depth: int = 0) -> None:
    """Flags of the mount at `path`, and with AT_RECURSIVE of all below it, in one call."""
    attributes = struct.pack("QQQQ", on, off, 0, 0)
    place, size = os.fsencode(path), ctypes.c_size_t(len(attributes))
    result = libc.syscall(ctypes.c_long(SYS_MOUNT_SETATTR), AT_FDCWD, place, depth, attributes, size)
    check(result, f"flags of {path}")


def mask(path: str, empty: int) -> None:
    """An empty file or folder in its place; what is gone by now needs none."""
    if os.path.isdir(path):
        mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k")
    elif os.path.exists(path):
        mount(f"/proc/self/fd/{empty}", path, None, MS_BIND)
        set_flags(path, MOUNT_ATTR_RDONLY, 0)


def write_changes(root: str, changes: list[tuple[str, str | None]]) -> None:
    """The edits, into the layer."""
    for path, content in changes:
        place = os.path.join(root, path)
        if content is None:
            if os.path.lexists(place):
                os.unlink(place)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(base64.b64decode(content))
        if place.endswith(".py"):
            forget_compiled(place)


def forget_compiled(source: str) -> None:
    """Python takes a compiled file by its source's size and second, or without a look ("unchecked"):
    one from before the edit would be run in the edit's place."""
    folder = os.path.join(os.path.dirname(source), "__pycache__")
    stem = os.path.basename(source)[:-2]
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            if name.startswith(stem) and name.endswith(".pyc"):
                os.unlink(os.path.join(folder, name))


def loopback() -> None:
    """Tests start servers on localhost; the namespace's own loopback leads nowhere else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_RUNNING))


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """mount(2)."""

    def raw(text: str | None) -> bytes | None:
        return None if text is None else os.fsencode(text)

    check(
        libc.mount(raw(source), raw(target), raw(kind), ctypes.c_ulong(flags), raw(data)), f"mount {target}"
    )


def put(path: str, text: str) -> None:
    """Write a small file. A failed write names it, too, which Python's own error does not."""
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error


def check(result: int, step: str) -> None:
    """Raise OSError, with `step` as its file name, when a call of the C library failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), step)


if __name__ == "__main__":
    main()
