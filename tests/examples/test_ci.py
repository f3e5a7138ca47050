"""The steps of the CI example, run as its runner would; the hook's example is what the manifest offers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
FOLDER = HERE / "examples" / "ci"


def git(root: Path, *args: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


def steps() -> dict[str, str]:
    """name -> shell line of the named steps."""
    text = (FOLDER / "review.yml").read_text()
    return dict(re.findall(r"- name: (\w+)\n(?:\s+(?:if|#).*\n)*\s+run: (.+)", text))


@pytest.fixture
def pull_request(tmp_path: Path) -> Path:
    """A clone with `origin/main`, on a branch that breaks something and that holds a branch's worth."""
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    git(upstream, "init", "-q", "-b", "main")
    (upstream / "a.py").write_text("def f():\n    return 1\n")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-qm", "first")
    root = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(upstream), str(root))
    git(root, "switch", "-qc", "topic")
    (root / "a.py").write_text("def f():\n    breakpoint()\n    return 1\n")
    git(root, "commit", "-qam", "second")
    return root


def test_the_steps_annotate_and_collect(pull_request: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "GITHUB_BASE_REF": "main", "PATH": path}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-e", "-c", line],
            cwd=pull_request,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    annotate, collect = run(steps()["annotate"]), run(steps()["collect"])
    assert annotate.returncode == 30 and "::error file=a.py,line=2," in annotate.stdout
    assert collect.returncode == 0, collect.stderr
    (result,) = json.loads((pull_request / "qcode.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] == "debugger"
    git(pull_request, "reset", "-q", "--hard", "HEAD~")
    assert run(steps()["annotate"]).returncode == 0


def test_the_hook_that_is_named_is_there() -> None:
    named = re.findall(r"- id: (\S+)", (FOLDER / "pre-commit-config.yaml").read_text())
    offered = re.findall(r"- id: (\S+)", (HERE / ".pre-commit-hooks.yaml").read_text())
    assert named == offered == ["qcode-review"]
