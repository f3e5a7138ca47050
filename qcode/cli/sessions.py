"""`qcode sessions`: the records of earlier runs."""

from __future__ import annotations

import json as json_module
import sys
import time
from typing import Annotated

import typer

from qcode.cli import context as options
from qcode.cli.context import say

group = options.group("sessions", "The records of earlier runs: list, show, resume.")


@group.command("list")
def sessions_list(limit: Annotated[int, typer.Option(min=1)] = 20) -> None:
    """The newest runs."""
    from qcode.agent.session import recent

    for record in recent(limit):
        say(f"{record.id}  {record.stop or 'cut off':<14}  {record.request[:60]}  ({record.root})")


@group.command("show")
def sessions_show(session: str, json: options.Json = False) -> None:
    """What happened in a run."""
    from qcode.agent.session import find, read

    path = find(session)
    if json:
        sys.stdout.write(path.read_text("utf-8", "replace"))
        return
    record = read(path)
    say(f"{record.id}: {record.request}\n{record.root}")
    for event in record.events:
        rest = {k: v for k, v in event.items() if k not in ("time", "event")}
        say(
            f"{time.strftime('%H:%M:%S', time.localtime(event['time']))} {event['event']} {json_module.dumps(rest)[:300]}"
        )


@group.command("resume")
def sessions_resume(
    context: typer.Context, session: str, yes: options.Yes = False, json: options.Json = False
) -> None:
    """Go on with a run that was cut off."""
    from qcode.cli.runs import resume

    resume(options.where(context), session, yes, json)


@group.command("schema")
def sessions_schema() -> None:
    """The JSON schema of the events that --json prints."""
    from pydantic import TypeAdapter

    from qcode.messages import Event

    schema = TypeAdapter(Event).json_schema()
    sys.stdout.write(json_module.dumps(schema, indent=2) + "\n")
