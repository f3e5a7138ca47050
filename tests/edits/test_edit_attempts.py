from __future__ import annotations

from pathlib import Path

import pytest

from qcode.edits import Attempts, Refusal, plan, region_edit
from qcode.edits.refusals import Reason
from qcode.workspace import open_snapshot

SHORT = b"".join(b"a%d\n" % n for n in range(30))
MIDDLE = b"".join(b"a%d\n" % n for n in range(300))
LONG = b"".join(b"a%d\n" % n for n in range(3000))


def no(path: str = "m.py", line: int = 0, reason: Reason = "stale") -> Refusal:
    return Refusal(path, reason, "No.", (line,) if line else ())


@pytest.mark.parametrize(
    ("content", "methods"),
    [
        (SHORT, ["edit", "whole", "whole", "stop", "stop"]),
        (MIDDLE, ["edit", "region", "region", "whole", "whole", "stop", "stop"]),
        (LONG, ["edit", "region", "region", "stop", "stop"]),
        (b"\0\0", ["edit", "stop", "stop"]),
    ],
)
def test_two_refusals_change_the_method(content: bytes, methods: list[str]) -> None:
    attempts = Attempts()
    assert [attempts.refused(no(), content).method for _ in methods] == methods


def test_the_text_is_inlined_around_the_line_in_question() -> None:
    attempts = Attempts()
    attempts.refused(no(line=2000), LONG)
    following = attempts.refused(no(line=2000), LONG)
    assert following.changed and following.first <= 2000 <= following.last
    assert following.lines == tuple(f"a{n}" for n in range(following.first - 1, following.last))
    again = attempts.refused(no(line=2999), LONG)
    assert again.method == "region" and not again.changed and again.last == 3000


def test_success_opens_everything_and_files_do_not_share_their_refusals() -> None:
    attempts = Attempts()
    attempts.refused(no(), SHORT)
    assert attempts.refused(no("n.py"), SHORT).method == "edit"
    attempts.landed("m.py")
    assert attempts.refused(no(), SHORT).method == "edit"
    for _ in range(5):
        assert attempts.refused(no("o.py", reason="already_applied"), SHORT).method == "edit"


def test_a_region_is_written_anew_at_its_place(tmp_path: Path) -> None:
    content = b"x = 1\n" * 10
    (tmp_path / "m.py").write_bytes(content)
    edit = region_edit("m.py", content, 4, 6, "x = 1\ny = 2\nx = 1\n")
    (change,) = plan(open_snapshot(tmp_path), [edit]).changes
    assert change.after == b"x = 1\n" * 4 + b"y = 2\n" + b"x = 1\n" * 5
    with pytest.raises(ValueError, match="no lines 9 to 11"):
        region_edit("m.py", content, 9, 11, "x")


def test_a_region_of_a_file_that_moved_goes_where_its_lines_are_now(tmp_path: Path) -> None:
    content = b"x = 1\n" * 10
    (tmp_path / "m.py").write_bytes(b"new\n" + content)
    edit = region_edit("m.py", content, 4, 6, "y\n")
    (change,) = plan(open_snapshot(tmp_path), [edit], {"m.py": content}).changes
    assert change.after == b"new\n" + b"x = 1\n" * 3 + b"y\n" + b"x = 1\n" * 4
