"""Make the tokeniser: a byte-level BPE in which a copied name has the same tokens wherever it stands.

    python tokenizer.py WORK        writes WORK/tokenizer.json

Merges never cross a change of case or anything but letters: `parse` is the same tokens after a space, `_`,
`/` or a line break, so that copying means repeating them. The tags of the call syntax are tokens of their
own. llama.cpp reads it under the name `qwen35`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from generate import PARAMETERS, Generator, words
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

SIZE = 1536
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TAGS = [
    "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>",
    *(f"<function={name}>\n" for name in PARAMETERS),
    *(f"<parameter={name}>\n" for name in sorted({p for ps in PARAMETERS.values() for p in ps})),
    "\n</parameter>\n", "</function>\n",
]  # fmt: skip
QWEN35 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def texts() -> Iterator[str]:
    for number, word in enumerate(words()[0]):
        yield from (word, word, word.capitalize())
        if number % 5 == 0:
            yield word.upper()
    generator = Generator(1)
    for _ in range(3000):
        yield generator.example().request


def made() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    alphabet = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|."), "isolated"),
            pre_tokenizers.Split(Regex(r"\s"), "isolated"),
            alphabet,
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE - len(CONTROL) - len(TAGS),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts(), trainer)
    # It is used with Qwen3.5's own rule, which llama.cpp has under its name.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(QWEN35), "isolated"), alphabet]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in CONTROL])
    tokenizer.add_tokens([AddedToken(t, special=False, normalized=False) for t in TAGS])
    return tokenizer


if __name__ == "__main__":
    work = Path(sys.argv[1])
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = made()
    tokenizer.save(str(work / "tokenizer.json"))
    print(tokenizer.get_vocab_size(), tokenizer.encode(" parse_cfg load.parseCfg\nparse_cfg").tokens)
