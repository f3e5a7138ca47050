"""The team server's files: the commands of its README work, nothing is open to the network, all need a key."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qcode.cli.app import app
from qcode.config import load

FOLDER = Path(__file__).parents[2] / "examples" / "server"


def test_the_commands_of_the_readme_configure_the_server() -> None:
    lines = re.findall(
        r"^qcode (models use .+|config set .+)$", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    assert len(lines) == 2
    for line in lines:
        done = CliRunner().invoke(app, shlex.split(line))
        assert done.exit_code == 0, done.output
    agent = load().agent
    assert agent and (agent.backend, agent.base_url) == ("openai", "http://127.0.0.1:8000/v1")
    assert agent.api_key_env == "TEAM_MODEL_KEY"


def test_no_service_is_open_to_the_network_or_without_a_key() -> None:
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    assert set(services) == {"vllm", "sglang", "llamacpp"}
    for name, service in services.items():
        assert service["profiles"] == [name]
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
        assert any("set MODEL_KEY" in value for value in service["environment"].values())
        assert "no-new-privileges:true" in service["security_opt"] and service["cap_drop"] == ["ALL"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    text = (FOLDER / "qcode-model.service").read_text()
    assert "--host 127.0.0.1" in text and "EnvironmentFile=" in text
    unit = tmp_path / "qcode-model.service"
    # Any program that is there: whether llama.cpp is installed is not what is asked.
    unit.write_text(text.replace("/usr/local/bin/llama-server", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
