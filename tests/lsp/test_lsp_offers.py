"""Which comments are requests."""

from __future__ import annotations

import pytest
from qcode_lsp.actions import request_in


@pytest.mark.parametrize(
    "line",
    [
        "# qcode: rename a to b",
        "    // qcode: rename a to b  ",
        "/* qcode: rename a to b */",
        "/// qcode: rename a to b",
        "-- QCODE: rename a to b",
        "<!-- qcode: rename a to b -->",
        ";; qcode:rename a to b\r\n",
    ],
)
def test_comments_that_ask(line: str) -> None:
    assert request_in(f"x\n{line}", 1, 1) == "rename a to b"


@pytest.mark.parametrize(
    "line", ["qcode: rename a to b", "# rename a to b", "x = 1  # qcode: x", "# qcode:", ""]
)
def test_lines_that_do_not(line: str) -> None:
    assert request_in(line, 0, 0) == ""


def test_only_the_selected_lines_count() -> None:
    text = "# qcode: one\n# qcode: two\n"
    assert request_in(text, 1, 1) == "two"
    assert request_in(text, 0, 1) == "one"
    assert request_in(text, 5, 9) == ""
