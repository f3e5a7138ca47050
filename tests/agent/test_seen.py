"""What the model can see decides what the old text of its edits can be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from qcode.agent.seen import MOST_LINES, anchor_for, windows
from qcode.messages import Anchor, Calls, Message, ToolCall, Window
from qcode.workspace import open_snapshot

LINES = tuple(f"line {n}" for n in range(1, 11))
LONG = tuple(map(str, range(3 * MOST_LINES)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "a.txt").write_text("\n".join(LINES))
    (root / "b.txt").write_text("\n".join(LONG))
    return root


def answered(tool: str, result: str, **arguments: Any) -> list[Message]:
    call = ToolCall("1", tool, arguments)
    return [Message("assistant", tool_calls=(call,)), Message("tool", result, tool_call_id="1")]


def read(path: str, *numbers: int) -> list[Message]:
    text = {"a.txt": LINES, "b.txt": LONG}[path]
    return answered("read", "\n".join(f"{n}\t{text[n - 1]}" for n in numbers), path=path)


def test_lines_are_seen_in_the_first_message_in_reads_and_in_what_was_written(root: Path) -> None:
    first = Message("user", "Code:\na.txt:2-3 (named)\n2\tline 2\n3\tline 3\n\nb.txt:1-1 (named)\n1\t0\n")
    messages = [
        first,
        *read("a.txt", 3, 4),
        *answered("edit", "Changed", path="a.txt", search="x", replace="line 8\nline 9"),
    ]
    assert windows(messages, open_snapshot(root)) == (
        Window("a.txt", LINES, ((2, 4), (8, 9))),
        Window("b.txt", LONG, ((1, 1),)),
    )


def test_a_line_that_has_changed_is_seen_no_more(root: Path) -> None:
    messages = read("a.txt", 1, 2, 3)
    (root / "a.txt").write_text("new\nline 1\nchanged\nline 3\n")
    (window,) = windows(messages, open_snapshot(root))
    assert window.read == ((2, 2), (4, 4))


def test_what_is_gone_binary_or_was_only_found_is_not_seen(root: Path) -> None:
    messages = [*read("a.txt", 1), *answered("search", "b.txt:1: 0", path="b.txt", text="0")]
    assert len(windows(messages, open_snapshot(root))) == 1
    (root / "a.txt").write_bytes(b"line 1\n\0")
    assert windows(messages, open_snapshot(root)) == ()
    (root / "a.txt").unlink()
    assert windows(messages, open_snapshot(root)) == ()


def test_files_that_no_grammar_can_hold_are_looked_at_late(root: Path) -> None:
    messages = [*read("a.txt", *range(1, 11)), *read("b.txt", *range(1, 1 + 2 * MOST_LINES))]
    anchor = anchor_for(messages, open_snapshot(root))
    assert [w.path for w in anchor.windows] == ["a.txt"]
    (late,) = anchor.late
    assert late == Window("b.txt", LONG, ((1, 2 * MOST_LINES),))
    # What was seen last is held first.
    again = [*read("b.txt", *range(1, 1 + MOST_LINES)), *read("a.txt", 1)]
    anchor = anchor_for(again, open_snapshot(root))
    assert [w.path for w in anchor.windows] == ["a.txt"] and [w.path for w in anchor.late] == ["b.txt"]
    anchor = anchor_for([*again, *read("b.txt", 1)], open_snapshot(root))
    assert [w.path for w in anchor.windows] == ["b.txt"] and [w.path for w in anchor.late] == ["a.txt"]


async def test_each_turn_is_held_to_what_the_conversation_shows(
    root: Path, play: Callable[..., Awaitable[Any]]
) -> None:
    script = (
        'call: read {"path": "a.txt", "start": 4, "end": 6}\n---\n'
        'call: edit {"path": "a.txt", "search": "line 5", "replace": "five"}\n---\n'
        'call: edit {"path": "a.txt", "search": "NOT_FOUND", "replace": ""}\n---\ntext: Done.\n'
    )
    told = await play(root, script, "change it", mode="refactor", yes=True)
    wanted = [request.calls for request in told.requests]
    assert all(isinstance(w, Calls) and isinstance(w.anchor, Anchor) for w in wanted)
    assert [w.anchor.windows[0].read if w.anchor.windows else () for w in wanted][:3] == [
        (),
        ((4, 6),),
        ((4, 6),),
    ]
    assert wanted[2].anchor.windows[0].lines[3:6] == ("line 4", "five", "line 6")
    assert "Read the lines of a.txt that you want to change" in told.answers()


async def test_a_model_thinks_within_its_budget_if_the_user_wants_it(
    root: Path, play: Callable[..., Awaitable[Any]]
) -> None:
    for flags, thought in (({}, 0), ({"agent.thinking": "true", "budget.thinking": 900}, 900)):
        told = await play(root, "text: Done.\n", "change it", mode="ask", flags=flags)
        (request,) = told.requests
        assert (request.sampling.thinking, request.sampling.thought) == (thought > 0, thought)
