"""Replies of many shapes, and which edits they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qcode.edits import Plan, parse_reply, plan
from qcode.workspace import open_snapshot

FILE = "import os\n\n\ndef one(a):\n    return a + 1\n\n\ndef two(a):\n    return a + 2\n"
SEARCH, REPLACE = "    return a + 2\n", "    return a + 3\n"
WANT = FILE.replace("a + 2", "a + 3")


def planned(root: Path, reply: str, path: str | None = None, **files: str) -> Plan:
    (root / "src").mkdir(exist_ok=True)
    (root / "src" / "m.py").write_text(FILE)
    return plan(open_snapshot(root), parse_reply(reply, path))


def result(root: Path, reply: str, path: str | None = None) -> str:
    made = planned(root, reply, path)
    assert not made.refusals
    (change,) = made.changes
    assert change.path == "src/m.py" and change.after is not None
    return change.after.decode()


def reason(root: Path, reply: str, path: str | None = None) -> str:
    made = planned(root, reply, path)
    assert not made.changes
    return made.refusals[0].reason


BLOCK = f"<<<<<<< SEARCH\n{SEARCH}=======\n{REPLACE}>>>>>>> REPLACE\n"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(f"src/m.py\n{BLOCK}", id="bare"),
        pytest.param(f"**src/m.py**\n\n```python\n{BLOCK}```\n", id="bold, fenced"),
        pytest.param(f"### `src/m.py`:\n```\n{BLOCK}```\n", id="heading"),
        pytest.param(f"File: src/m.py\n{BLOCK}", id="label"),
        pytest.param(f"```python src/m.py\n{BLOCK}```\n", id="path in the fence's line"),
        pytest.param(f"```python:src/m.py\n{BLOCK}```\n", id="path after a colon"),
        pytest.param(f"```python\n# src/m.py\n{BLOCK}```\n", id="path as a comment"),
        pytest.param(f"```\nsrc/m.py\n{BLOCK}```\n", id="path inside the fence"),
        pytest.param(f"Now change `two` in `src/m.py`:\n\n{BLOCK}", id="one path in a sentence"),
        pytest.param(f"./src/m.py\n{BLOCK}", id="dot"),
        pytest.param(f"src\\m.py\n{BLOCK}", id="backslash"),
        pytest.param(f"src/m.py:9\n{BLOCK}", id="line number"),
        pytest.param(f"src/m.py\n{BLOCK}".replace("\n", "\r\n"), id="crlf"),
        pytest.param(f"\ufeffsrc/m.py\n{BLOCK}", id="byte order mark"),
        pytest.param(
            f"src/m.py\n------- SEARCH\n{SEARCH}=======\n{REPLACE}+++++++ REPLACE\n", id="dashes"
        ),
        pytest.param(
            f"src/m.py\n<<<<<<< SEARCH\n:start_line:9\n-------\n{SEARCH}=======\n{REPLACE}>>>>>>> REPLACE\n",
            id="start line",
        ),
        pytest.param(f"src/m.py\n<<<<<<< ORIGINAL\n{SEARCH}=======\n{REPLACE}>>>>>>> UPDATED\n", id="words"),
        pytest.param(f"src/m.py\n<<<<<<< SEARCH\n{SEARCH}======\n{REPLACE}>>>>>> REPLACE\n", id="short marks"),
        pytest.param(
            "1. `src/m.py`\n\n"
            + "".join(f"   {line}\n" for line in ("```python", *BLOCK.splitlines(), "```")),
            id="in a list",
        ),
        pytest.param(f"--- src/m.py\n+++ src/m.py\n@@ -9 +9 @@\n-{SEARCH}+{REPLACE}", id="no a and b"),
        pytest.param(
            f"diff --git a/src/m.py b/src/m.py\nindex 12345ab..6789cde 100644\n--- a/src/m.py\n+++ b/src/m.py\n"
            f"@@ -8,2 +8,2 @@\n def two(a):\n-{SEARCH}+{REPLACE}",
            id="git",
        ),
        pytest.param(
            f"--- a/src/m.py\n+++ b/src/m.py\n@@ -8,2 +8,2 @@\n def two(a):\n-{SEARCH}+{REPLACE}\n"
            "Notes:\n- It adds three now.\n- Tests pass.\n",
            id="bullets after a counted hunk",
        ),
        pytest.param(
            f"*** Begin Patch\n*** Update File: src/m.py\n@@ def two(a):\n-{SEARCH}+{REPLACE}*** End of File\n*** End Patch\n",
            id="patch",
        ),
    ],
)  # fmt: skip
def test_a_reply_lands_whatever_its_shape(tmp_path: Path, reply: str) -> None:
    assert result(tmp_path, reply) == WANT


@pytest.mark.parametrize(
    "value",
    [
        {"path": "src/m.py", "search": SEARCH, "replace": REPLACE},
        {"file_path": "src/m.py", "old_string": "a + 2", "new_string": "a + 3"},
        {"filePath": "src/m.py", "oldString": "+ 2", "newString": "+ 3", "replaceAll": True},
        {"command": "str_replace", "path": "src/m.py", "old_str": SEARCH, "new_str": REPLACE},
        {"path": "src/m.py", "edits": [{"oldText": "def two(a):\n    return a + 2", "newText": "def two(a):\n    return a + 3"}]},
        {"name": "edit", "arguments": {"path": "src/m.py", "search": SEARCH, "replace": REPLACE}},
        {"name": "edit", "arguments": json.dumps({"path": "src/m.py", "search": SEARCH, "replace": REPLACE})},
        {"tool_calls": [{"function": {"name": "e", "arguments": json.dumps({"path": "src/m.py", "old_str": SEARCH, "new_str": REPLACE})}}]},
        [{"type": "tool_use", "name": "Edit", "input": {"file_path": "src/m.py", "old_string": SEARCH, "new_string": REPLACE}}],
        {"path": "src/m.py", "diff": BLOCK},
        {"input": f"*** Begin Patch\n*** Update File: src/m.py\n@@\n-{SEARCH}+{REPLACE}*** End Patch"},
        {"patch": f"--- a/src/m.py\n+++ b/src/m.py\n@@ @@\n-{SEARCH}+{REPLACE}"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```\n", "<tool_call>\n{}\n</tool_call>"])
def test_tool_arguments_are_read(tmp_path: Path, value: Any, around: str) -> None:
    assert result(tmp_path, around.replace("{}", json.dumps(value, indent=1))) == WANT


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"path": "src/m.py", "old_string": "return a", "new_string": "return b"}, "ambiguous"),
        ({"path": "src/m.py", "old_string": "a + 7", "new_string": "a + 8"}, "stale"),
        ({"path": "src/m.py", "insert_line": 3, "new_str": "x = 1\n"}, "malformed"),
        ({"path": "src/m.py", "content": "x = 1\n"}, "exists"),
        ({"old_string": "a + 2", "new_string": "a + 3"}, "missing_file"),
    ],
)
def test_tool_arguments_are_refused(tmp_path: Path, value: Any, why: str) -> None:
    assert reason(tmp_path, json.dumps(value)) == why


def test_text_that_joins_lines_and_every_place(tmp_path: Path) -> None:
    joined = {"path": "src/m.py", "old_string": "os\n\n\ndef", "new_string": "os, re\ndef"}
    assert result(tmp_path, json.dumps(joined)) == FILE.replace("os\n\n\ndef", "os, re\ndef")
    every = {"path": "src/m.py", "old_string": "a", "new_string": "aa", "replace_all": True}
    assert result(tmp_path, json.dumps(every)) == FILE.replace("a", "aa")
    cut = {"path": "src/m.py", "old_string": "import os\n\n\n", "new_string": ""}
    assert result(tmp_path, json.dumps(cut)) == FILE.removeprefix("import os\n\n\n")


@pytest.mark.parametrize("value", [{"command": "view", "path": "src/m.py"}, [1, 2], {"a": {"b": []}}, "x", 3])
def test_other_json_holds_no_edit(value: Any) -> None:
    assert parse_reply(json.dumps(value)) == []


RST = "Title\n=======\n\nOne.\n\nOther\n=======\n\nTwo.\n"


def test_a_headings_underline_is_no_divider(tmp_path: Path) -> None:
    (tmp_path / "d.rst").write_text(RST)
    reply = (
        "d.rst\n<<<<<<< SEARCH\nOther\n=======\n\nTwo.\n=======\nOther\n=======\n\nThree.\n>>>>>>> REPLACE\n"
    )
    (change,) = plan(open_snapshot(tmp_path), parse_reply(reply)).changes
    assert change.after == RST.replace("Two", "Three").encode()
    short = (
        reply.replace("<<<<<<<", "<<<<<").replace(">>>>>>>", ">>>>>").replace("Two.\n=======", "Two.\n=====")
    )
    (change,) = plan(open_snapshot(tmp_path), parse_reply(short)).changes
    assert change.after == RST.replace("Two", "Three").encode()


def test_two_readings_that_both_fit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("  a\n  =======\n  b\n")
    made = plan(
        open_snapshot(tmp_path),
        parse_reply("d.txt\n<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE\n"),
    )
    assert not made.changes and made.refusals[0].reason == "ambiguous"


def test_a_block_without_its_end_swallows_no_other(tmp_path: Path) -> None:
    reply = f"src/m.py\n<<<<<<< SEARCH\nimport os\n=======\nimport re\n\nsrc/m.py\n{BLOCK}"
    assert reason(tmp_path, reply) == "truncated"


def test_a_block_may_hold_marks_of_other_formats(tmp_path: Path) -> None:
    (tmp_path / "t.py").write_text("x = 1\n")
    inner = "*** Begin Patch\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n*** End Patch\n```\n"
    reply = f"t.py\n<<<<<<< SEARCH\nx = 1\n=======\n{inner}>>>>>>> REPLACE\n"
    (change,) = plan(open_snapshot(tmp_path), parse_reply(reply)).changes
    assert change.after == inner.encode()


def test_blocks_after_a_sentence_name_another_file(tmp_path: Path) -> None:
    (tmp_path / "n.py").write_text("y = 1\n")
    reply = f"src/m.py\n{BLOCK}\nAnd in `n.py`:\n\n<<<<<<< SEARCH\ny = 1\n=======\ny = 2\n>>>>>>> REPLACE\n"
    assert planned(tmp_path, reply).changes.paths == ("n.py", "src/m.py")


def test_files_are_renamed(tmp_path: Path) -> None:
    git = (
        "diff --git a/src/m.py b/src/n.py\nsimilarity index 100%\nrename from src/m.py\nrename to src/n.py\n"
    )
    made = planned(tmp_path, git)
    assert {c.path: c.after for c in made.changes} == {"src/m.py": None, "src/n.py": FILE.encode()}
    patch = f"*** Begin Patch\n*** Update File: src/m.py\n*** Move to: src/n.py\n@@\n-{SEARCH}+{REPLACE}*** End Patch\n"
    made = planned(tmp_path, patch)
    assert {c.path: c.after for c in made.changes} == {"src/m.py": None, "src/n.py": WANT.encode()}
    (tmp_path / "src" / "n.py").write_text("taken\n")
    assert reason(tmp_path, patch) == "exists"


def test_git_creates_and_removes_empty_files(tmp_path: Path) -> None:
    made = planned(tmp_path, "diff --git a/e.py b/e.py\nnew file mode 100644\nindex 0000000..e69de29\n")
    assert {c.path: c.after for c in made.changes} == {"e.py": b""}
    assert (
        reason(tmp_path, "diff --git a/src/m.py b/src/m.py\nBinary files a/src/m.py and b/src/m.py differ\n")
        == "malformed"
    )


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(f"```diff\n--- a/src/m.py\n+++ b/src/m.py\n@@ -8,2 +8,3 @@\n def two(a):\n-{SEARCH}", id="fence stays open"),
        pytest.param("```diff\n--- a/src/m.py\n+++ b/src/m.py\n@@ @@\n def two(a):\n-    return a + 2\n", id="no counts"),
        pytest.param("--- a/src/m.py\n+++ b/src/m.py\n@@ -1,3 +1,2 @@\n-import os\n \n@@ -8,2 +8,3 @@\n def two(a):\n", id="nothing acts yet"),
        pytest.param("--- a/src/m.py\n+++ b/src/m.py\n@@ -1,2 +1,3 @@\n-import os\n+import re\n+impo", id="ends inside a line"),
        pytest.param(f"--- a/src/m.py\n+++ b/src/m.py\n@@ -1,2 +1,1 @@\n-import os\n \n@@ -8,2 +8,2 @@\n def two(a):\n-{SEARCH}", id="counts were right before"),
    ],
)  # fmt: skip
def test_a_diff_that_broke_off_changes_nothing(tmp_path: Path, reply: str) -> None:
    assert reason(tmp_path, reply) == "truncated"


def test_a_new_file_beside_blocks_is_made_and_an_illustration_is_not_applied(tmp_path: Path) -> None:
    reply = f"src/m.py\n{BLOCK}\n`src/new.py`\n```python\nx = 1\n```\n\nsrc/m.py\n```python\ndef two(a): ...\n```\n"
    made = planned(tmp_path, reply)
    assert {c.path: c.after for c in made.changes} == {"src/m.py": WANT.encode(), "src/new.py": b"x = 1\n"}


def test_a_document_may_hold_fences(tmp_path: Path) -> None:
    body = "# T\n\n```sh\nrun\n```\n\nend\n"
    (change,) = plan(open_snapshot(tmp_path), parse_reply(f"`d.md`\n```markdown\n{body}```\n")).changes
    assert change.after == body.encode()


def test_a_new_file_without_plus_signs_is_taken_as_it_is(tmp_path: Path) -> None:
    reply = "*** Begin Patch\n*** Add File: n.md\n# T\n\n- one\n  - two\n*** End Patch\n"
    (change,) = plan(open_snapshot(tmp_path), parse_reply(reply)).changes
    assert change.after == b"# T\n\n- one\n  - two\n"
    mixed = reply.replace("# T", "+# T")
    assert plan(open_snapshot(tmp_path), parse_reply(mixed)).refusals[0].reason == "malformed"


def test_text_that_cannot_be_encoded_is_refused(tmp_path: Path) -> None:
    (tmp_path / "l.txt").write_bytes("grün\nrot\n".encode("latin-1"))
    reply = "l.txt\n<<<<<<< SEARCH\nrot\n=======\n→\n>>>>>>> REPLACE\n"
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.changes and made.refusals[0].reason == "encoding"


def test_an_insertion_that_is_there_already_is_not_made_twice(tmp_path: Path) -> None:
    for search, replace in (
        ("import os\n", "import os\nimport re\n"),
        ("import re\n", "import os\nimport re\n"),
    ):
        (tmp_path / "i.py").write_text("import os\nimport re\n")
        reply = f"i.py\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"
        made = plan(open_snapshot(tmp_path), parse_reply(reply))
        assert not made.changes and made.refusals[0].reason == "already_applied"


def test_html_escapes_without_proof_are_refused(tmp_path: Path) -> None:
    reply = "src/m.py\n<<<<<<< SEARCH\nimport os\n=======\nimport os\nok = 1 &lt; 2\n>>>>>>> REPLACE\n"
    assert reason(tmp_path, reply) == "encoding"


def test_a_long_block_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The last rung walked by recursion: a thousand lines were too many for it."""
    lines = [f"x{n} = {n}" for n in range(3000)]
    (tmp_path / "big.py").write_text("\n".join(lines) + "\n")
    lines[2500] = "y = 0"
    search = "\n".join(lines[:2990])
    reply = f"big.py\n<<<<<<< SEARCH\n{search}\n=======\nz = 1\n>>>>>>> REPLACE\n"
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.changes and made.refusals[0].reason == "stale"


def test_what_is_left_out_before_a_removed_blank_line_is_no_guess(tmp_path: Path) -> None:
    """Found by the fuzz: the removed blank line had no place, and the applier failed on it."""
    (tmp_path / "g.py").write_text("a = 1\nb = 2\nc = 3\n\nd = 4\n\ne = 5\n")
    reply = "*** Begin Patch\n*** Update File: g.py\n@@\n a = 1\n b = 2\n-c = 3\n+c = 4\n...\n-\n+\n \n*** End Patch\n"
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    assert not made.changes and made.refusals


def test_surplus_blank_lines_at_the_ends_of_a_block_do_not_count(tmp_path: Path) -> None:
    for search, replace in ((f"\n{SEARCH}", f"\n{REPLACE}"), (f"{SEARCH}\n\n", f"{REPLACE}\n\n")):
        reply = f"src/m.py\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"
        assert result(tmp_path, reply) == WANT
    # Beside new lines they say where those go.
    reply = "src/m.py\n<<<<<<< SEARCH\ndef two(a):\n\n=======\ndef two(a):\n    a += 1\n\n>>>>>>> REPLACE\n"
    assert reason(tmp_path, reply) == "stale"


@pytest.mark.parametrize(
    ("search", "replace", "want"),
    [
        pytest.param("def f():\n  x = 1\n", "def f():\n  if y:\n    x = 1\n", "def f():\n    if y:\n        x = 1\n", id="two for four"),
        pytest.param("x = 1\n", "if y:\n    x = 1\n", "def f():\n    if y:\n        x = 1\n", id="whole steps"),
        pytest.param("x = 1\n", "if y:\n  x = 1\n", None, id="half a step"),
        pytest.param("  x = 1\n", "  if y:\n   x = 1\n", None, id="another step"),
    ],
)  # fmt: skip
def test_indentation_follows_from_what_is_known_or_is_refused(
    tmp_path: Path, search: str, replace: str, want: str | None
) -> None:
    (tmp_path / "i.py").write_text("def f():\n    x = 1\n")
    reply = f"i.py\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"
    made = plan(open_snapshot(tmp_path), parse_reply(reply))
    if want is None:
        assert not made.changes and made.refusals[0].reason == "stale"
    else:
        (change,) = made.changes
        assert change.after == want.encode()


DRAFT = "<<<<<<< SEARCH\nimport os\n=======\nimport sys\n>>>>>>> REPLACE\n"


@pytest.mark.parametrize(
    "thought",
    [
        f"<think>\nMaybe src/m.py\n{DRAFT}\nNo.\n</think>\n",
        f"src/m.py\n{DRAFT}\nNo.\n</think>\n",
        "<think>\nMaybe:\n<<<<<<< SEARCH\nimport\n</think>\n",
        "<think>short</think>\n",
    ],
)
def test_drafts_in_thoughts_are_no_edits_unless_there_are_no_others(tmp_path: Path, thought: str) -> None:
    assert result(tmp_path, f"{thought}\nsrc/m.py\n{BLOCK}") == WANT


def test_a_thought_that_is_all_there_is_is_read(tmp_path: Path) -> None:
    assert result(tmp_path, f"<think>\nsrc/m.py\n{BLOCK}") == WANT
    assert result(tmp_path, f"src/m.py\n{BLOCK}</think>\nDone.\n") == WANT


def test_a_file_about_thoughts_can_be_edited(tmp_path: Path) -> None:
    (tmp_path / "t.jinja").write_text("a\n</think>\nb\n")
    reply = "t.jinja\n<<<<<<< SEARCH\n</think>\nb\n=======\n<think>\n</think>\nc\n>>>>>>> REPLACE\n"
    (change,) = plan(open_snapshot(tmp_path), parse_reply(reply)).changes
    assert change.after == b"a\n<think>\n</think>\nc\n"


def test_a_thought_ends_once_and_a_stray_mark_drops_no_edit(tmp_path: Path) -> None:
    """Found by the fuzz: the first of two blocks was dropped, and half a reply applied."""
    (tmp_path / "n.py").write_text("y = 1\n")
    other = "n.py\n<<<<<<< SEARCH\ny = 1\n=======\ny = 2\n>>>>>>> REPLACE\n"
    for stray in (f"<think>\nHm.\n</think>\nsrc/m.py\n{BLOCK}</think>\n{other}",
                  f"<think>\nHm.\n</think>\n```\nsrc/m.py\n{BLOCK}</think>\n```\n{other}",
                  f"```\nsrc/m.py\n{BLOCK}</think>\n```\n{other}"):  # fmt: skip
        assert planned(tmp_path, stray).changes.paths == ("n.py", "src/m.py")


def test_a_diff_that_ends_in_the_middle_of_much_is_cut(tmp_path: Path) -> None:
    """Cut at a line's end, and applicable: only the header tells that most of it is missing."""
    (tmp_path / "m.py").write_text("def f():\n    pass\n")
    new = "".join(f"+    step_{n}()\n" for n in range(10))
    diff = f"--- a/m.py\n+++ b/m.py\n@@ -1,2 +1,41 @@\n def f():\n-    pass\n{new}"
    made = plan(open_snapshot(tmp_path), parse_reply(diff))
    assert [refusal.reason for refusal in made.refusals] == ["truncated"]
    miscounted = diff.replace("+1,41", "+1,13")
    assert plan(open_snapshot(tmp_path), parse_reply(miscounted)).changes
