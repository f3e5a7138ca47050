"""The first words with a client: what it can do, its settings, and what the server wants to be told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from qcode_lsp.parts import Client, Parts
from qcode_lsp.tasks import start
from qcode_lsp.warming import warm
from qcode_lsp.wishes import SECTION

WATCHED = ("**/qcode.toml", "**/.git/HEAD", "**/.git/index")
"""What changes settings, and what changes the text that a review compares with."""


def register(parts: Parts, before: list[Callable[[types.InitializeParams], None]]) -> None:
    """Read `initialize` (after it, `before` are called: the last moment to add a feature), and use
    what the client can be asked once it is `initialized`."""

    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        if isinstance(options, Mapping):
            names = options.get("commands")
            parts.client = Client(
                frozenset(name for name in names if isinstance(name, str))
                if isinstance(names, (list, tuple))
                else frozenset(),
                options.get("preview") is True,
            )
            parts.settings.take(options.get(SECTION))
        for call in before:
            call(params)

    async def initialized(params: types.InitializedParams) -> None:
        start(warm(parts.server))
        await parts.settings.pull()
        workspace = parts.server.client_capabilities.workspace
        wanted: list[types.Registration] = []
        changes = workspace.did_change_configuration if workspace else None
        if changes and changes.dynamic_registration:
            method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
            wanted.append(types.Registration("settings", method, {"section": SECTION}))
        files = workspace.did_change_watched_files if workspace else None
        if files and files.dynamic_registration:
            watchers = [{"globPattern": pattern} for pattern in WATCHED]
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            wanted.append(types.Registration("files", method, {"watchers": watchers}))
        if wanted:
            with contextlib.suppress(JsonRpcException):  # a client that refuses does without
                await parts.server.client_register_capability_async(types.RegistrationParams(wanted))

    parts.server.feature(types.INITIALIZE)(initialize)
    parts.server.feature(types.INITIALIZED)(initialized)
