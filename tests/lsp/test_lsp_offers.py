"""Which comments are requests."""

from __future__ import annotations

import pytest
from qcode_lsp.comment_requests import request_of


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
    assert request_of([line]) == "rename a to b"


@pytest.mark.parametrize(
    "line", ["qcode: rename a to b", "# rename a to b", "x = 1  # qcode: x", "# qcode:", ""]
)
def test_lines_that_do_not(line: str) -> None:
    assert request_of([line]) == ""


def test_the_first_request_counts() -> None:
    assert request_of(["x", "# qcode: one\n", "# qcode: two\n"]) == "one"
    assert request_of([]) == ""
