"""How a screen is looked at: as text of a fixed size, beside what it looked like last time."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from qcode.messages import ContextPart, ContextUsed
from qcode.tui.app import QcodeApp

if TYPE_CHECKING:
    from conftest import Stage
    from textual.pilot import Pilot

FOLDER = Path(__file__).parents[1] / "fixtures" / "tui"
WRITE = os.environ.get("QCODE_SNAPSHOTS") == "write"
SPINNER = re.compile("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")
VOLATILE = (
    (re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}"), "SESSION"),
    (re.compile(r"\d\d-\d\d \d\d:\d\d"), "DATE"),
)
"""What is another one on every run; it keeps its width."""


def same(name: str, app: QcodeApp, stage: Stage) -> None:
    """The screen must be what it was. Its own folder's name and the spinner's turn are left out."""
    text = SPINNER.sub("*", stage.screen(app))
    text = re.sub(r"(?m)^ qcode  \S+\s+", " qcode  PROJECT  ", text) + "\n"
    text = re.sub(r"(?m)^(  +(?:llama\.cpp|exllamav\d|ctransformers) +\S.*?)  +\S.*$", r"\1  VERSION", text)
    for pattern, name_of in VOLATILE:
        text = pattern.sub(lambda m, n=name_of: n.ljust(len(m[0]))[: len(m[0])], text)
    file = FOLDER / f"{name}.txt"
    if WRITE:
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8"), f"{name} looks different now:\n{text}"


USED = ContextUsed(
    4_120,
    32_768,
    0,
    (
        ContextPart("code", "conf.py:1-80", 1_400, "defines load"),
        ContextPart("tools", "8 tools", 900),
        ContextPart("result", "read use.py", 700),
        ContextPart("request", "requests and guidance", 400),
        ContextPart("system", "instructions", 300),
        ContextPart("files", "list of files", 220),
        ContextPart("answer", "answers and calls", 150),
        ContextPart("notes", "AGENTS.md", 50),
    ),
)


async def settled(stage: Stage, app: QcodeApp, pilot: Pilot[None]) -> None:
    """The footer names the sandbox once it is known; its tier is this machine's."""
    await stage.until(pilot, lambda: app.meter.tier)
    app.meter.tier = "overlay"
    app.home.status.refresh()
    await pilot.pause()


async def narrowed(pilot: Pilot[None]) -> None:
    """The same screen in the smallest terminal."""
    await pilot.resize_terminal(60, 20)
    await pilot.pause(0.3)


def drawn(app: QcodeApp) -> set[str]:
    """The colours of what is drawn that are no grey."""
    strips = app.screen._compositor.render_strips(app.size)
    styles = [segment.style for strip in strips for segment in strip if segment.style]
    found = {colour.triplet for s in styles for colour in (s.color, s.bgcolor) if colour and colour.triplet}
    return {t.hex for t in found if not t.red == t.green == t.blue}
