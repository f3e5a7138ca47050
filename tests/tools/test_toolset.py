"""What the set of tools does before a tool runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode.messages import ToolCall
from qcode.tools import Edit, Toolset, Write
from qcode.workspace import open_snapshot


@pytest.mark.parametrize(("unfinished", "written"), [("", True), ("content", False)])
async def test_half_a_file_is_not_written(tmp_path: Path, unfinished: str, written: bool) -> None:
    call = ToolCall("1", "write", {"path": "a.py", "content": "x = 1\n"}, unfinished)
    result = await Toolset([Edit(), Write()]).run(call, open_snapshot(tmp_path))
    assert result.ok is written and bool(result.changes) is written
    assert ("`content` of write" in result.text and "smaller steps" in result.text) is not written
