"""Measure qcode with any model: Aider's Polyglot exercises, or tasks out of a repository's history.

python examples/evaluate/evaluate.py polyglot CHECKOUT --language python --output run.jsonl
python examples/evaluate/evaluate.py mined REPOSITORY --output run.jsonl
python examples/evaluate/evaluate.py table run.jsonl
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import mined as mining
import polyglot as exercises
import replay as replaying
import typer
from task import Result, Task, attempt

from qcode.config import Settings, load
from qcode.errors import QcodeError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, help=__doc__)
Output = Annotated[Path, typer.Option("--output", "-o", help="Results, a JSON object a line; resumed.")]
Limit = Annotated[int, typer.Option(min=1, help="Most tasks.")]
Backend = Annotated[str | None, typer.Option(help="llamacpp, openai … (default: as configured).")]
Model = Annotated[str | None, typer.Option(help="GGUF file, or the model's name on its server.")]
Url = Annotated[str | None, typer.Option("--base-url", help="The server's address.")]
Tries = Annotated[int, typer.Option(min=1, help="Tries; after each the model sees what the tests said.")]


@app.command()
def polyglot(
    checkout: Path,
    language: Annotated[list[str] | None, typer.Option(help="May be repeated (default: python).")] = None,
    output: Output = Path("polyglot.jsonl"),
    limit: Limit = 10_000,
    tries: Tries = 2,
    backend: Backend = None,
    model: Model = None,
    base_url: Url = None,
    replay: Annotated[
        str, typer.Option(help=f"No model: the reference solutions ({', '.join(replaying.KINDS)}).")
    ] = "",
    form: Annotated[Literal["blocks", "unified", "patch"], typer.Option(help="Form of a replay.")] = "blocks",
) -> None:
    """Aider's exercises, with its protocol of two tries."""
    tasks: list[Task] = []
    for name in language or ["python"]:
        if name not in exercises.LANGUAGES:
            raise typer.BadParameter(f"{name}: there are {', '.join(exercises.LANGUAGES)}")
        if missing := exercises.missing_toolchain(name):
            sys.stderr.write(f"{name} is left out: {missing} is not installed.\n")
            continue
        tasks += exercises.tasks(checkout, name)
    if replay and replay not in replaying.KINDS:
        raise typer.BadParameter(f"{replay}: there are {', '.join(replaying.KINDS)}")
    flags = {"agent.backend": backend, "agent.model": model, "agent.base_url": base_url}
    asyncio.run(_work(tasks[:limit], output, tries, flags, replay, form))


@app.command()
def mined(
    repository: Path,
    output: Output = Path("mined.jsonl"),
    limit: Limit = 20,
    tries: Tries = 2,
    backend: Backend = None,
    model: Model = None,
    base_url: Url = None,
    replay: Annotated[str, typer.Option(help="No model: the commits' own code (clean), or nothing.")] = "",
) -> None:
    """Commits of a Python repository that changed code and tests: code reverted, tests must flip back."""
    flags = {"agent.backend": backend, "agent.model": model, "agent.base_url": base_url}

    async def both() -> None:
        with tempfile.TemporaryDirectory(prefix="qcode-mined-") as folder:
            tasks = await mining.tasks(repository, Path(folder), limit)
        sys.stderr.write(f"{len(tasks)} tasks\n")
        await _work(tasks, output, tries, flags, replay, "blocks")

    asyncio.run(both())


@app.command()
def table(results: list[Path]) -> None:
    """One row a file: how many passed, how well the edits were formed, what it cost."""
    print(
        "| run | tasks | passed | first try | edits | refused | tokens in (cached) | out | s/task | neither old nor reference |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for path in results:
        rows = _read(path)
        if not rows:
            continue
        n = len(rows)
        total = {
            key: sum(row[key] for row in rows) for key in rows[0] if isinstance(rows[0][key], int | float)
        }
        passed = sum(row["passed_at"] > 0 for row in rows)
        first = sum(row["passed_at"] == 1 for row in rows)
        print(
            f"| {path.stem} | {n} | {passed} ({passed / n:.1%}) | {first} | {total['edits']} "
            f"| {total['refused']} | {total['prompt_tokens']:,} ({total['cached_tokens']:,}) "
            f"| {total['completion_tokens']:,} | {total['seconds'] / n:.1f} "
            f"| {sum(row['left'] == 'other' for row in rows)} |"
        )


async def _work(
    tasks: Iterable[Task], output: Path, tries: int, flags: dict[str, Any], replay: str, form: str
) -> None:
    done = {row["name"] for row in _read(output)} if output.exists() else set()
    todo = [task for task in tasks if task.name not in done]
    sys.stderr.write(f"{len(todo)} tasks to do, {len(done)} done before\n")
    with tempfile.TemporaryDirectory(prefix="qcode-evaluate-") as name:
        folder = Path(name)
        for number, task in enumerate(todo, 1):
            settings = _settings(task, flags, replay, form, folder)
            result = await attempt(replaying.given(task, replay), settings, folder, tries)
            with output.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result)) + "\n")
            sys.stderr.write(f"{number}/{len(todo)} {task.name}: {_words(result)}\n")


def _settings(task: Task, flags: dict[str, Any], replay: str, form: str, folder: Path) -> Settings:
    if replay:
        script = folder / "script.txt"
        script.write_text(replaying.script(task, replay, form), "utf-8")
        flags = {"agent.backend": "scripted", "agent.script": str(script)}
    return load(None, {key: value for key, value in flags.items() if value is not None})


def _words(result: Result) -> str:
    if result.error:
        return f"error: {result.error}"
    how = f"passed at try {result.passed_at}" if result.passed_at else "failed"
    return f"{how}, {result.edits} edits, {result.refused} refused, {result.seconds} s"


def _read(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a results file; a line that a crash cut is done again."""
    rows = []
    for line in path.read_text("utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


if __name__ == "__main__":
    try:
        app(standalone_mode=False)
    except QcodeError as error:
        sys.exit(f"{error.message}\n  {error.hint}")
    except typer.TyperException as error:
        sys.exit(error.format_message())
