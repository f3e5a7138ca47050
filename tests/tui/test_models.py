"""The screen of models: what there is, pull from a (local) endpoint with progress, cancel, switch."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qcode.backends import nano
from qcode.config import load
from qcode.tui.models import ModelsScreen

if TYPE_CHECKING:
    from conftest import Stage
    from textual.pilot import Pilot

    from qcode.tui.app import QcodeApp

TESTS = Path(__file__).parents[1]
WEIGHTS = nano.file().read_bytes()
SIZES = ("0.8B", "2B", "4B", "9B")
FILES = {f"Qwen3.5-{size}-{q}.gguf": WEIGHTS for size in SIZES for q in ("Q4_K_M", "Q6_K", "Q8_0")}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The endpoint that the catalog is tested with; all its models are the tiny one."""
    spec = importlib.util.spec_from_file_location("hub", TESTS / "backends" / "catalog" / "hub.py")
    assert spec and spec.loader
    module = sys.modules["hub"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.serve(FILES) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.url)
        yield made


async def opened(stage: Stage, app: QcodeApp, pilot: Pilot[None]) -> ModelsScreen:
    await pilot.press("f5")
    await stage.until(pilot, lambda: isinstance(app.screen, ModelsScreen) and app.screen.choice)
    assert isinstance(app.screen, ModelsScreen)
    return app.screen


async def test_a_model_that_fits_is_pulled_and_serves_requests(stage: Stage, hub: Any) -> None:
    app = stage.app()
    async with app.run_test(size=(60, 20)) as pilot:
        screen = await opened(stage, app, pilot)
        assert app.meter.model.startswith("no model")
        wanted = screen.choice
        assert wanted and wanted.what == "pull"
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert f"Download {wanted.name}" in stage.screen(app) and not hub.seen, "one key must not be enough"
        await pilot.press("enter")
        await stage.until(pilot, lambda: "is installed" in stage.screen(app))
        await stage.until(
            pilot, lambda: any(x and x.choice and x.choice.what == "use" for x in screen._lines)
        )
        screen._list.highlighted = next(
            n for n, x in enumerate(screen._lines) if x and x.choice and x.choice.what == "use"
        )
        await pilot.press("enter", "r")
        await stage.until(pilot, lambda: "serves review" in stage.screen(app))
        settings = load(stage.root)
        assert settings.agent and settings.agent.backend == "llamacpp" and settings.review == settings.agent
        assert Path(settings.agent.model).read_bytes() == WEIGHTS
        await pilot.press("escape")
        assert app.meter.engine == "llama.cpp" and app.desk.has_model


async def test_a_pull_is_cancelled_and_the_screen_may_be_left(stage: Stage, hub: Any) -> None:
    go = threading.Event()

    def slow(name: str) -> str:
        go.wait(20)
        return f"{hub.net}/blob/{name}"

    hub.redirect = slow
    app = stage.app()
    async with app.run_test(size=(110, 40)) as pilot:
        await opened(stage, app, pilot)
        await pilot.press("enter", "enter")
        await stage.until(pilot, lambda: app.models.puller.progress and app.models.puller.progress.note)
        await pilot.press("escape")
        await stage.until(pilot, lambda: app.screen is app.home)
        screen = await opened(stage, app, pilot)
        await stage.until(pilot, lambda: app.models.puller.what in stage.screen(app).splitlines()[-2])
        await pilot.press("x")
        go.set()
        await stage.until(pilot, lambda: "Cancelled; what came so far is kept" in stage.screen(app))
        assert not any(x and x.choice and x.choice.what == "use" for x in screen._lines)


async def test_a_screen_may_be_left_while_it_looks(stage: Stage, hub: Any) -> None:
    go, looking = threading.Event(), threading.Event()
    app = stage.app()
    models = app.desk.models

    def slow() -> Any:
        looking.set()
        go.wait(20)
        return models()

    async with app.run_test(size=(110, 40)) as pilot:
        screen = await opened(stage, app, pilot)
        screen._load = slow
        screen.look()
        await stage.until(pilot, looking.is_set)
        await screen.query("*").remove()  # as leaving it does, before its workers are told
        go.set()
        await app.workers.wait_for_complete()


async def test_a_model_is_pulled_by_name_or_path_and_errors_are_two_lines(stage: Stage, hub: Any) -> None:
    app = stage.app()
    async with app.run_test(size=(110, 40)) as pilot:
        await opened(stage, app, pilot)
        await pilot.press("u")
        await stage.type(pilot, "qwen3.6-2b")
        await pilot.press("enter")
        await stage.until(pilot, lambda: "Did you mean qwen3.5" in stage.screen(app))
        file = stage.root.parent / "some.gguf"
        file.write_bytes(WEIGHTS)
        await pilot.press("u")
        app.screen.query_one("Input").value = str(file)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await stage.until(pilot, lambda: "some is installed" in stage.screen(app))
        assert not hub.seen


async def test_offline_nothing_is_downloaded(stage: Stage, hub: Any) -> None:
    app = stage.app(settings=load(stage.root, {"offline": True}))
    async with app.run_test(size=(110, 40)) as pilot:
        await opened(stage, app, pilot)
        await pilot.press("enter", "enter")
        await stage.until(pilot, lambda: "qcode is offline" in stage.screen(app))
        assert not hub.seen
