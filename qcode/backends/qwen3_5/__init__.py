"""Qwen3.5 in plain torch: Gated DeltaNet and gated attention, batch 1, with a state that can be put back.

Linear layers are handed in: ExLlamaV2's kernels on a GPU, torch's own elsewhere. All other code is
the same on every device, so that what is compared with transformers on a CPU is what runs on a card.

Computed in float32, its logits are within 5e-4 of those of transformers and the greedy text is the same,
whether files hold 32 bits, 16 bits, or packed ones. Computed in 16 bits, as on a card, no text is promised:
rounding turns near ties, in transformers too. What holds is a bound (tests/backends/qwen3_5): of the
largest logit, float16 is off by less than 0.3 % in the mean and bfloat16 by less than 2 % (and by less than
transformers in bfloat16), and another token is chosen only where the best two lie closer than that place is
off.
"""

from qcode.backends.qwen3_5.cache import Cache, State
from qcode.backends.qwen3_5.config import Qwen35Config
from qcode.backends.qwen3_5.model import Qwen35
from qcode.backends.qwen3_5.weights import Weights

__all__ = ["Cache", "Qwen35", "Qwen35Config", "State", "Weights"]
