"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
MODULES = sorted([*TOP.glob("qcode/**/*.py"), *TOP.glob("lsp/qcode_lsp/**/*.py"), *TOP.glob("tests/**/*.py")])
PRODUCT = [m for m in MODULES if "tests" not in m.relative_to(TOP).parts[:1]]


@pytest.mark.smoke
def test_no_module_exceeds_500_lines() -> None:
    long = {str(m.relative_to(TOP)): n for m in MODULES if (n := len(m.read_text().splitlines())) > 500}
    assert not long


def test_no_room_is_a_drawer_for_odds_and_ends() -> None:
    names = {part for m in PRODUCT for part in m.relative_to(TOP).with_suffix("").parts}
    assert not names & {"utils", "util", "core", "helpers", "helper", "common", "misc"}


def test_public_things_of_modules_are_described() -> None:
    missing = []
    for module in PRODUCT:
        tree = ast.parse(module.read_text())
        if not ast.get_docstring(tree):
            missing.append(f"{module.relative_to(TOP)}: module")
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith(
                "_"
            )
            if public and not ast.get_docstring(node):
                missing.append(f"{module.relative_to(TOP)}: {node.name}")
    known = {"qcode/cli/app.py: root"}  # its help is the application's
    assert not set(missing) - known


def test_public_classes_are_described() -> None:
    # These modules describe their classes together: as a tree, or field by field for the schema.
    together = {"qcode/errors.py", "qcode/messages/events.py"} | {
        str(m.relative_to(TOP)) for m in TOP.glob("qcode/tools/*.py")
    }
    missing = [
        f"{module.relative_to(TOP)}: {node.name}"
        for module in PRODUCT
        if str(module.relative_to(TOP)) not in together
        for node in ast.parse(module.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not missing


def test_the_floor_plan_is_one() -> None:
    """The rooms that exist, the linter's floors, and both descriptions for people, in one order."""
    settings = tomllib.loads((TOP / "pyproject.toml").read_text())
    floors = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [room for floor in floors for room in floor.split(" | ")]
    there = {m.stem for m in (TOP / "qcode").glob("*.py")} | {
        m.parent.name for m in (TOP / "qcode").glob("*/__init__.py")
    }
    assert set(rooms) == there - {"__init__"}
    told = ast.get_docstring(ast.parse((TOP / "qcode" / "__init__.py").read_text())) or ""
    assert re.findall(r"^    (\S+(?: \| \S+)?)  ", told, re.MULTILINE) == floors
    table = re.findall(r"^\| (`[^|]+)\|", (TOP / ".github" / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert [room for line in table for room in re.findall(r"`(\w+)`", line)] == ["qcode_lsp", *rooms]


def test_the_readme_names_verbs_that_exist() -> None:
    readme = (TOP / "README.md").read_text()
    done = subprocess.run(
        [sys.executable, "-c", "from qcode.cli import main; main()", "--help"],
        capture_output=True, text=True, check=True, cwd="/",
    )  # fmt: skip
    verbs = set(re.findall(r"^  ([a-z]+) ", done.stdout, re.MULTILINE))
    used = set(re.findall(r"^(?:\.venv/bin/)?qcode (?:-C \S+ )?([a-z]+)", readme, re.MULTILINE))
    used |= set(re.findall(r"`qcode (?:-C \S+ )?([a-z]+)", readme))
    assert used and used <= verbs


def test_nothing_names_the_machine_it_was_made_on() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout
    pattern = re.compile(rb"/work/(main|shared|venv)|\.\./shared/")
    bad = [
        n for n in listed.split("\0") if n and (TOP / n).is_file() and pattern.search((TOP / n).read_bytes())
    ]
    assert not [n for n in bad if n != "tests/test_house.py"]
