-- qcode's language server for Neovim 0.11 and later. Put this repository on 'runtimepath' (a plugin
-- manager does that), then:
--
--   vim.lsp.enable('qcode')
--
-- `:Qcode refactor rename old_name to new_name` shows the diff and asks; `:Qcode status` says which
-- models are in use. From Neovim 0.12 on there is ghost text, accepted with <Tab> (see
-- lsp/neovim/qcode.lua).

-- The plugin lies beside this file, and is found there wherever that is; whoever copies this one file
-- alone has the server all the same. Afterwards `require('qcode')` is it.
local beside = debug.getinfo(1, 'S').source:match('^@(.*)[/\\]') or '.'
local function plugin()
  if not package.loaded.qcode then
    local made = loadfile(beside .. '/neovim/qcode.lua')
    package.loaded.qcode = made and made()
  end
  return package.loaded.qcode
end

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
    local there = plugin()
    if there then
      there.attach(client, buffer)
    end
  end,
}
