"""Trust ends with the first byte that changes, wherever that byte lies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qcode import trust
from qcode.config import load, paths
from qcode.errors import ConfigError


def state() -> Path:
    return paths().state


@pytest.mark.smoke
@pytest.mark.parametrize("path", ["qcode.toml", ".qcode/prompts/system.md", ".qcode/hooks/x"])
def test_any_change_ends_it_and_going_back_restores_it(tmp_path: Path, path: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"# a\n")
    assert not trust.is_trusted(tmp_path, state())
    trust.grant(tmp_path, state())
    assert trust.is_trusted(tmp_path, state())
    for other in (b"# b\n", b""):
        file.write_bytes(other)
        assert not trust.is_trusted(tmp_path, state())
    file.unlink()
    assert not trust.is_trusted(tmp_path, state())
    file.write_bytes(b"# a\n")
    assert trust.is_trusted(tmp_path, state())
    trust.revoke(tmp_path, state())
    assert not trust.is_trusted(tmp_path, state())


def test_of_pyproject_only_the_own_table_counts(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "a"\n[tool.qcode]\ntest_command = "make test"\n')
    assert load(tmp_path).test_command is None
    trust.grant(tmp_path, state())
    assert load(tmp_path).test_command == "make test"
    file.write_text('[tool.qcode]\n# said\ntest_command = "make test"\n[project]\nname = "b"\n[tool.ruff]\n')
    assert load(tmp_path).test_command == "make test"
    file.write_text(file.read_text().replace("make test", "make tesu"))
    assert load(tmp_path).test_command is None
    for text in ("[tool.qcode", "tool = 1", '[tool]\nqcode = "x"', "\x00"):
        file.write_text(text)
        assert not trust.is_trusted(tmp_path, state())
        assert load(tmp_path).test_command is None


def test_a_project_may_not_set_what_is_the_users(tmp_path: Path) -> None:
    for name, text in (("qcode.toml", ""), ("pyproject.toml", "[tool.qcode]\n")):
        for line in (
            'agent.base_url = "http://evil"',
            "unsandboxed = true",
            'mcp.x.command = "evil"',
            "offline = false",
        ):
            root = tmp_path / f"{name}-{line.split()[0]}"
            root.mkdir()
            (root / name).write_text(f"{text}{line}\n")
            trust.grant(root, state())
            with pytest.raises(ConfigError, match="only the user"):
                load(root)


def test_every_flipped_byte_asks_again(tmp_path: Path) -> None:
    """Of all that qcode could obey: settings, prompts, hooks, language servers."""
    files = {
        "qcode.toml": b'test_command = "make"\n',
        ".qcode/prompts/system.md": b"Be kind.",
        ".qcode/hooks/before": b"#!/bin/sh\n",
        ".qcode/servers.json": b'{"python": ["pylsp"]}',
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    trust.grant(tmp_path, state())
    for name, content in files.items():
        for place in range(len(content)):
            flipped = bytearray(content)
            flipped[place] ^= 1
            (tmp_path / name).write_bytes(flipped)
            assert not trust.is_trusted(tmp_path, state()), (name, place)
        (tmp_path / name).write_bytes(content)
        assert trust.is_trusted(tmp_path, state())
    (tmp_path / ".qcode" / "more").write_bytes(b"")
    assert not trust.is_trusted(tmp_path, state())


def test_what_is_obeyed_is_what_was_hashed(tmp_path: Path) -> None:
    (tmp_path / "qcode.toml").write_bytes(b'test_command = "a"\n')
    trust.grant(tmp_path, state())
    orders = trust.trusted(tmp_path, state())
    (tmp_path / "qcode.toml").write_bytes(b'test_command = "b"\n')
    assert orders == {"qcode.toml": b'test_command = "a"\n'} and trust.trusted(tmp_path, state()) is None


def test_a_linked_folder_of_settings_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "root" / ".qcode").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "hook").write_text("x")
    assert trust.bearing(tmp_path / "root") == {}


def test_what_is_too_large_to_look_at_cannot_be_trusted(tmp_path: Path) -> None:
    (tmp_path / "qcode.toml").write_bytes(b"#" * 2_000_000)
    trust.grant(tmp_path, state())
    assert trust.bearing(tmp_path) is None and not trust.is_trusted(tmp_path, state())


def test_settings_behind_a_link_are_covered(tmp_path: Path) -> None:
    """The link stays what it was; what is read through it does not."""
    (tmp_path / "behind").write_text('test_command = "make test"\n')
    (tmp_path / "qcode.toml").symlink_to("behind")
    trust.grant(tmp_path, state())
    assert load(tmp_path).test_command == "make test"
    (tmp_path / "behind").write_text('test_command = "make evil"\n')
    assert load(tmp_path).test_command is None


def test_it_belongs_to_one_real_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for root in (one, other):
        root.mkdir()
        (root / "qcode.toml").write_text('test_command = "x"\n')
    (tmp_path / "link").symlink_to(one)
    trust.grant(tmp_path / "link", state())
    assert trust.is_trusted(one, state())
    assert not trust.is_trusted(other, state())
    one.rename(tmp_path / "moved")
    assert not trust.is_trusted(tmp_path / "moved", state())


@pytest.mark.parametrize("record", ["", "[]", "null", "{", '{"/": 1}'])
def test_a_damaged_record_trusts_nobody(tmp_path: Path, record: str) -> None:
    trust.grant(tmp_path, state())
    (state() / "trust.json").write_text(record)
    assert not trust.is_trusted(tmp_path, state())
    trust.grant(tmp_path, state())
    assert trust.is_trusted(tmp_path, state())
    assert (state() / "trust.json").stat().st_mode & 0o077 == 0
    assert str(tmp_path) in json.loads((state() / "trust.json").read_text())


@pytest.mark.smoke
@pytest.mark.parametrize("start", ["qcode.cli", "qcode_lsp"])
def test_a_library_of_that_name_in_the_repository_is_not_imported(start: str, tmp_path: Path) -> None:
    """Even where PYTHONPATH names the current folder: libraries are imported when they are needed."""
    fired = tmp_path / "FIRED"
    repository = tmp_path / "r"
    repository.mkdir()
    for name in (
        "rope",
        "jedi",
        "parso",
        "git",
        "httpx",
        "tree_sitter",
        "pygls",
        "lsprotocol",
        "typer",
        "rich",
        "pydantic",
        "sched",
    ):
        (repository / f"{name}.py").write_text(f"open({str(fired)!r}, 'w').close()\n")
    (repository / "a.py").write_text(
        "import sched\n\n\nclass S(sched.scheduler):\n    def stay(self): ...\n\n\nclass T:\n    def stay(self): ...\n\n\n"
        "def wait(x):\n    x.stay()\n\n\nwait(S())\n"
    )
    arguments = ["refactor", "rename", "S.stay", "stayed", "--diff", "--no-test"]
    code = f"import sys; sys.argv[1:] = {arguments!r}; from {start} import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": ".", "QCODE_HOME": str(tmp_path / "home")},
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert not fired.exists(), done.stderr.decode()
    if start == "qcode.cli":
        assert b"+    def stayed(self)" in done.stdout and b"+    x.stayed()" in done.stdout, done.stderr


def test_what_qcode_is_installed_in_stays_importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = str(Path(trust.__file__).parents[1])
    monkeypatch.setattr(
        sys, "path", ["", str(tmp_path), str(tmp_path / "lib"), own, sys.prefix + "/lib/x", "/usr/lib"]
    )
    monkeypatch.chdir(tmp_path)
    trust.import_nothing_from(tmp_path)
    assert sys.path == [own, sys.prefix + "/lib/x", "/usr/lib"]
    trust.import_nothing_from(Path(own))
    assert sys.path[0] == own
