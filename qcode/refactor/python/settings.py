"""Settings that name a project's code: by its whole path, which follows, or as an entry point of other programs, which
is read where the project is installed."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Snapshot
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.symbols import Symbol

_SETTINGS = (".toml", ".cfg", ".ini", ".conf", ".yaml", ".yml", ".json", "setup.py")
_SCRIPTS = frozenset(["console_scripts", "gui_scripts"])  # commands: nothing in the program asks for them
_TARGET = re.compile(r"[\w.]+(?::[\w.]+)?")
_OF_TABLE = re.compile(r"=\s*([\w.]+(?::[\w.]+)?)")


def paths_of(symbol: Symbol, modules: Modules, files: bool = False) -> str:
    """A pattern of the paths by which a symbol is known ("package.module.name", or with a colon), through the modules
    that define or import it. Among the names of `files`, `main.js` may be one: a module outside of packages is
    followed by a colon there."""
    name = re.escape(symbol.qualname)
    said = {
        f"{re.escape(module)}{':' if files and '.' not in module and not path.endswith('__init__.py') else '[.:]'}{name}"
        for path in modules.binders(symbol.path, symbol.qualname.partition(".")[0])
        for module in modules.names(path)
    }
    return "|".join(sorted(said))


def in_settings(
    snapshot: Snapshot, paths: str, said: tuple[str, str], changed: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The settings that have one of `paths` (a pattern), with the second text of `said` for the first in it: what
    reads them finds code by that. `changed`: files as they are by now."""
    pattern = re.compile(rf"(?<![\w.:])(?:{paths})(?![\w:])".encode())
    old, new = (text.encode() for text in said)
    result: dict[str, bytes] = {}
    for path in snapshot.paths():
        if not path.endswith(_SETTINGS):
            continue
        try:
            before = changed.get(path) or snapshot.read(path)
        except WorkspaceError:
            continue
        after = pattern.sub(lambda found: new.join(found[0].rsplit(old, 1)), before)
        if after != before:
            result[path] = after
    return result


def refuse_plugin(snapshot: Snapshot, names: Iterable[str], symbol: str = "") -> None:
    """Raise RefactorError where an entry point that is no command names one of these modules, or a module inside of
    one; or, with `symbol`, that symbol of it. Until the project is installed again it is found by its old name."""
    modules = tuple(names)
    for path, target in _plugins(snapshot):
        module, _, attribute = target.partition(":")
        inside = any(module == m or (not symbol and module.startswith(f"{m}.")) for m in modules)
        if inside and (not symbol or attribute.partition(".")[0] == symbol):
            raise RefactorError(
                f"{path} has {target} as an entry point, which is read where the project is installed.",
                "Do it by hand, and install the project again.",
            )


def _plugins(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """The files that have entry points, and what these name."""
    for path, read in (("pyproject.toml", _of_toml), ("setup.cfg", _of_cfg), ("setup.py", _of_setup)):
        try:
            text = snapshot.read(path).decode("utf-8", "replace")
        except WorkspaceError:
            continue
        try:
            yield from ((path, target) for target in read(text))
        except (tomllib.TOMLDecodeError, configparser.Error, SyntaxError, ValueError, AttributeError):
            continue


def _of_toml(text: str) -> Iterator[str]:
    said = tomllib.loads(text)
    tables = [said.get("project", {}).get("entry-points", {})]
    tables.append(said.get("tool", {}).get("poetry", {}).get("plugins", {}))
    for group, entries in (item for table in tables for item in table.items()):
        if group not in _SCRIPTS:
            yield from (found[0] for e in entries.values() if (found := _TARGET.match(str(e))))


def _of_cfg(text: str) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    if parser.has_section("options.entry_points"):
        for group, lines in parser.items("options.entry_points"):
            yield from _OF_TABLE.findall(lines) if group not in _SCRIPTS else ()


def _of_setup(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        for keyword in node.keywords if isinstance(node, ast.Call) else ():
            if keyword.arg == "entry_points" and isinstance(keyword.value, ast.Dict):
                for group, entries in zip(keyword.value.keys, keyword.value.values, strict=True):
                    if not (isinstance(group, ast.Constant) and group.value in _SCRIPTS):
                        texts = (n.value for n in ast.walk(entries) if isinstance(n, ast.Constant))
                        yield from (t for each in texts for t in _OF_TABLE.findall(str(each)))
