"""How the tools of other hands are told to put up the walls."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from qcode.sandbox.tiers import bwrap


def bubblewrap(root: Path, scratch: Path, masked: Sequence[str], command: Sequence[str]) -> list[str]:
    """bwrap(1)'s arguments: everything read-only, the copy at the tree's own path. Later ones lie
    over earlier ones."""
    empty = scratch / "empty"
    empty.touch()
    arguments = [str(bwrap()), "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    arguments += [
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--tmpfs",
        "/tmp",
        "--tmpfs",
        "/run",
    ]
    arguments += [part for place in _below_tmp(command) for part in ("--ro-bind", place, place)]
    arguments += ["--bind", str(scratch), str(scratch), "--bind", str(scratch / "tree"), str(root)]
    inside = scratch / "tree"
    for path in masked:
        if root in Path(path).parents and not (inside / Path(path).relative_to(root)).exists():
            continue  # it was not even copied
        if path.startswith(("/tmp/", "/run/")) and root not in Path(path).parents:
            continue
        arguments += ["--tmpfs", path] if Path(path).is_dir() else ["--ro-bind", str(empty), path]
    return [*arguments, "--"]


def _below_tmp(command: Sequence[str]) -> list[str]:
    """Interpreters that live below /tmp, which is empty inside."""
    places = {Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2]}
    if "/" in command[0]:
        places.add(Path(command[0]).absolute().parent.parent)
    return sorted(str(p) for p in places if Path("/tmp") in p.parents and p.is_dir())


def seatbelt(command: Sequence[str], scratch: Path, readable: Sequence[str]) -> list[str]:
    """The command behind macOS's sandbox-exec: reads the system and the toolchains, writes the scratch
    folder, talks to itself over loopback. Written after the profiles that ship with the system
    (/System/Library/Sandbox/Profiles); not tried on a Mac yet."""

    def below(places: Sequence[str]) -> str:
        return " ".join(f"(subpath {json.dumps(place)})" for place in places)

    profile = f"""(version 1)
(deny default)
(import "system.sb")
(allow process-fork process-exec)
(allow signal (target same-sandbox))
(allow sysctl-read)
(allow file-read-metadata)
(allow file-read* {below([*readable, str(scratch)])})
(allow file-write* {below([str(scratch)])} (literal "/dev/null") (literal "/dev/tty"))
(allow network-bind (local ip "localhost:*"))
(allow network-inbound (local ip "localhost:*"))
(allow network-outbound (remote ip "localhost:*"))
(deny file-write-setugid)
"""
    return ["/usr/bin/sandbox-exec", "-p", profile, *command]
