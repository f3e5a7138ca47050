"""One pull at a time, in a thread of its own: the screen may be left while it goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from qcode.errors import QcodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qcode.backends.catalog.download import Progress
    from qcode.backends.catalog.store import Installed


class Puller:
    """`what` is being brought here, "" for nothing; `progress` says how far it is."""

    def __init__(self) -> None:
        self.what = ""
        self.progress: Progress | None = None
        self.moved: Callable[[], None] = lambda: None
        """Called in the event loop when there is something new to show."""
        self._stop = threading.Event()

    async def pull(self, what: str, quantisation: str, offline: bool) -> Installed | None:
        """Bring `what` here; None when it was cancelled, and goes on the next time. Raises QcodeError."""
        from qcode.backends.catalog.pull import pull

        self.what, self.progress = what, None
        self._stop.clear()
        self.moved()
        try:
            steps = pull(what, quantisation=quantisation, offline=offline)
            return await asyncio.to_thread(self._go, steps, asyncio.get_running_loop())
        except asyncio.CancelledError:
            self.cancel()  # the thread goes on to its next step, and ends there
            raise
        finally:
            self.what, self.progress = "", None
            self.moved()

    def cancel(self) -> None:
        """Stop; what came so far is kept for the next time."""
        self._stop.set()

    def _go(self, steps: Iterator[Progress], loop: asyncio.AbstractEventLoop) -> Installed | None:
        with closing(steps):  # type: ignore[type-var]
            for progress in steps:
                if self._stop.is_set():
                    return None
                loop.call_soon_threadsafe(self._show, progress)
                if progress.model:
                    return progress.model
        raise QcodeError("The pull ended without a model.", "Try again.")

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self.moved()
