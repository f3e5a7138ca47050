"""A run that only plans: the model looks, plans, and cannot change anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from qcode.messages import Applied, EditsMade, PlanMade, RunStopped, Stop

SCRIPT = """
call: read {"path": "conf.py"}
---
call: plan {"steps": [{"text": "Rename it", "uses": ["parse_cfg"], "creates": ["load_config"]}]}
---
call: edit {"path": "conf.py", "search": "def parse_cfg(text):", "replace": "def load_config(text):"}
"""


async def test_it_stops_at_the_plan(
    play: Callable[..., Awaitable[Any]], make_project: Callable[[Mapping[str, str]], Path]
) -> None:
    root = make_project({"conf.py": "def parse_cfg(text):\n    return text\n"})
    told = await play(root, SCRIPT, "give it a better name", plan_only=True, no_test=True)
    assert [type(e) for e in told.events if isinstance(e, PlanMade | EditsMade | Applied)] == [PlanMade]
    assert isinstance(told.events[-1], RunStopped) and told.events[-1].stop is Stop.DONE
    assert {tool.name for tool in told.requests[0].tools} == {"plan", "read", "search", "list", "question"}
    assert len(told.requests) == 2, "the model is not asked again once the plan stands"


async def test_edits_in_an_answer_are_not_made(
    play: Callable[..., Awaitable[Any]], make_project: Callable[[Mapping[str, str]], Path]
) -> None:
    root = make_project({"conf.py": "x = 1\n"})
    block = "conf.py\\n<<<<<<< SEARCH\\nx = 1\\n=======\\nx = 2\\n>>>>>>> REPLACE\\n"
    told = await play(root, f"text: {block}", "make it two", plan_only=True, no_test=True)
    assert not any(isinstance(e, EditsMade | Applied) for e in told.events)
    assert (root / "conf.py").read_text() == "x = 1\n"
