-- qcode's language server for Neovim 0.11 and later. Put this repository on 'runtimepath' (a plugin
-- manager does that), then:
--
--   vim.lsp.enable('qcode')
--
-- `:Qcode refactor rename old_name to new_name` shows the diff and asks; `:Qcode status` says which
-- models are in use. From Neovim 0.12 on there is ghost text, accepted with <Tab> (see lua/qcode.lua).

---@type vim.lsp.Config
return {
  cmd = { 'qcode', 'lsp' },
  filetypes = {
    'c',
    'cpp',
    'css',
    'go',
    'html',
    'java',
    'javascript',
    'javascriptreact',
    'json',
    'lua',
    'markdown',
    'python',
    'ruby',
    'rust',
    'sh',
    'toml',
    'typescript',
    'typescriptreact',
    'yaml',
  },
  -- The same two as `qcode` itself looks for; without either the file's folder is the root.
  root_markers = { { 'qcode.toml', '.git' } },
  settings = { qcode = vim.empty_dict() },
  on_attach = function(client, buffer)
    -- Beside this file as well as on 'runtimepath': whoever copies one file has the server all the same.
    local there, plugin = pcall(require, 'qcode')
    if there then
      plugin.attach(client, buffer)
    end
  end,
}
