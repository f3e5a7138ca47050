"""The stale-answer race in a real Neovim with inline completion (0.12 or later).

LSP_TEST_NVIM names the program, LSP_TEST_VIMRUNTIME its runtime where it is not installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parents[2]
DRIVER = Path(__file__).parent / "editors" / "race.lua"


@pytest.mark.slow
def test_a_stale_answer_never_reaches_the_screen(
    project: Path, tmp_path: Path, start: str, script: Any
) -> None:
    editor = os.environ.get("LSP_TEST_NVIM")
    if editor is None:
        pytest.skip("LSP_TEST_NVIM names no Neovim 0.12")
    (project / "race.py").write_text("x = 1\n\n")
    runtime = {"VIMRUNTIME": os.environ["LSP_TEST_VIMRUNTIME"]} if "LSP_TEST_VIMRUNTIME" in os.environ else {}
    turns = script("delay: 1.5\ntext:  = 'stale'\n---\n" + "text:  = 'fresh'\n---\n" * 5)
    done = subprocess.run(
        [editor, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-S", str(DRIVER)],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "QCODE_HOME": str(tmp_path / "home"), **turns,
             **runtime, "QCODE_TEST_ARGUMENTS": f"{sys.executable}\n{start}\n{project}\n{TOP}"},
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    print(done.stdout + done.stderr)
    assert done.returncode == 0 and "HELD" in done.stdout + done.stderr, done.stdout + done.stderr
