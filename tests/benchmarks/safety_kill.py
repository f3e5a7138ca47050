"""kill -9 at random moments of a 12-file apply: how many trees are torn or mixed after the next start.

    python tests/benchmarks/safety_kill.py [TRIALS=500] [SEED=1]

Prints what was found before recovery and after it. Ends with 1 if any tree was wrong after it.
"""

from __future__ import annotations

import collections
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qcode import workspace
from qcode.messages import Change, ChangeSet

FILES = 12
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from safety_kill import changes
from qcode import workspace
edit = changes()
print("ready", flush=True)
sys.stdin.readline()
workspace.apply(Path(sys.argv[1]), edit, "there")
"""


def before(number: int) -> bytes | None:
    return None if number == FILES - 1 else f"old {number}\r\n".encode() * 4000


def after(number: int) -> bytes | None:
    return None if number == FILES - 2 else f"NEW {number}\n".encode() * 5000


def changes() -> ChangeSet:
    """Ten files changed, one removed, one made."""
    return ChangeSet.of(Change(f"d/f{number}", before(number), after(number)) for number in range(FILES))


def set_up(root: Path) -> None:
    (root / "d").mkdir(exist_ok=True)
    for number in range(FILES):
        place = root / "d" / f"f{number}"
        content = before(number)
        if content is None:
            place.unlink(missing_ok=True)
        else:
            place.write_bytes(content)
    (root / "d" / "f0").chmod(0o755)


def found(root: Path) -> str:
    """old, new, mixed or torn."""
    sides = set()
    for number in range(FILES):
        place = root / "d" / f"f{number}"
        content = place.read_bytes() if place.exists() else None
        sides.add("old" if content == before(number) else "new" if content == after(number) else "torn")
    return "torn" if "torn" in sides else sides.pop() if len(sides) == 1 else "mixed"


def main(trials: int, seed: int) -> int:
    chance = random.Random(seed)
    counts: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QCODE_HOME"] = f"{folder}/home"
        root = Path(folder, "tree")
        root.mkdir()
        set_up(root)
        started = time.monotonic()
        workspace.apply(root, changes())
        longest = (time.monotonic() - started) * 1.3
        for _ in range(trials):
            set_up(root)
            child = subprocess.Popen(
                [sys.executable, "-c", CHILD, str(root), str(Path(__file__).parent)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            assert child.stdin is not None and child.stdout is not None
            child.stdout.readline()
            child.stdin.write(b"\n")
            child.stdin.flush()
            time.sleep(chance.uniform(0, longest))
            child.send_signal(signal.SIGKILL)
            child.communicate()
            first = found(root)
            workspace.recover(root)
            second = found(root)
            litter = [p.name for p in (root / "d").iterdir() if p.name.startswith(".qcode")]
            mode = stat.S_IMODE((root / "d" / "f0").stat().st_mode)
            extra = (" +litter" if litter else "") + (" +mode" if mode != 0o755 else "")
            counts[f"{first} -> {second}{extra}"] += 1
    for name, count in sorted(counts.items()):
        print(f"{count:5} {name}")
    wrong = sum(n for name, n in counts.items() if name.split(" -> ")[1] not in ("old", "new"))
    print(f"{trials} kills within {longest * 1000:.0f} ms: {wrong} wrong after recovery")
    return 1 if wrong else 0


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [500, 1][len(given) :])))
