"""Work that a cancelled request leaves behind to wind up."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_RUNNING: set[asyncio.Task[Any]] = set()


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which runs in a task of its own.

    Cancelling the caller cancels `work` without waiting for it: the editor hears at once that its
    request is cancelled, while an engine or a test still takes its moment to stop.
    """
    task = asyncio.create_task(work)
    _RUNNING.add(task)
    task.add_done_callback(_over)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        raise
    return task.result()


def _over(task: asyncio.Task[Any]) -> None:
    _RUNNING.discard(task)
    if not task.cancelled():
        task.exception()  # looked at here when nobody waits for it any more
