"""How tokens are drawn for each purpose.

Figures of Qwen3.5's model cards: for code .7, .8 and 20 without thoughts, .6, .95 and 20 with them
(greedy thoughts run in circles). What is completed at the cursor should be the likeliest text.
"""

from __future__ import annotations

from typing import Literal

from qcode.messages import Sampling

Purpose = Literal["agent", "complete"]


def sampling_for(purpose: Purpose, answer: int, *, thinking: bool = False, thought: int = 0) -> Sampling:
    """The sampling of one answer of at most `answer` tokens; a thought of `thought` tokens is ended."""
    if purpose == "complete":
        return Sampling(temperature=0.0, top_k=1, max_tokens=answer)
    if thinking:
        return Sampling(0.6, 0.95, 20, answer + thought, thinking=True, thought=thought)
    return Sampling(0.7, 0.8, 20, answer)
