"""A repository as the module of a test has it: its FILES, by their paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import workspace
from qcode.messages import Snapshot


@pytest.fixture
def snapshot(tmp_path: Path, request: pytest.FixtureRequest) -> Snapshot:
    for path, text in request.module.FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return workspace.open_snapshot(tmp_path)
