"""Cases for appliers, made from source files by a seed: a file, a change, and how a model may say it.

Every case knows its truth: the file after the change, or that the reply must be refused. The kinds
of noise are ours, apart from any benchmark that the ladder was tuned on.
"""

from __future__ import annotations

import ast
import json
import random
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

Piece = tuple[int, int, list[str]]
"""Lines a to b (from 0) become these."""
SUFFIXES = (".py", ".js", ".ts", ".go", ".rs", ".c", ".java", ".md", ".lua", ".scm", ".toml")
TYPOGRAPHY = str.maketrans({'"': "\u201d", "'": "\u2019", "-": "\u2013"})


@dataclass(frozen=True, slots=True)
class Case:
    """`after` None: the reply must be refused."""

    id: str
    kind: str
    format: str
    """sr, udiff or cap."""
    path: str
    before: str
    edit: str
    after: str | None

    def as_json(self) -> str:
        """The line that adapters read."""
        value = {"id": self.id, "format": self.format, "path": self.path, "before": self.before}
        return json.dumps({**value, "edit": self.edit})


def sources(folders: Iterable[Path], most: int = 400) -> list[tuple[str, list[str]]]:
    """(path, lines) of text files of 30 to 600 lines below `folders`, in a fixed order."""
    found: list[tuple[str, list[str]]] = []
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix not in SUFFIXES or not file.is_file() or len(found) >= most:
                continue
            try:
                text = file.read_bytes().decode()
            except UnicodeDecodeError:
                continue
            lines = text.split("\n")[:-1]
            if (
                30 <= len(lines) <= 600
                and text.endswith("\n")
                and not any(c in text for c in "\r\0\f\v\u2028")
            ):
                found.append((f"src/{file.name}", lines))
    return found


def change(rng: random.Random, lines: list[str]) -> list[Piece]:
    """A change of one to three places, eight lines apart."""
    pieces: list[Piece] = []
    at = rng.randrange(0, max(1, len(lines) // 2))
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        spots = [n for n in range(at, min(at + 60, len(lines) - 1)) if lines[n].strip(" \t{}()[];*/#")]
        if not spots:
            break
        start = rng.choice(spots)
        end = min(len(lines), start + rng.choice([0, 1, 1, 1, 2, 3]))
        new = [_reworded(rng, line) for line in lines[start : max(end, start + 1)]]
        if rng.random() < 0.4:
            new = [*new, *(_reworded(rng, line) for line in lines[start : start + rng.randrange(1, 4)])]
        if end > start and rng.random() < 0.15:
            new = []
        if new != lines[start:end]:
            pieces.append((start, end, new))
        at = end + 9
        if at >= len(lines) - 1:
            break
    return pieces


def _reworded(rng: random.Random, line: str) -> str:
    words = re.findall(r"[A-Za-z_]\w+", line)
    if not words:
        return line
    word = rng.choice(words)
    return re.sub(rf"\b{word}\b", f"{word}{rng.choice(['_new', '2', 'X', '_x'])}", line, count=1)


def changed(lines: list[str], pieces: list[Piece]) -> list[str]:
    """`lines` with all pieces."""
    now = list(lines)
    for start, end, new in sorted(pieces, reverse=True):
        now[start:end] = new
    return now


@dataclass(frozen=True, slots=True)
class Hunk:
    """A piece with context: all old lines, and what they become."""

    start: int
    old: list[str]
    new: list[str]
    tagged: list[tuple[str, str]]


def hunks(lines: list[str], pieces: list[Piece], context: int) -> list[Hunk]:
    """With so many lines of context, and more until the old side occurs once."""
    found: list[Hunk] = []
    for start, end, new in pieces:
        around = context
        while True:
            a, b = max(0, start - around), min(len(lines), end + around)
            if occurs(lines, lines[a:b]) == 1 or (a == 0 and b == len(lines)):
                break
            around += 1
        tagged = [(" ", x) for x in lines[a:start]] + [("-", x) for x in lines[start:end]]
        tagged += [("+", x) for x in new] + [(" ", x) for x in lines[end:b]]
        found.append(Hunk(a, lines[a:b], lines[a:start] + new + lines[end:b], tagged))
    return found


def occurs(lines: list[str], run: list[str]) -> int:
    """How often `run` stands in `lines`. Plain on purpose: tests of the applier rely on it."""
    return sum(lines[n : n + len(run)] == run for n in range(len(lines) - len(run) + 1))


def sr(
    path: str,
    made: list[Hunk],
    marks: tuple[str, str, str] = ("<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"),
) -> str:
    """SEARCH/REPLACE blocks."""
    text = ""
    for hunk in made:
        body = [marks[0], *hunk.old, marks[1], *hunk.new, marks[2]]
        text += f"{path}\n```\n" + "".join(f"{x}\n" for x in body) + "```\n\n"
    return text


def udiff(path: str, made: list[Hunk], numbers: str = "right") -> str:
    """A unified diff with right, wrong or no numbers."""
    text, shift = f"--- a/{path}\n+++ b/{path}\n", 0
    for n, hunk in enumerate(made):
        at, old, new = hunk.start + 1, len(hunk.old), len(hunk.new)
        if numbers == "right":
            head = f"@@ -{at},{old} +{at + shift},{new} @@"
        elif numbers == "starts":
            head = f"@@ -{at + 17 + n},{old} +{at + 11},{new} @@"
        elif numbers == "counts":
            head = f"@@ -{at},{old + 2} +{at + shift},{new + 1} @@"
        else:
            head = "@@ ... @@" if numbers == "dots" else "@@"
        text += head + "\n" + "".join(f"{tag}{line}\n" for tag, line in hunk.tagged)
        shift += new - old
    return text


def cap(path: str, made: list[Hunk]) -> str:
    """A patch of Codex."""
    body = "".join("@@\n" + "".join(f"{tag}{x}\n" for tag, x in hunk.tagged) for hunk in made)
    return f"*** Begin Patch\n*** Update File: {path}\n{body}*** End Patch\n"


WRITERS: dict[str, Callable[[str, list[Hunk]], str]] = {"sr": sr, "udiff": udiff, "cap": cap}


def cases(seed: int, files: list[tuple[str, list[str]]], count: int) -> Iterator[Case]:
    """`count` cases, in turn of every kind and format."""
    rng = random.Random(seed)
    kinds = [(kind, form) for kind in KINDS for form in WRITERS]
    number = 0
    while number < count:
        path, lines = rng.choice(files)
        pieces = change(rng, lines)
        if not pieces or changed(lines, pieces) == lines or not _parses(path, changed(lines, pieces)):
            continue
        kind, form = kinds[number % len(kinds)]
        base = _Base(rng, path, lines, pieces, form)
        if (case := KINDS[kind](base)) is None:
            kinds.append(kinds.pop(number % len(kinds)))
            number += rng.random() < 0.2
            continue
        yield replace(case, id=f"{seed}-{number}", kind=kind)
        number += 1


def _parses(path: str, lines: list[str]) -> bool:
    """A gate refuses what would not parse; such a change is no case for an applier."""
    if not path.endswith(".py"):
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(lines))
    except SyntaxError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Base:
    rng: random.Random
    path: str
    lines: list[str]
    pieces: list[Piece]
    form: str

    def made(self, context: int = 3) -> list[Hunk]:
        return hunks(self.lines, self.pieces, context)

    def case(
        self, edit: str, apply: bool = True, before: str | None = None, after: str | None = None
    ) -> Case:
        whole = "".join(f"{x}\n" for x in self.lines)
        then = "".join(f"{x}\n" for x in changed(self.lines, self.pieces))
        kept = whole if before is None else before
        return Case(
            "", "", self.form, self.path, kept, edit, (then if after is None else after) if apply else None
        )

    def written(self, made: list[Hunk]) -> str:
        return WRITERS[self.form](self.path, made)


def _mapped(made: list[Hunk], each: Callable[[str], str], tags: str = " -+") -> list[Hunk]:
    """Hunks with lines of those tags changed."""
    found = []
    for hunk in made:
        tagged = [(tag, each(line) if tag in tags else line) for tag, line in hunk.tagged]
        old, new = [x for t, x in tagged if t != "+"], [x for t, x in tagged if t != "-"]
        found.append(Hunk(hunk.start, old, new, tagged))
    return found


def _only(base: _Base, form: str, edit: Callable[[], str]) -> Case | None:
    return base.case(edit()) if base.form == form else None


def _clean(base: _Base) -> Case:
    return base.case(base.written(base.made(base.rng.choice([1, 2, 3, 5]))))


def _prose(base: _Base) -> Case:
    edit = base.written(base.made())
    lead = (
        "<think>\nThe caller is in `other.py`.\n</think>\nI see: a - b + c is wrong.\n\n1. First\n2. Then\n\n"
    )
    return base.case(f"{lead}{edit}\n\nThat is all; run the tests!\n")


def _fenced(base: _Base) -> Case | None:
    return (
        None
        if base.form == "sr"
        else base.case(f"Here:\n\n```diff\n{base.written(base.made())}```\n\nDone.\n")
    )


def _in_list(base: _Base) -> Case | None:
    if base.form != "sr":
        return None
    edit = "".join(f"   {x}\n" if x else "\n" for x in base.written(base.made()).split("\n")[:-1])
    return base.case(f"1. Change it:\n\n{edit}")


def _crlf_reply(base: _Base) -> Case:
    return base.case(base.written(base.made()).replace("\n", "\r\n"))


def _crlf_file(base: _Base) -> Case:
    case = base.case(base.written(base.made()))
    assert case.after is not None
    return replace(case, before=case.before.replace("\n", "\r\n"), after=case.after.replace("\n", "\r\n"))


def _no_last_newline(base: _Base) -> Case | None:
    case = base.case(base.written(base.made()))
    last = max(end for _, end, _ in base.pieces)
    if case.after is None or last == len(base.lines):
        return None
    return replace(case, before=case.before[:-1], after=case.after[:-1])


def _blanks_at_ends(base: _Base) -> Case:
    return base.case(
        base.written(_mapped(base.made(), lambda x: x + base.rng.choice(["", "", " ", "\t"]), " -"))
    )


def _typographic(base: _Base) -> Case | None:
    made = base.made()
    odd = _mapped(made, lambda x: x.translate(TYPOGRAPHY))
    olds = "".join("".join(h.old) for h in made)
    # Only where every character that a new line needs was proved by an old line of the same hunk.
    if not all(set("\"'-") & set("".join(h.new)) <= set("\"'-") & set("".join(h.old)) for h in made):
        return None
    return base.case(base.written(odd)) if set(olds) & set("\"'-") and olds.isascii() else None


def _hard_spaces(base: _Base) -> Case | None:
    made = base.made()
    if not all(any(" " in x.strip() for x in h.old) and "\u00a0" not in "".join(h.old) for h in made):
        return None
    return base.case(base.written(_mapped(made, lambda x: re.sub(r"(?<=\S) (?=\S)", "\u00a0", x))))


def _escaped(base: _Base) -> Case | None:
    made = base.made()
    if "&" in "".join(base.lines) or not all(set("<>\"'") & set("".join(h.old)) for h in made):
        return None

    def each(line: str) -> str:
        for raw, escape in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
            line = line.replace(raw, escape)
        return line

    return base.case(base.written(_mapped(made, each)))


def _deeper(base: _Base) -> Case:
    blanks = base.rng.choice(["    ", "  ", "\t"])
    made = _mapped(base.made(), lambda x: blanks + x if x.strip() else x)
    return base.case(base.written(made))


def _numbered(base: _Base) -> Case | None:
    if base.form != "sr":
        return None
    mark = base.rng.choice(["{}| ", "{}: ", "{:>6}\t", "{}→"])
    text = ""
    for hunk in base.made():
        old = [mark.format(hunk.start + 1 + n) + x for n, x in enumerate(hunk.old)]
        new = [mark.format(hunk.start + 1 + n) + x for n, x in enumerate(hunk.new)]
        text += sr(base.path, [Hunk(hunk.start, old, new, [])])
    return base.case(text)


def _other_marks(base: _Base) -> Case | None:
    marks = base.rng.choice([
        ("------- SEARCH", "=======", "+++++++ REPLACE"),
        ("<<<<<<< ORIGINAL", "=======", ">>>>>>> UPDATED"),
        ("<<<<<<<< SEARCH", "========", ">>>>>>>> REPLACE"),
        ("<<<<<<< SEARCH", "======", ">>>>>> REPLACE"),
    ])  # fmt: skip
    return _only(base, "sr", lambda: sr(base.path, base.made(), marks))


def _numbers(kind: str) -> Callable[[_Base], Case | None]:
    return lambda base: _only(base, "udiff", lambda: udiff(base.path, base.made(), kind))


def _git(base: _Base) -> Case | None:
    head = f"diff --git a/{base.path} b/{base.path}\nindex 0123456..789abcd 100644\n"
    return _only(base, "udiff", lambda: head + udiff(base.path, base.made()))


def _arguments(base: _Base) -> Case | None:
    names = base.rng.choice([("search", "replace"), ("old_string", "new_string"), ("oldText", "newText")])
    pairs = [{names[0]: "\n".join(h.old), names[1]: "\n".join(h.new)} for h in base.made()]
    return _only(base, "sr", lambda: json.dumps({"path": base.path, "edits": pairs}))


def _backwards(base: _Base) -> Case | None:
    return base.case(base.written(base.made()[::-1])) if len(base.pieces) > 1 else None


def _twice_said(base: _Base) -> Case | None:
    return _only(
        base, "sr", lambda: sr(base.path, base.made()) + "Again, in full:\n\n" + sr(base.path, base.made())
    )


def _moved_down(base: _Base) -> Case:
    """The file has grown above since the model read it; numbers are all off by as much."""
    extra = "".join(f"// {n} is new {base.rng.random()}\n" for n in range(base.rng.randrange(1, 30)))
    case = base.case(base.written(base.made()))
    assert case.after is not None
    return replace(case, before=extra + case.before, after=extra + case.after)


def _stale(base: _Base) -> Case | None:
    """One word of a removed line is another in the file, and the line is nowhere else."""
    spots = [
        n for a, b, _ in base.pieces for n in range(a, b) if re.search(r"[A-Za-z_]\w{2,}", base.lines[n])
    ]
    if not spots:
        return None
    at = base.rng.choice(spots)
    now = list(base.lines)
    now[at] = _reworded(base.rng, now[at])
    if now[at] == base.lines[at] or base.lines[at] in now:
        return None
    return base.case(base.written(base.made()), False, "".join(f"{x}\n" for x in now))


def _stale_beside(base: _Base) -> Case | None:
    """The line right beside a pure insertion has changed."""
    inserted = [a for a, b, new in base.pieces if a == b]
    spots = [
        n
        for a in inserted
        for n in (a - 1, a)
        if 0 <= n < len(base.lines) and re.search(r"[A-Za-z_]\w{2,}", base.lines[n])
    ]
    if not spots:
        return None
    at = base.rng.choice(spots)
    now = list(base.lines)
    now[at] = _reworded(base.rng, now[at])
    if now[at] == base.lines[at] or base.lines[at] in now:
        return None
    return base.case(base.written(base.made()), False, "".join(f"{x}\n" for x in now))


def _inner_blanks(base: _Base) -> Case | None:
    """A removed line has other blanks between its words in the file: another text."""
    spots = [n for a, b, _ in base.pieces for n in range(a, b) if re.search(r"\w \w", base.lines[n])]
    if not spots:
        return None
    at = base.rng.choice(spots)
    now = list(base.lines)
    now[at] = re.sub(r"(?<=\w) (?=\w)", "  ", now[at], count=1)
    if base.lines[at] in now:
        return None
    return base.case(base.written(base.made()), False, "".join(f"{x}\n" for x in now))


def _ambiguous(base: _Base) -> Case | None:
    """Every line of the file stands there twice; numbers, if any, are not given."""
    made = base.made()
    before = "".join(f"{x}\n" for x in [*base.lines, *base.lines])
    edit = udiff(base.path, made, "bare") if base.form == "udiff" else base.written(made)
    return base.case(edit, False, before)


def _ambiguous_loosely(base: _Base) -> Case | None:
    """Twice, and the edit is exact for neither: the second copy is indented otherwise."""
    made = _mapped(base.made(), lambda x: "      " + x if x.strip() else x)
    before = "".join(f"{x}\n" for x in [*base.lines, *base.lines])
    edit = udiff(base.path, made, "bare") if base.form == "udiff" else base.written(made)
    return base.case(edit, False, before)


def _already(base: _Base) -> Case | None:
    after = changed(base.lines, base.pieces)
    if not all(new for _, _, new in base.pieces) or any(occurs(after, h.old) for h in base.made()):
        return None
    return base.case(base.written(base.made()), False, "".join(f"{x}\n" for x in after))


def _cut(base: _Base) -> Case | None:
    if base.form == "udiff":
        return None  # a diff has no end mark; a cut one is not always one
    edit = base.written(base.made())
    end = edit.rfind(">>>>>>> REPLACE" if base.form == "sr" else "*** End Patch")
    begin = edit.rfind("<<<<<<< SEARCH") + 16 if base.form == "sr" else 60
    return base.case(edit[: base.rng.randrange(min(begin, end - 1), end)], False)


def _elsewhere(base: _Base) -> Case | None:
    """The edit of another text altogether."""
    now = [line for line in base.lines if line.strip()][::-1]
    if any(occurs(now, h.old) for h in base.made()):
        return None
    return base.case(base.written(base.made()), False, "".join(f"{x}\n" for x in now))


KINDS: dict[str, Callable[[_Base], Case | None]] = {
    "clean": _clean, "prose around": _prose, "fenced": _fenced, "in a list": _in_list, "CRLF reply": _crlf_reply,
    "CRLF file": _crlf_file, "no last newline": _no_last_newline, "blanks at line ends": _blanks_at_ends,
    "typographic": _typographic, "hard spaces": _hard_spaces, "HTML escapes": _escaped, "indented deeper": _deeper,
    "line numbers": _numbered, "other marks": _other_marks, "wrong starts": _numbers("starts"),
    "wrong counts": _numbers("counts"), "no numbers": _numbers("dots"), "bare headers": _numbers("bare"), "git": _git,
    "tool arguments": _arguments, "out of order": _backwards, "said twice": _twice_said, "moved down": _moved_down,
    "stale": _stale, "stale beside": _stale_beside, "inner blanks": _inner_blanks, "ambiguous": _ambiguous,
    "ambiguous, loosely": _ambiguous_loosely, "already applied": _already, "cut off": _cut, "another text": _elsewhere,
}  # fmt: skip
