"""Files that are too large to be taken apart: what their added lines tell is told all the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from qcode.review import excerpts, review
from qcode.review.excerpts import excerpt

LINE = "x = 'some data, and some more of it'\n"
LARGE = LINE * 40_000
MARKED = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> topic\n"
SAID = "large.py: larger than 1 MB, but for its added lines"


def git(root: Path, *args: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "large.py").write_text(LARGE)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


@pytest.mark.parametrize("source", ["staged", "worktree"])
def test_conflict_markers_are_found_in_new_files_of_any_size(root: Path, source: str) -> None:
    for name, size in (("new.csv", 2_000_000), ("huge.csv", 12_000_000)):
        text = LINE * (size // len(LINE))
        (root / name).write_text(text + MARKED + text)
    if source == "staged":
        git(root, "add", "-A")
    found = [f for f in review(root, source).findings if f.severity == "block"]
    assert [(f.path, f.rule, f.quote) for f in found] == [
        (name, "conflict-marker", quote)
        for name in ("huge.csv", "new.csv")
        for quote in ("<<<<<<< HEAD", ">>>>>>> topic")
    ]
    first, second = 12_000_000 // len(LINE), 2_000_000 // len(LINE)
    assert [f.line for f in found] == [first + 1, first + 5, second + 1, second + 5]


@pytest.mark.parametrize("source", ["staged", "worktree"])
def test_what_one_line_tells_is_found_in_the_added_lines_of_a_large_file(root: Path, source: str) -> None:
    key = "ghp_" + "a1B2" * 9
    (root / "large.py").write_text(LARGE + f"breakpoint()\nTOKEN = '{key}'\n" + MARKED + LINE)
    if source == "staged":
        git(root, "add", "-A")
    report = review(root, source)
    assert [(f.rule, f.line) for f in report.findings] == [
        ("debugger", 40_001),
        ("secret", 40_002),
        ("conflict-marker", 40_003),
        ("conflict-marker", 40_007),
    ]
    assert report.skipped == (SAID,)


def test_what_was_there_before_is_left_alone(root: Path) -> None:
    (root / "large.py").write_text(MARKED + LARGE)
    git(root, "commit", "-qam", "second")
    (root / "large.py").write_text(LINE + MARKED + LARGE)
    git(root, "add", "-A")
    assert review(root, "staged").findings == ()


def test_a_marker_is_found_wherever_the_file_is_cut_for_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpts, "_CHUNK", 7)
    monkeypatch.setattr(excerpts, "_MAX_COMPARED", 0)
    text = b"a\n<<<<<<< HEAD\n" + b"<" * 40 + b" b\nc <<<<<<< d\n>>>>>>> e"
    for before, marks in (
        (b"", [(2, "<<<<<<< HEAD"), (5, ">>>>>>> e")]),
        (b">>>>>>> e\n", [(2, "<<<<<<< HEAD")]),
    ):
        found = excerpt("a.txt", before, text)
        assert found is not None and found.added == marks


def test_a_binary_file_has_no_lines() -> None:
    assert excerpt("a.bin", b"", b"\0\n<<<<<<< HEAD\n" * 2) is None
