"""What other programs read: commands, the hook's manifest, the licence."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import entry_points, version
from pathlib import Path

import qcode

TOP = Path(__file__).parents[1]


def test_both_commands_start_something() -> None:
    commands = {e.name: e for e in entry_points(group="console_scripts") if e.name.startswith("qcode")}
    assert set(commands) == {"qcode", "qcode-lsp"}
    assert all(callable(command.load()) for command in commands.values())


def test_one_version() -> None:
    assert version("qcode") == qcode.__version__
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.?(a|b|rc|dev)\d+)?", qcode.__version__)


def test_the_hook_manifest_calls_what_exists() -> None:
    # No YAML parser is among the test requirements, and this manifest is flat.
    text = (TOP / ".pre-commit-hooks.yaml").read_text()
    values = dict(re.findall(r"^[- ] (\w+): (.+)$", text, re.MULTILINE))
    assert values["id"] == "qcode-review" and values["language"] == "python"
    assert values["entry"].split() == ["qcode", "review", "--staged"]
    assert (values["pass_filenames"], values["require_serial"], values["verbose"]) == (
        "false",
        "true",
        "true",
    )


def test_the_wheel_takes_what_the_program_reads() -> None:
    wheel = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert all((TOP / folder).is_dir() for folder in wheel["only-include"])
    assert wheel["sources"]["prompts"] == "qcode/_prompts"
    # An editable install must read prompts/ itself, never a stale copy of it.
    assert not (TOP / "qcode" / "_prompts").exists()


def test_the_licence_is_whole() -> None:
    text = (TOP / "LICENSE").read_text()
    assert "Apache License" in text[:200] and "END OF TERMS AND CONDITIONS" in text
