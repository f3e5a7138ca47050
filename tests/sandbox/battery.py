"""Sets the stage for `attacks.py` as an ordinary user, runs it in a tier, looks at the damage.

`battery.py FOLDER TIER`: TIER as in qcode.sandbox.TIERS, or "bare" for no sandbox at all. Prints JSON.
"""

import asyncio
import hashlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

folder, tier = pathlib.Path(sys.argv[1]), sys.argv[2]
home, tree = folder / "home", folder / "home" / "tree"
(home / ".ssh").mkdir(parents=True)
for name in (".ssh/id_ed25519", ".env"):
    (home / name).write_text("canary")
for name in (".bashrc", ".profile"):
    (home / name).write_text("mine")
(tree / "a").mkdir(parents=True)
(tree / "kept.py").write_text("x = 1\n")
subprocess.run(["git", "init", "-q", str(tree)], check=True)
subprocess.run(["git", "-C", str(tree), "add", "-A"], check=True)
(tree / ".env").write_text("canary")
os.environ |= {"HOME": str(home), "QCODE_HOME": str(folder / "qcode"), "MY_API_TOKEN": "canary-of-the-shell"}
# Its start is when /proc/PID/environ is filled.
victim = subprocess.Popen(
    ["sleep", "120"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
)


def serve(server):
    while True:
        one, _ = server.accept()
        one.sendall(b"in")
        one.close()


def answer(server):
    while True:
        _, who = server.recvfrom(9)
        server.sendto(b"in", who)


ports = []
for family, address, kind in (
    (socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_STREAM),
    (socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_DGRAM),
    (socket.AF_INET6, ("::1", 0), socket.SOCK_STREAM),
    (socket.AF_UNIX, str(home / "agent.sock"), socket.SOCK_STREAM),
    (socket.AF_UNIX, f"\0qcode-attacks-{victim.pid}", socket.SOCK_STREAM),
):
    try:
        server = socket.socket(family, kind)
        server.bind(address)
    except OSError:
        ports.append(9)  # no IPv6 here
        continue
    if kind == socket.SOCK_STREAM:
        server.listen()
    ports.append(server.getsockname()[1] if family != socket.AF_UNIX else 0)
    worker = serve if kind == socket.SOCK_STREAM else answer
    threading.Thread(target=worker, args=(server,), daemon=True).start()


def state():
    """The home and the tree, byte for byte."""
    found = {}
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            found[str(path.relative_to(home))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


before = state()
script = shutil.copy(pathlib.Path(__file__).with_name("attacks.py"), folder / "attacks.py")
command = [sys.executable, str(script), str(tree), str(home), str(victim.pid), *map(str, ports[:3])]
if tier == "bare":
    made = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=100, check=False)
    output = made.stdout + made.stderr
else:
    from qcode import sandbox
    from qcode.messages import ChangeSet

    # The script lies in /tmp, which a copy's tier does not show: it comes with the tree.
    shutil.copy(script, tree / "attacks.py")
    before = state()
    command[1] = "attacks.py"
    done = asyncio.run(sandbox.run(command, tree, ChangeSet(), timeout_s=100, tier=sandbox.TIERS[tier]))
    output = done.output
time.sleep(0.3)
after = state()
changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
planted = pathlib.Path(f"/tmp/qcode-attack-{victim.pid}")
if planted.exists():
    changed.append("/tmp")
    planted.unlink()
orphans = []
for entry in pathlib.Path("/proc").iterdir():
    if entry.name.isdigit():
        try:
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if words.startswith(f"qcode-orphan-{victim.pid}".encode()):
            orphans.append(int(entry.name))
            os.kill(int(entry.name), 9)
victim.kill()
victim.wait()
print(json.dumps({"output": output, "changed": changed, "orphans": len(orphans)}))
