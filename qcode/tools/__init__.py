"""What a model may call: typed parameters, a schema made from them, and `run`.

What the model can mend is a `ToolResult(ok=False)` that says what to do next, never an exception.
"""

from qcode.tools.files import Edit, List, Read, Search, Write
from qcode.tools.mcp import Servers
from qcode.tools.plan import Plan
from qcode.tools.protocol import Tool, ToolResult, Toolset, planned
from qcode.tools.question import Question
from qcode.tools.refactoring import Refactor
from qcode.tools.testing import RunTests

__all__ = [
    "Edit",
    "List",
    "Plan",
    "Question",
    "Read",
    "Refactor",
    "RunTests",
    "Search",
    "Servers",
    "Tool",
    "ToolResult",
    "Toolset",
    "Write",
    "planned",
]
