"""What the editor holds open, as a run sees it: taken once, before anything is awaited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from lsprotocol.types import PositionEncodingKind
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from qcode.errors import UsageError
from qcode.messages import Change
from qcode_lsp.buffers import Buffer
from qcode_lsp.engine import find_root


@dataclass(frozen=True, slots=True)
class Opened:
    """One open document: its text and version, and the URI under which the editor knows it."""

    uri: str
    version: int | None
    text: str
    buffer: Buffer | None = field(default=None, compare=False)
    """The living document, which goes on to change."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The open documents below `root`, by path relative to it."""

    root: Path
    encoding: str
    opened: Mapping[str, Opened] = field(default_factory=dict)

    @property
    def buffers(self) -> dict[str, str]:
        """path -> text, as a run takes it."""
        return {path: document.text for path, document in self.opened.items()}

    def uri(self, path: str) -> str:
        """The editor's URI of `path`."""
        if document := self.opened.get(path):
            return document.uri
        return from_fs_path(str(self.root / path)) or ""

    def moved(self, now: Documents, change: Change) -> bool:
        """Whether the file of `change` is no longer what the run saw.

        A document opened meanwhile counts by its text, a file that is not open by its bytes.
        """
        seen, current = self.opened.get(change.path), now.opened.get(change.path)
        if current is not None:
            if seen is not None:
                return current != seen
            return current.text.encode("utf-8", "surrogatepass") != _without_mark(change.before)
        try:
            return (self.root / change.path).read_bytes() != change.before
        except FileNotFoundError:
            return change.before is not None
        except OSError:
            return True


def take(server: LanguageServer, uri: str | None = None) -> Documents:
    """The open documents of the workspace that `uri` (or else the first folder) belongs to.

    Raises UsageError when there is neither a file nor a folder to say which.
    """
    root = root_of(server, uri)
    opened: dict[str, Opened] = {}
    for document in server.workspace.text_documents.values():
        path = path_of(document.uri)
        if path is not None and root in path.parents and isinstance(document, Buffer):
            text = document.source
            if not text.isascii():  # a lone surrogate has no bytes; it would make the snapshot unreadable
                text = text.encode("utf-8", "replace").decode("utf-8")
            opened[path.relative_to(root).as_posix()] = Opened(document.uri, document.version, text, document)
    return Documents(root, encoding_of(server), opened)


def opened(server: LanguageServer, uri: str) -> Buffer | None:
    """The open document of a URI. Notebooks and their cells are left alone: none for them."""
    document = server.workspace.text_documents.get(unquote(uri))
    if not isinstance(document, Buffer) or not uri.startswith("file:") or uri.endswith(".ipynb"):
        return None
    return document


def encoding_of(server: LanguageServer) -> str:
    """ "utf-8", "utf-16" or "utf-32": the unit that was agreed on for columns."""
    # A text or a member, by who chose it; `str` of a member would be its name.
    return PositionEncodingKind(server.workspace.position_encoding or PositionEncodingKind.Utf16).value


def root_of(server: LanguageServer, uri: str | None) -> Path:
    """See `take`."""
    if uri is not None and (path := path_of(uri)) is not None:
        return find_root(path if path.is_dir() else path.parent)
    folders = [folder.uri for folder in server.workspace.folders.values()]
    for candidate in (*folders, server.workspace.root_uri):
        if candidate and (path := path_of(candidate)) is not None:
            return find_root(path)
    raise UsageError("No folder is open, so there is nothing to work on.", "Open a folder or a file.")


@lru_cache(maxsize=1024)
def path_of(uri: str) -> Path | None:
    """The real path of a file: URI, None for any other. Links are followed once: asked at every key."""
    name = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(name).resolve() if name else None


def _without_mark(content: bytes | None) -> bytes | None:
    """Editors keep a UTF-8 byte order mark out of the text."""
    return None if content is None else content.removeprefix(b"\xef\xbb\xbf")
