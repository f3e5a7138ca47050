"""What the model is shown of a place, and what of its answer is meant for the file."""

from __future__ import annotations

import re

from qcode.messages import Infill, Message, Request, Sampling
from qcode.prompts import render
from qcode_lsp.inline.place import Place
from qcode_lsp.text_edits import lines_of

MARK = "<CURSOR>"
LINE_TOKENS, BLOCK_TOKENS = 48, 192
PROMPT_TOKENS = 1536
"""More is rarely read before the next key is struck, on a laptop."""
_LETTERS = 3.0
"""Characters of a token of code, guessed low: a prompt that is too long is refused."""
_STEP = 32
_FENCE = re.compile(r"```[\w+#.-]*[ \t]*\n(?P<code>.*?)(?:\n```|\Z)", re.DOTALL)


def request(place: Place, extra: tuple[tuple[str, str], ...], context: int, infill: bool) -> Request:
    """The request for `place`, for an engine that holds `context` tokens.

    `infill`: the model was trained for it. Any other is told in words (`unwrapped` reads its answer).
    """
    answer = LINE_TOKENS if place.inside_line else BLOCK_TOKENS
    room = int(min(PROMPT_TOKENS, max(64, context - 2 * answer)) * _LETTERS)
    shown = _fitting(extra, room // 4)
    prefix, suffix = window(place, room - sum(len(path) + len(text) for path, text in shown))
    if infill:
        stop = ("\n",) if place.inside_line else ()
        sampling = Sampling(temperature=0.0, top_k=1, max_tokens=answer, stop=stop)
        return Request(
            (), sampling=sampling, infill=Infill(prefix, suffix, place.path, shown), interactive=True
        )
    words = render(
        "infill", path=place.path, mark=MARK, text=f"{prefix}{MARK}{suffix}",
        extra=[f"From {name}:\n{text}" for name, text in shown],
        one_line=place.inside_line,
    )  # fmt: skip
    sampling = Sampling(temperature=0.0, top_k=1, max_tokens=answer + 32)
    return Request((Message("user", words),), sampling=sampling, interactive=True)


def window(place: Place, letters: int) -> tuple[str, str]:
    """As much around the place as `letters` allow, by whole lines: two thirds of it before.

    The start moves in steps, so that an engine finds the beginning of the prompt in its cache
    while somebody types.
    """
    after = min(len(place.suffix), letters // 3)
    before = letters - after
    prefix = place.prefix
    if len(prefix) > before:
        lines = lines_of(prefix)
        kept, first = 0, len(lines)
        while first and kept + len(lines[first - 1]) <= before:
            first -= 1
            kept += len(lines[first])
        stepped = min(len(lines), -(-first // _STEP) * _STEP)
        chosen = stepped if len(lines) - stepped >= _STEP else first
        prefix = "".join(lines[chosen:]) or prefix[-before:]
    suffix = place.suffix[:after]
    if len(suffix) < len(place.suffix) and "\n" in suffix:
        suffix = suffix[: suffix.rindex("\n") + 1]
    return prefix, suffix


def unwrapped(place: Place, answer: str, silent: bool = True) -> str:
    """The code in the answer of a model that was asked in words, without what it repeats of the file."""
    fenced = _FENCE.search(answer)
    if fenced is None:
        if not silent or "```" in answer:
            return ""
        code = answer.strip("\n")
    else:
        code = fenced["code"]
    code = code.replace(MARK, "")
    before = place.before
    if before.strip() and code.lstrip().startswith(before.strip()):
        code = code.lstrip()[len(before.strip()) :]
        if before != before.rstrip():
            code = code.lstrip(" \t")
    elif place.fresh and before:
        code = code.removeprefix(before)
    rest = place.after.strip()
    return code.removesuffix(rest) if rest and "\n" not in code else code


def _fitting(extra: tuple[tuple[str, str], ...], letters: int) -> tuple[tuple[str, str], ...]:
    """The most telling pieces, which stand last, that fit."""
    chosen: list[tuple[str, str]] = []
    for path, text in reversed(extra):
        letters -= len(path) + len(text)
        if letters < 0:
            break
        chosen.append((path, text))
    return tuple(reversed(chosen))
