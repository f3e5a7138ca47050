from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from qcode.edits import Refusal, gate, parse_reply, plan
from qcode.edits.limits import Limits
from qcode.edits.refusals import Reason
from qcode.messages import Change, ChangeSet
from qcode.workspace import open_snapshot

FILE = "def one(a):\n    return a + 1\n\n\ndef two(a):\n    return a + 1\n"


def block(search: str, replace: str, path: str = "m.py") -> str:
    return f"{path}\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


def refused(root: Path, reply: str, content: str | bytes = FILE, **options: Limits) -> Refusal:
    (root / "m.py").write_bytes(content.encode() if isinstance(content, str) else content)
    made = plan(open_snapshot(root), parse_reply(reply), **options)
    refusals = list(made.refusals) or gate(made.changes)
    assert refusals
    return refusals[0]


CASES: list[tuple[Reason, str, str | bytes]] = [
    ("ambiguous", block("    return a + 1\n", "x\n"), FILE),
    ("stale", block("def two(b):\n    return a + 1\n", "x\n"), FILE),
    ("already_applied", block("    return 9\n", "def two(a):\n"), FILE),
    ("truncated", "m.py\n<<<<<<< SEARCH\ndef two(a):\n=======\n", FILE),
    ("syntax", block("def two(a):\n", "def two(a:\n"), FILE),
    ("syntax", block("def two(a):\n", "def two(a):\npass\n"), FILE),
    ("protected", block("x\n", "y\n", ".git/config"), FILE),
    ("protected", block("x\n", "y\n", "../m.py"), FILE),
    ("placeholder", block("def two(a):\n", "def two(a):\n    # ... rest of the code\n"), FILE),
    ("empty", block("\n", "x\n"), FILE),
    ("missing_file", block("x\n", "y\n", "n.py"), FILE),
    ("exists", block("", "y\n"), FILE),
    ("undecodable", block("x\n", "y\n"), b"x\n\0"),
    ("conflict", block("def two(a):\n", "x\n") + block("def two(a):\n", "y\n"), FILE),
    ("encoding", block("# x\n", "# →\n"), b"# \xfc\n# x\n"),
    ("encoding", block("# x\n", "# \udc80\n"), "# x\n"),
    ("encoding", block("# x\n", "# \0\n"), "# x\n"),
    ("malformed", '{"path": "m.py", "insert_line": 2, "new_str": "x"}', FILE),
]


@pytest.mark.parametrize(("reason", "reply", "content"), CASES)
def test_every_refusal_has_its_reason_and_words_for_all_three(
    tmp_path: Path, reason: Reason, reply: str, content: str | bytes
) -> None:
    refusal = refused(tmp_path, reply, content)
    assert refusal.reason == reason
    assert refusal.message and refusal.path
    first, second = refusal.for_person.splitlines()
    assert first and second.startswith("  ")
    value = json.loads(json.dumps(refusal.as_json()))
    assert value["reason"] == reason and value["message"] == refusal.message


def test_limits_are_refusals(tmp_path: Path) -> None:
    two = block("def one(a):\n", "def on(a):\n") + block("def two(a):\n", "def tw(a):\n")
    assert refused(tmp_path, two, limits=Limits(hunks=1)).reason == "too_large"
    assert refused(tmp_path, two + block("", "x\n", "n.py"), limits=Limits(files=1)).reason == "too_large"
    assert refused(tmp_path, two, limits=Limits(file_bytes=20)).reason == "too_large"


def test_no_reason_is_without_words() -> None:
    for reason in get_args(Reason):
        assert Refusal("m.py", reason, "No.").for_person.count("\n") == 1


def test_the_model_reads_line_numbers_and_real_lines(tmp_path: Path) -> None:
    assert refused(tmp_path, CASES[0][1]).lines == (2, 6)
    stale = refused(tmp_path, block("def two(a):\n    return a + 2\n", "x\n"))
    assert stale.real == ((5, "def two(a):"), (6, "    return a + 1"))
    assert stale.message.endswith("\n5\tdef two(a):\n6\t    return a + 1")


@pytest.mark.parametrize(
    "line",
    [
        "# ... rest of the code", "// ... existing code ...", "# rest of the function remains unchanged", "/* ... */",
        "{/* ... existing JSX ... */}", "<!-- rest of the page -->", "# [rest of file unchanged]", "# ...",
        "# Keep the existing code", "# other methods remain the same", "// remaining methods here", "# your code here",
        "-- ... other columns", "# … rest of the implementation …", "# existing imports", "// same as before",
        "# unchanged code", "# The rest of the file stays the same", "# ... other fields ...",
    ],
)  # fmt: skip
def test_placeholders_are_code_that_is_not_there(line: str) -> None:
    change = Change("m.rb", b"one\n", f"one\n    {line}\n".encode())
    assert [r.reason for r in gate(ChangeSet.of([change]))] == ["placeholder"]
    kept = Change("m.rb", f"    {line}\n".encode(), f"one\n    {line}\n".encode())
    assert gate(ChangeSet.of([kept])) == []


@pytest.mark.parametrize(
    "line",
    [
        "...", "x = ...", "# Other methods", "# the remaining functions are slow", "# Same logic as above for Perl",
        "# Keep existing (user-provided) names", "# restore the file", "# existing users are not asked", "#     ...",
    ],
)  # fmt: skip
def test_comments_that_only_sound_like_placeholders_pass(line: str) -> None:
    assert gate(ChangeSet.of([Change("m.rb", b"one\n", f"one\n    {line}\n".encode())])) == []


def test_a_file_about_edits_may_hold_their_marks() -> None:
    mark = b"<<<<<<< SEARCH\n"
    assert gate(ChangeSet.of([Change("m.c", b"x\n", b"x\n" + mark)]))[0].reason == "conflict"
    assert gate(ChangeSet.of([Change("m.c", mark + b"x\n", mark + b"y\n*** End Patch\n")])) == []


def test_a_template_that_never_parsed_is_not_judged_by_its_grammar() -> None:
    template = b"---\nlayout: raw\n---\n{% include data.js %}\nlet a = 1\n"
    more = template + b"{% include more.js %}\n{% for x in y %}\n"
    assert gate(ChangeSet.of([Change("site/plot.js", template, more)])) == []
    broken = gate(ChangeSet.of([Change("plot.js", b"let a = 1\n", b"let a = (1\n")]))
    assert [refusal.reason for refusal in broken] == ["syntax"]
