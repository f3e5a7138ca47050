"""The templates in `prompts/`: text files, filled with jinja2; an unknown name is an error."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def root() -> Traversable:
    """The folder of the templates: in the wheel `qcode/_prompts`, in a checkout `prompts/`."""
    packaged = files("qcode") / "_prompts"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "prompts"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def load(name: str) -> str | None:
        file = root() / f"{name}.md"
        return file.read_text("utf-8") if file.is_file() else None

    return Environment(
        loader=FunctionLoader(load), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=False,
        autoescape=False,
    )  # fmt: skip


def render(name: str, **values: Any) -> str:
    """The template `name` (without `.md`) with `values`. A missing value raises: that is a bug."""
    return _environment().get_template(name).render(**values).strip()
