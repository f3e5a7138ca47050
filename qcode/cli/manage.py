"""Verbs around the work: sessions, index, models, config, hook, doctor."""

from __future__ import annotations

import json as json_module
import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.errors import ConfigError, UsageError


def register(app: typer.Typer) -> None:
    """Add these verbs."""
    for group in (sessions, index, models, config, hook):
        app.add_typer(group)
    app.command()(doctor)


def _group(name: str, help: str) -> typer.Typer:
    return typer.Typer(name=name, help=help, no_args_is_help=True, rich_markup_mode=None)


sessions = _group("sessions", "The records of earlier runs: list, show, resume.")
index = _group("index", "The repository's symbols and text: build, search, def, map, stats.")
models = _group("models", "Which model serves which role: list, use, info.")
config = _group("config", "Settings: show, path, set, trust.")
hook = _group("hook", "The pre-commit review: install, status, uninstall.")


def _say(text: str) -> None:
    from qcode.terminal import clean

    sys.stdout.write(clean(text) + "\n")


# --- sessions ---------------------------------------------------------------------------------


@sessions.command("list")
def sessions_list(limit: Annotated[int, typer.Option(min=1)] = 20) -> None:
    """The newest runs."""
    from qcode.agent.session import recent

    for record in recent(limit):
        _say(f"{record.id}  {record.stop or 'cut off':<14}  {record.request[:60]}  ({record.root})")


@sessions.command("show")
def sessions_show(session: str, json: options.Json = False) -> None:
    """What happened in a run."""
    from qcode.agent.session import find, read

    path = find(session)
    if json:
        sys.stdout.write(path.read_text("utf-8", "replace"))
        return
    record = read(path)
    _say(f"{record.id}: {record.request}\n{record.root}")
    for event in record.events:
        rest = {k: v for k, v in event.items() if k not in ("time", "event")}
        _say(
            f"{time.strftime('%H:%M:%S', time.localtime(event['time']))} {event['event']} {json_module.dumps(rest)[:300]}"
        )


@sessions.command("resume")
def sessions_resume(
    context: typer.Context, session: str, yes: options.Yes = False, json: options.Json = False
) -> None:
    """Go on with a run that was cut off."""
    from qcode.cli.runs import resume

    resume(options.where(context), session, yes, json)


@sessions.command("schema")
def sessions_schema() -> None:
    """The JSON schema of the events that --json prints."""
    from pydantic import TypeAdapter

    from qcode.messages import Event

    schema = TypeAdapter(Event).json_schema()
    sys.stdout.write(json_module.dumps(schema, indent=2) + "\n")


# --- index ------------------------------------------------------------------------------------


@index.command("build")
def index_build(context: typer.Context) -> None:
    """Bring the index up to date (every other use does so by itself)."""
    from qcode import index as indexing
    from qcode import workspace

    made = indexing.open_index(workspace.open_snapshot(options.where(context).root()))
    made.refresh()
    _say(str(made.stats()))


@index.command("search")
def index_search(
    context: typer.Context, words: list[str], limit: Annotated[int, typer.Option(min=1)] = 20
) -> None:
    """Find code by words."""
    from qcode import index as indexing
    from qcode import workspace

    made = indexing.open_index(workspace.open_snapshot(options.where(context).root()))
    made.refresh()
    hits = made.search(" ".join(words), limit=limit)
    for hit in hits:
        _say(f"{hit.path}:{hit.line}: {hit.text.strip()}")
    if not hits:
        sys.stderr.write("Nothing found.\n")
        raise typer.Exit(20)


@index.command("def")
def index_definitions(context: typer.Context, name: str) -> None:
    """Where a name is defined."""
    from qcode import index as indexing
    from qcode import workspace

    made = indexing.open_index(workspace.open_snapshot(options.where(context).root()))
    made.refresh()
    found = made.definitions(name)
    for path, definition in found:
        _say(f"{path}:{definition.start_line}: {definition.kind} {definition.qualname}")
    if not found:
        sys.stderr.write(f"{name} is not defined here.\n")
        raise typer.Exit(20)


@index.command("map")
def index_map(context: typer.Context, limit: Annotated[int, typer.Option(min=1)] = 50) -> None:
    """An overview of the definitions."""
    from qcode import index as indexing
    from qcode import workspace

    made = indexing.open_index(workspace.open_snapshot(options.where(context).root()))
    made.refresh()
    _say(str(made.map(limit)))


@index.command("stats")
def index_stats(context: typer.Context) -> None:
    """How much is indexed."""
    index_build(context)


# --- models -----------------------------------------------------------------------------------


@models.command("list")
def models_list(context: typer.Context) -> None:
    """The roles and what is configured for each."""
    settings = options.where(context).settings()
    for name in ("agent", "complete", "review"):
        role = getattr(settings, name)
        _say(
            f"{name:<9} {f'{role.backend}: {role.model or role.base_url or role.script}' if role else 'none: exact requests only'}"
        )


@models.command("info")
def models_info(file: Path) -> None:
    """Examine a GGUF file without loading it."""
    from qcode.backends.gguf import examine

    header = examine(file)
    for name, value in vars(header).items() if hasattr(header, "__dict__") else _fields(header):
        _say(f"{name}: {value}")


def _fields(value: object) -> list[tuple[str, object]]:
    return [(name, getattr(value, name)) for name in getattr(value, "__slots__", ())]


@models.command("use")
def models_use(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A GGUF file, or the name a server knows the model by.")],
    role: Annotated[Literal["agent", "complete", "review"], typer.Option()] = "agent",
    url: Annotated[
        str, typer.Option(help="The server's address: http://127.0.0.1:8080/v1 or unix:///path.")
    ] = "",
) -> None:
    """Say which model serves a role.

    \b
    qcode models use ~/models/Qwen3.5-9B-Q4_K_M.gguf
    qcode models use qwen3.5-9b --url http://127.0.0.1:8080/v1
    """
    from qcode.config import set_user

    if url:
        values = {"backend": "openai", "base_url": url, "model": model}
    else:
        from qcode.backends.gguf import examine

        path = Path(model).expanduser().resolve()
        examine(path)
        values = {"backend": "llamacpp", "model": str(path)}
    for key, value in values.items():
        set_user(f"{role}.{key}", value)
    _say(f"{role} is served by {model}.")


# --- config -----------------------------------------------------------------------------------


@config.command("show")
def config_show(context: typer.Context) -> None:
    """The settings that hold here."""
    from qcode.messages import as_json

    sys.stdout.write(json_module.dumps(as_json(options.where(context).settings()), indent=2) + "\n")


@config.command("path")
def config_path() -> None:
    """The user's settings file."""
    from qcode.config import paths

    _say(str(paths().config))


@config.command("set")
def config_set(key: str, value: str) -> None:
    """Write one setting to the user's file: qcode config set agent.context 32768."""
    from qcode.config import set_user

    set_user(key, value)


@config.command("trust")
def config_trust(context: typer.Context, revoke: Annotated[bool, typer.Option("--revoke")] = False) -> None:
    """Trust this repository's own settings, as they are now; any change to them asks again."""
    from qcode import trust
    from qcode.config import paths

    root = options.where(context).root()
    if revoke:
        trust.revoke(root, paths().state)
        _say(f"{root} is not trusted any more.")
    else:
        trust.grant(root, paths().state)
        _say(f"{root} is trusted as it is now.")


# --- hook -------------------------------------------------------------------------------------


@hook.command("install")
def hook_install(context: typer.Context) -> None:
    """Review every commit; a hook that is there already still runs."""
    from qcode.review import hook as hooks

    _say(hooks.install(options.where(context).root()))


@hook.command("status")
def hook_status(context: typer.Context) -> None:
    """Whether the hook is installed."""
    from qcode.review import hook as hooks

    _say(hooks.status(options.where(context).root()))


@hook.command("uninstall")
def hook_uninstall(context: typer.Context) -> None:
    """Remove the hook; what it had chained is put back."""
    from qcode.review import hook as hooks

    _say(hooks.uninstall(options.where(context).root()))


# --- doctor -----------------------------------------------------------------------------------


def doctor(context: typer.Context) -> None:
    """What this machine can do, and what would make it better."""
    import shutil

    from qcode import sandbox
    from qcode.config import paths

    place = options.where(context)
    root = place.root()
    tier = sandbox.probe()
    _say(f"root      {root}")
    try:
        settings = place.settings(root)
        role = settings.agent
        _say(
            f"model     {f'{role.backend}: {role.model or role.base_url}' if role else 'none: exact requests only (qcode models use)'}"
        )
    except ConfigError as error:
        _say(f"settings  wrong: {error.message} {error.hint}")
    _say(f"sandbox   {tier.name}: {tier.words}" + (f" ({tier.why})" if tier.why else ""))
    _say(f"git       {shutil.which('git') or 'missing: ignore rules are read by qcode itself'}")
    _say(f"settings  {paths().config}")
    if not root.exists():
        raise UsageError(f"{root} does not exist.", "Give a folder: qcode -C DIR doctor.")
