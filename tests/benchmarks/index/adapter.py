"""The index behind the retrieval harness: a JSON line in, a JSON line out.

In: {"id", "repo", "repo_dir", "rev", "query"}; out: {"id", "paths", "spans"}, best first. Git objects
at `rev` are read, not the work tree; past commits end at `rev`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from qcode.index.query import Index
from qcode.index.rank import places
from qcode.index.store import Store
from qcode.messages import ChangeSet, Snapshot

_CACHE = Path(tempfile.gettempdir()) / "qcode-index-bench"


class Revision:
    """A snapshot of a commit's tree. `index._read` asks for each content once per blob name."""

    def __init__(self, root: Path, rev: str, contents: dict[str, bytes]) -> None:
        self.root = root
        self._contents = contents
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-tree", "-r", "-z", rev], capture_output=True, check=True
        ).stdout.decode("utf-8", "surrogateescape")
        self._blobs: dict[str, str] = {}
        for entry in filter(None, listed.split("\0")):
            meta, path = entry.split("\t", 1)
            mode, kind, name = meta.split()
            if kind == "blob" and mode != "120000":
                self._blobs[path] = name
        wanted = sorted({b for b in self._blobs.values() if b not in contents})
        out = subprocess.run(
            ["git", "-C", str(root), "cat-file", "--batch"],
            input="\n".join(wanted).encode(), capture_output=True, check=True,
        ).stdout  # fmt: skip
        at = 0
        for name in wanted:
            end = out.index(b"\n", at)
            if out[at:end].endswith(b" missing"):  # a partial clone lacks it
                contents[name], at = b"", end + 1
                continue
            size = int(out[at:end].split()[2])
            contents[name] = out[end + 1 : end + 1 + size]
            at = end + size + 2

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._blobs))

    def read(self, path: str) -> bytes:
        return self._contents[self._blobs[path]]

    def blob(self, path: str) -> str:
        """Git's name of the content of `path`."""
        return self._blobs[path]

    def exists(self, path: str) -> bool:
        return path in self._blobs

    def with_changes(self, changes: ChangeSet) -> Snapshot:
        raise ValueError(f"a commit does not change: {changes.paths}")


def main() -> None:
    contents: dict[str, dict[str, bytes]] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        repo = asked["repo"]
        snapshot = Revision(Path(asked["repo_dir"]), asked["rev"], contents.setdefault(repo, {}))
        index = Index(snapshot, Store(_CACHE / f"{repo}.sqlite3"), asked["rev"])
        index.refresh()
        ranked = index.rank(asked["query"])[:60]
        answer = {
            "id": asked["id"],
            "paths": [one.path for one in ranked],
            "spans": [one[1:] for one in places(ranked)],
        }
        index.close()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
