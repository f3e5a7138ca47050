"""Terse commands are read exactly; plain language is not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import router, workspace
from qcode.refactor import VERBS
from qcode.router import terse


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("request_text", "verb", "arguments"),
    [
        ("move utils.slug text.slugs", "move", {"symbol": "utils.slug", "to": "text.slugs"}),
        ("move src/a.py src/b.py", "move", {"symbol": "src/a.py", "to": "src/b.py"}),
        ("extract app/cli.py:10-20 read_args", "extract", {"place": "app/cli.py:10-20", "new_name": "read_args"}),
        ("extract a.py:3 'a + b' total", "extract", {"place": "a.py:3", "expression": "a + b", "new_name": "total"}),
        ("inline tmp in total", "inline", {"name": "tmp", "inside": "total"}),
        ("inline pkg.helper()", "inline", {"name": "pkg.helper"}),
        ("signature fetch +timeout=30", "signature", {"function": "fetch", "changes": "+timeout=30"}),
        ('signature f +mode="r b" -x', "signature", {"function": "f", "changes": '+mode="r b" -x'}),
        ("signature f '+mode=\"r\"'", "signature", {"function": "f", "changes": '+mode="r"'}),
        ("signature C.get -debug a->b", "signature", {"function": "C.get", "changes": "-debug a->b"}),
        ("signature f '(b, a)'", "signature", {"function": "f", "changes": "(b, a)"}),
        ("replace 'print($X)' 'log.info($X)'", "replace", {"pattern": "print($X)", "replacement": "log.info($X)"}),
        ("tidy src/", "tidy", {"path": "src/"}),
        ("tidy app", "tidy", {"path": "app"}),
        ("tidy imports", "tidy", {}),
        ("modernize", "modernise", {}),
    ],
)  # fmt: skip
def test_commands(request_text: str, verb: str, arguments: dict[str, str]) -> None:
    found = terse.parse(request_text)
    assert found and (found.verb, dict(found.arguments)) == (verb, arguments)
    known = VERBS.get(verb)
    assert known is None or set(arguments) <= {p.name for p in known.parameters}


@pytest.mark.parametrize(
    "request_text",
    [
        "move the button to the left",
        "move on",
        "extract the parser into its own class",
        "inline everything",
        "inline the helper in total and log it",
        "signature of fetch is wrong",
        "replace foo bar",
        "replace the loop with a comprehension",
        "tidy up",
        "tidy up the code in src",
        "modernise the tests",
        "rename a to b",
        "don't",
        "",
    ],
)
def test_plain_language_is_none(request_text: str) -> None:
    found = terse.parse(request_text)
    assert found is None or found.arguments == {"name": "everything"}


@pytest.mark.parametrize(
    ("request_text", "symbol"),
    [
        ("rename fetch.debug to loud", "a.py:fetch.debug"),
        ("rename pkg.slug to slugs", "pkg.slug"),
        ("rename loadAll to fetchAll", "loadAll"),
        ("rename Cart.addItem to putItem", "Cart.addItem"),
    ],
)
def test_renames_of_parameters_modules_and_other_languages(
    tmp_path: Path, request_text: str, symbol: str
) -> None:
    (tmp_path / "a.py").write_text("def fetch(debug): ...\n")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "slug.py").write_text("def make(): ...\n")
    (tmp_path / "b.ts").write_text("export function loadAll() {}\nclass Cart { addItem() {} }\n")
    found = router.route(request_text, workspace.open_snapshot(tmp_path))
    assert isinstance(found, router.Plan) and found.calls[0].arguments["symbol"] == symbol
