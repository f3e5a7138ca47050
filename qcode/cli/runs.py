"""Verbs that start a run: refactor, fix, ask."""

from __future__ import annotations

import asyncio
import shlex
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.errors import UsageError

if TYPE_CHECKING:
    from qcode.agent import RunOptions


def register(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command(
        epilog="Exit codes: 0 applied, 20 nothing to do, 21 unclear, 22 needs a model, 23 not approved, "
        "24 tests failed, 25 not tested, 130 cancelled."
    )(refactor)
    app.command()(fix)
    app.command()(ask)


Words = Annotated[list[str], typer.Argument(metavar="REQUEST...", help="What to do, in plain words.")]
OptionalWords = Annotated[
    list[str] | None, typer.Argument(metavar="[HINT...]", help="Anything worth knowing.")
]


def refactor(
    context: typer.Context,
    request: Words,
    yes: options.Yes = False,
    diff: options.DiffOnly = False,
    plan: Annotated[bool, typer.Option("--plan", help="Stop after the plan.")] = False,
    json: options.Json = False,
    test: options.Test = None,
    no_test: options.NoTest = False,
    scope: options.Scope = None,
    model: options.Model = None,
    backend: options.BackendName = None,
    fast_path: Annotated[
        bool, typer.Option("--fast-path/--no-fast-path", help="Serve exact requests without the model.")
    ] = True,
    max_steps: options.Steps = None,
    max_seconds: options.Seconds = None,
    edit_tests: options.EditTests = False,
    mentions: Annotated[
        bool, typer.Option("--mentions", help="A rename also changes comments, strings and documents.")
    ] = False,
    mcp: options.Mcp = None,
) -> None:
    """Change code: a request in plain words, or an exact one.

    \b
    qcode refactor "rename parse_cfg to load_config"
    qcode refactor rename Cart.put_in add_item --yes
    qcode refactor rename old new --diff | less
    qcode refactor move utils.slug text.slugs
    qcode refactor extract app/cli.py:10-20 read_args
    qcode refactor inline tmp in total
    qcode refactor signature fetch +timeout=30
    qcode refactor replace 'print($X)' 'log.info($X)'
    qcode refactor tidy src/
    """
    place = options.where(context)
    root = place.root()
    settings = place.settings(
        root,
        **role_flags(backend, model),
        **{"budget.steps": max_steps, "budget.seconds": max_seconds},
    )
    _start(
        _sentence(request),
        _options()(
            root,
            settings,
            test=test,
            no_test=no_test,
            plan_only=plan,
            diff_only=diff,
            yes=yes,
            fast_path=fast_path,
            scope=_scope(scope),
            edit_tests=edit_tests,
            mentions=mentions,
            mcp=tuple(mcp or ()),
        ),
        json,
    )


def fix(
    context: typer.Context,
    hint: OptionalWords = None,
    yes: options.Yes = False,
    diff: options.DiffOnly = False,
    json: options.Json = False,
    test: options.Test = None,
    scope: options.Scope = None,
    model: options.Model = None,
    backend: options.BackendName = None,
    max_steps: options.Steps = None,
    max_seconds: options.Seconds = None,
    edit_tests: options.EditTests = False,
    mcp: options.Mcp = None,
) -> None:
    """Run the tests and mend the code until they pass (needs a model).

    \b
    qcode fix
    qcode fix --test "pytest tests/test_io.py"
    """
    place = options.where(context)
    root = place.root()
    settings = place.settings(
        root, **role_flags(backend, model), **{"budget.steps": max_steps, "budget.seconds": max_seconds}
    )
    made = _options()(
        root,
        settings,
        mode="fix",
        test=test,
        diff_only=diff,
        yes=yes,
        scope=_scope(scope),
        edit_tests=edit_tests,
        mcp=tuple(mcp or ()),
    )
    _start(" ".join(hint or []), made, json)


def ask(
    context: typer.Context,
    question: Words,
    json: options.Json = False,
    model: options.Model = None,
    backend: options.BackendName = None,
    mcp: options.Mcp = None,
) -> None:
    """Ask about the code; nothing is changed (needs a model).

    \b
    qcode ask "where is the cache invalidated?"
    git diff | qcode ask "what does this change?"
    """
    place = options.where(context)
    root = place.root()
    text = " ".join(question)
    if not sys.stdin.isatty() and (piped := _piped()):
        text = f"{text}\n\n{piped}"
    settings = place.settings(root, **role_flags(backend, model))
    _start(text, _options()(root, settings, mode="ask", no_test=True, mcp=tuple(mcp or ())), json)


def resume(place: options.Where, session: str, reply: str, yes: bool, json: bool) -> None:
    """Go on with a run that was cut off, or that waits for a reply."""
    root = place.root()
    made = _options()(root, place.settings(root), yes=yes, resume=session, reply=reply)
    _start("", made, json)


def _start(request: str, made: RunOptions, json: bool) -> None:
    if not request.strip() and made.mode != "fix" and not made.resume:
        raise UsageError("The request is empty.", 'Say what to do: qcode refactor "rename a to b".')
    from qcode.cli.render import view

    style: Literal["json", "diff", "people"] = "json" if json else "diff" if made.diff_only else "people"
    screen = view(style)
    try:
        code = asyncio.run(_follow(request, made, screen))
    except KeyboardInterrupt:
        screen.cancelled()
        code = 130
    raise typer.Exit(code)


async def _follow(request: str, made: RunOptions, screen: object) -> int:
    from contextlib import aclosing

    from qcode import agent
    from qcode.cli.render import Screen
    from qcode.messages import RunStarted, RunStopped

    assert isinstance(screen, Screen)
    code = 0
    with screen:
        async with aclosing(agent.run(request, made, screen)) as events:
            async for event in events:
                if isinstance(event, RunStarted):
                    screen.session = event.session
                screen.draw(event)
                if isinstance(event, RunStopped):
                    code = int(event.stop)
    return code


def _options() -> type[RunOptions]:
    from qcode.agent import RunOptions

    return RunOptions


def role_flags(backend: str | None, model: str | None) -> dict[str, str | None]:
    """The settings that `--backend` and `--model` stand for."""
    if model and not backend and model.endswith(".gguf"):
        backend = "llamacpp"
    return {"agent.backend": backend, "agent.model": model}


def _sentence(words: list[str]) -> str:
    """The request as one text; an argument that the shell kept together stays together."""
    if len(words) == 1:
        return words[0]
    return " ".join(shlex.quote(w) if any(c in w for c in " \t$()") else w for w in words)


def _scope(scope: list[str] | None) -> tuple[str, ...]:
    return tuple(part.removeprefix("./") for part in scope or ())


def _piped() -> str:
    """Text from a pipe, at most 200 kB: more than any window would hold."""
    return sys.stdin.buffer.read(200_000).decode("utf-8", "replace").strip()
