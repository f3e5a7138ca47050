"""The terminal that the interface stands in: what happens when it goes away or changes its size.

Signals are taken through the event loop, which then has a wake-up descriptor: a signal that comes in
the moment before the loop goes to sleep would else wait for the next key. Sizes are looked at every
second besides, since a terminal multiplexer may swallow the last of several quick changes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from textual.events import Resize
from textual.geometry import Size

if TYPE_CHECKING:
    from qcode.tui.app import QcodeApp

LOOK_S = 1.0
PATIENCE_S = 5.0
"""Seconds that a run gets to stop its work once the terminal is gone."""
LOST, ENDED = 128 + 1, 128 + 15
"""Exit codes after SIGHUP and SIGTERM, as shells count them."""


class Lifeline:
    """Watches over one application. Without a terminal (tests, pictures) it does nothing."""

    def __init__(self, app: QcodeApp) -> None:
        self._app = app
        self._ending: asyncio.Task[None] | None = None

    def hold(self) -> None:
        """Begin. Call it from the application's own loop."""
        if self._app.is_headless:
            return
        self._app.set_interval(LOOK_S, self._look)
        with contextlib.suppress(NotImplementedError, AttributeError, ValueError):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, self._lost)
            loop.add_signal_handler(signal.SIGTERM, self._app.exit, None, ENDED)

    def _lost(self) -> None:
        """Nobody sees anything any more: stop the run, whose record stays, and end. Drawing could
        wait for ever for a terminal that reads nothing, so a thread ends it if all else hangs."""
        if self._ending is None:
            guard = threading.Timer(PATIENCE_S, os._exit, (LOST,))
            guard.daemon = True
            guard.start()
            self._ending = asyncio.get_running_loop().create_task(self._end())

    async def _end(self) -> None:
        await self._app.home.control.close()
        os._exit(LOST)

    def _look(self) -> None:
        try:
            columns, rows = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)
        except (OSError, ValueError):
            return
        if not (columns and rows):
            return
        size = Size(columns, rows)
        if size != self._app.size:
            self._app.post_message(Resize(size, size))
            return
        # A screen that is laid out tells itself so with a Resize of its own. Where the next size comes
        # in just then, Textual 8 lets that older one take its place in the queue.
        for screen in self._app.screen_stack:
            if screen.outer_size != size:
                screen.post_message(Resize(size, size))
