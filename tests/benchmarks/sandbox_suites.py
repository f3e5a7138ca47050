"""The test suites of real packages inside the sandbox, against the same without it.

    python tests/benchmarks/sandbox_suites.py [--tier overlay] [PACKAGE ...]

Fetches each package's source with pip, makes an environment for it below a temporary folder
(QCODE_SUITES names another, which is kept), runs its tests plainly and in the tier, and lists the
tests that fail there and nowhere else. Ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from qcode import sandbox
from qcode.messages import ChangeSet

# What the tests need besides the package itself.
PACKAGES = {
    "itsdangerous": ["freezegun"],
    "click": [],
    "attrs": ["hypothesis", "cloudpickle", "pympler"],
    "werkzeug": ["ephemeral-port-reserve", "pytest-timeout", "pytest-xprocess", "watchdog", "cryptography"],
    "httpx": ["trio", "trustme", "uvicorn", "chardet", "zstandard", "brotli", "h2", "socksio", "rich", "click", "pygments",
              "pytest<9"],
}  # fmt: skip
# Its reloader's tests wait for ever on some machines, plainly too: a failure on both sides then.
MORE = {"werkzeug": ["--timeout", "40"]}
OPTIONS = ["-p", "no:cacheprovider", "-q", "-rfE", "--maxfail=0", "--continue-on-collection-errors"]


def prepared(name: str, folder: Path) -> tuple[Path, Path]:
    """(the source, the Python of its environment); both are made once."""
    place = folder / name
    python = place / "venv" / "bin" / "python"
    if not (place / "ready").exists():
        place.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
        subprocess.run(
            [
                *pip,
                "download",
                "--no-deps",
                "--no-binary",
                name,
                "-d",
                str(place),
                name,
            ],
            check=False,
        )
        (archive,) = place.glob("*.tar.gz")
        with tarfile.open(archive) as file:
            file.extractall(place / "source", filter="data")
        subprocess.run([sys.executable, "-m", "venv", str(place / "venv")], check=True)
        (source,) = (place / "source").iterdir()
        extra = "[brotli,http2,socks,zstd,cli]" if name == "httpx" else ""
        subprocess.run(
            [str(python), "-m", "pip", "-q", "install", "pytest", "-e", f"{source}{extra}", *PACKAGES[name]],
            check=True,
        )
        (place / "ready").touch()
    (source,) = (place / "source").iterdir()
    return source, python


def failed(output: str) -> tuple[set[str], str]:
    names = set(re.findall(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE))
    return names, next(
        (line for line in reversed(output.splitlines()) if " in " in line), "no summary"
    ).strip("= ")


async def main(names: list[str], tier: sandbox.Tier, folder: Path) -> int:
    new = 0
    for name in names:
        source, python = prepared(name, folder)
        command = [str(python), "-m", "pytest", *OPTIONS, *MORE.get(name, [])]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        plain = await asyncio.to_thread(
            subprocess.run, command, cwd=source, capture_output=True, text=True, env=environment,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        inside = await sandbox.run(command, source, ChangeSet(), timeout_s=900, tier=tier)
        (old, before), (now, after) = failed(plain.stdout), failed(inside.output)
        new += len(now - old)
        print(
            f"{name:13} plain: {before}\n{'':13} {tier.name}: {after}  ({inside.seconds:.1f} s)", flush=True
        )
        for test in sorted(now - old)[:20]:
            print(f"{'':13} new: {test}")
        if not re.search(r"\d+ passed", after):
            print(inside.output[-2000:])
            new += 1
    print(f"{new} new failures")
    return 1 if new else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tier", default=sandbox.probe().name, choices=sorted(sandbox.TIERS))
    parser.add_argument("packages", nargs="*", default=list(PACKAGES))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        kept = Path(os.environ.get("QCODE_SUITES", temporary))
        sys.exit(asyncio.run(main(given.packages, sandbox.TIERS[given.tier], kept)))
