"""What the features of one server share."""

from __future__ import annotations

from dataclasses import dataclass, field

from pygls.lsp.server import LanguageServer

from qcode_lsp.models import Models
from qcode_lsp.notices import Notices
from qcode_lsp.proposals import Proposals
from qcode_lsp.wishes import Settings


@dataclass(slots=True)
class Client:
    """What a client said of itself in `initializationOptions`, beyond the protocol."""

    commands: frozenset[str] = frozenset()
    """Commands of its own that an action may name (`qcode.askRefactor` asks for a sentence)."""
    preview: bool = False
    """It shows edits for confirmation, file by file, when they are annotated."""


@dataclass(slots=True)
class Parts:
    """One of each."""

    server: LanguageServer
    settings: Settings
    models: Models = field(default_factory=Models)
    notices: Notices = field(default_factory=Notices)
    proposals: Proposals = field(default_factory=Proposals)
    client: Client = field(default_factory=Client)
