"""Decoding one token as a recorded CUDA graph: a pass of hundreds of small kernels, started as one."""

from __future__ import annotations

import torch

from qcode.backends.qwen3_5 import Cache, Qwen35

_SMALLEST = 256
_WARM = 3
"""Passes before recording: libraries choose their kernels and take their memory in the first ones."""
_MEASURED = 210
"""With EXL2's kernels, which measure themselves two hundred times, and wait for the card each time."""


class RecordedDecode:
    """Decodes with a graph for each span of keys: 256, 512 and so on, recorded when it is first needed.

    A graph has the addresses of one memory in it. Where recording fails, passes are run as they are;
    `recorded` says so.
    """

    def __init__(self, model: Qwen35, measures: bool = False) -> None:
        self._model = model
        self._warm = _MEASURED if measures else _WARM
        self._stream = torch.zeros(1, model.config.hidden, device=model.device)
        self._position = torch.zeros(1, dtype=torch.long, device=model.device)
        self._graphs: dict[int, tuple[torch.cuda.CUDAGraph, torch.Tensor]] = {}
        self.recorded = True

    def __call__(self, token: int, cache: Cache) -> torch.Tensor:
        """Take a token into `cache`; its logits `[1, vocabulary]`."""
        with torch.inference_mode():
            self._stream.copy_(self._model.embedded([token]))
            self._position.fill_(cache.length)
            span = self._span(cache)
            if self.recorded and span not in self._graphs:
                self._record(span, cache)
            if self.recorded:
                graph, logits = self._graphs[span]
                graph.replay()
                # The next replay writes over it.
                row = logits.clone()
            else:
                row = self._pass(cache, span)
        cache.length += 1
        return row

    def _span(self, cache: Cache) -> int:
        span = _SMALLEST
        while span < cache.length + 1:
            span *= 2
        return min(span, cache.context)

    def _pass(self, cache: Cache, span: int) -> torch.Tensor:
        return self._model.logits(self._model.through(self._stream, cache, self._position, span))

    def _record(self, span: int, cache: Cache) -> None:
        """The passes before recording change the recurrent state, which is put back."""
        before = cache.snapshot()
        try:
            graph = torch.cuda.CUDAGraph()
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                for _ in range(self._warm if not self._graphs else _WARM):
                    self._pass(cache, span)
            torch.cuda.current_stream().wait_stream(aside)
            with torch.cuda.graph(graph):
                logits = self._pass(cache, span)
            self._graphs[span] = (graph, logits)
        except RuntimeError:
            self.recorded = False
        finally:
            cache.restore(before)
