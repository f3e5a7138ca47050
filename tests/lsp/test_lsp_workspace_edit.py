"""WorkspaceEdits: created and removed files, and what a client cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from qcode_lsp.documents import Documents, Opened
from qcode_lsp.workspace_edit import Abilities, assemble, prepare

from qcode.errors import UsageError
from qcode.messages import Change, ChangeSet

ALL = Abilities(versions=True, create=True, delete=True)
NONE = Abilities(versions=False, create=False, delete=False)


def test_files_are_created_and_removed(tmp_path: Path) -> None:
    changes = ChangeSet.of([Change("new.py", None, b"x = 1\n"), Change("old.py", b"y\n", None)])
    edit = assemble(prepare(changes, "utf-8", ALL), Documents(tmp_path, "utf-8"), ALL)
    create, fill, remove = edit.document_changes or ()
    assert isinstance(create, types.CreateFile)
    assert create.uri == (tmp_path / "new.py").as_uri()
    assert isinstance(fill, types.TextDocumentEdit)
    assert fill.text_document.version is None
    assert [edit.new_text for edit in fill.edits if isinstance(edit, types.TextEdit)] == ["x = 1\n"]
    assert isinstance(remove, types.DeleteFile)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("a.py", None, b"x"), "create a.py"),
        (Change("a.py", b"x", None), "delete a.py"),
        (Change("a.py", b"\xff\xfe", b"x"), "not UTF-8"),
    ],
)
def test_what_a_client_cannot_do_is_refused(change: Change, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        prepare(ChangeSet.of([change]), "utf-16", NONE)


def test_a_byte_order_mark_does_not_shift_columns() -> None:
    change = Change("a.py", b"\xef\xbb\xbfold = 1\n", b"\xef\xbb\xbfnew = 1\n")
    (item,) = prepare(ChangeSet.of([change]), "utf-16", NONE)
    assert item.edits == [types.TextEdit(types.Range(types.Position(0, 0), types.Position(0, 3)), "new")]


def test_what_counts_as_moved(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"a\n")
    change = Change("a.py", b"a\n", b"b\n")
    closed = Documents(tmp_path, "utf-8")
    opened = Documents(tmp_path, "utf-8", {"a.py": Opened("file:///a.py", 1, "a\n")})
    typed = Documents(tmp_path, "utf-8", {"a.py": Opened("file:///a.py", 2, "a\n")})
    unsaved = Documents(tmp_path, "utf-8", {"a.py": Opened("file:///a.py", 1, "c\n")})
    assert not closed.moved(closed, change)
    assert not opened.moved(opened, change)
    assert opened.moved(typed, change)
    assert not closed.moved(opened, change), "opened meanwhile, with the same text"
    assert closed.moved(unsaved, change)
    (tmp_path / "a.py").write_bytes(b"other\n")
    assert closed.moved(closed, change)
