"""Run a command on a layer over the tree: it sees the edits at the tree's own path, and cannot
reach the tree, the network or the user's secrets."""

from qcode.sandbox.run import CommandResult, Tier, probe, run

__all__ = ["CommandResult", "Tier", "probe", "run"]
