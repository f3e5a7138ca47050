"""One command on the tree as it is with the edits, within the walls of a tier."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcode.errors import SandboxError, WorkspaceError
from qcode.messages import Change, ChangeSet
from qcode.sandbox import policy as policies
from qcode.sandbox import profiles
from qcode.sandbox.launch import launch
from qcode.sandbox.layer import Layer
from qcode.sandbox.scratch import copy_tree, differences, scratch_folder
from qcode.sandbox.tiers import Tier, probe

_NO_LAYER = "Invalid argument: mount tree"
"""What the launcher says where the kernel refuses a layer over the tree, on disk and in memory."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """`output` is stdout and stderr together, its last 2 MB. `exit_code` is -9 after a time-out."""

    exit_code: int
    output: str
    timed_out: bool
    seconds: float
    written: ChangeSet = field(default_factory=ChangeSet)
    """What the command itself wrote to the layer, if that was asked for: edits like any other, to be
    shown, approved and applied."""


async def run(
    command: Sequence[str],
    root: Path,
    changes: ChangeSet,
    *,
    timeout_s: float,
    on_output: Callable[[str], None] | None = None,
    collect: bool = False,
    tier: Tier | None = None,
    layer: Layer | None = None,
) -> CommandResult:
    """Run `command` in `root` as it is with `changes`; the tree itself cannot be reached.

    Whole lines go to `on_output` as they come. With `collect` what the command writes below `root`
    comes back (ordinary files up to 10 MB each, none that is protected, ignored or secret). `tier`
    is the machine's best unless given; `layer` keeps caches between runs. Cancelling ends every process of the command.

    Raises SandboxError when the sandbox cannot be set up, or the command not be found.
    """
    if not command:
        raise SandboxError("There is no command to run.", "Give one with --test.")
    if any("\0" in word for word in command):
        raise SandboxError("A command cannot hold a NUL character.", "Remove it.")
    real = root.resolve()
    if not real.is_dir():
        raise SandboxError(f"There is no folder {real}.", "Check the path.")
    chosen = tier or probe()
    if chosen.name == "none":
        raise SandboxError(
            f"There is no sandbox on this machine, so nothing is run ({chosen.why}).",
            chosen.better or "See `qcode doctor`.",
        )
    with contextlib.ExitStack() as stack:
        kept = layer is not None and chosen.name == "overlay"
        scratch = layer.renewed(real) if layer and kept else stack.enter_context(scratch_folder())
        if real == scratch or real in scratch.parents:
            raise SandboxError(
                "The cache folder lies inside the repository.", "Set QCODE_HOME to a folder outside of it."
            )
        prefix, policy = await _prepared(chosen, list(command), real, scratch, changes, collect)
        try:
            done = await launch(prefix, policy, policy["environment"], timeout_s, on_output)
        except SandboxError as error:
            if chosen.name != "overlay" or _NO_LAYER not in error.message:
                raise
            # Over this tree the kernel makes no layer (something is mounted in it): a copy, then, at
            # the same path.
            policy |= {"copied": True, "walls": "namespaces"}
            await asyncio.to_thread(_copy, real, scratch, policy)
            done = await launch(prefix, policy, policy["environment"], timeout_s, on_output)
        written = done.written
        if collect and (chosen.name != "overlay" or policy["copied"]):
            written = await asyncio.to_thread(differences, real, scratch / "tree")
        made = _as_changes(real, changes, written) if collect else ChangeSet()
    return CommandResult(done.exit_code, done.output, done.timed_out, done.seconds, made)


async def _prepared(
    tier: Tier, command: list[str], root: Path, scratch: Path, changes: ChangeSet, collect: bool
) -> tuple[list[str], dict[str, Any]]:
    """What goes in front of the launcher, and its policy."""
    home, temporary, copy = scratch / "home", scratch / "tmp", scratch / "tree"
    overlay, confined = tier.name == "overlay", tier.name == "landlock"
    masked = policies.masked(root, scratch)
    policy: dict[str, Any] = {
        "walls": "namespaces" if overlay else "inherited" if tier.name == "bwrap" else "beside",
        "command": command,
        "words": command[0],
        "root": str(root),
        "place": str(root if tier.in_place else copy),
        "scratch": str(scratch),
        "changes": [(c.path, c.after) for c in changes],
        "environment": policies.environment(home, None if overlay else temporary),
        "masked": masked,
        "limits": policies.limits(),
        "collect": collect,
        "copied": False,
        "filtered": tier.name in ("overlay", "bwrap", "landlock"),
        "network": tier.network,
        "readable": policies.readable(command, root) if confined else ["/"],
        "writable": [str(scratch), *(policies.devices() if confined else ("/tmp", "/run", "/dev", "/proc"))],
    }
    if tier.in_place:
        policy["writable"].append(str(root))
    if overlay:
        return [], policy
    await asyncio.to_thread(_copy, root, scratch, policy)
    if tier.name == "bwrap":
        return profiles.bubblewrap(root, scratch, masked, policy["command"]), policy
    if tier.name == "sandbox-exec":
        policy["command"] = profiles.seatbelt(command, scratch, policies.readable(command, root))
    return [], policy


def _copy(root: Path, scratch: Path, policy: Mapping[str, Any]) -> None:
    """The tree, an empty home and an empty folder for temporary files, below `scratch`."""
    try:
        for name in ("home", "tmp"):
            (scratch / name).mkdir(exist_ok=True)
        copy_tree(root, scratch / "tree", frozenset(policy["masked"]))
    except OSError as error:
        raise SandboxError(
            f"The tree cannot be copied: {error.strerror or error}.", "Make room, or set QCODE_HOME."
        ) from error


def _as_changes(root: Path, changes: ChangeSet, written: list[tuple[str, bytes | None]]) -> ChangeSet:
    """What the command wrote, against the tree with `changes`: the edits that it made itself."""
    from qcode.secrecy import is_secret
    from qcode.workspace import checked, is_protected

    given = {change.path: change for change in changes}
    wanted = [
        (path, after)
        for path, after in written
        if not is_protected(path) and not is_secret(path) and not (root / path).is_symlink()
    ]
    ignored = _ignored(root, [path for path, _ in wanted])
    found = []
    for path, after in wanted:
        if path in ignored:
            continue
        try:
            place = checked(root, path)
        except WorkspaceError:
            continue
        live = place.read_bytes() if place.is_file() else None
        before = given[path].after if path in given else live
        if before != after:
            found.append(Change(path, before, after))
    return ChangeSet.of(found)


def _ignored(root: Path, names: list[str]) -> set[str]:
    """Those that git ignores, and what Python compiles."""
    from qcode.workspace import git

    found = {name for name in names if "__pycache__/" in name or name.endswith(".pyc")}
    if names and git.available(root):
        listed = "".join(f"{name}\0" for name in names).encode("utf-8", "surrogateescape")
        try:
            said = git.run_bytes(root, "check-ignore", "-z", "--stdin", stdin=listed)
        except WorkspaceError:
            return found  # its way to say "none"
        found |= {name.decode("utf-8", "surrogateescape") for name in said.split(b"\0") if name}
    return found
