"""What the macros of C make of their arguments: names of members, parts of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from qcode.refactor.tree.languages import field_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.occurrences import Trees

_STRINGS = re.compile(rb'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
_HEADS = ("field_expression.argument", "qualified_identifier.scope")

Kind = Literal["member", "tag", "untagged", "any"]


def _bare(text: bytes) -> bytes:
    """Code with the insides of its texts blank, each byte in its place."""
    return _STRINGS.sub(lambda m: b'"' + b" " * (len(m[0]) - 2) + b'"', text)


def in_body(text: bytes, name: str, kind: Kind) -> list[int]:
    """Where the body of a macro has a name, outside of texts: behind a dot or an arrow for a member, and nowhere else
    for others; in C behind `struct` for the tag of one, and nowhere else for what is `untagged`."""
    found = []
    bare = _bare(text)
    for each in re.finditer(rb"(?<![\w#])%b(?!\w)" % re.escape(name.encode()), bare):
        before = bare[: each.start()].rstrip(b" \t\\\n")
        behind = before.endswith((b".", b"->")) and not before.endswith(b"...")
        tagged = re.search(rb"\b(?:struct|union|enum)$", before) is not None
        if behind == (kind == "member") and (kind not in ("tag", "untagged") or tagged == (kind == "tag")):
            found.append(each.start())
    return found


def text_rows(body: Node, word: re.Pattern[bytes]) -> set[int]:
    """The lines of a macro's body, from its first, on which a text has a word."""
    said = body.text or b""
    return {said[: t.start()].count(b"\n") for t in _STRINGS.finditer(said) if word.search(t[0])}


def fields_beside(text: bytes, start: int) -> set[str]:
    """The fields that are given values by name in the same braces as that at a byte, it included; none where it is
    not given one so."""
    bare = _bare(text)
    before = bare[:start].rstrip(b" .\t\\\n")
    if not before.endswith((b"{", b",")):
        return set()
    first, depth = start, 0
    while first > 0 and depth >= 0:
        first -= 1
        depth += {b"}": 1, b")": 1, b"{": -1, b"(": -1}.get(bare[first : first + 1], 0)
    found, depth = set(), 0
    for each in re.finditer(rb"[{(]|[)}]|(?<=[{,])[\s\\]*\.\s*(\w+)", bare[first:]):
        if each[1] is not None and depth == 1:
            found.add(each[1].decode())
        elif each[1] is None:
            depth += 1 if each[0] in b"{(" else -1
            if not depth:
                break
    return found


def before_tokens(node: Node) -> str:
    """Rust: the name of the type whose member a name in a macro's tokens is by what stands around it: `Type::name`,
    `Type { name: 1, other }`; "" where it says nothing."""
    before = node.prev_sibling
    if before is not None and before.type == "::" and before.prev_sibling is not None:
        return (before.prev_sibling.text or b"").decode()
    above = node.parent
    owner = above.prev_sibling if above is not None and above.type == "token_tree" else None
    first = above.children[0].type if above is not None and above.children else ""
    after = node.next_sibling
    starts = before is not None and before.type in ("{", ",")
    if first == "{" and starts and after is not None and after.type in (":", ",", "}") and owner is not None:
        name = (owner.text or b"").decode()
        return name if owner.type in ("identifier", "type_identifier") and name[:1].isupper() else ""
    return ""


def named_members(trees: Trees, node: Node) -> Literal["", "member", "both"]:
    """Whether a name that is handed to a macro is the name of a member there, as `field` in
    `#define PUT(field) self->field`; "both" where it is a variable's, too."""
    found = _handed(node) if trees.language.name == "c" else None
    if found is None:
        return ""
    name, index = found
    for path in trees.macros.get(name, ()):
        for macro in trees.nodes(path, "preproc_function_def"):
            own = macro.child_by_field_name("name")
            if own is None or own.text != name.encode():
                continue
            parameters = macro.child_by_field_name("parameters")
            each = [(p.text or b"") for p in parameters.named_children] if parameters is not None else []
            body = macro.child_by_field_name("value")
            if index >= len(each) or body is None:
                return ""
            return _reaches(_STRINGS.sub(b'""', body.text or b""), each[index])
    return ""


def _handed(node: Node) -> tuple[str, int] | None:
    """What is called with a name, and which argument it is, by itself or as the first of `name.other`."""
    here = node
    while field_of(here) in _HEADS and here.parent is not None:
        here = here.parent
    listed = here.parent
    call = listed.parent if listed is not None and listed.type == "argument_list" else None
    function = (
        call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
    )
    if listed is None or function is None or function.type != "identifier":
        return None
    arguments = [c.id for c in listed.named_children if c.type != "comment"]
    return (function.text or b"").decode(), arguments.index(here.id) if here.id in arguments else 0


def _reaches(body: bytes, parameter: bytes) -> Literal["", "member", "both"]:
    word = re.escape(parameter)
    behind = rb"(?:->|\.|::)\s*%b(?!\w)" % word
    offset = rb"\b(?:offsetof|container_of)\s*\([^()]*,\s*%b\s*(?=[.)\[])" % word
    every = re.findall(rb"(?<![\w#])%b(?!\w)" % word, re.sub(rb"#\s*%b(?!\w)" % word, b"", body))
    members = re.findall(behind + rb"|" + offset, body)
    return "" if not members else "member" if len(members) == len(every) else "both"


def pasted(trees: Trees, name: str) -> Iterator[str]:
    """The lines of macros that make a name of its parts, as `STATUS_##name`, where the other part is handed to one."""
    for path, content in trees.contents.items():
        if b"##" not in content:
            continue
        for body in trees.nodes(path, "preproc_arg"):
            text = body.text or b""
            for before, after in re.findall(rb"(\w*)\s*##\s*(\w*)", text):
                first, last = before.decode(), after.decode()
                rests = [name[len(first) :]] if first and name.startswith(first) else []
                rests += [name[: -len(last)]] if last and name.endswith(last) else []
                if any(_given(trees, r) for r in rests if r and r != name):
                    row = body.start_point.row + text[: text.index(b"##")].count(b"\n")
                    line = content.split(b"\n")[row].decode("utf-8", "replace").strip()[:120]
                    yield f"{path}:{row + 1}: {line}"
                    break


def _given(trees: Trees, part: str) -> bool:
    """Whether something is called with a name alone."""
    alone = re.compile(rb"[(,]\s*%b\s*[,)]" % re.escape(part.encode()))
    return any(alone.search(c) for c in trees.contents.values())
