"""A real Neovim applies what the server sends, saves it, and finds the same bytes on disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

DRIVER = """
local python, start, root = unpack(vim.fn.split(vim.env.QCODE_TEST_ARGUMENTS, '\\n'))
vim.cmd('edit ' .. root .. '/app.py')
local config = { name = 'qcode', cmd = { python, '-c', start }, root_dir = root }
local id
if vim.lsp.start then
  id = vim.lsp.start(config)
else
  id = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(0, id)
end
local client = vim.lsp.get_client_by_id(id)
assert(vim.wait(20000, function()
  client = vim.lsp.get_client_by_id(id)
  return client and client.initialized
end), 'the server did not start')
local answer
vim.lsp.buf_request(0, 'workspace/executeCommand', {
  command = 'qcode.refactor',
  arguments = { { request = 'rename parse_cfg to read_cfg', uri = vim.uri_from_bufnr(0) } },
}, function(problem, result) answer = { problem = problem, result = result } end)
assert(vim.wait(30000, function() return answer ~= nil end), 'no answer')
assert(not answer.problem, vim.inspect(answer.problem))
assert(answer.result.applied, vim.inspect(answer.result))
vim.cmd('silent wall')
vim.cmd('qall!')
"""


INLINE = """
local asked = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = 3, character = 4 },
                context = { triggerKind = 1 } }
local answer
vim.lsp.buf_request(0, 'textDocument/inlineCompletion', asked, function(problem, result)
  answer = { problem = problem, result = result }
end)
assert(vim.wait(30000, function() return answer ~= nil end), 'no answer')
assert(not answer.problem, vim.inspect(answer.problem))
local item = answer.result.items[1]
assert(item.insertText == 'return a', vim.inspect(answer))
vim.lsp.util.apply_text_edits({ { range = item.range, newText = item.insertText } }, 0, client.offset_encoding)
vim.cmd('silent wall')
vim.cmd('qall!')
"""


def run(script: str, project: Path, tmp_path: Path, start: str, environment: dict[str, str]) -> None:
    """The driver's beginning, up to the running server, then `script`."""
    editor = shutil.which("nvim")
    if editor is None:
        pytest.skip("Neovim is not installed")
    driver = tmp_path / "drive.lua"
    driver.write_text(script)
    done = subprocess.run(
        # -l exists from 0.9 on only; a script that fails leaves through `cquit`.
        [editor, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c",
         f"lua local ok, why = pcall(dofile, '{driver}') if not ok then print(why) vim.cmd('cquit') end"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "QCODE_HOME": str(tmp_path / "home"),
             "QCODE_TEST_ARGUMENTS": f"{sys.executable}\n{start}\n{project}", **environment},
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_raw_inline_request(project: Path, tmp_path: Path, start: str, script: Any) -> None:
    """Debian's Neovim shows no ghost text, but speaks to the server all the same (in UTF-16)."""
    (project / "app.py").write_text("x = '🙂'\n\ndef f(a):\n    \n", "utf-8")
    head = DRIVER[: DRIVER.index("local answer")]
    run(head + INLINE, project, tmp_path, start, script("text: return a\\n"))
    assert (project / "app.py").read_text("utf-8") == "x = '🙂'\n\ndef f(a):\n    return a\n"


@pytest.mark.slow
def test_neovim_applies_the_edit(project: Path, tmp_path: Path, start: str) -> None:
    run(DRIVER, project, tmp_path, start, {})
    assert (project / "app.py").read_text("utf-8") == (
        "from conf import read_cfg\n\nx = '🙂' + read_cfg('a')\n"
    )
    assert "def read_cfg(t):" in (project / "conf.py").read_text("utf-8")


def test_the_files_for_editors_are_well_formed(tmp_path: Path) -> None:
    top = Path(__file__).parents[2]
    helix = tomllib.loads((top / "examples/editors/helix.toml").read_text("utf-8"))
    assert helix["language-server"]["qcode"] == {"command": "qcode", "args": ["lsp"]}
    if editor := shutil.which("nvim"):
        for name in ("lsp/qcode.lua", "lsp/neovim/qcode.lua", "tests/lsp/editors/race.lua"):
            check = f"lua local made, why = loadfile('{top / name}') if not made then print(why) vim.cmd('cquit') end"
            done = subprocess.run(
                [editor, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", check, "-c", "qall!"],
                env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60,
                check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
    if editor := shutil.which("emacs"):
        check = "(with-temp-buffer (insert-file-contents (pop command-line-args-left)) (check-parens))"
        file = str(top / "examples/editors/eglot.el")
        done = subprocess.run([editor, "--batch", "--eval", check, file], timeout=60, check=False)
        assert done.returncode == 0
