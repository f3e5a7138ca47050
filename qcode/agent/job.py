"""What one run is about: handed from step to step, never changed."""

from __future__ import annotations

from dataclasses import dataclass

from qcode.agent.options import Approver, RunOptions
from qcode.agent.session import Record, Session
from qcode.agent.testing import Tests
from qcode.messages import Snapshot


@dataclass(frozen=True, slots=True)
class Job:
    """A request, what the door allows, and the tree as it was when the run began. `record` is what
    is known of a run that is resumed."""

    request: str
    options: RunOptions
    approver: Approver
    session: Session
    record: Record | None
    snapshot: Snapshot
    tests: Tests
