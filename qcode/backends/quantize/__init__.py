"""Safetensors of 16 bits -> GPTQ files of 4: layer by layer, so that no more than one is ever in memory."""

from qcode.backends.quantize.run import Progress, Wanted, quantize

__all__ = ["Progress", "Wanted", "quantize"]
