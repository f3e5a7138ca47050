"""A symbol with 1,000 references over 500 files is renamed: python tests/benchmarks/refactor_scale.py

The files are made in a temporary folder, of the size of ordinary modules (some 100 lines). Prints wall and CPU
seconds of the refactoring alone and its counts; exits 1 when it takes more than 5 s.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from qcode import refactor, workspace

FILES = 500
BODY = "\n\n".join(
    f"def work_{n}(items, limit={n}):\n    found = []\n    for item in items:\n        if item.size > limit:\n"
    f"            found.append((item.name, item.size, {n}))\n        elif item.name in ('a', 'b'):\n"
    "            found.extend(sorted(item.parts, key=lambda part: part.size))\n    return found\n"
    for n in range(10)
)


def main() -> None:
    """Make, rename, count."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "app").mkdir()
        (root / "app" / "__init__.py").write_text("")
        (root / "app" / "base.py").write_text(
            f"def helper(x):\n    return x\n\n\nclass Base:\n    def put(self, x):\n        return x\n\n\n{BODY}"
        )
        for n in range(FILES):
            (root / "app" / f"m{n}.py").write_text(
                f"from app.base import Base, helper\n\n\ndef first(x):\n    return helper(x)\n\n\nclass Kid(Base):\n"
                f"    def go(self):\n        return self.put(1)\n\n\n{BODY}"
            )
        late = False
        for symbol, new in (("helper", "helped"), ("Base.put", "store"), ("Base", "Root")):
            wall, cpu = time.perf_counter(), time.process_time()
            done = refactor.perform(
                workspace.open_snapshot(root), "rename", {"symbol": symbol, "new_name": new}
            )
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            late = late or wall > 5
            print(
                f"{symbol}: {done.places} places in {len(done.changes)} files: {wall:.1f} s wall, {cpu:.1f} s CPU"
            )
    sys.exit(late)


if __name__ == "__main__":
    main()
