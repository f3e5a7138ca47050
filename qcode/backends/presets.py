"""How an agent's tokens are drawn.

Figures of Qwen3.5's model cards for code: .7, .8 and 20 without thoughts, .6, .95 and 20 with them;
greedy thoughts run in circles.
"""

from __future__ import annotations

from qcode.messages import Sampling


def for_agent(answer: int, thought: int = 0) -> Sampling:
    """The sampling of one answer of at most `answer` tokens, after a thought that ends at `thought`."""
    if thought:
        return Sampling(0.6, 0.95, 20, answer + thought, thinking=True, thought=thought)
    return Sampling(0.7, 0.8, 20, answer)
