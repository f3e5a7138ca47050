"""A ChangeSet as the WorkspaceEdit that this client understands."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

from qcode.errors import UsageError
from qcode.messages import Change, ChangeSet
from qcode_lsp.documents import Documents
from qcode_lsp.text_edits import text_edits

_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the client said of its workspace edits."""

    versions: bool
    create: bool
    delete: bool
    annotations: bool = False

    @classmethod
    def of(cls, client: types.ClientCapabilities) -> Abilities:
        edit = client.workspace.workspace_edit if client.workspace else None
        versions = bool(edit and edit.document_changes)
        kinds = set(edit.resource_operations or ()) if edit and versions else set()
        return cls(
            versions,
            types.ResourceOperationKind.Create in kinds,
            types.ResourceOperationKind.Delete in kinds,
            bool(versions and edit and edit.change_annotation_support),
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change and its text edits; None when the file is removed."""

    change: Change
    edits: list[types.TextEdit] | None


def prepare(changes: ChangeSet, encoding: str, able: Abilities) -> list[Prepared]:
    """The costly half: the diffs. Raises UsageError for what this client cannot be told."""
    return [Prepared(change, _edits(change, encoding, able)) for change in changes]


def assemble(
    prepared: list[Prepared], now: Documents, able: Abilities, annotation: str | None = None
) -> types.WorkspaceEdit:
    """The edit, naming the versions of `now`; nothing may be awaited between the two.

    `annotation`: what the edit is for, where the client is to ask the user file by file.
    """
    if not able.versions:
        return types.WorkspaceEdit(changes={now.uri(p.change.path): p.edits or [] for p in prepared})
    name = "qcode" if annotation and able.annotations else None
    steps: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    for item in prepared:
        path, uri = item.change.path, now.uri(item.change.path)
        if item.edits is None:
            steps.append(types.DeleteFile(uri, annotation_id=name))
            continue
        if item.change.before is None:
            steps.append(types.CreateFile(uri, annotation_id=name))
        document = now.opened.get(path)
        identifier = types.OptionalVersionedTextDocumentIdentifier(
            uri, document.version if document else None
        )
        edits: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = [
            types.AnnotatedTextEdit(name, edit.range, edit.new_text) if name else edit for edit in item.edits
        ]
        steps.append(types.TextDocumentEdit(identifier, edits))
    labels = {name: types.ChangeAnnotation(annotation, True, "qcode")} if name and annotation else None
    return types.WorkspaceEdit(document_changes=steps, change_annotations=labels)


def _edits(change: Change, encoding: str, able: Abilities) -> list[types.TextEdit] | None:
    if change.after is None:
        if not able.delete:
            raise _cannot("delete", change.path)
        return None
    if change.before is None and not able.create:
        raise _cannot("create", change.path)
    try:
        before, after = (change.before or b"").decode("utf-8"), change.after.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{change.path} is not UTF-8, so its edit cannot be sent to an editor.",
            "Do it in a terminal: qcode refactor …",
        ) from error
    if before.startswith(_MARK):
        before, after = before.removeprefix(_MARK), after.removeprefix(_MARK)
    return text_edits(before, after, encoding)


def _cannot(verb: str, path: str) -> UsageError:
    return UsageError(
        f"The edit has to {verb} {path}, which this editor does not do for a server.",
        "Do it in a terminal: qcode refactor …",
    )
