"""Playing scripts through the whole loop, and looking at what was sent to the model."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qcode import agent
from qcode.backends.scripted import ScriptedBackend
from qcode.config import load
from qcode.messages import Event, Request, as_json


class Always:
    """Approves."""

    async def ask(self, preview: agent.Preview) -> bool:
        return True


@dataclass
class Told:
    """What a run did: its events, and what was sent to the model each time."""

    events: list[Event]
    requests: list[Request]

    def jsons(self) -> list[Any]:
        return [json.loads(json.dumps(as_json(e), default=str)) for e in self.events]

    def answers(self) -> str:
        """All that the model was told after its first message."""
        last = max(self.requests, key=lambda r: len(r.messages), default=None)
        return "\n".join(m.content for m in (last.messages[2:] if last else ()) if m.role != "assistant")


Play = Callable[..., Awaitable[Told]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedBackend]:
    """The backends that runs open, to look at what they were sent."""
    backends: list[ScriptedBackend] = []
    begin = ScriptedBackend.__init__

    def watched(self: ScriptedBackend, script: str) -> None:
        begin(self, script)
        backends.append(self)

    monkeypatch.setattr(ScriptedBackend, "__init__", watched)
    return backends


@pytest.fixture
def play(tmp_path: Path, opened: list[ScriptedBackend]) -> Play:
    """`await play(root, script, request, mode=…, flags={…}, **options)`: a whole run, approved."""

    async def run(
        root: Path,
        script: str,
        request: str = "mend it",
        *,
        flags: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Told:
        file = tmp_path / "script"
        file.write_text(script)
        settings = load(root, {"agent.backend": "scripted", "agent.script": str(file), **(flags or {})})
        made = agent.RunOptions(root, settings, **options)
        events = [event async for event in agent.run(request, made, Always())]
        return Told(events, opened[-1].requests if opened else [])

    return run


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """A repository with these files."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "project"
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content)
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        return root

    return make
