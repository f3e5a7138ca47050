-- qcode's language server for Neovim 0.11 and later. Install this file as `lsp/qcode.lua` in any
-- folder of 'runtimepath' (a plugin manager pointed at the repository does that), then:
--
--   vim.lsp.enable('qcode')
--
-- A comment such as `# qcode: rename old_name to new_name` has a code action (`gra`), and
-- `:QcodeRefactor rename old_name to new_name` does the same without a comment.

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
  settings = {},
  on_attach = function(client, buffer)
    vim.api.nvim_buf_create_user_command(buffer, 'QcodeRefactor', function(command)
      client:exec_cmd({
        title = 'qcode: refactor',
        command = 'qcode.refactor',
        arguments = { { request = command.args, uri = vim.uri_from_bufnr(buffer) } },
      }, { bufnr = buffer })
    end, { nargs = '+', desc = 'Ask qcode for a tested refactoring' })
  end,
}
