"""Our prompts beside those of real templates: python tests/benchmarks/constraints/templates.py FILE ...

Each FILE is a chat template (Jinja), or a GGUF file that holds one. Conversations with and without
tools, system text, thoughts, several calls and results are written by qcode and by the template, and
compared letter by letter; equal text is equal tokens. What may differ: qcode keeps the thoughts of
earlier turns, and an empty one where the prompt wrote it, because history is only appended to; so
thoughts are taken out of both first. Prints the first difference of each conversation.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from qcode.backends.chat import family_for
from qcode.backends.chat.template import message_value, rendered, tool_value
from qcode.messages import Message, ToolCall
from qcode.tools import Edit, Plan, Read, Toolset

TOOLS = Toolset([Read(), Edit(), Plan()]).schemas()
SYSTEM = Message("system", "You are qcode.\n\nRules: none. ü <b>")
ASK = Message("user", "Mend a.py:\n```\nx = '<tag> & \"quote\"'\n```")
READ = ToolCall("1", "read", {"path": "a.py", "start": 3})
EDIT = ToolCall("2", "edit", {"path": "ä.py", "search": 'if a < b and "c":\n    pass', "replace": ""})
PLAN = ToolCall("3", "plan", {"steps": [{"text": "do it", "uses": ["a", "ü"], "creates": []}]})
TOLD = Message("tool", "1\tif a < b:\n2\t    pass\n", tool_call_id="1")


def conversations() -> Iterator[tuple[str, list[Message]]]:
    yield "one question", [ASK]
    yield "with a system text", [SYSTEM, ASK]
    yield "answered", [SYSTEM, ASK, Message("assistant", "Done."), Message("user", "And b?")]
    yield "one call", [SYSTEM, ASK, Message("assistant", tool_calls=(READ,)), TOLD]
    yield (
        "an edit",
        [
            SYSTEM,
            ASK,
            Message("assistant", tool_calls=(EDIT,)),
            TOLD,
            Message("assistant", "Done."),
            Message("user", "Thanks"),
        ],
    )
    yield "text and a call", [SYSTEM, ASK, Message("assistant", "I look.", tool_calls=(READ,)), TOLD]
    yield "two calls", [SYSTEM, ASK, Message("assistant", tool_calls=(READ, PLAN)), TOLD, TOLD]
    yield "a thought", [SYSTEM, ASK, Message("assistant", "I look.", "Hm, what?", (READ,)), TOLD]


def without_thoughts(text: str) -> str:
    return re.sub(r"<think>\n(?:.*?\n)?\n?</think>\n\n", "", text, flags=re.DOTALL)


def template_of(path: Path) -> str:
    if path.suffix != ".gguf":
        return path.read_text("utf-8")
    import gguf

    return str(gguf.GGUFReader(str(path)).fields["tokenizer.chat_template"].contents())


def compare(path: Path) -> int:
    template = template_of(path)
    family = family_for(template)
    print(f"{path.name}: {family.name}")
    differing = 0
    for name, messages in conversations():
        for tools in ((), TOOLS):
            if not tools and any(m.tool_calls for m in messages):
                continue
            for thinking in (False, True):
                theirs = rendered(
                    template,
                    [message_value(m) for m in messages],
                    [tool_value(t) for t in tools],
                    prompt=True,
                    enable_thinking=thinking,
                    bos_token="<|begin_of_text|>",
                )
                ours = family.render(messages, tools, thinking)
                if theirs is None:
                    print(f"  {name}: the template refuses it")
                    break
                a, b = without_thoughts(theirs), without_thoughts(ours)
                tail = theirs.endswith(ours[-40:])
                if a == b and tail:
                    continue
                at = next(
                    (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
                )
                differing += 1
                print(f"  {name}, {'with' if tools else 'without'} tools, thinking {thinking}: template "
                      f"{json.dumps(a[max(0, at - 30):at + 40], ensure_ascii=False)} qcode "
                      f"{json.dumps(b[max(0, at - 30):at + 40], ensure_ascii=False)}")  # fmt: skip
    print(f"  {differing} differ" if differing else "  all equal")
    return differing


if __name__ == "__main__":
    sys.exit(bool(sum([compare(Path(name)) for name in sys.argv[1:]])))
