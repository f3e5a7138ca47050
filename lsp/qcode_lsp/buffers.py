"""Open documents, kept line by line, so that a keystroke costs as much as its line and not its file.

pygls applies edits on lines as Python splits them, which goes wrong after a form feed or a Unicode
separator, and then every later edit of that document would be wrong too. Here a line ends where the
protocol says (\\n, \\r\\n, \\r), and a position outside of the text means its nearest end.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from qcode_lsp.text_edits import column, lines_of


class Buffer(TextDocument):
    """One open document. `lines` keep their ends; `source` joins them when somebody asks."""

    def __init__(
        self, uri: str, source: str, version: int | None, language_id: str | None, encoding: str
    ) -> None:
        super().__init__(uri, source, version, language_id)
        self._encoding = encoding
        self._lines = lines_of(source)
        self._joined: str | None = source

    @property
    def lines(self) -> Sequence[str]:
        return self._lines

    @property
    def source(self) -> str:
        if self._joined is None:
            self._joined = "".join(self._lines)
        return self._joined

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        if isinstance(change, types.TextDocumentContentChangePartial):
            self._replace(change.range, change.text)
            self._joined = None
        else:
            self._lines = lines_of(change.text)
            self._joined = change.text

    def offset(self, position: types.Position) -> int:
        """The number of code points before `position`."""
        line, character = self._inside(position)
        return sum(map(len, self._lines[:line])) + character

    def _inside(self, position: types.Position) -> tuple[int, int]:
        """(line, code points), within the text."""
        if position.line >= len(self._lines):
            last = self._lines[-1] if self._lines else ""
            ended = not last or last.endswith(("\n", "\r"))
            return (len(self._lines), 0) if ended else (len(self._lines) - 1, len(last))
        line = self._lines[position.line].rstrip("\r\n")
        return position.line, column(line, position.character, self._encoding)

    def _replace(self, where: types.Range, text: str) -> None:
        (first, start), (last, end) = sorted((self._inside(where.start), self._inside(where.end)))
        # One line more at each side: a \r and a \n that come to stand together are one line end.
        above, below = max(0, first - 1), last + 2
        head = "".join(self._lines[above:first]) + "".join(self._lines[first : first + 1])[:start]
        tail = "".join(self._lines[last : last + 1])[end:] + "".join(self._lines[last + 1 : below])
        self._lines[above:below] = lines_of(head + text + tail)


class Buffers(Workspace):
    """pygls's workspace with these documents."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> TextDocument:
        encoding = types.PositionEncodingKind(self.position_encoding or types.PositionEncodingKind.Utf16)
        if source is None:  # not open: pygls reads such a document from disk, when it is asked to
            return super()._create_text_document(doc_uri, source, version, language_id)
        return Buffer(doc_uri, source, version, language_id, encoding.value)

    def remove_folder(self, folder_uri: str) -> None:
        self._folders.pop(folder_uri, None)
        super().remove_folder(folder_uri)
