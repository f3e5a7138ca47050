"""The panel of what the model is shown: filled by the run's own events, and obeyed by the next request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList

from qcode.backends.scripted import ScriptedBackend
from qcode.config import load
from qcode.tui.chooser import Chooser
from qcode.tui.pins import Pins

if TYPE_CHECKING:
    from conftest import Stage

    from qcode.tui.app import QcodeApp

SCRIPT = 'call: read {"path": "use.py"}\n---\ntext: In conf.py.\n---\ntext: Still there.\n---\ntext: Yes.'


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedBackend]:
    """The backends that runs open: what a model was really sent."""
    opened: list[ScriptedBackend] = []
    begin = ScriptedBackend.__init__

    def watched(self: ScriptedBackend, script: str) -> None:
        begin(self, script)
        opened.append(self)

    monkeypatch.setattr(ScriptedBackend, "__init__", watched)
    return opened


def talking(stage: Stage, tmp_path: Path) -> QcodeApp:
    file = tmp_path / "script"
    file.write_text(SCRIPT)
    return stage.app(settings=load(stage.root, {"agent.backend": "scripted", "agent.script": str(file)}))


def go_to(app: QcodeApp, words: str) -> None:
    """Put the panel's cursor on the line that holds `words`."""
    rows = app.home.contents.query_one(OptionList)
    rows.highlighted = next(
        n for n in range(rows.option_count) if words in str(rows.get_option_at_index(n).prompt)
    )


async def test_what_was_sent_is_shown_and_what_is_pinned_or_left_out_holds(
    stage: Stage, tmp_path: Path, sent: list[ScriptedBackend]
) -> None:
    app = talking(stage, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("shift+tab")  # ask
        await stage.say(pilot, "where is parse_cfg?")
        await stage.until(pilot, lambda: not app.busy and "In conf.py" in stage.shown(app))
        await pilot.press("f2")
        await pilot.pause(0.1)
        shown = stage.screen(app)
        assert "read use.py" in shown and "conf.py:1-5" in shown and "of the window" in shown
        go_to(app, "read use.py")
        await pilot.press("d")
        go_to(app, "conf.py:1-5")
        await pilot.press("p")
        assert app.home.pins.dropped == ("use.py",) and app.home.pins.pinned == ("conf.py:1-5",)
        await pilot.press("escape")
        await stage.say(pilot, "and now?")
        await stage.until(pilot, lambda: not app.busy and "Still there" in stage.shown(app))
        said = sent[-1].requests[-1].messages
        assert "return parse_cfg('y')" not in "\n".join(m.content for m in said)
        assert "conf.py:1-5 (pinned by the user)" in said[-1].content
        await stage.say(pilot, "sure?")
        await stage.until(pilot, lambda: not app.busy and "Yes." in stage.shown(app))
        assert "pinned" not in sent[-1].requests[-1].messages[-1].content, "told a second time"


async def test_a_name_is_found_and_pinned_and_the_panel_closes(stage: Stage, tmp_path: Path) -> None:
    app = talking(stage, tmp_path)
    async with app.run_test(size=(60, 20)) as pilot:
        await stage.until(pilot, lambda: "parse_cfg" in app.home.names)
        await stage.say(pilot, "/context")
        await pilot.pause(0.1)
        assert not app.home.view.display, "no room for both"
        await pilot.press("a")
        await stage.until(pilot, lambda: isinstance(app.screen, Chooser))
        await stage.type(pilot, "parse_cfg")
        await pilot.press("enter")
        await stage.until(pilot, lambda: app.screen is app.home)
        await pilot.pause(0.1)
        assert "◆ parse_cfg" in stage.screen(app) and "with the next request" in stage.screen(app)
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert app.home.view.display and app.focused is app.home.prompt


def test_a_new_conversation_is_told_all_pins_again() -> None:
    pins = Pins()
    pins.pin("a.py")
    assert pins.due(goes_on=False) == ("a.py",) and pins.due(goes_on=True) == ()
    pins.pin("b.py")
    assert pins.due(goes_on=True) == ("b.py",)
    pins.drop("a.py")
    assert pins.dropped == ("a.py",) and pins.due(goes_on=False) == ("b.py",)
