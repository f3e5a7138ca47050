"""Started as `python -I -S launcher.py` in front of a command: makes the namespaces and the layer,
then becomes the command. It imports nothing of qcode, and reads its policy (JSON) from stdin.

Order matters: user namespace first (it gives the rights for the rest), then mounts, then /proc in
the new PID namespace, last the limits. Exit status 125 and one line on the status descriptor mean
that the sandbox, not the command, failed.
"""

from __future__ import annotations

import base64
import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x20000, 0x8000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWUTS = 0x20000000, 0x40000000, 0x4000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE, MS_REMOUNT = 1, 2, 4, 4096, 16384, 1 << 18, 32
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG = 38, 1
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41

libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Set up, then run the command and end as it ends."""
    status = int(sys.argv[1])
    policy = json.loads(sys.stdin.buffer.read())
    try:
        enter(policy)
    except OSError as error:
        os.write(status, f"{error.strerror}: {error.filename or ''}".encode())
        os._exit(125)
    # The first process of a PID namespace: when it ends, the kernel ends all the others.
    child = os.fork()
    if child == 0:
        become(policy, status)
    os.close(status)
    while True:
        pid, code = os.wait()
        if pid == child:
            os._exit(os.waitstatus_to_exitcode(code) & 0xFF)


def enter(policy: dict) -> None:  # type: ignore[type-arg]
    """Namespaces, mounts, the layer. Raises OSError with the failing step in `filename`."""
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS
    check(libc.unshare(flags), "user namespaces")
    put("/proc/self/setgroups", "deny")
    put("/proc/self/uid_map", f"{user} {user} 1")
    put("/proc/self/gid_map", f"{group} {group} 1")
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    loopback()
    root, scratch = policy["root"], policy["scratch"]
    # The scratch folder must stay writable when everything else becomes read-only: a bind mount
    # of itself carries its own flag.
    mount(scratch, scratch, None, MS_BIND)
    os.chdir(scratch)
    read_only("/")
    writable(scratch)
    # The tree's layer is made at a side place, since the layer over /tmp may hide both the tree and
    # the scratch folder; descriptors still lead to what a later mount hides.
    os.makedirs(f"{scratch}/tree", exist_ok=True)
    layer(scratch, "tree", root, f"{scratch}/tree")
    tree, below = os.open(f"{scratch}/tree", os.O_PATH), os.open(scratch, os.O_PATH)
    layer(scratch, "tmp", "/tmp", "/tmp")
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=512m,mode=1777")
    if scratch.startswith("/tmp/"):
        mount(f"/proc/self/fd/{below}", scratch, None, MS_BIND)
    mount(f"/proc/self/fd/{tree}", root, None, MS_BIND)
    os.close(tree)
    os.close(below)
    for path in policy["masked"]:
        mask(path)
    # A fork is what enters the PID namespace; its /proc must be its own.
    child = os.fork()
    if child:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os.kill(child, signal.SIGKILL))
        _, code = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(code) & 0xFF)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
    write_changes(root, policy["changes"])


def become(policy: dict, status: int) -> None:  # type: ignore[type-arg]
    """Limits, then the command itself."""
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (policy["file_bytes"], policy["file_bytes"]))
    os.chdir(policy["root"])
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    fcntl.fcntl(status, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    try:
        os.execvpe(policy["command"][0], policy["command"], policy["environment"])
    except OSError as error:
        os.write(status, f"{policy['command'][0]}: {error.strerror}".encode())
        os._exit(127)


def layer(scratch: str, name: str, lower: str, target: str) -> None:
    """Mount `lower` at `target` so that what is written goes to the scratch folder."""
    upper, work = f"{scratch}/{name}-upper", f"{scratch}/{name}-work"
    os.makedirs(upper, exist_ok=True)
    os.makedirs(work, exist_ok=True)
    options = f"lowerdir={escaped(lower)},upperdir={escaped(upper)},workdir={escaped(work)},userxattr"
    mount("overlay", target, "overlay", 0, options)


def escaped(path: str) -> str:
    """Overlay's option list is split at commas and colons."""
    return path.replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:")


def read_only(path: str) -> None:
    """Every mount at and below `path` becomes read-only, in one call."""
    attributes = struct.pack("QQQQ", MOUNT_ATTR_RDONLY, 0, 0, 0)
    check(
        libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), AT_RECURSIVE, attributes, 32),
        f"read-only {path}",
    )


def writable(path: str) -> None:
    """The mount at `path` alone becomes writable again."""
    attributes = struct.pack("QQQQ", 0, MOUNT_ATTR_RDONLY, 0, 0)
    check(libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), 0, attributes, 32), f"writable {path}")


def mask(path: str) -> None:
    """An empty file or folder in its place."""
    if os.path.isdir(path):
        mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k")
    elif os.path.lexists(path):
        mount("/dev/null", path, None, MS_BIND)


def write_changes(root: str, changes: list) -> None:  # type: ignore[type-arg]
    """The edits, into the layer."""
    for path, content in changes:
        place = os.path.join(root, path)
        if content is None:
            os.unlink(place)
            continue
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(base64.b64decode(content))


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
    """Write a file of /proc."""
    with open(path, "w") as file:
        file.write(text)


def check(result: int, step: str) -> None:
    """Raise OSError, with `step` as its file name, when a call of the C library failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), step)


if __name__ == "__main__":
    main()
