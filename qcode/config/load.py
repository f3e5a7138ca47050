"""Reading the layers of settings, and writing the user's."""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qcode import trust
from qcode.config.places import paths
from qcode.config.settings import Budget, McpServer, Role, Settings
from qcode.errors import ConfigError

_ROLES = ("agent", "complete", "review")
_KINDS: dict[str, type] = {
    "test_command": str,
    "offline": bool,
    "unsandboxed": bool,
    "approve_tested": bool,
    "plain": bool,
}
_KINDS |= {
    f"{role}.{f.name}": {"context": int, "thinking": bool}.get(f.name, str)
    for role in _ROLES
    for f in dataclasses.fields(Role)
}
_KINDS |= {f"budget.{f.name}": int for f in dataclasses.fields(Budget)}
_MCP = re.compile(r"mcp\.(\w+)\.(command|url)")
"""Keys with a name that the user chooses."""
_PROJECT = ("test_command", *(key for key in _KINDS if key.startswith("budget.")))
"""All that a trusted project may set: engines, endpoints and `offline` are the user's alone."""


def load(root: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings in force in `root`; `flags` are dotted keys ("agent.model") and win.

    Raises ConfigError for an unknown key, a wrong type or a broken file.
    """
    values: dict[str, Any] = {}
    user = paths()
    values |= _file(user.config)
    if root and (orders := trust.trusted(root, user.state)):
        values |= _project(root, orders)
    values |= _environment()
    for key, value in (flags or {}).items():
        values[key] = _checked(key, value, "the command line")
    return _settings(values)


def set_user(key: str, value: str) -> None:
    """Write one key to the user's file. Raises ConfigError for a key or value that is none."""
    file = paths().config
    values = {**_file(file), key: _checked(key, value, "the command line")}
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_text(_toml(values), "utf-8")
    temporary.replace(file)


def _file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.", "Mend the file or remove it.") from error
    return _parsed(text, path)


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is no valid TOML: {error}.", "Mend that line.") from error
    return _flat(table, str(path))


def _project(root: Path, orders: Mapping[str, bytes]) -> dict[str, Any]:
    """`[tool.qcode]` under `qcode.toml`, both from the bytes that are trusted."""
    values: dict[str, Any] = {}
    if own := orders.get("pyproject.toml"):
        values |= _only_allowed(_flat(json.loads(own), str(root / "pyproject.toml")), root / "pyproject.toml")
    if given := orders.get("qcode.toml"):
        path = root / "qcode.toml"
        values |= _only_allowed(_parsed(given.decode("utf-8", "replace"), path), path)
    return values


def _only_allowed(values: dict[str, Any], path: Path) -> dict[str, Any]:
    for key in values:
        if key not in _PROJECT:
            raise ConfigError(
                f"{path} sets {key}, which only the user may set.",
                f"A project may set: {', '.join(_PROJECT)}.",
            )
    return values


def _environment() -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key in _KINDS:
        name = "QCODE_" + key.replace(".", "_").upper()
        if name in os.environ:
            values[key] = _checked(key, os.environ[name], name)
    return values


def _flat(table: Mapping[str, Any], where: str, prefix: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            values |= _flat(value, where, f"{key}.")
        else:
            values[key] = _checked(key, value, where)
    return values


def _checked(key: str, value: Any, where: str) -> Any:
    kind = str if _MCP.fullmatch(key) else _KINDS.get(key)
    if kind is None:
        near = difflib.get_close_matches(key, _KINDS, 1, 0.4)
        raise ConfigError(
            f"{where} sets {key}, which does not exist.",
            f"Did you mean {near[0]}?" if near else f"There are: {', '.join(_KINDS)}.",
        )
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    if kind is int and isinstance(value, str) and value.isdecimal():
        return int(value)
    if kind is bool and isinstance(value, str) and value.lower() in ("true", "1", "yes", "false", "0", "no"):
        return value.lower() in ("true", "1", "yes")
    words = {int: "a whole number", bool: "true or false", str: "a text"}[kind]
    raise ConfigError(f"{where} sets {key} to {value!r}.", f"It must be {words}.")


def _settings(values: Mapping[str, Any]) -> Settings:
    def part(name: str) -> dict[str, Any]:
        return {k.removeprefix(f"{name}."): v for k, v in values.items() if k.startswith(f"{name}.")}

    roles = {name: Role(**given) if (given := part(name)) else None for name in _ROLES}
    return Settings(
        **roles,
        budget=Budget(**part("budget")),
        mcp=_servers(values),
        test_command=values.get("test_command"),
        approve_tested=values.get("approve_tested", False),
        offline=values.get("offline", False),
        unsandboxed=values.get("unsandboxed", False),
        plain=values.get("plain", False),
    )


def _servers(values: Mapping[str, Any]) -> tuple[McpServer, ...]:
    found: dict[str, dict[str, str]] = {}
    for key, value in values.items():
        if match := _MCP.fullmatch(key):
            found.setdefault(match[1], {})[match[2]] = value
    for name, given in found.items():
        if len([v for v in given.values() if v.strip()]) != 1:
            raise ConfigError(
                f"The MCP server {name} needs either a command or a url.",
                f"Set mcp.{name}.command or mcp.{name}.url in {paths().config}.",
            )
    return tuple(McpServer(name, **given) for name, given in sorted(found.items()))


def _toml(values: Mapping[str, Any]) -> str:
    """Flat dotted keys, which TOML reads as tables; JSON's scalars are TOML's, save that TOML has no
    surrogate pairs and wants DEL escaped."""
    scalars = {key: json.dumps(value, ensure_ascii=False) for key, value in values.items()}
    return "".join(f"{key} = {scalars[key]}\n" for key in sorted(scalars)).replace("\x7f", "\\u007f")
