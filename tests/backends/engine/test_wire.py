"""What goes over the engine's socket comes out as it went in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qcode.backends.engine import wire
from qcode.messages import Anchor, Calls, Message, Request, Window

LINES = Window.whole("a.py", ("x = 1", "y = 2"))


@pytest.mark.parametrize(
    ("constraint", "calls"),
    [
        (None, None),
        ({"type": "object", "properties": {"anchor": {"type": "string"}}}, None),
        (None, Calls()),
        (None, Calls(Anchor("edit", "path", "search", (LINES,)), required=True, most=1)),
    ],
)
def test_a_request_comes_out_as_it_went_in(constraint: dict[str, Any] | None, calls: Calls | None) -> None:
    request = Request((Message("user", "hello"),), constraint=constraint, calls=calls)
    sent = json.dumps({"qcode": {"request": wire.request_out(request)}})
    assert wire.request_in(json.loads(sent)) == request
