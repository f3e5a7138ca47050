"""Aider's Polyglot exercises (https://github.com/Aider-AI/polyglot-benchmark) from a local checkout."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from task import Task

from qcode.errors import UsageError

LANGUAGES = ("cpp", "go", "java", "javascript", "python", "rust")
NEEDS = {"cpp": "cmake", "go": "go", "java": "java", "javascript": "npm", "rust": "cargo"}
BUILD = "cmake -S . -B build -DEXERCISM_RUN_ALL_TESTS=1 && cmake --build build"
REQUEST = """{instructions}

Use the instructions above to change the supplied files: {files}
Keep the names of existing functions and classes: they are what the tests call.
Use only the standard libraries, do not suggest installing packages."""


def missing_toolchain(language: str) -> str:
    """The program that `language` needs and this machine lacks, or ""."""
    program = NEEDS.get(language, "")
    return program if program and not shutil.which(program) else ""


def tasks(checkout: Path, language: str) -> Iterator[Task]:
    """The exercises of one language. Raises UsageError when `checkout` holds none."""
    practice = checkout / language / "exercises" / "practice"
    if not practice.is_dir():
        raise UsageError(
            f"{checkout} has no exercises in {language}.",
            "Clone https://github.com/Aider-AI/polyglot-benchmark and name its folder.",
        )
    for folder in sorted(p for p in practice.iterdir() if (p / ".meta" / "config.json").is_file()):
        yield _task(folder, language)


def _task(folder: Path, language: str) -> Task:
    told = json.loads((folder / ".meta" / "config.json").read_text("utf-8"))["files"]
    solution, tests = told["solution"], told["test"]
    known = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
    given = {
        path: content
        for path, content in known.items()
        if path not in tests and not path.startswith((".meta/", ".docs/"))
    }
    texts = [
        known[f".docs/{name}.md"].decode()
        for name in ("introduction", "instructions", "instructions.append")
        if f".docs/{name}.md" in known
    ]
    hidden = {path: known[path] for path in tests if path in known}
    if language == "javascript":
        hidden = {p: c.replace(b"xtest(", b"test(").replace(b"xit(", b"it(") for p, c in hidden.items()}
    if language == "java":
        hidden = {p: c.replace(b'@Disabled("Remove to run test")', b"") for p, c in hidden.items()}
    reference = {}
    if len(solution) == 1 and len(told.get("example", [])) == 1:
        reference = {solution[0]: known[told["example"][0]].decode()}
    return Task(
        f"{language}/{folder.name}",
        language,
        REQUEST.format(instructions="\n\n".join(texts), files=" ".join(solution)),
        given,
        hidden,
        tuple(solution),
        _command(language, tests),
        reference,
    )


def _command(language: str, tests: list[str]) -> tuple[str, ...]:
    return {
        "python": (
            sys.executable,
            "-m",
            "unittest",
            *(t.removesuffix(".py").replace("/", ".") for t in tests),
        ),
        "go": ("go", "test", "./..."),
        "rust": ("cargo", "test", "--offline", "--", "--include-ignored"),
        "javascript": ("npm", "run", "test"),
        "java": ("./gradlew", "test", "--offline"),
        "cpp": ("sh", "-c", BUILD),
    }[language]
