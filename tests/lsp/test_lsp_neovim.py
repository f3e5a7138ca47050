"""A real Neovim applies what the server sends, saves it, and finds the same bytes on disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.slow
def test_neovim_applies_the_edit(project: Path, tmp_path: Path, start: str) -> None:
    editor = shutil.which("nvim")
    if editor is None:
        pytest.skip("Neovim is not installed")
    driver = tmp_path / "drive.lua"
    driver.write_text(DRIVER)
    done = subprocess.run(
        # -l exists from 0.9 on only; a script that fails leaves through `cquit`.
        [editor, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c",
         f"lua local ok, why = pcall(dofile, '{driver}') if not ok then print(why) vim.cmd('cquit') end"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "QCODE_HOME": str(tmp_path / "home"),
             "QCODE_TEST_ARGUMENTS": f"{sys.executable}\n{start}\n{project}"},
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (project / "app.py").read_text("utf-8") == (
        "from conf import read_cfg\n\nx = '🙂' + read_cfg('a')\n"
    )
    assert "def read_cfg(t):" in (project / "conf.py").read_text("utf-8")
