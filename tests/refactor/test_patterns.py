"""Structural replace, mentions, and what a hostile repository plants."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError


def written(root: Path, files: dict[str, str]) -> workspace.Snapshot:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return workspace.open_snapshot(root)


@pytest.mark.smoke
def test_code_is_replaced_by_its_structure(tmp_path: Path) -> None:
    pytest.importorskip("ast_grep_py")
    snapshot = written(
        tmp_path,
        {
            "a.py": "print('ä', f(1))\nprint(x)\n# print(x)\n",
            "b.js": "print(x);\n",
            "sub/c.py": "old(1, *a, k=2)\n",
        },
    )
    done = refactor.perform(snapshot, "replace", {"pattern": "print($X)", "replacement": "log.info($X)"})
    after = {c.path: (c.after or b"").decode() for c in done.changes}
    assert after == {"a.py": "print('ä', f(1))\nlog.info(x)\n# print(x)\n", "b.js": "log.info(x);\n"}
    arguments = {"pattern": "old($A, $$$R)", "replacement": "new($$$R, first=$A)", "path": "sub"}
    done = refactor.perform(snapshot, "replace", arguments)
    assert done.changes.changes["sub/c.py"].after == b"new(*a, k=2, first=1)\n"


def test_what_matches_nothing_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("ast_grep_py")
    snapshot = written(tmp_path, {"a.py": "x = 1\n"})
    with pytest.raises(RefactorError, match="Nothing matches"):
        refactor.perform(snapshot, "replace", {"pattern": "print($X)", "replacement": "$X"})
    with pytest.raises(RefactorError, match="not in the pattern"):
        refactor.perform(snapshot, "replace", {"pattern": "print($X)", "replacement": "$Y"})


@pytest.mark.parametrize("pattern", ["== None", "f(", "if", "a b c d"])
def test_what_is_no_code_is_refused_and_says_so(tmp_path: Path, pattern: str) -> None:
    pytest.importorskip("ast_grep_py")
    (tmp_path / "a.py").write_text("x = 1\nif x == None:\n    x = 2\n")
    with pytest.raises(RefactorError):
        refactor.perform(
            workspace.open_snapshot(tmp_path), "replace", {"pattern": pattern, "replacement": "y"}
        )


def test_mentions_change_when_asked(tmp_path: Path) -> None:
    files = {
        "a.py": '"""Use old."""\n\n\nclass C:\n    def old(self): ...\n\n\n# old is fine; older is not\n',
        "b.py": "import other\nother.thing().old()  # old\n",
        "README.md": "Call old().\n",
    }
    snapshot = written(tmp_path, files)
    arguments = {"symbol": "C.old", "new_name": "fresh"}
    plain = refactor.perform(snapshot, "rename", arguments)
    assert plain.changes.paths == ("a.py",) and len(plain.doubtful) == 4
    done = refactor.perform(snapshot, "rename", arguments, mentions=True)
    after = {c.path: (c.after or b"").decode() for c in done.changes}
    assert after["README.md"] == "Call fresh().\n"
    assert after["a.py"].startswith('"""Use fresh."""') and "# fresh is fine; older is not" in after["a.py"]
    assert after["b.py"] == "import other\nother.thing().old()  # fresh\n"
    assert done.doubtful == ("b.py:2: other.thing().old()  # old",)


def test_nothing_of_a_repository_is_executed(tmp_path: Path) -> None:
    fired = tmp_path / "fired"
    run = f"open({str(fired)!r}, 'w').close()\n"
    files = {
        ".ropeproject/config.py": run,
        "conftest.py": run,
        "setup.py": run,
        "sitecustomize.py": run,
        "threading.py": run,
        "node_modules/typescript/lib/tsserver.js": f"require('fs').writeFileSync({str(fired)!r}, '')",
        "build.rs": 'fn main() { std::fs::write("fired", "").unwrap(); }\n',
        "package.json": '{"scripts": {"preinstall": "touch fired"}}',
        "ruff.toml": "extend = '/nowhere.toml'\n",
        "app/a.py": "import os\nimport threading\n\n\nclass T(threading.Thread):\n    def work(self, n=1):\n        x = n + 1\n        return x\n\n\ndef old(t: T):\n    t.work(n=2)\n",
        "web/a.ts": "export function fetchAll(): void {}\n",
    }
    snapshot = written(tmp_path / "repo", files)
    for verb, arguments in (
        ("rename", {"symbol": "old", "new_name": "fresh"}),
        ("rename", {"symbol": "T.work", "new_name": "toil"}),
        ("rename", {"symbol": "fetchAll", "new_name": "loadAll"}),
        ("move", {"symbol": "old", "to": "app.b"}),
        ("inline", {"name": "x", "inside": "T.work"}),
        ("extract", {"place": "app/a.py:7-8", "new_name": "added"}),
        ("signature", {"function": "old", "changes": "+more=1"}),
        ("tidy", {"path": "app"}),
        ("modernise", {}),
        ("replace", {"pattern": "t.work($X)", "replacement": "t.work($X)"}),
    ):
        try:
            refactor.perform(snapshot, verb, arguments)
        except RefactorError:
            continue
    assert not fired.exists() and not (tmp_path / "repo" / "fired").exists()
