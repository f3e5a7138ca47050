"""A turn that is stopped early, and the ways of editing that open one after another."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from qcode.messages import EditPreview, RunStopped, Stop, TextDelta

Play = Callable[..., Awaitable[Any]]
Make = Callable[[Mapping[str, str]], Path]
TEXT = "".join(f"line_{n} = {n}\n" for n in range(200))


def block(old: str, new: str) -> str:
    return f"a.py\\n<<<<<<< SEARCH\\n{old}\\n=======\\n{new}\\n>>>>>>> REPLACE\\n"


async def test_an_edit_that_matches_nothing_ends_the_turn_at_that_line(
    play: Play, make_project: Make
) -> None:
    root = make_project({"a.py": TEXT})
    script = (
        "text: a.py\\n<<<<<<< SEARCH\\nline_7 = 8\\n\ntext: line_8 = 8\\n\ntext: never written\n---\n"
        f"text: {block('line_7 = 7', 'line_7 = 70')}\n"
    )
    told = await play(root, script, no_test=True, yes=True)
    said = "".join(e.text for e in told.events if isinstance(e, TextDelta))
    assert "never written" not in said, "the model was left to write on"
    assert "does not hold those lines" in told.answers() or "None of those lines" in told.answers()
    assert EditPreview("a.py", 8, 8) in told.events
    assert (root / "a.py").read_text() == TEXT.replace("line_7 = 7\n", "line_7 = 70\n")


async def test_the_region_is_shown_before_the_whole_file(play: Play, make_project: Make) -> None:
    root = make_project({"a.py": TEXT})
    stale = [
        "call: edit " + json.dumps({"path": "a.py", "search": f"line_{n} = {n}\nline_x = 1", "replace": "y"})
        for n in (150, 151, 152, 153)
    ]
    whole = "call: write " + json.dumps({"path": "a.py", "content": TEXT.replace("= 5\n", "= 55\n")})
    told = await play(root, "\n---\n".join([*stale, whole, "text: Done."]) + "\n", no_test=True, yes=True)
    tools = [m.content for m in told.requests[-1].messages if m.role == "tool"]
    assert "at most 5 of them" in tools[1] and "line_0 = 0\n" not in tools[1], "120 lines of it"
    assert "Call write" in tools[3] and "line_0 = 0\n" in tools[3]
    last = told.events[-1]
    assert isinstance(last, RunStopped) and last.stop is Stop.DONE
    assert "line_5 = 55\n" in (root / "a.py").read_text()


async def test_an_edit_of_a_long_file_is_stopped_where_its_lines_stray(
    play: Play, make_project: Make
) -> None:
    root = make_project({"a.py": "x = 1\n"})
    text = "".join(f"line {n}\n" for n in range(3_000)) + "line 7\n"

    def edit(search: str, replace: str = "new") -> str:
        return "call: edit " + json.dumps({"path": "long.txt", "search": search, "replace": replace})

    turns = [
        "call: write " + json.dumps({"path": "long.txt", "content": text}),
        f"{edit('line 8' + chr(10) + 'line 11')}\ntext: never said",
        edit("line 7"),
        edit("line 8\nline 9"),
        "text: Done.",
    ]
    told = await play(root, "\n---\n".join(turns) + "\n", no_test=True, yes=True)
    assert [w.path for w in told.requests[1].calls.anchor.late] == ["long.txt"]
    said = told.requests[-1].messages
    stray = [call for message in said for call in message.tool_calls if call.stray]
    assert [dict(call.arguments) for call in stray] == [
        {"path": "long.txt", "search": "line 8\nline 11"},
        {"path": "long.txt", "search": "line 7"},
    ]
    assert not any("never said" in message.content for message in said)
    assert "long.txt does not hold those lines" in told.answers() and "occur 2 times" in told.answers()
    assert (root / "long.txt").read_text() == text.replace("line 8\nline 9\n", "new\n")
