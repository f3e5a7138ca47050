"""aider's appliers behind the same pipe as `adapter.py`. Run it with an interpreter that has
aider-chat (0.86.2 was measured); it needs nothing of qcode."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from aider.coders import editblock_coder, patch_coder, udiff_coder


class Quiet:
    """What aider's coders write to."""

    def read_text(self, name: str) -> str:
        # As aider's own: every line end is read as a line feed.
        return Path(name).read_text(encoding="utf-8")

    def write_text(self, name: str, content: str) -> None:
        Path(name).write_text(content, encoding="utf-8")

    def tool_warning(self, *_: object) -> None:
        pass

    tool_output = tool_error = tool_warning


def answer(case: dict[str, str]) -> dict[str, str]:
    """One case, in a folder of its own, by the coder of its format."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / case["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(case["before"], encoding="utf-8", newline="")
        module: Any = {"sr": editblock_coder, "udiff": udiff_coder, "cap": patch_coder}[case["format"]]
        kind = {"sr": "EditBlockCoder", "udiff": "UnifiedDiffCoder", "cap": "PatchCoder"}[case["format"]]
        coder = object.__new__(getattr(module, kind))
        coder.partial_response_content = case["edit"]
        if case["format"] == "udiff" and "```diff" not in case["edit"]:
            coder.partial_response_content = f"```diff\n{case['edit']}\n```\n"  # it reads no other diffs
        coder.fence = ("```", "```")
        coder.io, coder.root = Quiet(), folder
        coder.abs_fnames, coder.shell_commands = {str(file)}, []
        coder.abs_root_path = lambda name: str(Path(folder) / name)
        coder.get_rel_fname = lambda name: str(Path(name).relative_to(folder))
        coder.get_inchat_relative_files = lambda: [case["path"]]
        try:
            edits = coder.get_edits()
            if not edits:
                return {"status": "refused", "why": "no edits"}
            coder.apply_edits(edits)
        except Exception as error:  # noqa: BLE001  however it refuses, it refuses
            return {"status": "refused", "why": str(error)[:200]}
        return {"status": "applied", "content": file.read_bytes().decode()}


def main() -> None:
    for line in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()):
            reply = answer(json.loads(line))
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
