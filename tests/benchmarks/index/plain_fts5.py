"""The baseline: SQLite FTS5 alone over path and content of the source files, BM25, nothing else.

The same lines in and out as `adapter.py`. Every content is indexed once; dead ones are filtered.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from pathlib import Path

from adapter import Revision
from cases import is_source

_STOP = frozenset(
    re.findall(
        r"\w+",
        "the a an of to in for on and or is are was be been it this that with as by from at not if we when "
        "which can will should would also use used using so but has have had do does no there then than its "
        "into more only some such other new make makes made add added adds allow since their they them our "
        "your you",
    )
)


def main() -> None:
    stores: dict[str, tuple[sqlite3.Connection, dict[tuple[str, str], int], dict[str, bytes]]] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["repo"] not in stores:
            db = sqlite3.connect(":memory:")
            db.execute("CREATE VIRTUAL TABLE t USING fts5(path, content, content='')")
            stores[asked["repo"]] = (db, {}, {})
        db, known, contents = stores[asked["repo"]]
        tree = Revision(Path(asked["repo_dir"]), asked["rev"], contents)
        live: dict[int, str] = {}
        for path in filter(is_source, tree.paths()):
            key = (path, tree.blob(path))
            if key not in known:
                known[key] = len(known) + 1
                text = tree.read(path).decode("utf-8", "replace")
                name = re.sub(r"[/._-]", " ", path)
                db.execute("INSERT INTO t(rowid, path, content) VALUES(?,?,?)", (known[key], name, text))
            live[known[key]] = path
        words = [w.lower() for w in re.findall(r"[A-Za-z_][A-Za-z0-9_]+", asked["query"])]
        telling = list(dict.fromkeys(w for w in words if w not in _STOP))[:60]
        match = " OR ".join(f'"{word}"' for word in telling) or '""'
        rows = db.execute(
            "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 2.0, 1.0) LIMIT 3000", (match,)
        )
        paths = [live[number] for (number,) in rows if number in live]
        print(json.dumps({"id": asked["id"], "paths": paths[:300]}), flush=True)


if __name__ == "__main__":
    main()
