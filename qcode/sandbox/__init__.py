"""Run a command on a layer over the tree: it sees the edits at the tree's own path, and cannot
reach the tree, the network or the user's secrets."""

from qcode.sandbox.layer import Layer
from qcode.sandbox.run import CommandResult, run
from qcode.sandbox.tiers import TIERS, Tier, probe

__all__ = ["TIERS", "CommandResult", "Layer", "Tier", "probe", "run"]
