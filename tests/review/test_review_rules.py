"""Rules that look beyond a line: callers, names, tests, files; and what hides a finding."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qcode.errors import UsageError
from qcode.review import FORMATS, Choice, Finding, Report, review
from qcode.review.suppress import BASELINE

FILES = {
    "pkg/__init__.py": "",
    "pkg/io.py": "def load(path, strict=False):\n    return path, strict\n\n\ndef save(path):\n    return path\n",
    "pkg/use.py": "from pkg.io import load, save\nfrom . import io\n\nload('a', True)\nsave('b')\nio.save('c')\n",
    "tests/test_io.py": "import pytest\n\n\ndef test_one():\n    assert 1\n\n\ndef test_two():\n    assert 2\n",
    "package.json": '{"dependencies": {"a": "1"}}\n',
    "package-lock.json": "{}\n",
}
Stage = Callable[..., list[Finding]]


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "all")
    return tmp_path


@pytest.fixture
def stage(root: Path) -> Stage:
    def changed(path: str, old: str, new: str, *also: str) -> list[Finding]:
        text = FILES.get(path, "")
        (root / path).write_text(text.replace(old, new) if old else text + new)
        git(root, "add", "-A")
        return list(review(root, "staged", Choice.of(also)).findings)

    return changed


def told(findings: list[Finding]) -> list[tuple[str, str, int]]:
    return [(f.rule, f.path, f.line) for f in findings]


@pytest.mark.smoke
def test_a_removed_function_is_told_at_its_callers(stage: Stage) -> None:
    found = stage("pkg/io.py", "def save(", "def store(")
    assert told(found) == [("broken-caller", "pkg/use.py", 1), ("broken-caller", "pkg/use.py", 6)]
    assert found[0].severity == "block" and found[0].quote == "from pkg.io import load, save"


def test_a_call_that_no_longer_fits(stage: Stage) -> None:
    assert told(stage("pkg/io.py", "path, strict=False", "path, *, strict=False")) == [
        ("broken-caller", "pkg/use.py", 4)
    ]


def test_an_argument_that_means_another_parameter_now(stage: Stage) -> None:
    assert told(stage("pkg/io.py", "path, strict=False", "mode, path=None, strict=False"))[0][2] == 4


def test_a_new_parameter_with_a_default_breaks_nobody(stage: Stage) -> None:
    assert stage("pkg/io.py", "strict=False)", "strict=False, log=None)") == []


def test_a_name_that_moved_and_is_imported_back_is_still_there(stage: Stage) -> None:
    found = stage("pkg/io.py", "def save(path):\n    return path\n", "from os.path import join as save\n")
    assert not [f for f in found if f.severity == "block"]


def test_an_import_that_may_fail_is_left_alone(root: Path, stage: Stage) -> None:
    (root / "pkg/use.py").write_text(
        "try:\n    from pkg.io import save\nexcept ImportError:\n    save = None\n"
    )
    assert stage("pkg/io.py", "def save(", "def store(") == []


def test_undefined_names_and_idle_imports_are_new_ones_only(stage: Stage) -> None:
    found = stage("pkg/io.py", "    return path\n", "    return pth\n")
    assert ("undefined-name", "pkg/io.py", 6) in told(found)
    assert told(stage("pkg/io.py", "def load", "import wave\n\n\ndef load")) == [
        ("unused-import", "pkg/io.py", 1)
    ]


def test_test_data_that_was_right_is_told_of_and_blocks_nothing(root: Path) -> None:
    (root / "tests/data").mkdir()
    right, wrong = root / "tests/data/right.py", root / "tests/data/wrong.py"
    right.write_text("value = 1\nprint(value)\n")
    wrong.write_text("print(vlaue)\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "data")
    right.write_text("value = 1\nprint(vlaue)\n")
    wrong.write_text("print(vlaue, eulav)\n")
    (root / "tests/data/new.py").write_text("print(vlaue)\n")
    found = review(root, "worktree").findings
    assert [(f.rule, f.severity, f.path) for f in found] == [
        ("undefined-name", "advise", "tests/data/right.py")
    ]


def test_what_the_grammar_lets_pass_and_python_does_not(root: Path) -> None:
    (root / "pkg/call.py").write_text("def f(a, b, c): pass\n\n\nf(a=1, b=2, c=3)\n")
    newer = "def f[T](x: T) -> T:\n    return f'{f'{x}'}'\n"
    git(root, "add", "-A")
    git(root, "commit", "-qm", "call")
    (root / "pkg/call.py").write_text("def f(a, b, c): pass\n\n\nf(a=1, b'2', c=3)\n")
    (root / "pkg/use.py").write_text(newer)
    found = review(root, "worktree").findings
    assert [(f.rule, f.severity, f.path, f.line) for f in found] == [("syntax", "block", "pkg/call.py", 4)]


def test_tests_that_are_taken_away_or_switched_off(stage: Stage) -> None:
    assert [f.rule for f in stage("tests/test_io.py", "def test_two():\n    assert 2\n", "")] == [
        "test-removed"
    ]
    for mark in ("@pytest.mark.skip", "@pytest.mark.xfail(strict=False)"):
        found = stage("tests/test_io.py", "def test_two", f"{mark}\ndef test_two")
        assert [f.rule for f in found] == ["test-skipped"]


def test_one_of_two_tests_of_a_name_goes_and_one_that_moves_stays(root: Path) -> None:
    both = "class TestA:\n    def test_x(self): pass\n\n\nclass TestB:\n    def test_x(self): pass\n"
    (root / "tests/test_two.py").write_text(both)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "two")
    (root / "tests/test_two.py").write_text(both.replace("class TestB", "class _TestB"))
    assert [f.rule for f in review(root, "worktree").findings] == ["test-removed"]
    (root / "tests/test_two.py").write_text(both.replace("class TestB", "class TestC"))
    assert review(root, "worktree").findings == ()


def test_tests_in_a_file_that_no_runner_collects_are_lost(root: Path) -> None:
    git(root, "mv", "tests/test_io.py", "tests/old_io.py")
    assert "test-removed" in [f.rule for f in review(root, "staged").findings]
    git(root, "mv", "tests/old_io.py", "tests/test_files.py")
    assert "test-removed" not in [f.rule for f in review(root, "staged").findings]


OTHER_RUNNERS = {
    "src/a.test.ts": ("it('adds', () => {\n  run();\n});\n", "it('adds'", "it.skip('adds'"),
    "pkg/a_test.go": (
        "package a\n\nfunc TestA(t *testing.T) {\n\trun()\n}\n", "\trun()", "\tt.Skip()\n\trun()"
    ),
    "src/lib.rs": (
        "mod tests {\n    #[test]\n    // why\n    fn adds() {}\n}\n", "    #[test]", "    #[test]\n    #[ignore]"
    ),
    "src/ATest.java": (
        "class ATest {\n    @Test\n    void adds() {}\n}\n", "    @Test\n", "    @Disabled(\"later\")\n    @Test\n"
    ),
    "t/ATests.cs": (
        "class ATests {\n    [Fact]\n    public void Adds() {}\n}\n", "[Fact]", '[Fact(Skip = "later")]'
    ),
    "spec/a_spec.rb": ("describe A do\n  it 'adds' do\n    run\n  end\nend\n", "  it 'adds'", "  xit 'adds'"),
    "tests/ATest.php": (
        "<?php\nclass ATest {\n  function testAdds() {\n  }\n}\n", "testAdds() {\n",
        "testAdds() {\n    $this->markTestSkipped();\n",
    ),
    "Tests/ATests.swift": (
        "class ATests {\n  func testAdds() throws {\n  }\n}\n", "throws {\n",
        'throws {\n    throw XCTSkip("later")\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize("path", OTHER_RUNNERS)
def test_tests_of_other_runners(root: Path, path: str) -> None:
    text, old, new = OTHER_RUNNERS[path]
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")
    assert old in text
    (root / path).write_text(text.replace(old, new))
    assert [f.rule for f in review(root, "worktree").findings] == ["test-skipped"]
    (root / path).unlink()
    assert [f.rule for f in review(root, "worktree").findings] == ["test-removed"]


def test_a_manifest_without_its_lock_file(stage: Stage) -> None:
    assert told(stage("package.json", '"1"', '"2"')) == [("lock-file", "package.json", 1)]


LOCKS = {
    "Cargo.lock": ("Cargo.toml", '[dependencies]\nserde = "1"\n', '[[package]]\nname = "serde"\nversion = "1"\n'),
    "uv.lock": ("pyproject.toml", '[project]\ndependencies = ["Flask_Login>=1"]\n', '[[package]]\nname = "flask-login"\n'),
    "go.sum": ("go.mod", "require (\n\ta.org/b v1.0.0\n)\n", "a.org/b v1.0.0 h1:x=\n"),
    "package-lock.json": ("package.json", '{"dependencies": {"a": "1"}}', '"node_modules/a": {}\n'),
    "pnpm-lock.yaml": ("package.json", '{"dependencies": {"@a/b": "1"}}', "packages:\n  '@a/b@1.0.0':\n"),
    "Gemfile.lock": ("Gemfile", "gem 'rails', '~> 7'\n", "  specs:\n    rails (7.0.1)\n"),
}  # fmt: skip


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_that_lost_what_is_asked_for(root: Path, lock: str) -> None:
    manifest, asked, locked = LOCKS[lock]
    other = "left-over 1.0\n"
    (root / "app").mkdir()
    (root / "app" / manifest).write_text(asked)
    (root / "app" / lock).write_text(other + locked)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "locked")
    (root / "app" / lock).write_text(locked)
    assert review(root, "worktree").findings == ()
    (root / "app" / lock).write_text(other)
    found = [f for f in review(root, "worktree").findings if f.rule == "lock-file"]
    assert [f.path for f in found] == [f"app/{lock}"]


def test_lock_files_that_were_made_to_take_long(root: Path) -> None:
    """A pattern that begins at every line, and reads blank ones to the end, would take minutes."""
    (root / "go.mod").write_text("require (\n\ta.org/b v1.0.0\n)\n" + "\n" * 300_000)
    (root / "go.sum").write_text("a.org/b v1.0.0 h1:x=\n" + "\n" * 300_000)
    (root / "pyproject.toml").write_text("project = 3\ntool = []\n")
    (root / "uv.lock").write_text('name = "a"\n')
    git(root, "add", "-A")
    git(root, "commit", "-qm", "long")
    (root / "go.sum").write_text("\n" * 300_000)
    (root / "uv.lock").write_text("")
    found = [f for f in review(root, "worktree").findings if f.rule == "lock-file"]
    assert [f.path for f in found] == ["go.sum"]


def test_large_files(stage: Stage) -> None:
    assert [f.rule for f in stage("dump.csv", "", "1,2\n" * 400_000)] == ["large-file"]


def test_todos_when_they_are_asked_for(stage: Stage) -> None:
    assert stage("pkg/new.py", "", "# TODO later\n") == []
    assert [f.rule for f in stage("pkg/new.py", "", "# TODO later\n", "todo")] == ["todo"]
    assert stage("pkg/new.py", "", "# TODO(ann) later\n", "todo") == []


def test_secrets_block_but_examples_do_not(stage: Stage) -> None:
    key = "AKIA" + "IOSF4ODNN7QRSTUV"
    assert [(f.rule, f.severity) for f in stage("pkg/k.py", "", f'K = "{key}"\n')] == [("secret", "block")]
    assert stage("pkg/k.py", "", 'K = "AKIAXXXXXXXXXXXXXXXX"\n')[0].severity == "advise"


def test_a_baseline_hides_what_was_accepted_even_after_lines_moved(root: Path, stage: Stage) -> None:
    assert stage("pkg/io.py", "    return path\n", "    return pth\n")
    from qcode.review import write_baseline

    write_baseline(root, review(root, "staged"))
    assert json.loads((root / BASELINE).read_text())["version"] == 1
    text = (root / "pkg/io.py").read_text()
    (root / "pkg/io.py").write_text("# moved\n" * 5 + text)
    git(root, "add", "pkg")
    report = review(root, "staged")
    assert report.findings == () and report.suppressed == 1
    (root / BASELINE).write_text("[]")
    with pytest.raises(UsageError):
        review(root, "staged")


def test_rules_are_chosen(stage: Stage, root: Path) -> None:
    stage("pkg/io.py", "def load", "import wave\n\n\ndef load")
    assert review(root, "staged", Choice.of(without=["unused-import"])).findings == ()
    assert review(root, "staged", Choice.of(blocking=["unused-import"])).blocks
    with pytest.raises(UsageError, match="no rule"):
        Choice.of(["nonsense"])


def test_formats_hold_every_finding_and_no_control_characters() -> None:
    finding = Finding("a b/ü.py", 3, "syntax", "block", "It: 100%, broken\x1b[2J", "x | y")
    report = Report((finding,), 1, ("big.bin: too large",))
    for name, made in FORMATS.items():
        text = made(report)
        assert "\x1b" not in text or name == "json", name
        assert "syntax" in text or name == "markdown"
    sarif = json.loads(FORMATS["sarif"](report))["runs"][0]
    assert sarif["results"][0]["partialFingerprints"]["qcode/v1"] == finding.fingerprint
    place = sarif["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%BC.py" and place["region"]["startLine"] == 3
    assert sarif["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].endswith("too large")
    assert FORMATS["github"](report).startswith("::error file=a b/ü.py,line=3,title=qcode syntax::It: 100%25")
    assert "x \\| y" in FORMATS["markdown"](report)
    assert json.loads(FORMATS["rdjson"](report))["diagnostics"][0]["severity"] == "ERROR"


def test_one_cause_at_many_places_is_quoted_thrice_and_then_named() -> None:
    found = tuple(
        Finding(f"{'ab'[n > 6]}.py", n, "broken-caller", "block", "This call does not fit.", f"f({n})")
        for n in range(1, 10)
    )
    other = Finding("z.py", 1, "broken-caller", "block", "Another one.", "g()")
    lines = FORMATS["text"](Report((*found, other), 3)).splitlines()
    assert lines[1:8] == [
        "    f(1)",
        "a.py:2: This call does not fit. [broken-caller]",
        "    f(2)",
        "a.py:3: This call does not fit. [broken-caller]",
        "    f(3)",
        "    and at 6 more places: a.py:4,5,6; b.py:7,8,9",
        "z.py:1: Another one. [broken-caller]",
    ]
    assert "more places" not in FORMATS["text"](Report(found[:4], 1))
