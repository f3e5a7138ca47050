"""Pinned code is in the first message, before what qcode would choose; dropped files are not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

FILES = {
    "alpha.py": "def alpha_price():\n    return 1\n",
    "beta.py": "def beta_price():\n    return 2\n",
    "gamma.py": "def gamma_price():\n    return 3\n\n\ndef other():\n    return 4\n",
}
Play = Callable[..., Awaitable[Any]]
Make = Callable[[Mapping[str, str]], Path]


def first(told: Any) -> str:
    return str(told.requests[0].messages[1].content)


async def test_a_pinned_file_comes_first(play: Play, make_project: Make) -> None:
    root = make_project(FILES)
    plain = first(await play(root, "text: fine", "what does alpha_price return?", mode="ask"))
    assert plain.index("def alpha_price") < plain.index("def gamma_price")
    told = first(
        await play(root, "text: fine", "what does alpha_price return?", mode="ask", pinned=("gamma.py",))
    )
    assert "pinned by the user" in told and told.index("def gamma_price") < told.index("def alpha_price")


async def test_a_name_and_lines_can_be_pinned(play: Play, make_project: Make) -> None:
    root = make_project(FILES)
    told = first(
        await play(root, "text: fine", "hello there", mode="ask", pinned=("other", "beta.py:2-2", "no.py"))
    )
    assert "def other" in told and "def gamma_price" not in told
    assert "beta.py:2-2" in told and "def beta_price" not in told


async def test_a_dropped_file_is_not_shown(play: Play, make_project: Make) -> None:
    root = make_project(FILES)
    told = first(
        await play(root, "text: fine", "what does alpha_price return?", mode="ask", dropped=("alpha.py",))
    )
    assert "def alpha_price" not in told


async def test_pins_of_a_reply_are_told_with_it(play: Play, make_project: Make) -> None:
    root = make_project(FILES)
    await play(root, "text: fine", "hello there", mode="ask")
    script = "text: fine\n---\ntext: fine, too"
    told = await play(root, script, "", resume="last", reply="and this?", pinned=("beta.py",))
    last = told.requests[-1].messages[-1].content
    assert last.startswith("and this?") and "def beta_price" in last
