"""Which walls this machine can put up, best first, and what each of them takes.

`namespaces`: a layer over the tree at its own path (overlay), in namespaces made by ourselves.
`bwrap`: the same namespaces made by bubblewrap, which some systems allow and nothing else; the tree
is a copy mounted at its own path. `landlock`: no namespaces, so a copy elsewhere, and no network at
all. `sandbox-exec`: macOS's own, on a copy. `none`: nothing runs, unless the user's own settings
say `unsandboxed`; then a copy is all there is.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from qcode.errors import SandboxError
from qcode.sandbox.launcher import landlock, seccomp

Name = Literal["overlay", "bwrap", "landlock", "sandbox-exec", "unsandboxed", "none"]
LEAST_LANDLOCK = 3
"""The ABI that knows of truncation; before it, files could be emptied."""
_BWRAP = ("/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap")


@dataclass(frozen=True, slots=True)
class Tier:
    """What protects the tree. `why` there is no better one; `better`: how to get it."""

    name: Name
    words: str
    why: str = ""
    better: str = ""

    @property
    def full(self) -> bool:
        """Whether commands that nobody consented to by name may run: it cannot reach anything."""
        return self.name in ("overlay", "bwrap")

    @property
    def in_place(self) -> bool:
        """Whether the command sees the edit at the tree's own path."""
        return self.name in ("overlay", "bwrap")

    @property
    def network(self) -> bool:
        """Whether the command has a loopback of its own. Where it has none, what fails for want of
        it says nothing about the code."""
        return self.name not in ("landlock",)


TIERS = {
    "overlay": Tier("overlay", "on a layer over the tree, without network"),
    "bwrap": Tier("bwrap", "on a copy at the tree's own path (bubblewrap), without network"),
    "landlock": Tier("landlock", "on a copy of the tree elsewhere, without any sockets"),
    "sandbox-exec": Tier("sandbox-exec", "on a copy of the tree elsewhere (macOS, untested)"),
    "unsandboxed": Tier("unsandboxed", "on a copy of the tree, NOT in a sandbox: your settings say so"),
    "none": Tier("none", "no sandbox: commands are not run"),
}


@cache
def probe() -> Tier:
    """The best tier that works here, tried on an empty folder. May be called inside an event loop,
    which it holds up for about a tenth of a second the first time."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_best())).result()


async def _best() -> Tier:
    from dataclasses import replace

    reasons: list[str] = []
    names: tuple[Name, ...] = (
        ("sandbox-exec",) if sys.platform == "darwin" else ("overlay", "bwrap", "landlock")
    )
    for name in names:
        if not (why := _missing(name)):
            why = await _tried(TIERS[name])
        if not why:
            notes = [*reasons, *_lacks(name)]
            return replace(TIERS[name], why="; ".join(notes), better=_better(" ".join(reasons)))
        reasons.append(f"{name}: {why}")
    found = "unsandboxed" if _user_says_so() else "none"
    return replace(TIERS[found], why="; ".join(reasons), better=_better(" ".join(reasons)))


def _missing(name: Name) -> str:
    """Why `name` need not be tried, or ""."""
    if name != "sandbox-exec" and sys.platform != "linux":
        return "only Linux has it"
    if name == "bwrap" and bwrap() is None:
        return "bubblewrap is not installed"
    if name == "landlock":
        abi = landlock.version()
        if abi < LEAST_LANDLOCK:
            return f"the kernel's Landlock is of version {abi}, and {LEAST_LANDLOCK} is needed"
        if not seccomp.supported():
            return "system calls of this machine's architecture are not known"
    return ""


def _lacks(name: Name) -> list[str]:
    if sys.platform != "linux":
        return []
    abi = landlock.version()
    notes = [] if abi else ["Landlock is off: one wall fewer"]
    if not seccomp.supported():
        notes.append("system calls are not filtered on this architecture")
    if name == "landlock" and abi < 6:
        notes.append("signals can reach other processes of yours (Landlock before version 6)")
    return notes


async def _tried(tier: Tier) -> str:
    """Why `tier` does not work, or ""."""
    from qcode.messages import Change, ChangeSet
    from qcode.sandbox.run import run
    from qcode.sandbox.scratch import scratch_folder

    try:
        with scratch_folder() as scratch:
            root = scratch / "probe"
            root.mkdir()
            (root / "file").write_text("old")
            edit = ChangeSet.of([Change("file", b"old", b"new")])
            done = await run(["cat", "file"], root, edit, timeout_s=20, tier=tier)
    except SandboxError as error:
        return f"{error.message} {error.hint}".strip()
    if done.exit_code != 0 or done.output != "new":
        return f"the edit was not seen: {done.output[:80]!r}"
    return ""


def bwrap() -> str | None:
    """Bubblewrap where systems install it: never from PATH, which may hold a repository's folder."""
    return next((place for place in _BWRAP if shutil.which(place)), None)


def _better(reasons: str) -> str:
    """What to do for the first tier, by what kept it from working."""
    if not reasons:
        return ""
    if "max_user_namespaces" in reasons:
        return "sudo sysctl user.max_user_namespaces=15000"
    if Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").exists():
        return "install bubblewrap (it may make user namespaces here): sudo apt install bubblewrap"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return "allow user namespaces in the container: --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    if sys.platform != "linux":
        return "use Linux, or WSL2 on Windows"
    return "sudo sysctl kernel.unprivileged_userns_clone=1, or install bubblewrap"


def _user_says_so() -> bool:
    from qcode.config import load

    return load().unsandboxed
