"""Train: examples from the generator as long as the time lasts; killed at any moment, it goes on from there.

    python train.py WORK [--seconds 9000] [--seed 0] [--batch 32]

Writes WORK/state.pt (all that is needed to go on), WORK/model.safetensors and WORK/log.jsonl every minute.
The seconds are CPU time, so that a busy machine trains no less. The rate of learning falls over the last
third of them: a run can be cut short by starting it again with fewer. One thread: two that share a core are slower.
Muon (Jordan et al. 2024) for matrices, AdamW for the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from generate import Example, Generator
from model import Nano
from safetensors.torch import save_file
from start import with_circuit
from tokenizers import Tokenizer
from torch import Tensor

LONGEST = 512
_SORTED = 8  # batches of like length are made together
Encoded = tuple[list[int], list[bool]]


def encoded(tokenizer: Tokenizer, example: Example) -> Encoded:
    ids: list[int] = []
    own: list[bool] = []
    for text, learnt in example.parts():
        piece = tokenizer.encode(text).ids
        ids += piece
        own += [learnt] * len(piece)
    return ids, own


def batched(items: list[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens, what follows each, and where that is the model's own word; (batch, tokens)."""
    tokens = -(-max(len(ids) for ids, _ in items) // 32) * 32
    given = torch.zeros(len(items), tokens, dtype=torch.long)
    follows, own = torch.zeros_like(given), torch.zeros_like(given, dtype=torch.bool)
    for row, (ids, learnt) in enumerate(items):
        given[row, : len(ids)] = torch.tensor(ids)
        follows[row, : len(ids) - 1] = given[row, 1 : len(ids)]
        own[row, : len(ids) - 1] = torch.tensor(learnt[1:])
    return given, follows, own


class Muon:
    """Momentum whose direction is made orthogonal by five Newton-Schulz steps."""

    def __init__(self, weights: list[Tensor]) -> None:
        self.weights = weights
        self.momenta = [torch.zeros_like(w) for w in weights]
        self._alike: dict[tuple[int, ...], list[int]] = {}
        for i, w in enumerate(weights):
            self._alike.setdefault(tuple(w.shape), []).append(i)

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for shape, members in self._alike.items():
            for i in members:
                self.momenta[i].lerp_(self.weights[i].grad, 0.05)
            stacked = torch.stack([self.weights[i].grad.lerp(self.momenta[i], 0.95) for i in members])
            for i, direction in zip(members, _orthogonal(stacked), strict=True):
                self.weights[i].mul_(1 - rate * 0.05).add_(
                    direction, alpha=-rate * max(1, shape[0] / shape[1]) ** 0.5
                )


def _orthogonal(x: Tensor) -> Tensor:
    tall = x.shape[-2] > x.shape[-1]
    x = (x.mT if tall else x).bfloat16()
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.mT
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return (x.mT if tall else x).float()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--seconds", type=float, default=9000.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=int, default=32)
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(given.seed)
    tokenizer = Tokenizer.from_file(str(given.work / "tokenizer.json"))
    model = with_circuit(Nano(), given.seed)
    named = dict(model.named_parameters())
    matrices = [
        n
        for n, p in named.items()
        if p.dim() == 2 and "embed" not in n and "proj_a." not in n and "proj_b." not in n
    ]
    muon = Muon([named[n] for n in matrices])
    rest = [p for n, p in named.items() if n not in matrices]
    adam = torch.optim.AdamW(rest, lr=3e-3, betas=(0.9, 0.98), weight_decay=0.0)
    step, seen, spent = 0, 0, 0.0
    state_file = given.work / "state.pt"
    if state_file.exists():
        state = torch.load(state_file)
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        muon.momenta = state["momenta"]
        step, seen, spent = state["step"], state["seen"], state["spent"]
    # A run that goes on must not see the same examples again.
    generator, order = Generator(1000 + given.seed + seen), random.Random(step)
    watched = [
        _watched(tokenizer, Generator(91, held=True)),
        _watched(tokenizer, Generator(92, held=True, unseen=True)),
    ]
    waiting: list[tuple[Tensor, Tensor, Tensor]] = []
    losses: list[float] = []
    saved, begun = time.monotonic(), time.process_time()
    before = spent
    while spent < given.seconds:
        if not waiting:
            made = [encoded(tokenizer, generator.example()) for _ in range(given.batch * _SORTED)]
            made = sorted((m for m in made if len(m[0]) <= LONGEST), key=lambda m: len(m[0]))
            size = -(-len(made) // _SORTED)
            waiting = [batched(made[i : i + size]) for i in range(0, len(made), size)]
            order.shuffle(waiting)
        ids, follows, own = waiting.pop()
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(ids, own)
        loss = F.cross_entropy(logits.float(), follows[own])
        loss.backward()
        left = 1 - spent / given.seconds
        rate = min(1.0, (step + 1) / 30) * min(1.0, max(0.02, left * 3))
        for group in adam.param_groups:
            group["lr"] = 3e-3 * rate
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        adam.step()
        muon.step(0.02 * rate)
        model.zero_grad(set_to_none=True)
        step, seen = step + 1, seen + len(ids)
        losses.append(loss.item())
        spent = before + time.process_time() - begun
        if time.monotonic() - saved > 60 or spent >= given.seconds:
            saved = time.monotonic()
            line = {
                "step": step,
                "seen": seen,
                "seconds": round(spent),
                "loss": round(sum(losses) / len(losses), 4),
            }
            line["exact"] = [round(_exact(model, batches), 3) for batches in watched]
            losses = []
            with (given.work / "log.jsonl").open("a") as log:
                print(json.dumps(line), file=log)
            whole = {
                "model": model.state_dict(),
                "adam": adam.state_dict(),
                "momenta": muon.momenta,
                "step": step,
                "seen": seen,
                "spent": spent,
            }
            torch.save(whole, given.work / "state.new")
            os.replace(given.work / "state.new", state_file)
            save_file(
                {n: w.contiguous() for n, w in model.state_dict().items()}, given.work / "model.safetensors"
            )


def _watched(tokenizer: Tokenizer, generator: Generator) -> list[tuple[Tensor, Tensor, Tensor]]:
    made = sorted((encoded(tokenizer, generator.example()) for _ in range(100)), key=lambda m: len(m[0]))
    made = [m for m in made if len(m[0]) <= LONGEST]
    return [batched(made[i : i + 25]) for i in range(0, len(made), 25)]


@torch.no_grad()
def _exact(model: Nano, batches: list[tuple[Tensor, Tensor, Tensor]]) -> float:
    """The share of answers of which every token is the likeliest."""
    hits = [((model(ids).argmax(-1) == follows) | ~own).all(1) for ids, follows, own in batches]
    return float(torch.cat(hits).float().mean())


if __name__ == "__main__":
    main()
