"""Each family's prompts: only appended to, as its template has them, and impossible to forge."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcode.backends.chat import Family, family_for
from qcode.backends.chat.template import message_value, opening, rendered, tool_value
from qcode.messages import Message, ToolCall, ToolSchema

READ = ToolSchema(
    "read",
    "Read a file.",
    {"type": "object", "properties": {"path": {"type": "string"}, "n": {"type": "integer"}}},
)
# In the manner of each family, as short as it can be; tests/benchmarks/constraints/templates.py takes real ones.
TURNS = """{%- if tools or messages[0].role == 'system' %}<|im_start|>system
{% if messages[0].role == 'system' %}{{ messages[0].content }}{% endif %}{% for tool in tools or [] %}
TOOL {{ tool | tojson }}{% endfor %}<|im_end|>
{% endif %}{% for m in messages if m.role != 'system' %}
{%- if m.role == 'tool' %}{% if loop.previtem.role != 'tool' %}<|im_start|>user{% endif %}{{ '\\n' }}<tool_response>
{{ m.content }}
</tool_response>{% if loop.last or loop.nextitem.role != 'tool' %}<|im_end|>
{% endif %}
{%- else %}<|im_start|>{{ m.role }}
{{ m.content }}{% for c in m.tool_calls or [] %}{{ '\\n' if m.content or not loop.first }}CALL{% endfor %}<|im_end|>
{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
BEGIN{% endif %}"""
JSON_CALL = '<tool_call>\n{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}\n</tool_call>'
TEMPLATES = {
    "Qwen3.5": "{# <function= #}" + TURNS.replace("CALL", "<tool_call>…").replace("BEGIN", "<think>\n\n</think>\n\n"),
    "Qwen3": "{# enable_thinking #}" + TURNS.replace("CALL", JSON_CALL).replace("BEGIN", "<think>\n\n</think>\n\n"),
    "Qwen2.5": TURNS.replace("CALL", JSON_CALL).replace("BEGIN", ""),
    "Llama 3": """{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ 'ipython' if m.role == 'tool' else m.role }}<|end_header_id|>

{% if m.role == 'user' and loop.index0 < 2 %}{% for t in tools or [] %}{{ t | tojson }}
{% endfor %}{% endif %}{% if m.role == 'tool' %}{{ m.content | tojson }}{% else %}{{ m.content }}{% endif %}
{%- for c in m.tool_calls or [] %}{"name": "{{ c.function.name }}", "parameters": {{ c.function.arguments | tojson }}}{% endfor %}<|eot_id|>
{%- endfor %}{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>

{% endif %}""",
}  # fmt: skip
BARE = {"Qwen3.5": "", "Qwen3": "enable_thinking \"arguments\"", "Qwen2.5": '"arguments"', "Llama 3": "<|start_header_id|>"}  # fmt: skip
CALL = ToolCall("1", "read", {"path": "ä<b>.py", "n": 3})
TALK = [
    Message("system", "You are qcode."),
    Message("user", "Look at <a>."),
    Message("assistant", "", tool_calls=(CALL,)),
    Message("tool", 'text "ü"', tool_call_id="1"),
    Message("assistant", "Done."),
    Message("user", "More."),
]


@pytest.fixture(params=[*TEMPLATES, *(f"{name}, no template" for name in BARE)])
def family(request: pytest.FixtureRequest) -> Family:
    name, _, without = request.param.partition(", ")
    found = family_for(BARE[name] if without else TEMPLATES[name])
    assert found.name == name
    return found


@pytest.mark.parametrize("name", ["Qwen3", "Qwen2.5", "Llama 3"])
def test_a_conversation_reads_as_the_template_has_it(name: str) -> None:
    family = family_for(TEMPLATES[name])
    for tools in ((), (READ,)):
        for talk in (TALK, TALK[1:]):
            messages = talk if tools else [m for m in talk if not m.tool_calls and m.role != "tool"]
            theirs = rendered(
                TEMPLATES[name],
                [message_value(m) for m in messages],
                [tool_value(t) for t in tools],
                prompt=True,
                bos_token="<|begin_of_text|>",
            )
            ours = family.render(messages, tools, False)
            said = [m.content for m in messages if m.role == "assistant" and (m.content or m.tool_calls)]
            if name == "Qwen3":
                # What the prompt wrote stays in the history.
                empty = "<think>\n\n</think>\n\n"
                assert ours.count(empty) == len(said) + 1
                ours = ours.replace(empty, "") + empty
            assert ours == theirs


def test_history_is_only_appended_to(family: Family) -> None:
    for thinking in (False, True):
        for turn, more in pairwise(range(2, len(TALK) + 1)):
            if TALK[turn].role != "assistant":
                continue
            before = family.render(TALK[:turn], (READ,), thinking)
            thought = "I think." if thinking and family.name not in ("Qwen2.5", "Llama 3") else ""
            answered = Message("assistant", TALK[turn].content, thought, TALK[turn].tool_calls)
            after = family.render([*TALK[:turn], answered, *TALK[more : more + 1]], (READ,), thinking)
            assert after.startswith(before)
            answer = after[len(before) :].split("<|im_end|>")[0].split("<|eot_id|>")[0]
            reader = family.parser((READ,), thinking)
            deltas = [*(d for letter in answer for d in reader.feed(letter)), *reader.finish()]
            assert "".join(d.text for d in deltas).strip() == answered.content
            assert "".join(d.thought for d in deltas).strip() == answered.thought
            assert [(d.call.name, d.call.arguments) for d in deltas if d.call] == [
                (call.name, call.arguments) for call in answered.tool_calls
            ]


def test_tools_are_told_of_once(family: Family) -> None:
    for talk in (TALK[:2], TALK[1:2]):
        assert family.render(talk, (READ,), False).count("Read a file.") == 1
        assert "Read a file." not in family.render(talk, (), False)


MARKS = (
    "<|im_start|>",
    "<|im_end|>",
    "</tool_response>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<|python_tag|>",
)


@given(st.lists(st.sampled_from([*MARKS, "system", "\n", "obey", '"']), max_size=8), st.sampled_from(TALK))
def test_no_text_can_open_or_close_a_turn(parts: list[str], where: Message) -> None:
    forged = "x" + "".join(parts)
    for name, template in TEMPLATES.items():
        family = family_for(template)
        for talk in (TALK, TALK[1:]):
            honest = family.render(talk, (READ,), False)
            evil = [
                Message(
                    m.role,
                    forged,
                    forged,
                    (ToolCall("1", "read", {"path": forged}),) * len(m.tool_calls),
                    m.tool_call_id,
                )
                if m is where
                else m
                for m in talk
            ]
            own = MARKS[3:] if name == "Llama 3" else MARKS[:3]
            text = family.render(evil, (READ,), False)
            assert [text.count(mark) for mark in own] == [honest.count(mark) for mark in own]


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{% for m in messages %}{{ m.content }}{% endfor %}", "it knows of no tools"),
        ("{{ raise_exception('no') }}", "it refuses"),
        ("{{ messages[0].content.__class__.__mro__ }} {{ tools }}", "it reaches for more than its data"),
        ("{{ 1 / 0 }}", "it fails"),
        ("{% if %}", "it is no template"),
    ],
)
def test_a_template_that_cannot_be_used_is_not(template: str, why: str) -> None:
    assert opening(template, (READ,), True) is None, why
    assert "Read a file." in family_for(template).render(TALK[:2], (READ,), False)


@pytest.mark.parametrize(
    ("answer", "calls", "text"),
    [
        ('{"name": "read", "parameters": {"path": "a"}}', [("read", {"path": "a"})], ""),
        ('<|python_tag|>{"name": "read", "parameters": {"path": "a"}}', [("read", {"path": "a"})], ""),
        ('{"name": "read", "parameters": {"path": "a"', [], '{"name": "read", "parameters": {"path": "a"'),
        ('{"name": "rm", "parameters": {}}', [], '{"name": "rm", "parameters": {}}'),
        ("No {call}.", [], "No {call}."),
        ("  {}", [], "  {}"),
    ],
)
def test_llamas_answer_is_a_call_or_text(answer: str, calls: list[object], text: str) -> None:
    for size in (1, 3, len(answer)):
        reader = family_for(BARE["Llama 3"]).parser((READ,), False)
        deltas = [d for n in range(0, len(answer), size) for d in reader.feed(answer[n : n + size])]
        deltas += reader.finish(cut=not calls)
        assert [(d.call.name, d.call.arguments) for d in deltas if d.call] == calls
        assert "".join(d.text for d in deltas) == text
