"""CPU seconds from the start of the process to the diff, without tests, on the repositories beside this file.

python tests/benchmarks/router/first_diff.py [TIMES]
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REQUESTS = {
    "shop": ("rename put_in to add_item", "move send_mail to shop/mail.py", "use f-strings in report.py"),
    "etl": ("extract lines 11-15 of config.py into read_values", "add a parameter timeout=30 to fetch"),
    "web": (
        "inline salted",
        "remove unused imports but not in tests",
        "rename clamp to clip and retry to again",
    ),
}
QCODE = [sys.executable, "-c", "from qcode.cli import main; main()"]


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    every: list[float] = []
    for name, requests in REQUESTS.items():
        with tempfile.TemporaryDirectory() as folder:
            text = (Path(__file__).parent / "repositories" / f"{name}.txt").read_text()
            for part in re.split(r"^--- ", text, flags=re.MULTILINE)[1:]:
                path, _, content = part.partition("\n")
                (Path(folder, path)).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, path).write_text(content)
            environment = {**os.environ, "QCODE_HOME": f"{folder}/.home"}
            for request in requests:
                took = []
                for _ in range(times):
                    before = resource.getrusage(resource.RUSAGE_CHILDREN)
                    done = subprocess.run(
                        [*QCODE, "refactor", request, "--diff", "--no-test"],
                        cwd=folder,
                        env=environment,
                        capture_output=True,
                        text=True,
                        check=False,
                    )
                    after = resource.getrusage(resource.RUSAGE_CHILDREN)
                    assert done.stdout.startswith(("diff", "---")), done.stdout + done.stderr
                    took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
                every += took
                print(f"{statistics.median(took):.2f} s (most {max(took):.2f})  {name}: {request}")
    print(f"{statistics.median(every):.2f} s in the median, {max(every):.2f} s at most")


if __name__ == "__main__":
    main()
