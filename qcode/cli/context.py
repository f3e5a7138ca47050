"""What every verb starts from: the folder, the settings, and options that verbs share."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qcode.errors import UsageError

if TYPE_CHECKING:
    from qcode.config import Settings


@dataclass(frozen=True)
class Where:
    """The folder that `-C` named, and flags that override settings."""

    directory: Path
    flags: Mapping[str, Any]

    def root(self) -> Path:
        """The workspace root around the folder. Raises UsageError when there is no such folder."""
        from qcode.workspace import find_root

        if not self.directory.is_dir():
            raise UsageError(f"{self.directory} is not a folder.", "Give an existing folder after -C.")
        return find_root(self.directory)

    def settings(self, root: Path | None = None, **flags: Any) -> Settings:
        """The settings that hold in `root`; flags that are None count as not given."""
        from qcode.config import enforce_offline, load

        given = {name: value for name, value in flags.items() if value is not None}
        made = load(root or self.root(), {**self.flags, **given})
        enforce_offline(made)
        return made


Yes = Annotated[bool, typer.Option("--yes", "-y", help="Apply without asking, if the tests allow it.")]
DiffOnly = Annotated[bool, typer.Option("--diff", help="Print only the unified diff; write nothing.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print events as JSON lines (schema: qcode sessions schema).")
]
Scope = Annotated[
    list[str] | None, typer.Option("--scope", metavar="PATH", help="Change only below PATH. May be repeated.")
]
Test = Annotated[
    str | None,
    typer.Option("--test", metavar="CMD", help="Judge the edit by this command (default: detected)."),
]
NoTest = Annotated[bool, typer.Option("--no-test", help="Run no tests.")]
Mcp = Annotated[
    list[str] | None,
    typer.Option("--mcp", metavar="NAME", help="Offer the tools of this configured MCP server."),
]
EditTests = Annotated[
    bool, typer.Option("--edit-tests", help="Let the model change tests, which else are read-only.")
]
Model = Annotated[str | None, typer.Option("--model", help="GGUF file, or the model's name on its server.")]
BackendName = Annotated[
    str | None, typer.Option("--backend", help="llamacpp, openai or scripted (default: as configured).")
]
Steps = Annotated[int | None, typer.Option("--max-steps", min=1, help="Most turns of the model.")]
Seconds = Annotated[int | None, typer.Option("--max-seconds", min=1, help="Most seconds of the whole run.")]


def where(context: typer.Context) -> Where:
    """The Where of this invocation."""
    found = context.find_object(Where)
    return found if found is not None else Where(Path(), {})


def group(name: str, help: str) -> typer.Typer:
    """A group of verbs, such as `qcode sessions`."""
    return typer.Typer(name=name, help=help, no_args_is_help=True, rich_markup_mode=None)


def say(text: str) -> None:
    """Print a line; control characters are made visible."""
    from qcode.terminal import clean

    sys.stdout.write(clean(text) + "\n")
