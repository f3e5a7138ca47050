"""aider's repository map (0.86.2) behind the retrieval harness; run it with a Python that has aider.

The same lines in and out as `adapter.py`, and `map_paths`: the files its map of `budget_tokens` shows.
The work tree is put to the revision first. Mentioned names and files are found by aider's own rules.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from aider.io import InputOutput  # type: ignore[import-not-found]
from aider.repomap import RepoMap  # type: ignore[import-not-found]


class _Counter:
    def token_count(self, text: str) -> float:
        return len(text) / 3.5


def main() -> None:
    said, sys.stdout = sys.stdout, io.StringIO()
    for line in sys.stdin:
        asked = json.loads(line)
        with contextlib.redirect_stderr(io.StringIO()):
            answer = _answer(asked)
        said.write(json.dumps(answer) + "\n")
        said.flush()


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    root = Path(asked["repo_dir"])
    subprocess.run(["git", "-C", str(root), "checkout", "-qf", asked["rev"]], check=True)
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True
    ).stdout
    paths = [name for name in listed.decode("utf-8", "replace").split("\0") if name]
    files = [str(root / name) for name in paths]
    words = {word.strip(",.!;:?\"'`*_") for word in asked["query"].split()}
    names = set(re.split(r"\W+", asked["query"]))
    fnames = {p for p in paths if p in words or Path(p).name in words or Path(p).stem in names}
    maker = RepoMap(
        map_tokens=asked["budget_tokens"], root=str(root), main_model=_Counter(),
        io=InputOutput(yes=True, pretty=False), map_mul_no_files=1,
    )  # fmt: skip
    tags = maker.get_ranked_tags([], files, fnames, names)
    shown = maker.get_repo_map([], files, fnames, names) or ""
    ranked = list(dict.fromkeys(tag[0] for tag in tags))
    known = set(paths)
    inside = [line.rstrip(":") for line in shown.splitlines() if line.rstrip(":") in known]
    return {"id": asked["id"], "paths": ranked[:300], "map_paths": inside}


if __name__ == "__main__":
    main()
