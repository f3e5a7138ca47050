"""Work that a cancelled request leaves behind to wind up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
logger = logging.getLogger("qcode.lsp")

_RUNNING: set[asyncio.Task[Any]] = set()


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which runs in a task of its own.

    Cancelling the caller cancels `work` without waiting for it: the editor hears at once that its
    request is cancelled, while an engine or a test still takes its moment to stop.
    """
    task = start(work)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        raise
    return task.result()


def start(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Run `work` beside everything else; what it raises goes to the log."""
    task = asyncio.create_task(work)
    _RUNNING.add(task)
    task.add_done_callback(_over)
    return task


def _over(task: asyncio.Task[Any]) -> None:
    _RUNNING.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.debug("A task ended: %s", error)  # whoever waits for it gets it raised
