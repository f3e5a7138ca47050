"""The language servers that qcode can ask, and how each is kept from running what a repository brings along."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Server:
    """`command` is absolute. `protocol`: tsserver's own, or LSP. `settings` go along with `initialize`, and answer
    what the server asks about its configuration; `environment` is added to the sandbox's own."""

    name: str
    command: tuple[str, ...]
    protocol: Literal["lsp", "tsserver"] = "lsp"
    settings: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def server_for(language: str, root: Path, path: Sequence[str] | None = None) -> Server | None:
    """The user's server for a language of `qcode.refactor.tree`; None when there is none.

    `path`: folders with programs, the user's PATH unless given. Whatever lies in the repository, or leads
    into it, is passed over: its own `node_modules/.bin` may stand in PATH.
    """
    folders = os.get_exec_path() if path is None else path

    def program(name: str) -> str | None:
        return _program(name, root, folders)

    match language:
        case "script":
            return _typescript(program("tsserver"), program("node"), program("tsc"), root)
        case "go" if found := program("gopls"):
            return Server("gopls", (found,), environment={**_GO_ENVIRONMENT, **_kept({"GOPATH": "go"})})
        case "rust" if found := program("rust-analyzer"):
            homes = _kept({"RUSTUP_HOME": ".rustup", "CARGO_HOME": ".cargo"})
            return Server("rust-analyzer", (found,), "lsp", _RUST, {**_RUST_ENVIRONMENT, **homes})
        case "c" if found := program("clangd"):
            return Server("clangd", (found, *_clangd(found)))
        case "python" if found := program("basedpyright-langserver") or program("pyright-langserver"):
            return Server("basedpyright", (found, "--stdio"), "lsp", _PYTHON)
    return None


# Neither build scripts nor macros of the repository run, and no `cargo check`.
_RUST: Mapping[str, Any] = {
    "cargo": {"buildScripts": {"enable": False}},
    "procMacro": {"enable": False},
    "checkOnSave": False,
    "cachePriming": {"enable": False},
}
# Nor a compiler or a wrapper that its .cargo/config.toml names.
_RUST_ENVIRONMENT: Mapping[str, str] = {
    "RUSTC_WRAPPER": "",
    "RUSTC_WORKSPACE_WRAPPER": "",
    "CARGO_NET_OFFLINE": "true",
}


# It asks an interpreter where libraries lie: this one, as the first `python` in PATH may be the repository's.
_PYTHON: Mapping[str, Any] = {"pythonPath": sys.executable, "analysis": {"diagnosticMode": "openFilesOnly"}}
# Neither another toolchain that a go.mod asks for, nor modules that are not there.
_GO_ENVIRONMENT: Mapping[str, str] = {"GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "-mod=mod"}


def _clangd(program: str) -> tuple[str, ...]:
    """Without --query-driver it starts no compiler that a compile_commands.json names. One that does not know a
    flag ends at once: the last came with version 15. What has no style of its own is not given LLVM's."""
    style = "--fallback-style=none"
    flags = ("--background-index=false", "--limit-references=0", style, "--rename-file-limit=0")
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=False, cwd="/"
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return flags
    version = re.search(r"clangd version (\d+)", said)
    return flags[:-1] if version and int(version[1]) < 15 else flags


def _kept(folders: Mapping[str, str]) -> dict[str, str]:
    """Folders of the user's toolchains, which the sandbox's empty home would hide: variable -> its own value, or
    the usual place below the home."""
    return {name: os.environ.get(name) or str(Path.home() / usual) for name, usual in folders.items()}


def _typescript(tsserver: str | None, node: str | None, tsc: str | None, root: Path) -> Server | None:
    """npm's TypeScript where the user installed it: `tsserver` up to version 6, `tsc --lsp` from 7 on."""
    if tsserver and node:
        # Plugins that a tsconfig.json names are looked for beside tsserver alone.
        flags = ("--disableAutomaticTypingAcquisition", "--suppressDiagnosticEvents")
        return Server("tsserver", (node, tsserver, *flags), "tsserver")
    if tsc and _version(Path(tsc)) >= 7:
        return Server("tsc", (tsc, "--lsp", "--stdio"))
    return None


def _version(tsc: Path) -> int:
    for folder in tsc.resolve().parents:
        try:
            said = json.loads((folder / "package.json").read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(said, dict) and said.get("name") == "typescript":
            first = str(said.get("version", "")).partition(".")[0]
            return int(first) if first.isdigit() else 0
    return 0


def _program(name: str, root: Path, folders: Sequence[str]) -> str | None:
    """The first program of a name that does not lie in the repository, by its own place or by a link's."""
    real = root.resolve()
    for folder in folders:
        place = Path(folder, name)
        if not place.is_absolute() or not os.access(place, os.X_OK) or place.is_dir():
            continue
        seen = {place, place.parent.resolve() / name, place.resolve()}
        if not any(real == p or real in p.parents or root in p.parents for p in seen):
            return str(place)
    return None
