from __future__ import annotations

from pathlib import Path

import pytest

from qcode.edits import Abort, EditStream, Landed, Preview, parse_reply, plan
from qcode.workspace import open_snapshot

FILE = (
    "import os\n\n\ndef one(a):\n    x = a\n    return x + 1\n\n\ndef two(a):\n    x = a\n    return x + 2\n"
)


def stream(root: Path) -> EditStream:
    (root / "m.py").write_text(FILE)
    return EditStream(open_snapshot(root))


@pytest.mark.smoke
def test_places_shrink_with_every_line_and_the_preview_comes_with_the_divider(tmp_path: Path) -> None:
    watched = stream(tmp_path)
    left = []
    for piece in (
        "Here:\n\nm.py\n<<<<<<< SEARCH\n",
        "\n",
        "\n",
        "def two(a):\n",
        "    x = a\n    return x + 2\n",
    ):
        assert watched.feed(piece) == []
        left.append(watched.candidates)
    assert left == [None, None, None, 1, 1]
    (preview,) = watched.feed("=======\n")
    assert preview == Preview("m.py", 7, 11, ("", "", "def two(a):", "    x = a", "    return x + 2"))
    (landed,) = watched.feed("\n\ndef two(a):\n    return a\n>>>>>>> REPLACE\n")
    assert isinstance(landed, Landed) and landed.edit.path == "m.py"
    (change,) = watched.close().changes
    assert change.after is not None and change.after.decode().endswith("def two(a):\n    return a\n")


def test_several_places_become_fewer(tmp_path: Path) -> None:
    watched = stream(tmp_path)
    watched.feed("m.py\n<<<<<<< SEARCH\n    x = a\n")
    assert watched.candidates == 2
    watched.feed("    return x + 2\n")
    assert watched.candidates == 1


@pytest.mark.parametrize(
    ("reply", "why", "after"),
    [
        ("m.py\n<<<<<<< SEARCH\ndef two(b):\n", "stale", 3),
        ("m.py\n<<<<<<< SEARCH\ndef two(a):\n    y = a\n", "stale", 4),
        ("m.py\n<<<<<<< SEARCH\n    x = a\n=======\n", "ambiguous", 4),
        ("n.py\n<<<<<<< SEARCH\n    x = a\n", "missing_file", 3),
        ("<<<<<<< SEARCH\n    x = a\n", "missing_file", 2),
        ("--- a/m.py\n+++ b/m.py\n@@ -9,2 +9,2 @@\n def two(a):\n-    y = a\n", "stale", 5),
        ("*** Begin Patch\n*** Update File: m.py\n@@\n def two(a):\n-    y = a\n", "stale", 5),
    ],
)  # fmt: skip
def test_what_can_match_nothing_is_given_up_at_that_line(
    tmp_path: Path, reply: str, why: str, after: int
) -> None:
    watched = stream(tmp_path)
    lines = reply.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        events = watched.feed(line)
        assert any(isinstance(event, Abort) for event in events) == (number == after)
    assert watched.feed("more\n") == []
    made = watched.close()
    assert not made.changes and [r.reason for r in made.refusals] == [why]


@pytest.mark.parametrize(
    "search",
    [
        "def two(a):\n  x = a\n",
        "9\tdef two(a):\n10\t    x = a\n11\t    return x + 2\n",
        "def one(a):\n...\ndef two(a):\n    x = a\n    return x + 2\n",
        "def two(a):   \n    x = a\n\n",
    ],
)  # fmt: skip
def test_what_the_ladder_may_still_take_is_not_given_up(tmp_path: Path, search: str) -> None:
    watched = stream(tmp_path)
    assert not any(isinstance(e, Abort) for e in watched.feed(f"m.py\n<<<<<<< SEARCH\n{search}=======\n"))


def test_a_cut_stream_changes_nothing_even_after_a_whole_block(tmp_path: Path) -> None:
    block = "m.py\n<<<<<<< SEARCH\nimport os\n=======\nimport re\n>>>>>>> REPLACE\n"
    watched = stream(tmp_path)
    watched.feed(block + "And now\n")
    made = watched.close(cut=True)
    assert not made.changes and made.refusals[0].reason == "truncated"
    watched = stream(tmp_path)
    watched.feed("No edit so far")
    assert watched.close(cut=True).refusals == ()
    whole = stream(tmp_path)
    whole.feed(block)
    assert whole.close(cut=False).changes


def test_a_divider_that_may_be_the_files_own_line_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text("One\n=======\n\nOne\n=======\nend\n")
    reply = "d.md\n<<<<<<< SEARCH\nOne\n=======\nend\n=======\nTwo\n=======\nend\n>>>>>>> REPLACE\n"
    watched = EditStream(open_snapshot(tmp_path))
    assert not any(isinstance(e, Abort) for e in watched.feed(reply))
    (change,) = watched.close().changes
    assert change.after == b"One\n=======\n\nTwo\n=======\nend\n"


def test_hunks_of_diffs_are_previewed_when_the_next_one_begins(tmp_path: Path) -> None:
    watched = stream(tmp_path)
    first = "--- a/m.py\n+++ b/m.py\n@@ @@\n def one(a):\n-    x = a\n+    y = a\n"
    assert watched.feed(first) == []
    (preview,) = watched.feed("@@ @@\n")
    assert preview == Preview("m.py", 4, 5, ("def one(a):", "    x = a"))


READ = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n"


@pytest.mark.parametrize(
    ("live", "want"),
    [
        pytest.param(READ, READ.replace("b = 2", "b = 9"), id="as it was"),
        pytest.param("new\n" + READ, "new\n" + READ.replace("b = 2", "b = 9"), id="moved down"),
        pytest.param(READ.replace("e = 5", "e = 6"), "a = 1\nb = 9\nc = 3\nd = 4\ne = 6\n", id="changed elsewhere"),
        pytest.param(READ.replace("\n", "\r\n"), READ.replace("b = 2", "b = 9").replace("\n", "\r\n"), id="line ends"),
        pytest.param("b = 2\n" + READ, "b = 2\n" + READ.replace("b = 2", "b = 9"), id="a second place since"),
        pytest.param(READ.replace("b = 2", "b = 3"), None, id="the line itself"),
        pytest.param(READ.replace("c = 3", "c = 4"), None, id="the line beside it"),
        pytest.param(READ.replace("b = 2\n", ""), None, id="the line is gone"),
        pytest.param(READ.replace("b = 2", "b = 9"), "already_applied", id="done by someone else"),
    ],
)  # fmt: skip
def test_an_edit_of_what_was_read_is_carried_over(tmp_path: Path, live: str, want: str | None) -> None:
    (tmp_path / "v.py").write_bytes(live.encode())
    edits = parse_reply("v.py\n<<<<<<< SEARCH\nb = 2\n=======\nb = 9\n>>>>>>> REPLACE\n")
    made = plan(open_snapshot(tmp_path), edits, {"v.py": READ.encode()})
    if want in (None, "already_applied"):
        assert not made.changes and made.refusals[0].reason == (want or "moved")
    else:
        (change,) = made.changes
        assert want is not None and change.after == want.encode()


def test_a_file_that_moved_is_not_removed_or_overwritten(tmp_path: Path) -> None:
    (tmp_path / "v.py").write_text(READ + "f = 6\n")
    edits = parse_reply("*** Begin Patch\n*** Delete File: v.py\n*** End Patch\n")
    made = plan(open_snapshot(tmp_path), edits, {"v.py": READ.encode()})
    assert not made.changes and made.refusals[0].reason == "moved"
