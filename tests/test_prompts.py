"""Templates are filled whole or not at all."""

from __future__ import annotations

import jinja2
import pytest
from jinja2 import meta

from qcode import prompts


def names() -> list[str]:
    return sorted(f.name.removesuffix(".md") for f in prompts.root().iterdir() if f.name.endswith(".md"))


@pytest.mark.parametrize("name", names())
def test_every_template_takes_its_values_and_misses_each(name: str) -> None:
    text = (prompts.root() / f"{name}.md").read_text("utf-8")
    wanted = meta.find_undeclared_variables(jinja2.Environment().parse(text))
    values = {value: [f"<{value}> & {{{{ x }}}}"] for value in wanted}
    shown = prompts.render(name, **values)
    assert shown == shown.strip() != ""
    assert "&amp;" not in shown, "code is not HTML"


def test_a_missing_value_and_a_missing_template_are_bugs() -> None:
    with pytest.raises(jinja2.UndefinedError):
        prompts.render("request")
    with pytest.raises(jinja2.TemplateNotFound):
        prompts.render("../pyproject")


def test_values_are_not_templates() -> None:
    text = (prompts.root() / "request.md").read_text("utf-8")
    wanted = meta.find_undeclared_variables(jinja2.Environment().parse(text))
    assert "49" not in prompts.render("request", **dict.fromkeys(wanted, "{{ 7 * 7 }}"))
