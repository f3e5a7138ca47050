"""Laws that hold for all files, edits, formats and cuts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qcode.edits import Abort, Edit, EditStream, Hunk, Parser, parse_reply, plan, render, search_replace
from qcode.errors import UsageError, WorkspaceError
from qcode.messages import ChangeSet, Snapshot

settings.register_profile("edits", deadline=None, max_examples=150)
settings.load_profile("edits")


@dataclass
class Held:
    """A snapshot in memory."""

    files: dict[str, bytes]
    root: Path = field(default_factory=Path.cwd)

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise WorkspaceError(f"{path} does not exist.")
        return self.files[path]

    def exists(self, path: str) -> bool:
        return path in self.files

    def with_changes(self, changes: ChangeSet) -> Snapshot:
        return Held({**self.files, **{c.path: c.after for c in changes if c.after is not None}})


WORDS = st.text("abx =()#'\"-+.\t{}ßé→", max_size=12)
LINES = st.lists(WORDS, min_size=1, max_size=30)
# A line that occurs once, so that edits have places.
MARKED = st.lists(WORDS, min_size=3, max_size=25).map(
    lambda lines: [f"{line}{'' if line.endswith(' ') else ' '}n{number}" for number, line in enumerate(lines)]
)
ENDS = st.sampled_from(["\n", "\r\n"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])


def encoded(lines: list[str], ends: list[str], encoding: str) -> bytes:
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    return text.encode(encoding, "replace" if encoding == "latin-1" else "strict")


@st.composite
def files(draw: st.DrawFn) -> tuple[list[str], list[str], str]:
    encoding = draw(ENCODINGS)
    lines = draw(MARKED)
    if encoding == "latin-1":
        lines = [line.replace("→", "ß") for line in lines]
        lines[0] = "ß" + lines[0]
    ends = draw(st.lists(ENDS, min_size=len(lines), max_size=len(lines)))
    if draw(st.booleans()):
        ends[-1] = ""
    return lines, ends, encoding


@st.composite
def pieces(draw: st.DrawFn, size: int) -> list[tuple[int, int, list[str]]]:
    """Replacements of line ranges that do not touch, from the first on: (start, end, new lines)."""
    found: list[tuple[int, int, list[str]]] = []
    at = 0
    while at < size and len(found) < 3:
        start = draw(st.integers(at, size - 1))
        end = draw(st.integers(start + 1, min(size, start + 4)))
        new = draw(st.lists(st.text("qrs ", min_size=1, max_size=5).map(lambda t: f"{t}!"), max_size=3))
        found.append((start, end, [f"{text}{start}.{n}" for n, text in enumerate(new)]))
        at = end + 1
        if draw(st.booleans()):
            break
    return found


def hunk_of(lines: list[str], start: int, end: int, new: list[str]) -> Hunk:
    return search_replace(
        "f", "".join(f"{x}\n" for x in lines[start:end]), "".join(f"{x}\n" for x in new)
    ).hunks[0]


@given(st.data())
def test_every_byte_outside_the_hunks_stays_and_the_reverse_restores_the_file(data: st.DataObject) -> None:
    lines, ends, encoding = data.draw(files())
    changes = data.draw(pieces(len(lines)))
    before = encoded(lines, ends, encoding)
    edits = [Edit("f", tuple(hunk_of(lines, *change) for change in changes))]
    made = plan(Held({"f": before}), edits)
    assert not made.refusals
    wanted = list(lines)
    for start, end, new in reversed(changes):
        wanted[start:end] = new
    assume(wanted and wanted != lines)
    (change,) = made.changes
    assert change.after is not None
    after = change.after
    codec = {"utf-8-sig": "utf-8-sig", "utf-16": "utf-16"}.get(encoding, encoding)
    assert after.decode(codec).replace("\r\n", "\n").removesuffix("\n").split("\n") == wanted
    first, last = changes[0][0], changes[-1][1]
    # A file that had no line end at its end has none afterwards, whichever line is the last now.
    at_end = len(wanted) == first and not ends[-1]
    head = encoded(lines[:first], [*ends[: first - 1], ""] if at_end else ends[:first], encoding)
    assert after.startswith(head)
    if last < len(lines):
        tail = "".join(x + e for x, e in zip(lines[last:], ends[last:], strict=True))
        bare = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
        assert after.endswith(tail.encode(bare))
    # Back again. A hunk that left nothing has no place of its own any more; all others do.
    assume(all(new for _, _, new in changes))
    # Nor can a file without a character beyond ASCII say that it was Latin-1.
    assume(encoding != "latin-1" or not after.isascii())
    back = plan(
        Held({"f": after}),
        [Edit("f", tuple(hunk_of(new, 0, len(new), lines[a:b]) for a, b, new in changes))],
    )
    assert not back.refusals
    (undone,) = back.changes
    assert undone.after is not None
    if {end for end in ends if end} in (set(), {"\n"}) or (
        len(set(ends)) == 1 and "\n" in after.decode(codec)
    ):
        assert undone.after == before
    else:
        assert undone.after.decode(codec).replace("\r\n", "\n") == before.decode(codec).replace("\r\n", "\n")


TEXT = st.lists(WORDS, min_size=1, max_size=6).map(lambda lines: "".join(f"{line}\n" for line in lines))
PATHS = st.sampled_from(["a.py", "src/b.ts", "dir with blanks/c.txt", "Makefile", "x", "a/a/b.md"])


@given(st.lists(st.tuples(PATHS, TEXT, TEXT), min_size=1, max_size=4))
def test_blocks_say_what_they_were_made_from(parts: list[tuple[str, str, str]]) -> None:
    edits = [search_replace(path, old, new) for path, old, new in parts]
    try:
        assert parse_reply(render(edits, "blocks")) == edits
    except UsageError:
        assume(False)


@given(st.lists(st.tuples(PATHS, TEXT, TEXT), min_size=1, max_size=4), st.booleans())
def test_arguments_say_what_they_were_made_from(parts: list[tuple[str, str, str]], every: bool) -> None:
    made = [
        Edit(path, (Hunk(search_replace(path, old, new).hunks[0].lines, literal=(old, new), every=every),))
        for path, old, new in parts
    ]
    read = parse_reply(render(made, "json"))
    assert [(e.path, e.hunks[0].literal, e.hunks[0].every, e.hunks[0].lines) for e in read] == [
        (e.path, e.hunks[0].literal, e.hunks[0].every, e.hunks[0].lines) for e in made
    ]


TAGGED = st.lists(st.tuples(st.sampled_from(" -+"), WORDS), min_size=1, max_size=8)


@st.composite
def hunks(draw: st.DrawFn, numbered: bool) -> Hunk:
    lines = tuple(draw(TAGGED))
    while lines and lines[-1] == (" ", ""):
        lines = lines[:-1]
    assume(any(tag != " " for tag, _ in lines))
    anchor = draw(st.sampled_from(["", "def f(x):", "class A"]))
    if not numbered:
        return Hunk(lines, None, anchor, diff=True)
    return Hunk(lines, draw(st.integers(1, 99)), anchor, diff=True, counted=True)


WHOLE = st.builds(Edit, PATHS, whole=st.one_of(st.just(""), TEXT))
GONE = st.builds(Edit, PATHS, remove=st.just(True))


def diff_edits(numbered: bool) -> st.SearchStrategy[list[Edit]]:
    some = st.lists(hunks(numbered), min_size=1, max_size=3).map(tuple)
    edit = st.builds(Edit, PATHS, some)
    moved = st.builds(Edit, PATHS, some, moved_to=st.sampled_from(["new.py", "n/m.go"]))
    return st.lists(st.one_of(edit, moved, WHOLE, GONE), min_size=1, max_size=3)


@given(diff_edits(True))
def test_unified_diffs_say_what_they_were_made_from(edits: list[Edit]) -> None:
    assert parse_reply(render(edits, "unified")) == edits


@given(diff_edits(False))
def test_diffs_without_numbers_and_patches_say_what_they_were_made_from(edits: list[Edit]) -> None:
    assert parse_reply(render(edits, "patch")) == edits
    assert parse_reply(render(edits, "unified")) == edits


def replies() -> st.SearchStrategy[str]:
    block = st.lists(st.tuples(PATHS, TEXT, TEXT), min_size=1, max_size=3).map(
        lambda parts: "".join(f"{p}\n<<<<<<< SEARCH\n{o}=======\n{n}>>>>>>> REPLACE\n\n" for p, o, n in parts)
    )
    marks = st.lists(
        st.one_of(
            WORDS,
            st.sampled_from(
                ["```", "```py a.py", "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "*** Begin Patch", "*** End Patch",
                 "*** Update File: a.py", "*** Add File: b", "--- a/a.py", "+++ b/a.py", "@@", "@@ -1,2 +1,2 @@", "a.py",
                 "diff --git a/a b/b", "rename to x", '{"path": "a.py", "search": "a', "<tool_call>", ":start_line:2"]
            ),
        ),
        max_size=25,
    ).map("\n".join)  # fmt: skip
    return st.one_of(
        block, marks, diff_edits(True).map(lambda e: render(e, "unified")), diff_edits(False).map(lambda e: render(e, "patch"))
    )  # fmt: skip


@given(replies(), st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_where_a_stream_is_cut_into_pieces_does_not_matter(reply: str, sizes: list[int]) -> None:
    raw = reply.encode()
    parser = Parser()
    at = number = 0
    while at < len(raw):
        size = sizes[number % len(sizes)]
        parser.feed(raw[at : at + size])
        at, number = at + size, number + 1
    assert parser.close() == parse_reply(reply)


@given(st.data())
def test_a_prefix_of_a_stream_changes_no_file(data: st.DataObject) -> None:
    lines = data.draw(MARKED)
    (change, *_) = data.draw(pieces(len(lines)))
    hunk = hunk_of(lines, *change)
    content = "".join(f"{line}\n" for line in lines).encode()
    form = data.draw(st.sampled_from(["blocks", "patch", "json", "unified"]))
    edit = Edit("f", (Hunk(hunk.lines, literal=("x", "y")) if form == "json" else hunk,))
    reply = render([edit], form)
    snapshot = Held({"f": content})
    cut = data.draw(st.integers(0, len(reply) - 1))
    for known in (True, None) if form in ("blocks", "patch") else (True,):
        stream = EditStream(snapshot)
        stream.feed(reply[:cut])
        made = stream.close(known)
        last_mark = reply.rstrip().rfind("\n")
        if known or cut <= last_mark + 1:
            assert not made.changes
    assert snapshot.files == {"f": content}


@given(st.data())
def test_what_is_given_up_early_would_have_been_refused(data: st.DataObject) -> None:
    lines = data.draw(
        st.lists(
            st.sampled_from(["a", "b", "", "  c", "# one", "# two", "...", "x &lt; y", "3| d", "}"]),
            min_size=2,
            max_size=12,
        )
    )
    start = data.draw(st.integers(0, len(lines) - 1))
    old = lines[start : start + data.draw(st.integers(1, 8))]
    noise = st.sampled_from(["a", "b", "", "# onx", "...", "c", "}", "zz", "x < y", "1|a", "2| b"])
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(old)))
        deed = data.draw(st.integers(0, 2))
        old[at : at + (deed != 0)] = [data.draw(noise)] if deed < 2 else []
    new = [*old[:-1], "new"] if data.draw(st.booleans()) else [*old, "new"]
    content = "".join(f"{line}\n" for line in lines).encode()
    reply = f"f\n<<<<<<< SEARCH\n{chr(10).join(old)}\n=======\n{chr(10).join(new)}\n>>>>>>> REPLACE\n"
    stream = EditStream(Held({"f": content}))
    events = stream.feed(reply)
    if any(isinstance(event, Abort) for event in events):
        assert plan(Held({"f": content}), parse_reply(reply)).refusals
    else:
        assert stream.close() == plan(Held({"f": content}), parse_reply(reply))


@given(st.data())
def test_edits_of_what_was_read_are_carried_over_or_refused(data: st.DataObject) -> None:
    lines = data.draw(MARKED)
    ours = data.draw(pieces(len(lines)))
    theirs = data.draw(pieces(len(lines)))
    theirs = [(a, b, [*(f"their {text}" for text in new), f"their {a}"]) for a, b, new in theirs]
    read = "".join(f"{line}\n" for line in lines).encode()
    now = list(lines)
    for a, b, new in reversed(theirs):
        now[a:b] = new
    live = "".join(f"{line}\n" for line in now).encode()
    assume(live != read and live.strip())
    edit = Edit("f", tuple(hunk_of(lines, *change) for change in ours))
    made = plan(Held({"f": live}), [edit], {"f": read})
    apart = all(b < c or d < a for a, b, _ in ours for c, d, _ in theirs)
    if not apart:
        assert not made.changes and made.refusals[0].reason == "moved"
        return
    both = list(lines)
    for a, b, new in sorted(ours + theirs, reverse=True):
        both[a:b] = new
    assert not made.refusals
    (change,) = made.changes
    assert change.before == live and change.after == "".join(f"{line}\n" for line in both).encode()
