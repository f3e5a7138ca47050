"""The values that rooms hand to each other: plain, frozen, and free of behaviour.

`chat` is what is said to and by a model, `changes` what happens to files, `events` what a run
tells whoever watches it.
"""

from qcode.messages.changes import Change, ChangeSet, Snapshot, sha256
from qcode.messages.chat import Delta, Infill, Message, Request, Sampling, ToolCall, ToolSchema, Usage
from qcode.messages.events import (
    Applied,
    ContextUsed,
    DiffReady,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    PlanStep,
    Progress,
    RunStarted,
    RunStopped,
    Stop,
    TestFinished,
    TestOutput,
    TestStarted,
    TextDelta,
    ThoughtDelta,
    ToolFinished,
    ToolStarted,
    TurnUsage,
    Verdict,
    as_json,
)

__all__ = [
    "Applied",
    "Change",
    "ChangeSet",
    "ContextUsed",
    "Delta",
    "DiffReady",
    "EditsMade",
    "Event",
    "Infill",
    "Message",
    "Notice",
    "PlanMade",
    "PlanStep",
    "Progress",
    "Request",
    "RunStarted",
    "RunStopped",
    "Sampling",
    "Snapshot",
    "Stop",
    "TestFinished",
    "TestOutput",
    "TestStarted",
    "TextDelta",
    "ThoughtDelta",
    "ToolCall",
    "ToolFinished",
    "ToolSchema",
    "ToolStarted",
    "TurnUsage",
    "Usage",
    "Verdict",
    "as_json",
    "sha256",
]
