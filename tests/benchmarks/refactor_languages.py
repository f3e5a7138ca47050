"""Renames in JavaScript, TypeScript, Go, Rust, Java, C and C++: python tests/benchmarks/refactor_languages.py [FOLDER …]

For each language twelve small projects below `projects/` (a few files that import each other, with names that several
classes share, shadowing, interfaces, macros) whose programs print what they computed; `projects/second` to
`projects/twelfth` were written by people who did not know how the renames are done: the third of the hardest that each
language has (reflection, decorators, macros that make names, keys that are strings), the fourth to twelfth as people
write who think of no renames. FOLDER is another project to check with, of one language: its program is built and run
by its own `check.sh`, else as LANGUAGES says. `--count` of its definitions are chosen by a seeded choice and renamed, one at a time, on a copy. Then the trees are compared (the same
but for the new name), and where the language's compiler is on this machine (node, tsc, go, rustc, javac, gcc, g++) the
program is built and run: it must print the same. Printed for each language: attempted of all; green; doubtful (uses
that were listed and left: the program may not build before they are done by hand); wrong (not the same, though nothing
was listed). Beside it `sed -i` on the same renames. Language servers are asked only with --servers, which trusts the
copies. Exits 1 when any rename is wrong.

A program may print names of its own: of a class (`constructor.name`, `%T`, `getSimpleName`), an enum's constant, a
record's parts, an argument of a macro (`#name`), the keys of what it turns into JSON. That it then prints the new name
where it printed the old one is what whoever renames asks for, with a language server as by hand. Such a rename is
green when nothing else differs; how many of the green are such is printed (`named`).

What counts as listed is a place in code, or one in a text that may be read as code: a string that is the name and
nothing else (a key, an event, what reflection asks for), the name behind a dot, in braces or before a bracket in
a string (`{{.Name}}`, `debit.total`, `=round(2)`), the name as a key of a data file. Texts count only where the program does not do the same
without them and does with them, all or one: then the rename is doubtful, not wrong. The name amid the words of a message or a
comment is listed by the engine, too, but excuses nothing here.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from qcode import refactor, trust, workspace
from qcode.config import paths
from qcode.errors import QcodeError
from qcode.refactor.tree.languages import language_of, parsed, walk
from qcode.refactor.tree.occurrences import Trees

PROJECTS = Path(__file__).parent / "projects"
SETS = (
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)


@dataclass(frozen=True, slots=True)
class Language:
    """`build` and `run` are lines of a shell, in the project; `tool` is what they need; `endings` its files' names."""

    name: str
    tool: str
    build: str
    run: str
    endings: tuple[str, ...]


MAIN_CLASS = (
    """$(f=$(grep -rl 'static void main(' --include='*.java' .);"""
    """ echo $(sed -n 's,^package \\(.*\\);,\\1.,p' $f)$(basename $f .java))"""
)
NAMED = "it prints its new name"
STRINGS = frozenset(
    ["string_fragment", "string_content", "string_literal", "raw_string_literal", "interpreted_string_literal",
     "raw_string_literal_content", "interpreted_string_literal_content"]
)  # fmt: skip
LANGUAGES = (
    Language("javascript", "node", "true", "node main.js", (".js", ".mjs", ".cjs")),
    Language("typescript", "tsc", "tsc -p . --noEmit false --outDir built", "node -p 'require(\"./built/index.js\").output'", (".ts", ".tsx")),
    Language("go", "go", "GOFLAGS=-mod=mod GO111MODULE=on go build -o built .", "./built", (".go",)),
    Language("rust", "rustc", "rustc -A warnings --edition 2021 -o built src/main.rs", "./built", (".rs",)),
    Language("java", "javac", "javac -d built $(find . -name '*.java')", f"java -cp built {MAIN_CLASS}", (".java",)),
    Language("cpp", "g++", "g++ -std=c++17 -o built $(find . -name '*.cpp' -o -name '*.cc')", "./built", (".cpp", ".cc", ".hpp")),
    Language("c", "gcc", "gcc -o built $(find . -name '*.c')", "./built", (".c",)),
)  # fmt: skip


def main() -> None:
    """Choose, rename, build, compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "folders", nargs="*", type=Path, help="projects of one language each, instead of ours"
    )
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--only", nargs="*", default=[], help="languages")
    options.add_argument("--servers", action="store_true", help="ask the user's language servers, too")
    options.add_argument("--alone", action="store_true", help="without sed")
    options.add_argument("--verbose", action="store_true")
    given = options.parse_args()
    totals: dict[str, Counter[str]] = {"qcode": Counter(), "sed": Counter()}
    for project in given.folders or ours():
        language = language_in(project)
        if given.only and language.name not in given.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.environ["QCODE_HOME"] = str(Path(folder, "home"))
            root = Path(folder, language.name)
            shutil.copytree(project, root, ignore=shutil.ignore_patterns(".git", "built"))
            rows = examined(root, language, given)
        for engine, counts in rows.items():
            totals[engine].update(counts)
        how = "" if shutil.which(language.tool) else f"   (trees alone: no {language.tool} here)"
        title = (
            f"{project.parent.name}/{project.name}"
            if given.folders or project.parent != PROJECTS
            else project.name
        )
        print(f"{title:<18} {figures(rows['qcode'])}   sed: {figures(rows['sed'])}{how}", flush=True)
    for engine, counts in totals.items():
        print(f"{engine:<18} {figures(counts)}")
    sys.exit(1 if totals["qcode"]["wrong"] else 0)


def ours() -> list[Path]:
    """The projects below `projects/`."""
    return [
        p
        for f in (PROJECTS, *(PROJECTS / s for s in SETS))
        for p in sorted(f.iterdir())
        if p.is_dir() and p.name not in SETS
    ]


def language_in(project: Path) -> Language:
    """The language that most of its files are of."""
    endings = Counter(p.suffix for p in project.rglob("*") if "node_modules" not in p.parts)
    return max(LANGUAGES, key=lambda each: sum(endings[e] for e in each.endings))


def examined(root: Path, language: Language, given: argparse.Namespace) -> dict[str, Counter[str]]:
    """What became of each rename on a copy of a project, by engine."""
    with (root / ".gitignore").open("a") as ignored:
        ignored.write("\nbuilt\n")
    for args in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *args], cwd=root, check=True)
    if given.servers:
        trust.grant(root, paths().state)
    builds = shutil.which(language.tool) is not None
    wanted = output(root, language) if builds else None
    if given.verbose and wanted is not None:
        print(f"{language.name}: {len(wanted)} characters printed, the last: {wanted[-60:]!r}")
    rows: dict[str, Counter[str]] = {"qcode": Counter(), "sed": Counter()}
    for symbol, name in chosen(root, given.count, given.seed):
        for engine, work in (("qcode", by_qcode), ("sed", by_sed))[: 1 if given.alone else 2]:
            kept = {p: (root / p).read_bytes() for p in [*sources(root), *others(root)]}
            outcome = judged(root, language, work, symbol, name, wanted)
            rows[engine][outcome.partition(":")[0]] += 1
            rows[engine]["named"] += outcome.endswith(NAMED)
            if given.verbose and engine == "qcode" and not outcome.startswith("green"):
                print(f"  {language.name} {symbol}: {outcome}")
            restore(root, kept)
    return rows


def figures(counts: Counter[str]) -> str:
    """Coverage, and what became of the attempted."""
    attempted = counts["green"] + counts["doubtful"] + counts["wrong"]
    named = f" ({counts['named']} named)" if counts["named"] else ""
    return (
        f"{attempted}/{attempted + counts['refused']} attempted, {counts['green']} green{named}, "
        f"{counts['doubtful']} doubtful, {counts['wrong']} wrong"
    )


def sources(root: Path) -> list[str]:
    """The project's own files."""
    return [
        p.relative_to(root).as_posix()
        for p in sorted(root.rglob("*"))
        if p.is_file() and language_of(p.name) and not {"built", "node_modules"} & set(p.parts)
    ]


def others(root: Path) -> list[str]:
    """Its data files and what builds it, which are listed."""
    found = [p for p in sorted(root.rglob("*")) if p.is_file() and p.stat().st_size < 1 << 20]
    return [
        p.relative_to(root).as_posix()
        for p in found
        if language_of(p.name) is None and not {"built", "node_modules", ".git"} & set(p.parts)
    ]


def restore(root: Path, kept: dict[str, bytes]) -> None:
    """The files as they were."""
    for path in set(sources(root)) - kept.keys():
        (root / path).unlink()
    for path, content in kept.items():
        (root / path).write_bytes(content)


def chosen(root: Path, count: int, seed: int) -> list[tuple[str, str]]:
    """Definitions at the top of files and members of classes, by chance: how a person would name them, and the name."""
    contents = {p: (root / p).read_bytes() for p in sources(root)}
    language = language_of(next(iter(contents)))
    assert language is not None
    trees = Trees(language, contents)
    names = {
        (n.text or b"").decode()
        for p in contents
        for n in walk(trees.root(p))
        if n.type.endswith("identifier") and not n.children
    }
    found: dict[tuple[str, str], None] = {}
    for name in sorted(names - {"main", "constructor", "output", "_"}):
        for place in trees.named(name):
            if place.role == "top":
                found[f"{place.path}:{name}", name] = None
            elif place.role == "member" and place.owner and place.owner != name:
                found[f"{place.owner}.{name}", name] = None
    every = list(found)
    random.Random(f"{seed} {root.name}").shuffle(every)
    return every[:count]


def renamed(name: str) -> str:
    """A name that is nowhere else, of letters that every little language inside of a program allows."""
    return f"{name}Renamed"


@dataclass(frozen=True, slots=True)
class Left:
    """What was listed: `worst` is "code" where places in code are in doubt, "text" where the like in texts is."""

    worst: str = ""
    lines: tuple[str, ...] = ()


def by_qcode(root: Path, symbol: str, name: str) -> Left:
    """What was left to do. Raises QcodeError when it is refused."""
    done = refactor.perform(
        workspace.open_snapshot(root), "rename", {"symbol": symbol, "new_name": renamed(name)}
    )
    for change in done.changes:
        place = root / change.path
        if change.after is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(change.after)
    each = {line: as_code(root, line, name) for line in done.doubtful}
    worst = max(each.values(), key=("", "text", "code").index, default="")
    return Left(worst, tuple(line for line, kind in each.items() if kind))


def by_hand(root: Path, lines: tuple[str, ...], name: str) -> None:
    """The name on all listed lines, as whoever reads them may do it."""
    for line in lines:
        path, number, _ = line.split(":", 2)
        text = (root / path).read_text().split("\n")
        text[int(number) - 1] = re.sub(
            rf"(?:\b|(?<=-D)){re.escape(name)}\b", renamed(name), text[int(number) - 1]
        )
        (root / path).write_text("\n".join(text))


def as_code(root: Path, doubt: str, name: str) -> str:
    """Whether a listed line has the name outside of comments and messages: as the docstring of this file says."""
    path, number, line = doubt.split(":", 2)
    if not (root / path).is_file():
        return ""
    word = re.escape(name)
    if language_of(path) is None:
        return "text" if re.search(rf"(?:(?<![\w-])|(?<=-D)){word}(?![\w-])[\"']?\s*[:=]", line) else ""
    tree = parsed(path, (root / path).read_bytes())
    read = re.compile(
        rf"{word}|.*(\{{\{{|[\w)\]{{]\.){word}(?![\w$]).*|(.*[^\w$.])?{word}(\.\w|\().*", re.DOTALL
    )
    found = ""
    for node in walk(tree):
        text = (node.text or b"").decode("utf-8", "replace")
        if node.start_point.row + 1 > int(number) or node.end_point.row + 1 < int(number):
            continue
        if text == name and "identifier" in node.type:
            return "code"
        if node.type == "preproc_arg" and re.search(rf"\b{word}\b", text):
            return "code"
        if node.type in STRINGS and not node.named_children and read.fullmatch(text.strip("\"'`")):
            found = "text"
    return found


def by_sed(root: Path, symbol: str, name: str) -> Left:
    """Every whole word."""
    files = [str(root / p) for p in sources(root)]
    subprocess.run(["sed", "-i", rf"s/\b{re.escape(name)}\b/{renamed(name)}/g", *files], check=True)
    for file in root.rglob(f"{name}.java"):
        file.rename(file.with_stem(renamed(name)))
    return Left()


def judged(root: Path, language: Language, work, symbol: str, name: str, wanted: str | None) -> str:  # type: ignore[no-untyped-def]
    """green, doubtful, wrong: why, or refused: why."""
    before = tokens(root, name, name)
    try:
        left = work(root, symbol, name)
    except QcodeError as error:
        return f"refused: {error.message}"
    if tokens(root, renamed(name), name) != before:
        return "wrong: more than the name changed"
    if work is by_sed and declarations(root, renamed(name)) > 1:
        return "wrong: other definitions changed, too"
    said = wanted if wanted is None else output(root, language)
    if said == wanted:
        return "doubtful: it does the same without them" if left.worst == "code" else "green"
    if same_but_for(said, wanted, name):
        return f"doubtful: {NAMED}" if left.worst == "code" else f"green: {NAMED}"
    if not left.worst:
        return f"wrong: {said[-300:]}"
    done = {p: (root / p).read_bytes() for p in [*sources(root), *others(root)]}
    for lines in (left.lines, *((line,) for line in left.lines if left.worst == "text")):
        restore(root, done)
        by_hand(root, lines, name)
        if same_but_for(output(root, language), wanted, name):
            return f"doubtful: it does the same with {'all' if lines == left.lines else 'one'} that is listed"
    if left.worst == "text":
        return f"wrong: {said[-300:]}"
    return "doubtful: it does the same with all that is listed, or with some of it"


def same_but_for(said: str, wanted: str, name: str) -> bool:
    """Whether two texts are the same, but for what a program calls itself, and how far a column with it in is filled up."""
    filled = re.compile(rf"[ .-]*{re.escape(name.lower())}[ .-]*|[ -]+")
    said = said.lower().replace(renamed(name).lower(), name.lower())
    return filled.sub(lambda m: m[0].strip(" .-"), said) == filled.sub(
        lambda m: m[0].strip(" .-"), wanted.lower()
    )


def declarations(root: Path, name: str) -> int:
    """How many classes and files define a name."""
    contents = {p: (root / p).read_bytes() for p in sources(root)}
    language = language_of(next(iter(contents)))
    assert language is not None
    places = Trees(language, contents).named(name)
    return len({(p.role, p.owner) for p in places if p.role in ("top", "member", "local")})


def tokens(root: Path, new: str, old: str) -> Counter[bytes]:
    """The leaves of all trees, the new name read as the old one, `{old: old}` as `{old}`."""
    found: Counter[bytes] = Counter()
    for path in sources(root):
        content = (root / path).read_bytes().replace(new.encode(), old.encode())
        content = re.sub(rf"\b{old}: {old}\b".encode(), old.encode(), content)
        found.update(n.text or b"" for n in walk(parsed(path, content)) if not n.children)
    return found


def output(root: Path, language: Language) -> str:
    """What the program prints, or what its compiler says."""
    shutil.rmtree(root / "built", ignore_errors=True)
    (root / "built").unlink(missing_ok=True)
    if language.name in ("typescript", "java"):
        (root / "built").mkdir()
    line = "sh check.sh" if (root / "check.sh").is_file() else f"{language.build} && {language.run}"
    done = subprocess.run(
        line, shell=True, cwd=root, capture_output=True, text=True, check=False, timeout=300
    )  # fmt: skip
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
