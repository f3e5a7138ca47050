"""How many of universal-ctags' definitions qcode finds too, per language, on real files.

    python tests/benchmarks/index/recall_against_ctags.py DIR [DIR…]

A name counts as found when qcode defines it in the same file, at most eight lines above the line that
ctags gives (which skips decorators and return types that stand on lines of their own).
"""

from __future__ import annotations

import collections
import json
import subprocess
import sys
from pathlib import Path

from qcode import syntax
from qcode.syntax.grammars import language_of

_MOST = 150
_NOT_DEFINITIONS = {
    "package", "import", "local", "unknown", "parameter", "externvar", "prototype", "header", "packageName",
}  # fmt: skip


def main() -> None:
    files: dict[str, list[Path]] = collections.defaultdict(list)
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).rglob("*")):
            language = language_of(path.name)
            if language and path.is_file() and path.stat().st_size < 500_000 and len(files[language]) < _MOST:
                files[language].append(path)
    print("| language | files | ctags | found | recall |\n|---|---|---|---|---|")
    for language, paths in sorted(files.items()):
        told = subprocess.run(
            ["ctags", "--output-format=json", "--fields=NFnK", "--sort=no", "-f", "-", "-L", "-"],
            input="\n".join(map(str, paths)), capture_output=True, text=True, errors="replace", check=True,
        ).stdout  # fmt: skip
        ours: dict[str, set[tuple[str, int]]] = {}
        for path in paths:
            found = syntax.definitions(path.name, path.read_bytes())
            ours[str(path)] = {
                (d.name.rpartition(".")[2].rpartition("::")[2], line)
                for d in found
                for line in range(d.start_line - 1, min(d.end_line, d.start_line + 8) + 1)
            }
        wanted = [json.loads(line) for line in told.splitlines()]
        wanted = [
            w for w in wanted
            if w["_type"] == "tag" and w["kind"] not in _NOT_DEFINITIONS and not w["name"].startswith("__anon")
        ]  # fmt: skip
        hits = sum((w["name"].rpartition(".")[2], w["line"]) in ours[w["path"]] for w in wanted)
        if wanted:
            print(f"| {language} | {len(paths)} | {len(wanted)} | {hits} | {hits / len(wanted):.3f} |")


if __name__ == "__main__":
    main()
