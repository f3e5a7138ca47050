"""Which grammar reads which file. Grammars are wheels of their own; nothing is downloaded.

A grammar is imported when the first file of its language is read, never before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Query


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language: its wheel's module and function, the suffixes and names of its files.

    `judges` tells that an error of the grammar is an error of the file. It is not where a
    preprocessor, templates or heredocs make correct files look broken to a parser.
    """

    module: str
    suffixes: str
    names: str = ""
    function: str = "language"
    query: str = ""
    judges: bool = False


GRAMMARS = {
    "python": Grammar("tree_sitter_python", ".py .pyi", judges=True),
    "javascript": Grammar("tree_sitter_javascript", ".js .jsx .mjs .cjs", judges=True),
    "typescript": Grammar(
        "tree_sitter_typescript", ".ts .mts .cts", function="language_typescript", judges=True
    ),
    "tsx": Grammar(
        "tree_sitter_typescript", ".tsx", function="language_tsx", query="typescript", judges=True
    ),
    "go": Grammar("tree_sitter_go", ".go", judges=True),
    "rust": Grammar("tree_sitter_rust", ".rs", judges=True),
    "java": Grammar("tree_sitter_java", ".java", judges=True),
    "c": Grammar("tree_sitter_c", ".c .h"),
    "cpp": Grammar("tree_sitter_cpp", ".cc .cpp .cxx .hh .hpp .hxx .ipp .cu .cuh"),
    "csharp": Grammar("tree_sitter_c_sharp", ".cs"),
    "ruby": Grammar("tree_sitter_ruby", ".rb .rake .gemspec", "Rakefile Gemfile"),
    "php": Grammar("tree_sitter_php", ".php", function="language_php"),
    "kotlin": Grammar("tree_sitter_kotlin", ".kt .kts"),
    "swift": Grammar("tree_sitter_swift", ".swift"),
    "scala": Grammar("tree_sitter_scala", ".scala .sc .sbt"),
    "bash": Grammar("tree_sitter_bash", ".sh .bash", ".bashrc .bash_profile .profile"),
    "lua": Grammar("tree_sitter_lua", ".lua"),
    "html": Grammar("tree_sitter_html", ".html .htm .xhtml"),
    "css": Grammar("tree_sitter_css", ".css"),
    "json": Grammar("tree_sitter_json", ".json .jsonc", judges=True),
    "yaml": Grammar("tree_sitter_yaml", ".yaml .yml"),
    "toml": Grammar("tree_sitter_toml", ".toml", "Cargo.lock poetry.lock uv.lock", judges=True),
    "markdown": Grammar("tree_sitter_markdown", ".md .markdown"),
}
_BY_SUFFIX = {suffix: name for name, one in GRAMMARS.items() for suffix in one.suffixes.split()}
_BY_NAME = {file: name for name, one in GRAMMARS.items() for file in one.names.split()}
_CPP_HEADER = re.compile(rb"^\s*(?:class\s+\w|namespace\b|template\s*<|using\s)", re.MULTILINE)


def language_of(path: str) -> str | None:
    """The name of the language of `path`, by its name or suffix; None without a grammar."""
    place = PurePosixPath(path)
    return _BY_NAME.get(place.name) or _BY_SUFFIX.get(place.suffix.lower())


def language_in(path: str, content: bytes) -> str | None:
    """`language_of`, and for a `.h` the content decides between C and C++."""
    language = language_of(path)
    return "cpp" if language == "c" and path.endswith(".h") and _CPP_HEADER.search(content) else language


@cache
def grammar(language: str) -> Language:
    """The compiled grammar of a language that `language_of` named."""
    from tree_sitter import Language

    one = GRAMMARS[language]
    return Language(getattr(import_module(one.module), one.function)())


@cache
def query(language: str) -> Query | None:
    """The definitions query of a language; None where there is none: such a file is words only."""
    from tree_sitter import Query

    place = files("qcode.syntax") / "queries" / f"{GRAMMARS[language].query or language}.scm"
    return Query(grammar(language), place.read_text("utf-8")) if place.is_file() else None
