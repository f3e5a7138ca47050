"""Qwen3.5 in plain torch: Gated DeltaNet and gated attention, batch 1, with a state that can be put back.

Linear layers are handed in: ExLlamaV2's kernels on a GPU, torch's own elsewhere. All other code is
the same on every device, so that what is compared with transformers on a CPU is what runs on a card.
"""

from qcode.backends.qwen3_5.cache import Cache, State
from qcode.backends.qwen3_5.config import Qwen35Config
from qcode.backends.qwen3_5.model import Qwen35
from qcode.backends.qwen3_5.weights import Weights

__all__ = ["Cache", "Qwen35", "Qwen35Config", "State", "Weights"]
