"""What failed, and where: the output of test runners and compilers read into places.

Formats: pytest and unittest tracebacks, node and jest stacks, cargo (panics and rustc), go test,
tsc, gcc and clang, Java stacks. Only places inside the repository are kept; the innermost comes
first, since that is where the code is that has to change.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from qcode.errors import WorkspaceError
from qcode.messages import Snapshot

_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_DIAGNOSES = (  # one line says all
    re.compile(
        r"^(?P<path>[\w@./\\-]+\.[cm]?tsx?)[(:](?P<line>\d+)[,:]\d+\)?(?: -|:) (?P<said>error.*)$"
    ),  # tsc
    re.compile(
        r"^(?P<path>[\w@./\\+-]+\.\w{1,4}):(?P<line>\d+):(?:\d+:)? (?P<said>(?:fatal )?error: .*)$"
    ),  # gcc
    re.compile(r"^\s*(?P<path>[\w@./\\-]+\.go):(?P<line>\d+)(?::\d+)?: (?P<said>.+)$"),  # go
)
_PLACES = (
    re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)'),  # Python
    re.compile(
        r"^(?P<path>[\w@./\\+-]+\.\w+):(?P<line>\d+): (?:in |\w*(?:Error|Exception|Warning)\b|Failed)"
    ),  # pytest
    re.compile(
        r"^\s*at .*?\(?(?:file://)?(?P<path>/?[\w@.][^():\s]*\.[cm]?[jt]sx?):(?P<line>\d+):\d+\)?$"
    ),  # node
    re.compile(r"^\s*--> (?P<path>[^:\s]+):(?P<line>\d+):\d+"),  # rustc
    re.compile(r"panicked at (?P<path>[^:\s]+\.rs):(?P<line>\d+)"),  # a Rust test
    re.compile(r"^\s*at [\w.$<>]+\((?P<path>\w+\.(?:java|kt|scala)):(?P<line>\d+)\)"),  # the JVM
)
_MESSAGES = (
    re.compile(r"^E\s{2,}(\S.*)$"),  # pytest
    re.compile(
        r"^((?:[\w.]+\.)?\w*(?:Error|Exception|Failure|Interrupt|Exit)(?:: .*)?)$"
    ),  # a Python exception
    re.compile(r"^\s*(error(?:\[E\d+\]|\b)?: .*)$"),  # rustc
    re.compile(r"^\s*(?:Uncaught )?((?:Assertion|Type|Reference|Range|Syntax)?Error\b.*)$"),  # JavaScript
    re.compile(r"^(?:thread '.*' )?(panicked at .*)$"),
)
_TRACE_BEGINS = re.compile(
    r"^(?:_{3,} .* _{3,}|={5,}|-{5,}|(?:FAIL|ERROR): |Traceback |  ● |--- FAIL|---- .* stdout ----)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line (from 1) of a file of the repository."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which the run failed: what it says, where, and how often the same was seen."""

    message: str
    places: tuple[Place, ...]
    times: int = 1


def read_failures(output: str, snapshot: Snapshot, limit: int = 8) -> list[Failure]:
    """The distinct failures in `output`, most frequent first. Equal means: the same message but for
    numbers and quoted values, at the same innermost place."""
    clusters: OrderedDict[tuple[str, Place | None], Failure] = OrderedDict()
    paths = _Paths(snapshot)
    output = _COLOURS.sub("", output)
    found = [*_diagnoses(output, paths)]
    found += filter(None, (_failure(block, paths) for block in _blocks(output)))
    for failure in found:
        key = (_shape(failure.message), failure.places[0] if failure.places else None)
        seen = clusters.get(key)
        clusters[key] = Failure(seen.message, seen.places, seen.times + 1) if seen is not None else failure
    return sorted(clusters.values(), key=lambda f: -f.times)[:limit]


def _diagnoses(output: str, paths: _Paths) -> Iterator[Failure]:
    for line in output.splitlines():
        for pattern in _DIAGNOSES:
            if (match := pattern.match(line)) and (path := paths.inside(match["path"])):
                yield Failure(match["said"][:300], (Place(path, int(match["line"])),))
                break


def _blocks(output: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in output.splitlines():
        if _TRACE_BEGINS.match(line) and block:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _failure(block: list[str], paths: _Paths) -> Failure | None:
    places: list[Place] = []
    message = ""
    for line in block:
        for pattern in _PLACES:
            if (match := pattern.search(line)) and (path := paths.inside(match["path"])):
                places.append(Place(path, int(match["line"])))
                break
        for pattern in _MESSAGES:
            if found := pattern.match(line):
                if not message or not line.startswith("E "):
                    message = found[1].strip()[:300]
                break
    if not message:
        return None
    innermost = list(dict.fromkeys(reversed(places)))
    return Failure(message, tuple(innermost[:6]))


class _Paths:
    """Finds which file of the repository an output means: it may be absolute, or only a name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._root = snapshot.root
        self._known = set(snapshot.paths())
        self._by_name: dict[str, list[str]] = {}
        for path in self._known:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def inside(self, text: str) -> str | None:
        text = text.replace("\\", "/")
        pure = PurePath(text)
        if pure.is_absolute():
            if pure.is_relative_to(self._root):
                text = pure.relative_to(self._root).as_posix()
            else:
                return None
        text = text.removeprefix("./")
        if text in self._known:
            return text
        ends = [p for p in self._by_name.get(pure.name, ()) if p.endswith("/" + text)]
        return ends[0] if len(ends) == 1 else None


def _shape(message: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"|\d+(?:\.\d+)?|0x[0-9a-f]+", "…", message)


def as_text(failures: list[Failure], snapshot: Snapshot, around: int = 4) -> str:
    """The failures with the code at their innermost places, for a model."""
    parts: list[str] = []
    shown: set[Place] = set()
    for failure in failures:
        times = f" ({failure.times} times)" if failure.times > 1 else ""
        where = ", ".join(f"{p.path}:{p.line}" for p in failure.places)
        parts.append(f"- {failure.message}{times}" + (f"\n  at {where}" if where else ""))
        for place in failure.places[:2]:
            near = next(
                (s for s in shown if s.path == place.path and abs(s.line - place.line) <= around), None
            )
            if near is None and (code := _code(snapshot, place, around)):
                shown.add(place)
                parts.append(code)
    return "\n".join(parts)


def _code(snapshot: Snapshot, place: Place, around: int) -> str:
    try:
        lines = snapshot.read(place.path).decode("utf-8", "replace").splitlines()
    except WorkspaceError:
        return ""
    first, last = max(1, place.line - around), min(len(lines), place.line + around)
    return "\n".join(f"  {n}\t{lines[n - 1]}" for n in range(first, last + 1))
