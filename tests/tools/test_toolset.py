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


@pytest.mark.parametrize("search", ["NOT_FOUND", "x = 1\nNOT_FOUND", "x =\nNOT_FOUND\n"])
async def test_lines_that_were_given_up_are_to_be_read(tmp_path: Path, search: str) -> None:
    (tmp_path / "a.py").write_text("x = 1\ny = 2\n")
    call = ToolCall("1", "edit", {"path": "a.py", "search": search, "replace": ""})
    result = await Toolset([Edit()]).run(call, open_snapshot(tmp_path))
    assert not result.ok and result.text.startswith("Read the lines of a.py")
    (tmp_path / "a.py").write_text("x = 1\nNOT_FOUND\n")
    again = await Toolset([Edit()]).run(
        ToolCall("2", "edit", {"path": "a.py", "search": "x = 1\nNOT_FOUND", "replace": "z"}),
        open_snapshot(tmp_path),
    )
    assert again.ok and again.changes
