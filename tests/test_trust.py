"""Trust ends with the first byte that changes, wherever that byte lies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qcode import trust
from qcode.config import load, paths


def state() -> Path:
    return paths().state


@pytest.mark.smoke
@pytest.mark.parametrize("path", ["qcode.toml", "pyproject.toml", ".qcode/prompts/system.md"])
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
