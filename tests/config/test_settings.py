"""Layers of settings, and what a repository may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import trust
from qcode.config import load, paths, set_user
from qcode.errors import ConfigError


@pytest.mark.smoke
def test_flags_over_environment_over_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_user("agent.model", "user")
    set_user("budget.steps", "7")
    assert load(tmp_path).agent.model == "user" and load(tmp_path).budget.steps == 7  # type: ignore[union-attr]
    monkeypatch.setenv("QCODE_AGENT_MODEL", "environment")
    assert load(tmp_path).agent.model == "environment"  # type: ignore[union-attr]
    assert load(tmp_path, {"agent.model": "flag"}).agent.model == "flag"  # type: ignore[union-attr]


def test_a_repository_is_not_read_before_it_is_trusted_and_not_after_a_byte_changed(tmp_path: Path) -> None:
    file = tmp_path / "qcode.toml"
    file.write_text('test_command = "make evil"\n')
    assert load(tmp_path).test_command is None
    trust.grant(tmp_path, paths().state)
    assert load(tmp_path).test_command == "make evil"
    file.write_text('test_command = "make evil2"\n')
    assert load(tmp_path).test_command is None


def test_even_a_trusted_repository_names_no_endpoint(tmp_path: Path) -> None:
    (tmp_path / "qcode.toml").write_text('[agent]\nbase_url = "http://192.0.2.1/v1"\n')
    trust.grant(tmp_path, paths().state)
    with pytest.raises(ConfigError, match="only the user"):
        load(tmp_path)


def test_unknown_keys_name_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {"agent.modle": "x"})
    assert "agent.model" in caught.value.hint


def test_a_broken_file_is_two_lines(tmp_path: Path) -> None:
    paths().config.parent.mkdir(exist_ok=True, parents=True)
    paths().config.write_text("agent = [")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert "TOML" in caught.value.message and caught.value.hint


@pytest.mark.parametrize("value", ["/m/😀 ü.gguf", 'a"b\\c', "\x7f\x01\n\t", "é" * 500])
def test_what_is_set_is_what_is_read(tmp_path: Path, value: str) -> None:
    set_user("agent.model", value)
    assert load(tmp_path).agent.model == value  # type: ignore[union-attr]


@pytest.mark.parametrize("value", ["²", "-1x", "", "1.5"])
def test_what_is_no_number_is_two_lines(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match=r"budget\.steps") as caught:
        set_user("budget.steps", value)
    assert "whole number" in caught.value.hint
