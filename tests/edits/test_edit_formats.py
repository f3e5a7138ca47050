from __future__ import annotations

from pathlib import Path

import pytest

from qcode.edits import parse_reply, plan
from qcode.workspace import open_snapshot

OLD = "def f():\n    a = 1\n    b = 2\n    return a\n\n\ndef g():\n    a = 1\n    c = 3\n    return a\n"
NEW = OLD.replace("    b = 2\n", "    b = 3\n    bb = 4\n").replace("    c = 3\n", "")

FIRST = " def f():\n     a = 1\n-    b = 2\n+    b = 3\n+    bb = 4\n     return a\n"
SECOND = " def g():\n     a = 1\n-    c = 3\n     return a\n"
NAMES = "--- a/m.py\n+++ b/m.py\n"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(f"{NAMES}@@ -1,4 +1,5 @@\n{FIRST}@@ -7,4 +8,3 @@\n{SECOND}", id="right"),
        pytest.param(f"{NAMES}@@ -1,9 +1,2 @@\n{FIRST}@@ -7,1 +8,30 @@\n{SECOND}", id="wrong counts"),
        pytest.param(f"{NAMES}@@ ... @@\n{FIRST}@@ ... @@\n{SECOND}", id="no numbers"),
        pytest.param(f"{NAMES}@@\n{FIRST}@@\n{SECOND}", id="bare"),
        pytest.param(f"{NAMES}@@ -90,4 +1,5 @@\n{FIRST}@@ -3,4 +8,3 @@\n{SECOND}", id="wrong starts"),
        pytest.param(f"{NAMES}@@ -7,4 +8,3 @@\n{SECOND}@@ -1,4 +-1,5 @@\n{FIRST}", id="disorder, odd header"),
        pytest.param(f"Here it is:\n\n```diff\n{NAMES}@@ @@\n{FIRST}@@ @@\n{SECOND}```\nDone.\n", id="fenced"),
        pytest.param(f"{NAMES}@@ @@\n{FIRST}@@ @@\n{SECOND}\nThis should do.\n", id="prose after"),
        pytest.param(f"{NAMES}@@ @@\n{FIRST}@@ @@\n{SECOND.replace('     a', '    a')}", id="context lost its tag"),
        pytest.param(f"{NAMES}@@ @@\n{FIRST}@@ @@\n{SECOND.replace(' def', 'def')}", id="context without a tag"),
        pytest.param(
            f"*** Begin Patch\n*** Update File: m.py\n@@\n{FIRST}@@ def g():\n{SECOND}*** End Patch\n", id="patch"
        ),
        pytest.param(
            "m.py\n```python\n<<<<<<< SEARCH\n    b = 2\n=======\n    b = 3\n    bb = 4\n>>>>>>> REPLACE\n```\n"
            "and\n\n`m.py`\n<<<<<<< SEARCH\n    c = 3\n=======\n>>>>>>> REPLACE\n",
            id="blocks",
        ),
    ],
)  # fmt: skip
def test_every_format_gives_the_same_file(tmp_path: Path, reply: str) -> None:
    (tmp_path / "m.py").write_text(OLD)
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.refusals
    (change,) = made.changes
    assert change.after is not None and change.after.decode() == NEW


TWICE = "-    return a\n+    return 0\n"


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (f"{NAMES}@@ -10,1 +10,1 @@\n{TWICE}", 10),
        (f"{NAMES}@@ -4,1 +4,1 @@\n{TWICE}", 4),
        (f"*** Begin Patch\n*** Update File: m.py\n@@ def g():\n{TWICE}*** End Patch\n", 10),
        (f"{NAMES}@@ -5,1 +5,1 @@\n{TWICE}", None),
        (f"{NAMES}@@ -9,1 +9,1 @@\n-    b = 2\n+    b = 5\n@@ -4,1 +4,1 @@\n{TWICE}", None),
    ],
)
def test_numbers_and_names_only_break_ties_and_only_while_they_are_right(
    tmp_path: Path, reply: str, line: int | None
) -> None:
    (tmp_path / "m.py").write_text(OLD)
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    if line is None:
        assert not made.changes and made.refusals[0].reason == "ambiguous"
        return
    (change,) = made.changes
    assert change.after is not None
    assert change.after.decode().splitlines()[line - 1] == "    return 0"


@pytest.mark.parametrize(
    "reply",
    [
        "m.py\n<<<<<<< SEARCH\n    b = 2\n=======\n    b = 3\n",
        "m.py\n<<<<<<< SEARCH\n    b = 2\n",
        f"*** Begin Patch\n*** Update File: m.py\n@@\n{FIRST}",
    ],
)
def test_what_was_cut_off_changes_nothing(tmp_path: Path, reply: str) -> None:
    (tmp_path / "m.py").write_text(OLD)
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.changes
    assert made.refusals[0].reason == "truncated"


def test_files_are_added_and_removed(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(OLD)
    reply = "*** Begin Patch\n*** Add File: new/n.py\n+x = 1\n*** Delete File: m.py\n*** End Patch\n"
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert {c.path: c.after for c in made.changes} == {"m.py": None, "new/n.py": b"x = 1\n"}


@pytest.mark.parametrize("reply", ["", "No change is needed.", "```python\nprint(1)\n```\n"])
def test_prose_and_code_without_markers_are_no_edits(reply: str) -> None:
    assert parse_reply(reply) == []


def test_a_fence_under_a_path_creates_a_file_and_overwrites_none(tmp_path: Path) -> None:
    reply = "A new file:\n\n`pkg/new.py`\n```python\nx = 1\n```\n"
    (change,) = plan(open_snapshot(tmp_path), parse_reply(reply)).changes
    assert (change.path, change.before, change.after) == ("pkg/new.py", None, b"x = 1\n")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "new.py").write_text("y = 2\n")
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.changes and made.refusals[0].reason == "exists"
    cut = plan(open_snapshot(tmp_path), parse_reply(reply.removesuffix("```\n")))
    assert cut.refusals[0].reason == "truncated"


def test_half_a_diff_never_passes_for_the_whole(tmp_path: Path) -> None:
    """The diff library drops hunks whose header it cannot read, and says nothing."""
    (tmp_path / "m.py").write_text(OLD)
    odd = f"{NAMES}@@ -1,4 +1,5 @@\n{FIRST}@@ -7,4 +-8,3 @@\n{SECOND}"
    (change,) = plan(open_snapshot(tmp_path), parse_reply(odd)).changes
    assert change.after is not None and change.after.decode() == NEW


def test_fences_and_bullets_inside_a_hunk_belong_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "m.md").write_text("# T\n```sh\nrun\n```\nindex = 1\n- one\n")
    reply = "--- a/m.md\n+++ b/m.md\n@@ @@\n # T\n ```sh\n-run\n+walk\n ```\n index = 1\n-- one\n+- two\n"
    (change,) = plan(open_snapshot(tmp_path), parse_reply(reply)).changes
    assert change.after == b"# T\n```sh\nwalk\n```\nindex = 1\n- two\n"


def test_a_shift_that_may_be_a_lost_tag_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "m.c").write_text("/*\n * one\n * two\n */\n")
    reply = "--- a/m.c\n+++ b/m.c\n@@ @@\n * one\n+* new\n * two\n"
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.changes and made.refusals[0].reason == "stale"
