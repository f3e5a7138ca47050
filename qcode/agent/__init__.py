"""The plan-edit-test loop: a request in, events out, and a tested diff before anything is written."""

from qcode.agent.options import Approver, Preview, RunOptions
from qcode.agent.run import run

__all__ = ["Approver", "Preview", "RunOptions", "run"]
