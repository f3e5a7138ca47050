"""Files of a repository that some tool would run: a refactoring runs none of them.

Each is tried for real afterwards, by the tool that it lies in wait for or by the command that it names: a
sentinel that cannot fire would prove nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from qcode import refactor, trust, workspace
from qcode.config import paths
from qcode.errors import RefactorError

FIRE = "FIRE"
"""Stands in the files for the place that a sentinel writes to."""
SCRIPT = "#!/bin/sh\n: > FIRE\n"


@dataclass(frozen=True, slots=True)
class Sentinel:
    """`files` of the repository, executable where they begin with `#!`; `symbol` is renamed; `tool` (in PATH)
    and `command` are what would run it."""

    name: str
    files: dict[str, str]
    symbol: str
    tool: str
    command: tuple[str, ...]


PYTHON = {"shop.py": "class Cart:\n    def total(self): return 1\n\ndef use(x): return x.total()\n"}
JS = {
    "shop.js": "class Cart { total() { return 1; } }\nfunction use(x) { return x.total(); }\nmodule.exports = { Cart, use };\n"
}
GO = {
    "go.mod": "module shop\n\ngo 1.20\n",
    "shop.go": "package shop\n\n//go:generate sh ./make.sh\n\ntype Cart struct{}\ntype Bag struct{}\n\n"
    "func (c Cart) Total() int { return 1 }\nfunc (b Bag) Total() int { return 2 }\n",
    "use.go": "package shop\n\nfunc use(x any2) { x.Total() }\n",
    "make.sh": SCRIPT,
}
RUST = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\nbuild = "build.rs"\n',
    "build.rs": 'fn main() { std::fs::write("FIRE", "x").unwrap(); }\n',
    "src/lib.rs": "pub struct Cart;\npub struct Bag;\nimpl Cart { pub fn total(&self) -> i32 { 1 } }\n"
    "impl Bag { pub fn total(&self) -> i32 { 2 } }\npub fn make<T>(t: T) -> T { t }\npub fn sum() -> i32 { make(Cart).total() }\n",
}
C = {
    "CMakeLists.txt": "project(shop C)\nexecute_process(COMMAND sh make.sh)\n",
    "shop.cpp": "struct Cart { int total() { return 1; } };\nstruct Bag { int total() { return 2; } };\n"
    "template <class T> int use(T x) { return x.total(); }\nint main() { auto c = Cart(); return c.total(); }\n",
    "make.sh": SCRIPT,
    "compile_commands.json": json.dumps(
        [{"directory": ".", "file": "shop.cpp", "arguments": ["./make.sh", "-c", "shop.cpp"]}]
    ),
    ".clangd": "CompileFlags:\n  Compiler: ./make.sh\n",
}

SENTINELS = (
    Sentinel(
        "rope's settings",
        {**PYTHON, ".ropeproject/config.py": "open('FIRE', 'w').close()\n"},
        "Cart.total",
        sys.executable,
        (sys.executable, "-c", "from rope.base.project import Project; Project('.')"),
    ),
    Sentinel(
        "Python's own build script and hooks",
        {
            **PYTHON,
            "setup.py": "open('FIRE', 'w').close()\n",
            "conftest.py": "open('FIRE', 'w').close()\n",
            "sitecustomize.py": "open('FIRE', 'w').close()\n",
            "ruff.toml": "",
        },
        "Cart.total",
        sys.executable,
        (sys.executable, "setup.py"),
    ),
    Sentinel(
        "the repository's own TypeScript",
        {
            **JS,
            "node_modules/typescript/package.json": '{"name": "typescript", "version": "5.9.0", "main": "lib/typescript.js"}',
            "node_modules/typescript/lib/typescript.js": "require('fs').writeFileSync('FIRE', '');\n",
            "node_modules/typescript/lib/tsserver.js": "require('fs').writeFileSync('FIRE', '');\n",
            "node_modules/.bin/tsserver": SCRIPT,
            "node_modules/.bin/tsc": SCRIPT,
            "tsconfig.json": '{"compilerOptions": {"allowJs": true, "plugins": [{"name": "typescript"}]}}',
        },
        "Cart.total",
        "node",
        ("node", "node_modules/typescript/lib/tsserver.js"),
    ),
    Sentinel(
        "npm's scripts",
        {
            **JS,
            "package.json": json.dumps(
                {
                    "name": "shop",
                    "scripts": dict.fromkeys(("preinstall", "postinstall", "prepare", "build"), "sh ./make.sh"),
                }
            ),
            "make.sh": SCRIPT,
        },
        "Cart.total",
        "npm",
        ("npm", "run", "--silent", "build"),
    ),
    Sentinel("go generate", GO, "Cart.Total", "sh", ("sh", "./make.sh")),
    Sentinel("build.rs", RUST, "Cart.total", "cargo", ("cargo", "build", "--offline", "--quiet")),
    Sentinel(
        "cargo's wrapper of the compiler",
        {**RUST, ".cargo/config.toml": '[build]\nrustc-wrapper = "./wrap.sh"\n', "wrap.sh": SCRIPT + 'exec "$@"\n'},
        "Cart.total",
        "cargo",
        ("cargo", "build", "--offline", "--quiet"),
    ),
    Sentinel("a compiler of compile_commands.json", C, "Cart.total", "sh", ("./make.sh", "-c", "shop.cpp")),
)  # fmt: skip


@pytest.mark.parametrize("one", SENTINELS, ids=lambda one: one.name)
def test_nothing_of_the_repository_runs(
    one: Sentinel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, fired = tmp_path / "shop", tmp_path / "fired"
    for name, text in one.files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.replace(FIRE, str(fired)))
        if text.startswith("#!"):
            place.chmod(0o755)
    # A folder of the repository in front of PATH, and trust: all that could make it run.
    monkeypatch.setenv("PATH", f"{root / 'node_modules' / '.bin'}:{os.environ['PATH']}")
    monkeypatch.chdir(root)
    trust.grant(root, paths().state)
    snapshot = workspace.open_snapshot(root)
    done = refactor.perform(snapshot, "rename", {"symbol": one.symbol, "new_name": "amount"})
    assert done.changes.paths
    if one.files.keys() >= PYTHON.keys():
        refactor.perform(snapshot, "move", {"symbol": "use", "to": "other.py"})
        refactor.perform(snapshot, "signature", {"function": "use", "changes": "+y=1"})
        refactor.perform(snapshot, "tidy", {})
    assert not fired.exists(), "a file of the repository was run"
    if shutil.which(one.tool):
        subprocess.run(one.command, cwd=root, capture_output=True, check=False, timeout=120)
        assert fired.exists(), "this sentinel cannot fire"


def test_looking_at_a_base_executes_nothing_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repository says which standard module a class is of; a file of that name, or a standard
    program that runs what it finds in the current folder, must not run."""
    fired = tmp_path / "FIRED"
    plant = f"open({str(fired)!r}, 'w').close()\n"
    root = tmp_path / "r"
    root.mkdir()
    (root / "sched.py").write_text(plant)
    (root / "test_x.py").write_text(plant + "import unittest\n\n\nclass T(unittest.TestCase):\n    pass\n")
    (root / "a.py").write_text(
        "import sched\nfrom unittest.__main__ import main as M\nfrom threading import Thread\n\n\n"
        "class S(sched.scheduler):\n    def stay(self):\n        return 1\n\n\n"
        "class A(M):\n    def go(self):\n        return 1\n\n\n"
        "class W(Thread):\n    def run(self):\n        return 1\n\n\nprint(S.stay, A.go, W.run)\n"
    )
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTHONPATH", ".")
    monkeypatch.syspath_prepend("")
    refactor.rename(workspace.open_snapshot(root), "S.stay", "stayed")
    refactor.rename(workspace.open_snapshot(root), "A.go", "went")
    with pytest.raises(RefactorError, match="overrides"):
        refactor.rename(workspace.open_snapshot(root), "W.run", "other")
    assert not fired.exists()
