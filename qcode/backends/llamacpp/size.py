"""How much at a time: threads, and tokens of a batch."""

from __future__ import annotations

import os

_BYTES_PER_S = 30e9
"""Weights that one core passes through in a second of prefill: 60 tokens of 533 MB, measured."""
_BATCH_S = 0.13
"""A cancel is seen between two batches, and one that has been queued is still computed."""
_LARGEST = 512


def batch_tokens(weights: int, threads: int, gpu: bool = False) -> int:
    """Tokens computed between two looks at a cancel, for this file's `weights` (bytes).

    A batch that suits a 0.8B model would hold a cancelled 9B for many seconds. Where there is a GPU
    the largest is quick enough.
    """
    if gpu:
        return _LARGEST
    return max(4, min(_LARGEST, int(_BATCH_S * _BYTES_PER_S * threads / weights)))


def draft_tokens(batch: int, slots: int) -> int:
    """Tokens to guess ahead, 0 for none: llama.cpp aborts the process when the sampled and guessed
    tokens of all slots do not fit into one batch."""
    most = batch // slots - 1
    return min(16, most) if most >= 4 else 0


def free_cores() -> int:
    """Cores that are idle now, less one for whoever sits at the machine; at least one. A batch ends
    when its slowest thread does, so that one thread on a taken core holds up all, and a cancel."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        load = os.getloadavg()[0]
    except OSError:
        load = 0.0
    return max(1, min(cores - 1, cores - round(load)))
