"""What the user set in the editor: the section "qcode" of its settings.

A workspace may carry editor settings, so nothing here can name a program, a model or an address:
those are read from qcode's own configuration, which knows about trust.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

SECTION = "qcode"
MAX_DELAY_MS = 5000


@dataclass(frozen=True, slots=True)
class Wishes:
    """`delay_s` None: as the typing goes. `test` False is the command line's --no-test."""

    inline: bool = True
    delay_s: float | None = None
    max_lines: int = 12
    rename: bool = False
    review: bool = True
    test: bool = True


def read(given: Any) -> tuple[Wishes, list[str]]:
    """The wishes in a settings object, and a sentence for each value that is none."""
    wishes, wrong = Wishes(), list[str]()
    if given is None:
        return wishes, wrong
    if not isinstance(given, Mapping):
        return wishes, [f"The settings of {SECTION} are no object."]

    def at(path: str) -> Any:
        value: Any = given
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def flag(path: str, default: bool) -> bool:
        value = at(path)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        wrong.append(f"{SECTION}.{path} must be true or false.")
        return default

    def number(path: str, most: int) -> int | None:
        value = at(path)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
            return value
        if value is not None and value != "auto":
            wrong.append(f"{SECTION}.{path} must be a whole number from 0 to {most}.")
        return None

    delay = number("inlineCompletion.delay", MAX_DELAY_MS)
    lines = number("inlineCompletion.maxLines", 100)
    return (
        replace(
            wishes,
            inline=flag("inlineCompletion.enabled", wishes.inline),
            delay_s=None if delay is None else delay / 1000,
            max_lines=wishes.max_lines if lines is None else max(1, lines),
            rename=flag("rename.enabled", wishes.rename),
            review=flag("review.enabled", wishes.review),
            test=flag("test.enabled", wishes.test),
        ),
        wrong,
    )


class Settings:
    """The wishes in force, brought up to date by whatever way this client has."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self.wishes = Wishes()
        self.changed: list[Callable[[], object]] = []
        """Called after each change."""

    def take(self, given: Any) -> None:
        """Replace the wishes by those of a settings object; complaints go to the client's log."""
        before = self.wishes
        self.wishes, wrong = read(given)
        for sentence in wrong:
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Warning, sentence))
        if self.wishes != before:
            for call in self.changed:
                call()

    async def pull(self) -> None:
        """Ask the client, if it can be asked."""
        workspace = self._server.client_capabilities.workspace
        if not (workspace and workspace.configuration):
            return
        asked = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
        with contextlib.suppress(JsonRpcException):
            answer = await self._server.workspace_configuration_async(asked)
            self.take(answer[0] if isinstance(answer, (list, tuple)) and answer else None)


def register(server: LanguageServer, settings: Settings) -> None:
    """Listen for settings: from `initialize`, by notification, or by asking."""

    async def changed(params: types.DidChangeConfigurationParams) -> None:
        given = params.settings
        if isinstance(given, Mapping) and SECTION in given:
            settings.take(given[SECTION])
        else:
            await settings.pull()

    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(changed)
