"""What the editor holds open, as a run sees it: taken once, before anything is awaited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol.types import PositionEncodingKind
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from qcode.errors import UsageError
from qcode.messages import Change
from qcode_lsp.engine import find_root


@dataclass(frozen=True, slots=True)
class Opened:
    """One open document: its text and version, and the URI under which the editor knows it."""

    uri: str
    version: int | None
    text: str


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
        if path is not None and root in path.parents:
            relative = path.relative_to(root).as_posix()
            opened[relative] = Opened(document.uri, document.version, document.source)
    # A text or a member, by who chose it; `str` of a member would be its name.
    agreed = PositionEncodingKind(server.workspace.position_encoding or PositionEncodingKind.Utf16)
    return Documents(root, agreed.value, opened)


def root_of(server: LanguageServer, uri: str | None) -> Path:
    """See `take`."""
    if uri is not None and (path := path_of(uri)) is not None:
        return find_root(path if path.is_dir() else path.parent)
    folders = [folder.uri for folder in server.workspace.folders.values()]
    for candidate in (*folders, server.workspace.root_uri):
        if candidate and (path := path_of(candidate)) is not None:
            return find_root(path)
    raise UsageError("No folder is open, so there is nothing to work on.", "Open a folder or a file.")


def path_of(uri: str) -> Path | None:
    """The real path of a file: URI, None for any other."""
    name = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(name).resolve() if name else None


def _without_mark(content: bytes | None) -> bytes | None:
    """Editors keep a UTF-8 byte order mark out of the text."""
    return None if content is None else content.removeprefix(b"\xef\xbb\xbf")
