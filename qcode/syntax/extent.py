"""How far what begins on a line reaches."""

from __future__ import annotations

from qcode.syntax.grammars import language_of
from qcode.syntax.tree import BOM, tree_of


def extent(path: str, content: bytes, line: int) -> int | None:
    """The last line (from 1) of the largest piece of syntax that begins with the text of `line`.

    None where no grammar reads `path` (or takes too long), the line is blank, or what begins there does
    not parse.
    """
    language, content = language_of(path), content.removeprefix(BOM)
    lines = content.split(b"\n")
    if language is None or not 0 < line <= len(lines) or not lines[line - 1].strip():
        return None
    column = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    if (tree := tree_of(language, content)) is None:
        return None
    node = tree.root_node.descendant_for_point_range((line - 1, column), (line - 1, column + 1))
    while node is not None and node.parent is not None:
        above = node.parent
        start = (above.start_point.row, above.start_point.column)
        # A body begins where its first statement does, and holds others that begin like it.
        others = any(
            c.start_point.column == column and c.start_point.row >= line for c in above.named_children
        )
        if above.parent is None or start != (line - 1, column) or others:
            break
        node = above
    if node is None or node.is_error:
        return None
    # A piece that ends with its line feed ends at the start of the next line.
    last = node.end_point.row + (node.end_point.column > 0)
    return max(line, last)
