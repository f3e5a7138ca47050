"""`qcode sessions`: the records of earlier runs."""

from __future__ import annotations

import json as json_module
import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.cli.context import say
from qcode.errors import UsageError

group = options.group(
    "sessions",
    "The records of earlier runs: list, search, show, resume, replay, fork, rewind, export, delete.",
)

Session = Annotated[
    str, typer.Argument(metavar="SESSION", help="The start of its name, as `list` shows it, or `last`.")
]


@group.command("list")
def sessions_list(
    limit: Annotated[int, typer.Option(min=1)] = 20,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """The newest runs."""
    from qcode.agent.archive import recent
    from qcode.agent.session import Record

    def line(record: Record) -> str:
        stop = (record.stop or "cut off").replace("_", " ")
        return f"{record.id}  {stop:<16} {_short(record.request) or record.mode}  ({record.root})"

    for record in recent(limit):
        if json:
            value = {"id": record.id, "root": record.root, "request": record.request, "mode": record.mode}
            sys.stdout.write(json_module.dumps({**value, "stop": record.stop, "steps": record.steps}) + "\n")
        else:
            say(line(record))


@group.command("search")
def sessions_search(words: list[str], limit: Annotated[int, typer.Option(min=1)] = 20) -> None:
    """Runs in whose request or conversation all the words occur."""
    from qcode.agent.archive import search

    found = search(" ".join(words), limit)
    for hit in found:
        say(f"{hit.record.id}  {_short(hit.record.request)}\n    {hit.line}")
    if not found:
        sys.stderr.write("Nothing found.\n")
        raise typer.Exit(20)


@group.command("show")
def sessions_show(session: Session, json: options.Json = False) -> None:
    """What happened in a run, step by step."""
    from qcode.agent.session import find, read

    path = find(session)
    if json:
        sys.stdout.write(path.read_text("utf-8", "replace"))
        return
    record = read(path)
    say(f"{record.id}: {record.request}\n{record.root}\n{record.steps} steps; {record.stop or 'cut off'}")
    for event in record.events:
        rest = {k: v for k, v in event.items() if k not in ("time", "event")}
        clock = time.strftime("%H:%M:%S", time.localtime(event["time"]))
        say(f"{clock} {event['event']} {json_module.dumps(rest)[:300]}")


@group.command("resume")
def sessions_resume(
    context: typer.Context,
    session: Session,
    reply: Annotated[
        list[str] | None, typer.Argument(metavar="[REPLY...]", help="An answer, or what to do next.")
    ] = None,
    yes: options.Yes = False,
    json: options.Json = False,
) -> None:
    """Go on with a run that was cut off, or answer what it asked.

    \b
    qcode sessions resume last
    qcode sessions resume last "the one in io.py"
    """
    from qcode.cli.runs import resume

    resume(options.where(context), session, " ".join(reply or []), yes, json)


@group.command("replay")
def sessions_replay(
    context: typer.Context,
    session: Session,
    step: Annotated[int | None, typer.Option(min=1, help="Only the answer of this step.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per answer.")] = False,
    model: options.Model = None,
    backend: options.BackendName = None,
) -> None:
    """Ask the engine again for a run's answers, and tell whether the same tokens come.

    Nothing is run or written. Rounding differs between machines, and with it, rarely, a token.
    """
    import asyncio
    from contextlib import aclosing

    from qcode.agent.replay import Replayed, replay
    from qcode.agent.session import find, read
    from qcode.backends import open_backend
    from qcode.cli.runs import role_flags
    from qcode.errors import BackendError
    from qcode.messages import as_json

    record = read(find(session))
    settings = options.where(context).settings(Path(record.root), **role_flags(backend, model))
    if (role := settings.agent) is None:
        raise UsageError("No model is configured.", "Name the model of the run: --model FILE.gguf.")

    async def compared() -> list[Replayed]:
        engine = open_backend(role, settings.offline)
        found: list[Replayed] = []
        try:
            async with aclosing(replay(record, engine, step)) as answers:  # type: ignore[type-var]
                async for one in answers:
                    if one.engine and not any(known.engine for known in found):
                        sys.stderr.write(f"Recorded with another version: {one.engine}.\n")
                    found.append(one)
                    if json:
                        sys.stdout.write(json_module.dumps(as_json(one)) + "\n")
                    else:
                        say(f"answer {one.step}: {one.sentence}")
        finally:
            await engine.close()
        return found

    found = asyncio.run(compared())
    if parted := sum(one.outcome == "parted" for one in found):
        raise BackendError(
            f"Not the same: {parted} of {len(found)} answers.",
            "The record was changed, or the engine computes otherwise here: see where each one parts.",
        )
    if other := sum(one.outcome.startswith("other") for one in found):
        raise BackendError(
            f"Not compared: {other} of {len(found)} answers.", "Each line says what is another one now."
        )


@group.command("fork")
def sessions_fork(
    session: Session,
    step: Annotated[int | None, typer.Option(min=0, help="Where it leaves (default: the end).")] = None,
) -> None:
    """A new session that begins as this one stood; the old one is left as it is."""
    from qcode.agent.archive import fork

    made = fork(session, step)
    say(f"{made}\n  Go on with: qcode sessions resume {made} 'WHAT TO DO'")


@group.command("rewind")
def sessions_rewind(
    session: Session, step: Annotated[int, typer.Option("--to", min=0, help="The last step to keep.")]
) -> None:
    """Go back to the end of a step: the conversation, and the files written after it."""
    from qcode.agent.archive import rewind

    done = rewind(session, step)
    for path in done.restored:
        say(f"restored {path}")
    for path in done.skipped:
        say(f"left alone, changed since: {path}")
    say(f"The session stands at step {done.step}.")


@group.command("export")
def sessions_export(
    session: Session,
    form: Annotated[
        Literal["markdown", "json"], typer.Option("--format", help="markdown or json.")
    ] = "markdown",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of stdout.")] = None,
) -> None:
    """The whole run to read, to send or to keep."""
    from qcode.agent import archive
    from qcode.agent.session import find, read
    from qcode.terminal import clean

    record = read(find(session))
    text = (
        archive.as_markdown(record)
        if form == "markdown"
        else json_module.dumps(archive.as_json(record), indent=2) + "\n"
    )
    if output is None:
        sys.stdout.write(clean(text))
        return
    try:
        with output.open("x", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{output} exists.", "Name a new file.") from error
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.", "Name another place.") from error


@group.command("delete")
def sessions_delete(sessions: Annotated[list[str], typer.Argument(metavar="SESSION...")]) -> None:
    """Remove records. What those runs applied can still be undone."""
    from qcode.agent.archive import delete

    for session in sessions:
        say(f"deleted {delete(session)}")


@group.command("schema")
def sessions_schema() -> None:
    """The JSON schema of the events that --json prints."""
    from qcode.messages.schema import events_schema

    sys.stdout.write(json_module.dumps(events_schema(), indent=2) + "\n")


def _short(text: str) -> str:
    return " ".join(text.split())[:60]
