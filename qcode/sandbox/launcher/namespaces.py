"""Namespaces and mounts: a layer over the tree at its own path, and little else that can be written.

Order matters: user namespace first (it gives the rights for the rest), then mounts, then /proc in
the new PID namespace. What is not read-only is the layer, /tmp, /run, /dev/shm and an empty home,
all of which go to the scratch folder or to memory.
"""

from __future__ import annotations

import _socket
import errno
import fcntl
import os
import struct

from .kernel import (
    AT_RECURSIVE,
    MOUNT_ATTR_NODEV,
    MOUNT_ATTR_NOSUID,
    MOUNT_ATTR_RDONLY,
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    PR_SET_PDEATHSIG,
    SIGKILL,
    check,
    libc,
    mount,
    prctl,
    put,
    set_flags,
)

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself would cost every start some milliseconds
    from typing import Any

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x20000, 0x8000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWUTS = 0x20000000, 0x40000000, 0x4000000
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
SWITCHES = ("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi")


def enter(policy: dict[str, Any]) -> None:
    """Namespaces, mounts, the layer. Raises OSError with the failing step in `filename`."""
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS
    check(libc.unshare(flags), "user namespaces")
    # qcode killed outright must not leave a test run behind. (A new user namespace clears this.)
    prctl(PR_SET_PDEATHSIG, SIGKILL, "parent")
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
        if not policy["copied"]:
            layer("tree", root, "tree")
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # The cache's file system cannot hold a layer (it is one itself, as in a container, or a
        # network's): memory can.
        mount("tmpfs", scratch, "tmpfs", MS_NOSUID | MS_NODEV, "size=75%,mode=700")
        os.chdir(scratch)
        layer("tree", root, "tree")
    os.makedirs("home", exist_ok=True)
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
        # Whatever ends this process ends the child, too: it asked for that.
        _, code = os.waitpid(child, 0)
        os._exit(as_exit_code(code))
    prctl(PR_SET_PDEATHSIG, SIGKILL, "parent")
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
    for name in SWITCHES:
        if os.path.exists(f"/proc/{name}"):
            mount(f"/proc/{name}", f"/proc/{name}", None, MS_BIND)
            set_flags(f"/proc/{name}", MOUNT_ATTR_RDONLY, 0)


def as_exit_code(status: int) -> int:
    """As a shell counts: 128 and the signal for a command that a signal ended."""
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


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


def mask(path: str, empty: int) -> None:
    """An empty file or folder in its place; what is gone by now needs none."""
    if os.path.isdir(path):
        mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k")
    elif os.path.exists(path):
        mount(f"/proc/self/fd/{empty}", path, None, MS_BIND)
        set_flags(path, MOUNT_ATTR_RDONLY, 0)


def loopback() -> None:
    """Tests start servers on localhost; the namespace's own loopback leads nowhere else."""
    probe = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
    fcntl.ioctl(probe.fileno(), SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_RUNNING))
    probe.close()
