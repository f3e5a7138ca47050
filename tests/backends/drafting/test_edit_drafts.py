"""What is drafted at every place of an edit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcode.backends.drafting import EditDrafter, PromptLookup

FILE = """\
import os

def first(a, b):
    total = a + b
    log(total)
    return total

def second(a, b):
    total = a - b
    return total
"""
FILES = {"pkg/calc.py": FILE}
OPENING = "pkg/calc.py\n```python\n<<<<<<< SEARCH\n"
SEARCH = "def first(a, b):\n    total = a + b\n    log(total)\n"
ODD = (
    "<parameter=search>\n <parameter=content>\n <parameter=replace>\n </parameter>\n </function>\n "
    "total = > < \n  \u00e4 \x00 \r\n"
)
Drafted = Callable[..., str]


@pytest.mark.smoke
def test_an_answer_begins_with_the_path_and_the_mark(drafted: Drafted) -> None:
    assert drafted(FILES, "") == OPENING
    assert drafted(FILES, "pkg") == OPENING.removeprefix("pkg")


@pytest.mark.smoke
def test_the_search_side_goes_on_like_the_file(drafted: Drafted) -> None:
    assert drafted(FILES, f"{OPENING}def first", most=7) == "(a, b):\n"
    assert drafted(FILES, f"{OPENING}{SEARCH}").startswith("    return total\n\ndef second(a, b):\n")


def test_a_line_that_occurs_twice_is_told_by_what_stood_before_it(drafted: Drafted) -> None:
    assert drafted(FILES, f"{OPENING}    total = a - b\n    return").startswith(" total\n")
    assert "def second" in drafted(FILES, f"{OPENING}    log(total)\n    return total\n")
    assert "def second" not in drafted(FILES, f"{OPENING}    total = a - b\n    return total\n")


def test_later_edits_are_looked_for_behind_earlier_ones(drafted: Drafted) -> None:
    first = f"{OPENING}{SEARCH}=======\n{SEARCH}>>>>>>> REPLACE\n```\n\n"
    assert drafted(FILES, f"{first}{OPENING}    total = a").startswith(" - b\n    return total\n")


def test_after_the_divider_the_search_side_comes_back(drafted: Drafted) -> None:
    assert drafted(FILES, f"{OPENING}{SEARCH}=") == f"======\n{SEARCH}"
    assert drafted(FILES, f"{OPENING}{SEARCH}=======\n") == f"{SEARCH}>>>>>>> REPLACE\n"


@pytest.mark.parametrize(
    ("written", "follows"),
    [
        ("def first(a, b, c", "):\n    total = a + b\n    log(total)\n>>>>>>> REPLACE\n"),
        ("def first(a, b):\n    check(a)\n", "    total = a + b\n    log(total)\n>>>>>>> REPLACE\n"),
        ("def first(a, b):\n    sum = a + b\n", "    log(total)\n>>>>>>> REPLACE\n"),
        ("def first(a, b):\n    log", "(total)\n>>>>>>> REPLACE\n"),
        (SEARCH, ">>>>>>> REPLACE\n"),
        (f"{SEARCH}>>>", ">>>> REPLACE\n"),
    ],
    ids=["within a line", "a line put in", "a line changed", "a line left out", "the end", "within the mark"],
)
@pytest.mark.smoke
def test_the_replacement_is_found_again_after_a_change(drafted: Drafted, written: str, follows: str) -> None:
    assert drafted(FILES, f"{OPENING}{SEARCH}=======\n{written}") == follows


def test_a_second_edit_is_led_to_as_the_first_was(drafted: Drafted) -> None:
    first = f"{OPENING}{SEARCH}=======\n{SEARCH}>>>>>>> REPLACE\n"
    between = "```\n\nAnd then:\n\npkg/calc.py\n```python\n<<<<<<< SEARCH\n"
    second = f"{first}{between}import os\n=======\nimport sys\n>>>>>>> REPLACE\n"
    assert drafted(FILES, f"{second}```\n") == between.removeprefix("```\n")


def test_calls_of_the_edit_tool_are_followed_too(drafted: Drafted) -> None:
    head = "<tool_call>\n<function=edit>\n<parameter=path>\npkg/calc.py\n</parameter>\n<parameter=search>\n"
    assert drafted(FILES, "", "call") == head
    assert drafted(FILES, f"{head}def first", "call").startswith("(a, b):\n    total = a + b\n")
    middle = "</parameter>\n<parameter=replace>\n"
    assert drafted(FILES, f"{head}{SEARCH}</", "call") == f"{middle}{SEARCH}".removeprefix("</")
    assert drafted(FILES, f"{head}{SEARCH}</parameter>\n", "call").startswith("<parameter=replace>\n")
    end = "</parameter>\n</function>\n</tool_call>\n"
    assert drafted(FILES, f"{head}{SEARCH}{middle}{SEARCH}", "call") == end
    assert drafted(FILES, f"{head}{SEARCH}{middle}{SEARCH}</parameter>\n", "call") == end.split("\n", 1)[1]


def test_a_file_that_is_written_whole_follows_the_old_one(drafted: Drafted) -> None:
    head = "<tool_call>\n<function=write>\n<parameter=path>\npkg/calc.py\n</parameter>\n<parameter=content>\n"
    assert drafted(FILES, f"{head}import os\nimport sys\n").startswith("\ndef first(a, b):\n    total")


def test_of_several_files_the_named_one_is_followed(drafted: Drafted) -> None:
    files = {"a.py": "x = 1\ny = 2\n", "b.py": "x = 3\nz = 4\n"}
    assert drafted(files, "b.py\n```python\n<<<<<<< SEARCH\nx").startswith(" = 3\nz = 4\n")
    assert drafted(files, "a.py\n```python\n<<<<<<< SEARCH\nx").startswith(" = 1\ny = 2\n")


def test_without_files_what_was_there_before_is_looked_up(drafted: Drafted) -> None:
    assert drafted({}, "one two three four. one two three", most=2) == " four."
    assert drafted({}, "one two three") == ""


@pytest.mark.smoke
def test_prompt_lookup_takes_the_latest_match() -> None:
    lookup = PromptLookup([1, 2, 3, 7, 8, 1, 2, 3, 9])
    lookup.extend([1, 2])
    assert lookup.propose(4) == []
    lookup.extend([3])
    assert lookup.propose(4) == [9, 1, 2, 3]
    assert lookup.propose(1) == [9]


def test_a_character_cut_in_two_is_waited_for() -> None:
    class Bytes:
        def encode(self, text: str) -> list[int]:
            return list(text.encode())

        def piece(self, token: int) -> bytes:
            return bytes([token])

    drafter = EditDrafter(Bytes(), {"a.txt": "gr\u00fc\u00df\n"})
    drafter.extend(list(b"a.txt\n```\n<<<<<<< SEARCH\ngr\xc3"))
    assert drafter.propose(3) == []
    drafter.extend([0xBC])
    assert bytes(drafter.propose(3)) == "\u00df\n".encode()


@given(
    st.lists(
        st.sampled_from(
            [*f"{OPENING}{FILE}".splitlines(keepends=True), "=======\n", ">>>>>>> REPLACE\n", *ODD.split(" ")]
        ),
        max_size=30,
    ),
    st.integers(0, 20),
)
def test_no_answer_is_too_odd(parts: list[str], most: int) -> None:
    class Characters:
        def encode(self, text: str) -> list[int]:
            return [ord(char) for char in text]

        def piece(self, token: int) -> bytes:
            return chr(token).encode()

    drafter = EditDrafter(Characters(), FILES)
    for part in parts:
        drafter.extend([ord(char) for char in part])
        draft = drafter.propose(most)
        assert len(draft) <= most
        assert all(0 <= token < 0x110000 for token in draft)
