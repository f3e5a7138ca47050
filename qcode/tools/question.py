"""Asking the user as a tool: the run then stops, and goes on with the answer."""

from __future__ import annotations

from pydantic import BaseModel, Field

from qcode.messages import Snapshot
from qcode.tools.protocol import ToolResult


class QuestionParams(BaseModel):
    question: str = Field(
        min_length=1, max_length=400, description="one question that a word or a sentence answers"
    )


class Question:
    """Ask what the request leaves open. `asked` keeps the question; whoever runs the loop stops."""

    name = "question"
    description = "Ask the user, when the request can be read in two ways that lead to different code."
    parameters = QuestionParams

    def __init__(self) -> None:
        self.asked = ""

    async def run(self, params: QuestionParams, snapshot: Snapshot) -> ToolResult:
        self.asked = params.question.strip()
        return ToolResult(True, "The user was asked.")
