"""What is done to whole files: f-strings, logging instead of print, imports, newer syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcode.router.clause import Clause, Reading
from qcode.router.mentions import GLUE, read
from qcode.router.plan import Question
from qcode.router.words import Token, vocabulary

COMMON = vocabulary(
    "favour favor take care through via f-string-ify f-stringify become becomes converted turned replaced switched changed removed base migrated cleaned sorted every same -> => \u2192 use using convert converting change changing turn turning switch switching move migrate "
    "migrating replace replacing swap rewrite make get rid with by to into instead rather than than "
    "prefer only statement statements call calls still old style outdated go going away up out clean "
    "cleaning fix remove removing delete drop strip prune purge throw kill apply run do no more not "
    "never nothing everything anything app there's says complains complaining about warning warnings "
    "error errors found style say stuff printf pure proper properly formatted leftover remaining existing"
)  # fmt: skip
WORDS = {
    "fstrings": vocabulary(
    "f-strings f-string fstrings fstring f strings string percent % formatting format .format "
    "formatted modernise modernize modern upgrade {} literals literal interpolation interpolated syntax percent-formatting %-formatting fstringify"
),
    "logging": vocabulary(
    "print prints printing log logs logging logger loggers message messages stdout stop stops output "
    "proper standard library info console don't calls"
),
    "tidy": vocabulary(
    "optimise optimize import imports imported importing unused dead unneeded unnecessary needless superfluous needed "
    "erase eliminate purge trim discard wipe need doesn't nobody no longer things some organise organize order sort sorted "
    "sorting tidy tidying used required f401 i001 flake8 ruff pyflakes linter pylint mess list block "
    "section but cleanup isort autoflake"
),
    "modernise": vocabulary(
    "modernise modernize modernising modern newer new newest current recent upgrade upgrading bring "
    "date date: syntax python python3 pyupgrade latest features idioms idiomatic version versions"
),
}  # fmt: skip
_IMPORTS = frozenset(["import", "imports", "imported", "importing", "things", "some", "but"])
EVERYWHERE = vocabulary("everywhere all everything whole entire project repo repository codebase")
_SUBJECTS = vocabulary(
    "f-strings f-string fstrings fstring formatting logging logger imports modernise modernize pyupgrade isort tidy"
)
_BROKEN = vocabulary("error errors failing fails broken missing circular cycle importerror")
_TOWARDS = vocabulary(
    "favour favor be become becomes by with to into for should use using uses make and , -> => \u2192 from log move switch migrate want please ;"
)
_FORMATS = re.compile(r"""["']?(?:%\w?|\{\}|f?["']\.\.\.["']|(?:["'].*["'])?\.format(?:\(.*\))?)["']?""")
"""How people write the kinds of formatting: `%s`, `.format()`, `{}`."""
SENTENCES = {
    "fstrings": "Turn formatting into f-strings",
    "logging": "Turn print into logging",
    "tidy": "Sort imports and remove unused ones",
    "modernise": "Apply the linter's safe fixes",
}


def read_clause(clause: Clause) -> Reading:
    """Work on whole files."""
    verbs = _verbs(clause)
    if not verbs and clause.has("use", "switch", "prefer") and clause.has("logging", "logger"):
        return _only_logging(clause)
    if len(verbs) != 1 or clause.tokens[0].lower in ("list", "find", "show", "count", "keep"):
        return None
    verb = verbs[0]
    if _unwanted(clause):
        return None
    if (
        verb == "tidy"
        and clause.has(*_BROKEN)
        and not clause.has("unused", "f401", "linter", "flake8", "ruff")
    ):
        return None  # "fix the import error"
    said = [t for t in clause.tokens if verb != "fstrings" or not _FORMATS.fullmatch(t.text)]
    if verb == "modernise":
        said = [t for t in said if t.kind != "number" and not re.fullmatch(r"3|3\.\w+|3\.|\+", t.text)]
    span = read(said, clause.world, COMMON | WORDS[verb])
    names = [n for n in span.names if n.lower not in COMMON | WORDS[verb]]
    if verb == "tidy" and (one := _one_import(clause)):
        return one
    if span.rest or (names and not (verb == "tidy" and clause.has("f401"))):
        return None
    if span.missing or clause.scope.unknown:
        return Question(
            f"There is no {(span.missing or [clause.scope.unknown])[0]} here. Which file or folder is meant?"
        )
    places: list[str] = []
    for choices in span.places:
        if len(choices) > 1 and choices != list(clause.world.tests):
            return Question("Which one is meant?", tuple(choices[:8]))
        places += choices
    if not places:
        meant = _meant(clause)
        if isinstance(meant, Question):
            return meant
        places = meant
    where = places or list(clause.scope.only) or [""]
    return [
        clause.call(verb, {"path": p} if p else {}, SENTENCES[verb] + (f" in {p}" if p else ""))
        for p in dict.fromkeys(where)
    ]


def words(verb: str) -> frozenset[str]:
    """What people say around such work."""
    return COMMON | WORDS.get(verb, frozenset())


def speaks_of_files(tokens: Sequence[Token]) -> bool:
    """Whether words are about f-strings, imports, logging or newer syntax: work on whole files."""
    return any(t.lower in _SUBJECTS and not t.quoted for t in tokens)


def _meant(clause: Clause) -> list[str] | Question:
    """Where it is to be done, where the clause itself names no place."""
    if any(
        clause.says(f"{that} {noun}")
        for that in ("that", "this", "same", "the")
        for noun in ("file", "module")
    ):
        file = clause.topic if clause.topic.endswith(".py") else clause.home
        return [file] if file else Question("Which file is meant?")
    if clause.scope.only:
        return []
    # a folder that is called like a word of the request, "on app": better too little than too much
    if folders := list(dict.fromkeys(t.text for t in clause.tokens if t.text in clause.world.folders)):
        return folders
    if clause.has(*EVERYWHERE):
        return []
    if clause.topic:
        return [clause.topic]
    referring = clause.has("there", "that", "it", "its", "it's")
    if clause.place and (referring or _said_before(clause.place, clause)):
        return [clause.place]
    if clause.has("there", "its"):
        return [clause.focus.path] if clause.focus else Question("Where is that to be done?")
    return []


def _said_before(place: str, clause: Clause) -> bool:
    """Whether this request named a place before: "f-strings in a.py, and sort the imports"."""
    stem = place.rstrip("/").rpartition("/")[2].removesuffix(".py")
    before = clause.text[: clause.tokens[0].start].lower()
    return re.search(rf"\b{re.escape(stem.lower())}\b", before) is not None


def _only_logging(clause: Clause) -> Question | None:
    """ "use logging everywhere": instead of print, presumably; new log calls are for a model."""
    span = read(clause.tokens, clause.world, COMMON | WORDS["logging"])
    if span.rest or span.names or clause.has("add", "write", "print", "prints", "printing"):
        return None
    where = f" in {span.within[0]}" if span.within else ""
    plain = f"replace print with logging{where}"
    return Question(f"Shall the calls of print{where} become log calls? Then say: {plain}.", (plain,))


def _one_import(clause: Clause) -> Question | None:
    """ "delete the unused import sys": one of them alone is not for the linter."""
    said = [t.lower for t in clause.tokens]
    at = next((i for i, w in enumerate(said) if w == "import" and "unused" in said[max(0, i - 2) : i]), -1)
    if at < 0 or at + 1 >= len(said) or clause.tokens[at + 1].kind not in ("word", "name"):
        return None
    word = clause.tokens[at + 1]
    if word.lower in COMMON | WORDS["tidy"] | GLUE or word.lower in ("in", "from", "of", "at", "and"):
        return None
    paths = [p for t in clause.tokens if t.kind == "path" for p in clause.world.files(t.text)]
    return Question(
        "That sorts the imports and removes every unused one, not one alone. Shall it?",
        tuple(f"remove unused imports in {p}" for p in paths[:1]) or ("remove unused imports",),
    )


def _at(clause: Clause, *words: str) -> int:
    return next((i for i, t in enumerate(clause.tokens) if t.lower in words), -1)


def _towards_logging(clause: Clause) -> bool:
    """Whether print is to go and logging to come: not "use print instead of logging"."""
    old = _at(clause, "print", "prints", "printing")
    new = _at(clause, "log", "logs", "logging", "logger", "loggers")
    if old < 0 or new < 0:
        return False
    between = {t.lower for t in clause.tokens[min(old, new) + 1 : max(old, new)]}
    swapped = bool(between & {"instead", "rather", "over", "not", "no"})
    if clause.has("don't") and old < new:
        return "," in between or ";" in between or "use" in between
    return not swapped and bool(between & _TOWARDS) if old < new else swapped


def _away_from_fstrings(clause: Clause) -> bool:
    """ "replace f-strings with format" """
    new = _at(clause, "f-strings", "f-string", "fstrings", "fstring")
    old = _at(clause, "format", ".format", "formatting", "%", "percent")
    between = {t.lower for t in clause.tokens[new + 1 : old]}
    return 0 <= new < old and bool(between & {"with", "to", "into", "by"})


def _unwanted(clause: Clause) -> bool:
    """ "no f-strings in a.py", "never use logging" """
    said = [t.lower for t in clause.tokens]
    wanted = ("f-strings", "f-string", "fstrings", "fstring", "logging", "logger", "loggers")
    return any(
        w in wanted and {"no", "not", "never", "without", "stop", "avoid"} & set(said[max(0, i - 2) : i])
        for i, w in enumerate(said)
    )


def _of_imports(clause: Clause) -> bool:
    """Whether something is done to imports as such. To fix "the import" is to mend one that is broken."""
    work = (WORDS["tidy"] - _IMPORTS) | {
        "care",
        "remove",
        "clean",
        "prune",
        "strip",
        "delete",
        "drop",
        "cleanup",
    }
    if clause.has("imports"):
        work |= {"fix"}
    return any(t.lower in work for t in clause.tokens)


def _verbs(clause: Clause) -> list[str]:
    """The kinds of work that the words speak of."""
    found = []
    said = " ".join(t.lower for t in clause.tokens)
    if (
        clause.has(
            "f-strings", "f-string", "fstrings", "fstring", "f-string-ify", "f-stringify", "fstringify"
        )
        or "f strings" in said
        or clause.has("formatting")
    ):
        if _away_from_fstrings(clause):
            return []
        found.append("fstrings")
    if _towards_logging(clause):
        found.append("logging")
    imports = clause.has("import", "imports", "imported", "importing")
    if (imports and _of_imports(clause)) or clause.has("f401"):
        found.append("tidy")
    newer = clause.has("modern", "newer", "new", "current", "latest", "date") and clause.has(
        "syntax", "python", "idioms", "date"
    )
    if not found and clause.has("isort", "autoflake") and not imports:
        found.append("tidy")
    if not found and clause.has("tidy") and not clause.has("up", "code") and not imports:
        found.append("tidy")
    if not found and (newer or clause.has("modernise", "modernize", "modernising", "pyupgrade")):
        found.append("modernise")
    return found
