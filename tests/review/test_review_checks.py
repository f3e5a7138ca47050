"""The checks on texts: which line is named, what is certain, and what is left alone."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcode.errors import UsageError, WorkspaceError
from qcode.review import Finding, Report, as_json, as_text, review, review_diff
from qcode.review.checks import check_file, syntax
from qcode.review.hunks import hunks
from qcode.review.scene import Changed, Scene


def found(before: str, after: str, path: str = "a.py") -> list[tuple[str, int]]:
    return [(f.rule, f.line) for f in check_file(path, before.encode(), after.encode())]


OLD = "import os\n\ndef one():\n    return 1\n\ndef two():\n    return 2\n"


def test_the_hunk_that_broke_the_file_is_named_not_the_first() -> None:
    new = OLD.replace("import os", "import sys").replace("return 2", "return (2")
    assert found(OLD, new) == [("syntax", 7)]


def test_brackets_opened_in_one_hunk_and_closed_in_another_are_fine() -> None:
    new = OLD.replace("return 1\n", "return (1,\n").replace("def two():\n    return 2", ")")
    assert found(OLD, new) == []


def test_a_line_taken_away_can_break_the_file() -> None:
    assert found("x = (\n    1,\n)\ny = 2\n", "x = (\n    1,\ny = 2\n") == [("syntax", 3)]


@pytest.mark.parametrize("new", ["def one():\n", "if x:\n    a()\n      b()\n", "def one():\nreturn 1\n"])
def test_indentation_that_no_grammar_minds_is_broken(new: str) -> None:
    assert [rule for rule, _ in found("", new)] == ["syntax"]


@pytest.mark.parametrize(
    "new",
    ["print 'old'\n", "type X = int\n", "def f[T](x: T) -> T: ...\n", "x = f'{'a'}'\n", "if a:\n\tb()\n"],
)
def test_other_versions_of_the_language_are_not_broken(new: str) -> None:
    assert found("", new) == []


def test_a_file_that_was_broken_already_may_stay_so() -> None:
    assert found("x = (\n", "x = (\ny = 1\n") == []


def test_strings_and_comments_are_no_debugger_calls() -> None:
    assert found("", 'TEXT = """\nbreakpoint()\nimport pdb\n"""\n# breakpoint()\n') == []


@pytest.mark.parametrize(
    "line",
    [
        "breakpoint()",
        "if x: breakpoint()",
        "import os, pdb",
        "from ipdb import set_trace",
        "x = 1; pudb.set_trace()",
        "import pudb; pu.db",
        "breakpoint(header='here')",
    ],
)
def test_debugger_calls_anywhere_in_a_line(line: str) -> None:
    assert found("", f"{line}\n") == [("debugger", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "import code; code.interact(local=locals())",
        "from IPython import embed\nembed()",
        "import IPython as shell\nshell.embed()",
        "import debugpy\ndebugpy.wait_for_client()",
        "import pytest\npytest.set_trace()",
        "import pydevd_pycharm",
    ],
)
def test_what_waits_for_somebody_to_look_in(text: str) -> None:
    assert found("", f"{text}\n") == [("debugger", text.count("\n") + 1)]


OTHER_STOPS = {
    "a.rs": "let x = dbg!(y);", "a.go": "\truntime.Breakpoint()", "a.cs": "System.Diagnostics.Debugger.Break();",
    "a.c": "  raise(SIGTRAP);", "a.cpp": "__debugbreak();", "a.lua": "debug.debug()", "a.rb": "  binding.irb",
    "a.php": "eval(\\Psy\\sh());", "a.tsx": "if (1) debugger;", "a.ex": "require IEx; IEx.pry()",
}  # fmt: skip


@pytest.mark.parametrize("path", OTHER_STOPS)
def test_debuggers_of_other_languages(path: str) -> None:
    assert ("debugger", 1) in found("", f"{OTHER_STOPS[path]}\n", path)


def test_names_that_only_look_like_debuggers() -> None:
    assert found("", "import pdbx\nself.breakpoint()\nfrom .pdb import read\nbreakpoints()\n") == []
    assert found("", "import debugpy\ndebugpy.listen(5678)\nmodel.embed(x)\ncode.interaction()\n") == []
    assert found("", "// let x = dbg!(y);\n", "a.rs") == []


UNDERSTOOD = {
    "a.c": "int f(void) {\n  return g((1));\n}\n", "a.cpp": "struct A {\n  int f() { return g(1); }\n};\n",
    "a.cs": "class A {\n  int F() { return G(1); }\n}\n", "a.css": "a {\n  color: rgb(1, 2, 3);\n}\n",
    "a.php": "<?php\nfunction f() {\n  return g(1);\n}\n", "a.rb": "def f\n  g(1)\nend\n",
    "a.lua": "function f()\n  g(1)\nend\n", "a.kt": "fun f(): Int {\n  return g(1)\n}\n",
    "a.scala": "object A {\n  def f = g(1)\n}\n", "a.swift": "func f() -> Int {\n  return g(1)\n}\n",
    "a.sh": "if true; then\n  echo (1)\nfi\n".replace("(1)", "$(g)"), "a.yaml": "a:\n  - b: [1, 2]\n",
}  # fmt: skip


@pytest.mark.parametrize("path", UNDERSTOOD)
def test_a_grammar_that_may_be_wrong_advises(path: str) -> None:
    text = UNDERSTOOD[path]
    broken = text.replace(")\n", "\n", 1).replace("2]", "2").replace("3);", "3;").replace(");", ";")
    assert broken != text
    scene = Scene((Changed(path, text.encode(), broken.encode()),))
    assert [(f.rule, f.severity) for f in syntax.check(scene)] == [("syntax", "advise")]
    assert found("", broken, path), "a new file"
    assert found(text, text.replace("g(", "h("), path) == found("", text, path) == []


def test_what_a_grammar_cannot_know_is_left_alone() -> None:
    half = "#ifdef A\nint f(void) {\n#else\nint f(int a) {\n#endif\n  return 1;\n}\n"
    assert found("", half, "a.c") == []
    assert found("", "int x = MACRO(a b) UNKNOWN {1};\n", "a.c") == []
    assert found("", "{% if x %}<b>{% endif %}\n", "a.html") == []


def test_words_for_brackets_and_end_tags_of_nothing() -> None:
    script = "for a in b; do\n  echo a\ndone\n"
    assert found("", script, "a.sh") == found(script, script + "echo b\n", "a.sh") == []
    assert found("", script.replace("do\n", "do do\n"), "a.sh") == [("syntax", 1)]
    page = "<div>\n<p>a</p>\n</div>\n"
    assert found(page, page.replace("</p>", "</p></b>"), "a.html") == [("syntax", 2)]
    assert found(page, page.replace(">a<", ">b<"), "a.html") == []


def test_strict_readers_of_data() -> None:
    assert found("a = 1\n", "a = 1\na = 2\n", "a.toml") == [("syntax", 2)]
    assert found("a = 1\na = 2\n", "a = 1\na = 2\na = 3\n", "a.toml") == []


@pytest.mark.parametrize("line", ["debugger", "  debugger;", "debugger; // why", "debugger // why"])
def test_javascript(line: str) -> None:
    assert found("", f"{line}\n", "a.ts") == [("debugger", 1)]
    assert found("", f"{line} // qcode: ignore[debugger]\n", "a.ts") == []
    assert found("", "debuggers.push(1)\n// debugger;\n", "a.ts") == []


def test_markers_with_carriage_returns_and_in_text_files() -> None:
    assert found("a\r\nb\r\n", "a\r\n<<<<<<< ours\r\nb\r\n", "notes.txt") == [("conflict-marker", 2)]
    assert found("", "Title\n=======\n", "notes.rst") == []


def test_a_bare_ignore_covers_every_rule_and_a_named_one_only_its_own() -> None:
    assert found("", "breakpoint()  # qcode: ignore\n") == []
    assert found("", "breakpoint()  # qcode: ignore[syntax]\n") == [("debugger", 1)]
    assert found("", "x = (  # qcode: ignore[syntax] generated\n") == []


def test_a_megabyte_of_equal_lines_is_compared_at_once() -> None:
    before = "x = 1\n" * 80_000
    after = "x = 1\n" * 40_000 + "breakpoint()\n" + "x = 1\n" * 39_000 + "y = 2\n"
    assert found(before, after, "a.rb") == []
    assert found(before, after.replace("breakpoint()", "byebug"), "a.rb") == [("debugger", 40_001)]


lines = st.lists(st.sampled_from([b"", b"a", b"b", b"c\r", b"breakpoint()"]), max_size=12)


@given(lines, lines)
def test_hunks_turn_the_old_lines_into_the_new(before: list[bytes], after: list[bytes]) -> None:
    made = list(before)
    for hunk in reversed(hunks(before, after)):
        made[hunk.old_start : hunk.old_end] = after[hunk.new_start : hunk.new_end]
        assert [n for n, _ in hunk.added] == list(range(hunk.new_start + 1, hunk.new_end + 1))
    assert made == after


def test_a_file_name_cannot_forge_the_summary_or_reach_the_terminal() -> None:
    path = "a\n0 files reviewed: nothing found\x1b]52;c;eA==\x07.py"
    report = Report((Finding(path, 1, "debugger", "block", "Left in.", "x\r\x1b[2Jy"),), 1, (f"{path}: no",))
    text = as_text(report)
    assert text.endswith("1 file reviewed: 1 finding\n") and len(text.splitlines()) == 4
    assert "\x1b" not in text and "\x07" not in text and "\r" not in text
    assert json.loads(as_json(report))["findings"][0]["path"] == path


def test_what_is_no_diff_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        review_diff(tmp_path, "Dear reviewer,\nplease have a look.\n")
    assert review_diff(tmp_path, "").files == 0


def run_git(root: Path, *args: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


@pytest.fixture
def pushed(tmp_path: Path) -> Path:
    run_git(tmp_path, "init", "-q")
    for text in ("x = 1\n", "x = 1\nbreakpoint()\n"):
        (tmp_path / "a.py").write_text(text)
        run_git(tmp_path, "add", "-A")
        run_git(tmp_path, "commit", "-qm", "change")
    return tmp_path


def test_commits(pushed: Path) -> None:
    assert [f.line for f in review(pushed, "HEAD~1..HEAD").findings] == [2]
    assert [f.line for f in review(pushed, "HEAD").findings] == [2]


@pytest.mark.parametrize(
    "revisions", ["--output=written", "HEAD..--output=written", "HEAD...--help", "nowhere"]
)
def test_a_range_is_never_an_option(pushed: Path, revisions: str) -> None:
    with pytest.raises(WorkspaceError):
        review(pushed, revisions)
    assert not (pushed / "written").exists()


def test_in_a_push_the_pushed_commits_are_reviewed(pushed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert review(pushed, "staged").files == 0
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert [f.line for f in review(pushed, "staged").findings] == [2]


def test_large_and_binary_files_are_said_or_passed_by(pushed: Path) -> None:
    (pushed / "large.py").write_bytes(b"breakpoint()\n" * 900_000)
    (pushed / "binary.py").write_bytes(b"\0breakpoint()\n")
    report = review(pushed, "worktree")
    assert report.skipped == ("large.py: larger than 1 MB",) and [f.rule for f in report.findings] == [
        "large-file"
    ]
    run_git(pushed, "add", "-A")
    assert review(pushed, "staged") == report


def test_links_are_not_followed(pushed: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "private.py"
    elsewhere.write_text("breakpoint()\n")
    (pushed / "link.py").symlink_to(elsewhere)
    assert not review(pushed, "worktree").findings
    run_git(pushed, "add", "-A")
    assert not review(pushed, "staged").findings


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_cannot_be_read_is_named(pushed: Path) -> None:
    (pushed / "closed.py").write_text("x = 1\n")
    (pushed / "closed.py").chmod(0)
    with pytest.raises(WorkspaceError) as refused:
        review(pushed, "worktree")
    assert "closed.py" in refused.value.message
