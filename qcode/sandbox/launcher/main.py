"""The order of things. Exit status 125 and words in the report file mean that the sandbox, not the
command, failed."""

from __future__ import annotations

import fcntl
import marshal
import os
import sys

from . import landlock, namespaces, rights, seccomp, tree
from .kernel import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, SIGKILL, SIGTERM, prctl
from .namespaces import as_exit_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SET_UP_FAILED, NOT_FOUND = 125, 127


def main(report: int) -> None:
    """Read the policy, set up, run the command and end as it ends. `report`: a file's descriptor."""
    policy = marshal.loads(sys.stdin.buffer.read())
    try:
        if policy["walls"] == "namespaces":
            namespaces.enter(policy)
            tree.write_changes(policy["root"], policy["changes"])
            rights.give_up()
            inside(policy, report)
        elif policy["walls"] == "inherited":
            become(policy, report)
        else:
            beside(policy, report)
    except OSError as error:
        fail(report, f"{error.strerror}: {error.filename or 'set-up'}", SET_UP_FAILED)


def inside(policy: dict[str, Any], report: int) -> None:
    """The first process of a PID namespace: when it ends, the kernel ends all the others."""
    child = os.fork()
    if child == 0:
        become(policy, report)
    while True:
        pid, code = os.wait()
        if pid == child:
            break
    if policy["collect"] and not policy["copied"]:
        end_all()
        send(report, list(tree.written(os.path.join(policy["scratch"], "tree-upper"), policy["root"])))
    os._exit(as_exit_code(code))


def beside(policy: dict[str, Any], report: int) -> None:
    """Without a PID namespace: processes that lose their parent become this one's, and are ended."""
    import signal

    if sys.platform == "linux":
        prctl(PR_SET_CHILD_SUBREAPER, 1, "subreaper")
        prctl(PR_SET_PDEATHSIG, SIGTERM, "parent")

    def end(*_: object) -> None:
        end_children()
        os._exit(128 + SIGTERM)

    # Before there is a child, so that there is no moment in which one could be left behind.
    signal.signal(signal.SIGTERM, end)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        become(policy, report)
    while True:
        pid, code = os.wait()
        if pid == child:
            break
    end_children()
    os._exit(as_exit_code(code))


def end_all() -> None:
    """Kill every other process of this PID namespace."""
    try:
        os.kill(-1, SIGKILL)
    except ProcessLookupError:
        return  # there is none


def end_children() -> None:
    """Kill every descendant until none is left. All are stopped first: one that forks would be ahead."""
    import signal

    if not os.path.isdir("/proc/self"):
        return  # no Linux: the caller's session is ended from outside
    while descendants(os.getpid()):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in descendants(os.getpid()):
                try:
                    os.kill(pid, number)
                except OSError:
                    continue  # gone by itself
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return


def descendants(ancestor: int) -> list[int]:
    """The processes below `ancestor`, from /proc."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    # The name in brackets may hold anything.
                    parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
            except OSError:
                continue  # it is gone
    found = [ancestor]
    for known in found:
        found += [pid for pid, parent in parents.items() if parent == known]
    return found[1:]


def become(policy: dict[str, Any], report: int) -> None:
    """The last walls, then the command itself."""
    command = policy["command"]
    try:
        os.chdir(policy["place"])
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)
        fcntl.fcntl(report, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        rights.limit(policy["limits"])
        if policy["filtered"]:
            rights.no_new()
            landlock.restrict(policy["readable"], policy["writable"], policy["network"])
            seccomp.install(policy["network"])
        if policy["walls"] != "namespaces":
            # Within the walls: a link of the tree may lead out of it.
            tree.write_changes(policy["place"], policy["changes"])
    except OSError as error:
        fail(report, f"{error.strerror}: {error.filename or 'set-up'}", SET_UP_FAILED)
    try:
        os.execvpe(command[0], command, policy["environment"])
    except OSError as error:
        fail(report, f"{policy['words']}: {error.strerror}", NOT_FOUND)


def fail(report: int, trouble: str, code: int) -> None:
    """Say it and end."""
    os.write(report, b"!" + trouble.encode("utf-8", "surrogateescape"))
    os._exit(code)


def send(report: int, changes: list[tuple[str, bytes | None]]) -> None:
    """What was written, for the process that started this one."""
    with open(report, "wb", closefd=False) as file:
        marshal.dump(changes, file)
