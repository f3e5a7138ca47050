"""Tiny random models of the patterns of the four real ones, with transformers as the oracle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# K heads beside V heads, tied or not, and whether the files hold an encoder's prefix, too.
SHAPES = {
    "0.8B": {"keys": 2, "values": 2, "tied": True, "prefixed": False, "layers": 8},
    "2B": {"keys": 2, "values": 2, "tied": True, "prefixed": True, "layers": 4},
    "4B": {"keys": 2, "values": 4, "tied": True, "prefixed": True, "layers": 4},
    "9B": {"keys": 2, "values": 4, "tied": False, "prefixed": True, "layers": 8},
    "9B text": {"keys": 2, "values": 4, "tied": False, "prefixed": False, "layers": 4},
}
VOCABULARY = 512
MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>")


@dataclass(frozen=True)
class Tiny:
    """A folder with a model, and transformers' own reading of it."""

    folder: Path
    oracle: Any
    shape: str

    def logits(self, tokens: list[int]) -> Any:
        import torch

        with torch.inference_mode():
            return self.oracle(torch.tensor([tokens])).logits[0]

    def greedy(self, tokens: list[int], count: int, known: int = VOCABULARY) -> list[int]:
        """What transformers writes, of the first `known` tokens."""
        import torch

        with torch.inference_mode():
            ids = torch.tensor([tokens])
            made = self.oracle.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=count,
                do_sample=False,
                eos_token_id=None,
                suppress_tokens=list(range(known, VOCABULARY)) or None,
            )
        return made[0, len(tokens) :].tolist()


@pytest.fixture(scope="session")
def one_thread() -> Iterator[None]:
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def randomised(model: Any, seed: int) -> None:
    """Weights that make every part of the model matter, and its answers far from each other."""
    import torch

    draw = torch.Generator().manual_seed(seed)

    def normal(like: Any) -> Any:
        return torch.randn(like.shape, generator=draw)

    with torch.no_grad():
        for name, value in model.named_parameters():
            if "linear_attn.norm" in name:
                value.copy_(1 + 0.2 * normal(value))
            elif name.endswith("norm.weight"):
                value.copy_(0.2 * normal(value))
            elif name.endswith("dt_bias"):
                value.copy_(normal(value))
            elif name.endswith("A_log"):
                value.copy_(0.5 * normal(value) - 1)
            elif "embed" in name:
                value.copy_(0.5 * normal(value))
            elif value.ndim >= 2:
                value.copy_(normal(value) * 1.2 / (value.shape[-1] if value.ndim == 2 else 4) ** 0.5)


def make(folder: Path, shape: str, seed: int = 0) -> Tiny:
    """Write the model of a shape and read it back with transformers."""
    transformers = pytest.importorskip("transformers")
    wanted = SHAPES[shape]
    _tokenizer(folder)
    text = transformers.Qwen3_5TextConfig(
        vocab_size=VOCABULARY, hidden_size=64, intermediate_size=128, num_hidden_layers=wanted["layers"],
        num_attention_heads=4, num_key_value_heads=2, head_dim=32, max_position_embeddings=4096,
        linear_num_key_heads=wanted["keys"], linear_num_value_heads=wanted["values"],
        linear_key_head_dim=16, linear_value_head_dim=16, tie_word_embeddings=wanted["tied"],
        eos_token_id=MARKS.index("<|im_end|>"), pad_token_id=0,
        rope_parameters={"rope_type": "default", "rope_theta": 1e7, "partial_rotary_factor": 0.25,
                         "mrope_section": [2, 1, 1], "mrope_interleaved": True},
    )  # fmt: skip
    model = transformers.Qwen3_5ForCausalLM(text).float().eval()
    randomised(model, seed)
    model.save_pretrained(folder)
    if wanted["prefixed"]:
        _prefix(folder)
    oracle = transformers.Qwen3_5ForCausalLM(text).float().eval()
    oracle.load_state_dict(model.state_dict())
    return Tiny(folder, oracle, shape)


def _tokenizer(folder: Path) -> None:
    """A byte-level tokenizer of 500 tokens, so that the model's vocabulary is padded, as the real one is."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=list(MARKS), initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )  # fmt: skip
    made.train_from_iterator([Path(__file__).read_text()], trainer)
    source = json.loads(made.to_str())
    for token in source["added_tokens"]:
        token["special"] = token["content"].startswith("<|")
    (folder / "tokenizer.json").write_text(json.dumps(source))


def _prefix(folder: Path) -> None:
    """As the official files are: the text model beside an encoder, its settings in `text_config`."""
    import torch
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    tensors = {name.replace("model.", "model.language_model.", 1): t for name, t in load_file(path).items()}
    tensors["model.visual.blocks.0.norm1.weight"] = torch.ones(4)
    save_file(tensors, path, metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    outer = {"architectures": ["Qwen3_5ForConditionalGeneration"], "text_config": config}
    if "tie_word_embeddings" in config:
        outer["tie_word_embeddings"] = config["tie_word_embeddings"]
    (folder / "config.json").write_text(json.dumps(outer))


@pytest.fixture(scope="session", params=list(SHAPES))
def tiny(one_thread: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Each shape in turn."""
    return make(tmp_path_factory.mktemp("model"), request.param)


@pytest.fixture(scope="session")
def nine(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The 9B's pattern alone, where the shape does not matter."""
    return make(tmp_path_factory.mktemp("model"), "9B")
