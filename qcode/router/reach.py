"""What is said of a request that no refactoring covers, and which model would do it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcode.router.plan import OutOfReach
from qcode.router.words import Token

_QUESTION = re.compile(
    r"^\s*(?:why|how|what|where|who|which|when|explain|describe|summari[sz]e|should i|is it|is there|are there any)\b",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"\b(?:docstrings?|document|comments?|type hints?|annotat\w+|readme|commit|flag|option)\b", re.IGNORECASE
)
_FORBIDDEN = re.compile(
    r"^\s*(?:please\s+)?(?:do not|don't|never|stop|should i|shall we|would it|is it|is there|why|how|what is|what's|what does|"
    r"where|who|which|when|explain|describe)\b",
    re.IGNORECASE,
)
_DONE = r"(?:renamed|moved|extracted|inlined|removed|replaced|converted|changed|added|deleted|called)"
_TOLD = re.compile(
    r"\b(?:would|might|could) be (?:bad|wrong|stupid|silly|foolish|terrible|an? (?:mistake|error|bad idea|shame))\b"
    r"|\b(?:that ?'s|that is|it ?'s|it is|this is|that would be|that seems) (?:wrong|bad|stupid|silly|risky|a bad idea|a mistake|not ok(?:ay)?)\s*[.!]*$"
    rf"|(?<!should have )(?<!should've )\b(?:was|were|has been|have been|had been|got|gets|been) (?:just |already |recently )?{_DONE}\b"
    rf"|\b(?:we|i|they|he|she|someone|somebody|you)(?: have| has|'ve|'s| had)?(?: just| already| recently)* {_DONE}\b"
    r"|^\s*(?:it|they) (?:already )?(?:uses?|prints?|has|have)\b(?! to )[^,;]*$"
    r"|\b(?:pretend|dry run|hypothetically)\b",
    re.IGNORECASE,
)
"""What tells of what was done, or of what would be bad: no request."""
_POSSIBLE = re.compile(
    r"\s*(?:please )?(?:is it|it is|would it be|it's) possible (?:for you |for us )?(?:to|that)\b",
    re.IGNORECASE,
)
"""What asks politely, and not whether."""
_INJECTED = re.compile(r"\$\(|\brm -rf\b|\bignore (?:all )?(?:previous|prior)\b", re.IGNORECASE)


def forbidden(tokens: Sequence[Token]) -> bool:
    """Whether the request says what is not to be done, asks whether to, or speaks to somebody else."""
    text = " ".join(t.text for t in tokens)
    stops_printing = bool(
        re.match(
            r"\s*(?:please )?(?:stop|don't|do not|never) (?:print|use print|using print)\w*\b.*\blog",
            text,
            re.IGNORECASE,
        )
    )
    asks = (
        not _POSSIBLE.match(text)
        and bool(
            re.match(
                r"\s*(?:is|are|was|were|does|did|has|have|should|shall|must|shouldn't|isn't|doesn't|wouldn't|couldn't|aren't)\b",
                text,
                re.IGNORECASE,
            )
        )
        and tokens[-1].text == "?"
    )
    return (
        asks
        or bool(_TOLD.search(text))
        or bool(_INJECTED.search(text.replace("$ (", "$(")))
        or (bool(_FORBIDDEN.match(text)) and not stops_printing and not _POSSIBLE.match(text))
    )


def sentence(request: str) -> OutOfReach:
    """The refusal, with the smallest of Qwen3.5's models that does such work."""
    if _QUESTION.match(request):
        what, model = "Answering a question", "Qwen3.5-4B"
    elif _SMALL.search(request):
        what, model = "Writing that", "Qwen3.5-4B"
    else:
        what, model = "That", "Qwen3.5-9B"
    return OutOfReach(
        f"{what} is no exact refactoring; nothing was done. {model} would do it, and no model is configured.",
        f"Configure one: qcode models use {model}-Q4_K_M.gguf. Without: rename, move, extract, inline, parameters, "
        "imports, f-strings, logging.",
    )
