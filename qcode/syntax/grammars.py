"""Which grammar reads which file. Grammars are wheels of their own; nothing is downloaded."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Query

_BY_SUFFIX = {".py": "python", ".pyi": "python"}
_MODULES = {"python": "tree_sitter_python"}


def language_of(path: str) -> str | None:
    """The name of the language of `path`, by its suffix; None without a grammar."""
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.lower())


@cache
def grammar(language: str) -> Language:
    """The compiled grammar of a language that `language_of` named."""
    from tree_sitter import Language

    return Language(import_module(_MODULES[language]).language())


@cache
def query(language: str) -> Query:
    """The definitions query of a language."""
    from tree_sitter import Query

    return Query(grammar(language), (files("qcode.syntax") / f"{language}.scm").read_text("utf-8"))
