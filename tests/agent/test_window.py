"""What the window holds is told with every turn, and a file can be taken out of a conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from qcode.messages import ContextPart, ContextUsed

FILES = {
    "AGENTS.md": "Keep it small.\nUse tabs nowhere.\n",
    "alpha.py": "def alpha_price():\n    return 1\n",
    "beta.py": "def beta_price():\n    return 2\n",
}
SCRIPT = 'call: read {"path": "beta.py"}\n---\ntext: it returns 1\n---\ntext: still 1'
Play = Callable[..., Awaitable[Any]]
Make = Callable[[Mapping[str, str]], Path]


def windows(told: Any) -> list[dict[tuple[str, str], ContextPart]]:
    used = [e for e in told.events if isinstance(e, ContextUsed)]
    assert used and all(sum(p.tokens for p in e.parts) == e.tokens for e in used)
    return [{(p.kind, p.name): p for p in e.parts} for e in used]


async def test_every_part_of_the_first_message_is_told(play: Play, make_project: Make) -> None:
    told = await play(make_project(FILES), SCRIPT, "what does alpha_price return?", mode="ask")
    first, second = windows(told)
    kinds = {kind for kind, _ in first}
    assert kinds == {"system", "tools", "files", "notes", "code", "request"}
    assert first["notes", "AGENTS.md"].tokens > 0
    assert first["code", "alpha.py:1-2"].reason == "defines alpha_price"
    assert ("result", "read beta.py") in second and ("answer", "answers and calls") in second


async def test_a_dropped_file_leaves_a_conversation_for_good(play: Play, make_project: Make) -> None:
    root = make_project(FILES)
    request = "what do alpha_price and beta_price return?"
    await play(root, SCRIPT, request, mode="ask")
    told = await play(root, SCRIPT, "", resume="last", reply="and?", dropped=("beta.py",))
    sent = "\n".join(m.content for m in told.requests[-1].messages)
    assert "return 1" in sent and "return 2" not in sent and "does not want this file" in sent
    assert not any(name.startswith("beta.py:") for _, name in windows(told)[-1])
    again = await play(root, SCRIPT + "\n---\ntext: yes", "", resume="last", reply="so?")
    assert "return 2" not in "\n".join(m.content for m in again.requests[-1].messages)


async def test_a_name_pinned_with_a_reply_is_found(play: Play, make_project: Make) -> None:
    root = make_project(FILES)
    await play(root, "text: fine", "hello there", mode="ask")
    told = await play(
        root, "text: fine\n---\ntext: a", "", resume="last", reply="and?", pinned=("beta_price",)
    )
    assert "def beta_price" in told.requests[-1].messages[-1].content
    assert ("code", "beta.py:1-2") in windows(told)[-1]


async def test_code_that_looks_like_a_heading_stays_code(play: Play, make_project: Make) -> None:
    files = {"odd.py": "Request: x\n\nCode that may matter:\nb.py:1-1 (no)\n1\tdef f():\n    pass\n"}
    told = await play(make_project(files), "text: fine", "look at odd.py", mode="ask")
    (only,) = windows(told)
    assert [name for kind, name in only if kind == "code"] == ["odd.py:1-6"]


async def test_lines_and_names_can_be_dropped(play: Play, make_project: Make) -> None:
    root = make_project(FILES)
    request = "what do alpha_price and beta_price return?"
    for dropped in ("alpha_price", "alpha.py:2-2"):
        told = await play(root, "text: fine", request, mode="ask", dropped=(dropped,))
        assert [name for kind, name in windows(told)[-1] if kind == "code"] == ["beta.py:1-2"]
