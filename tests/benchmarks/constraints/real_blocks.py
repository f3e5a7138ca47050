"""Real SEARCH texts under the constraint: python tests/benchmarks/constraints/real_blocks.py CASES [--limit N]

CASES is a folder of an edit bench (bases.jsonl, cases.jsonl). Of its clean SEARCH/REPLACE replies
the old texts are given to the grammar of their file as a call of the edit tool: those that stand
once must be possible, and the same text with one letter changed in its last line must not be.
Prints both, and why any of the former was refused. Needs `llguidance`.
"""

from __future__ import annotations

import argparse
import collections
import json
from pathlib import Path

from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from qcode import edits
from qcode.backends.constraints import XmlCalls, grammar_for
from qcode.edits.text import Lines, decode, exact
from qcode.messages import Anchor, Calls, Request, Sampling, Window
from qcode.tools import Edit, Toolset

TOOLS = Toolset([Edit()]).schemas()


class Letters:
    """A vocabulary of single bytes."""

    eos_token_id = 256
    bos_token_id = None
    tokens = (*(bytes([n]) for n in range(256)), b"<end>")
    special_token_ids = (256,)

    def __call__(self, text: bytes) -> list[int]:
        return list(text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path)
    parser.add_argument("--limit", type=int, default=10**9)
    given = parser.parse_args()
    bases = {}
    for line in (given.cases / "bases.jsonl").read_text("utf-8").splitlines():
        base = json.loads(line)
        bases[base["id"]] = base["before"]
    tokenizer = LLTokenizer(TokenizerWrapper(Letters()))
    found: collections.Counter[str] = collections.Counter()
    for line in (given.cases / "cases.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        if (case["format"], case["kind"]) != ("sr", "clean") or found["files"] >= given.limit:
            continue
        before = bases[case["base"]]
        lines = decode(before.encode()).lines
        found["files"] += 1
        calls = Calls(Anchor("edit", "path", "search", (Window.whole("f", lines),)))
        grammar = grammar_for(Request((), TOOLS, Sampling(), calls=calls), XmlCalls(), 4_096) or ""
        start = LLMatcher(tokenizer, LLMatcher.grammar_from_lark(grammar))
        for edit in edits.parse_reply(case["edit"]):
            for hunk in edit.hunks:
                old = list(hunk.old)
                if not old:
                    continue
                places = len(Lines(lines).places(old, exact))
                kind = "once" if places == 1 else "several times" if places else "nowhere"
                found[f"old texts that stand {kind}"] += 1
                found[f"old texts that stand {kind}, possible"] += _possible(start, old)
                broken = [*old[:-1], old[-1] + "~"]
                if not Lines(lines).has(broken[-1]):
                    found["with a letter more"] += 1
                    found["with a letter more, possible"] += _possible(start, broken)
                if places == 1 and not _possible(start, old):
                    print(f"  refused: {len(old)} lines{'' if old[-1] else ', the last one empty'}")
    for name, count in found.items():
        print(f"{name}: {count}")


def _possible(start: LLMatcher, old: list[str]) -> bool:
    text = (
        "<tool_call>\n<function=edit>\n<parameter=path>\nf\n</parameter>\n<parameter=search>\n"
        + "\n".join(old)
        + "\n</parameter>\n<parameter=replace>\n"
    )
    tokens = list(text.encode())
    return bool(start.deep_copy().validate_tokens(tokens) == len(tokens))


if __name__ == "__main__":
    main()
