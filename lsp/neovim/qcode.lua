-- The Neovim side of qcode: `:Qcode`, a view of an edit before it is made, and ghost text.
local M = {}

local function request(client, name, argument, buffer, answered)
  client:request('workspace/executeCommand', { command = name, arguments = { argument } }, function(problem, result)
    if problem then
      vim.notify('qcode: ' .. problem.message, vim.log.levels.ERROR)
    elseif result then
      answered(result)
    end
  end, buffer)
end

--- The text of one of the server's documents (scheme `qcode`), by lines.
local function content(client, uri, answered)
  client:request('workspace/textDocumentContent', { uri = uri }, function(problem, result)
    answered(problem and {} or vim.split(result.text, '\n', { plain = true }))
  end)
end

local function diff_of(client, file, answered)
  content(client, file.before, function(before)
    content(client, file.after, function(after)
      -- Renamed from vim.diff in 0.12.
      local differ = vim.text and vim.text.diff or vim.diff
      local one, other = table.concat(before, '\n'), table.concat(after, '\n')
      local text = differ(one, other, { ctxlen = 3 })
      answered(vim.list_extend({ '--- ' .. file.path, '+++ ' .. file.path }, vim.split(text, '\n', { plain = true, trimempty = true })))
    end)
  end)
end

--- Shows a run's edit in a window of its own: `a` takes the file under the cursor, `A` all of them,
--- `d` leaves the file, `q` leaves what is left.
local function show(client, run, buffer)
  local starts, lines = {}, { '# ' .. run.message .. '  ' .. (run.tests or '') .. '   a: take file, A: take all, d: leave file, q: leave the rest', '' }
  local function open()
    vim.cmd('botright new')
    local view, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
    vim.bo[view].buftype, vim.bo[view].bufhidden, vim.bo[view].swapfile = 'nofile', 'wipe', false
    vim.api.nvim_buf_set_lines(view, 0, -1, false, lines)
    vim.bo[view].modifiable, vim.bo[view].filetype = false, 'diff'
    local left = {}
    for _, file in ipairs(run.files) do
      left[file.path] = true
    end
    local function under()
      local row, found = vim.api.nvim_win_get_cursor(window)[1], nil
      for _, start in ipairs(starts) do
        if start.row <= row then
          found = start.path
        end
      end
      return found and left[found] and { found } or nil
    end
    local function settle(how, paths)
      if paths and #paths == 0 then
        return
      end
      request(client, 'qcode.' .. how, { proposal = run.proposal, paths = paths }, buffer, function(answer)
        left = {}
        for _, path in ipairs(answer.left) do
          left[path] = true
        end
        if #answer.left == 0 and vim.api.nvim_buf_is_valid(view) then
          vim.api.nvim_buf_delete(view, { force = true })
        end
      end)
    end
    local function key(letter, what, description)
      vim.keymap.set('n', letter, what, { buffer = view, nowait = true, desc = 'qcode: ' .. description })
    end
    key('a', function() settle('accept', under() or {}) end, 'take this file')
    key('A', function() settle('accept') end, 'take all files')
    key('d', function() settle('discard', under() or {}) end, 'leave this file')
    key('q', function() settle('discard') end, 'leave all files')
  end
  local function add(index)
    local file = run.files[index]
    if not file then
      return open()
    end
    diff_of(client, file, function(text)
      starts[#starts + 1] = { row = #lines + 1, path = file.path }
      vim.list_extend(lines, text)
      lines[#lines + 1] = ''
      add(index + 1)
    end)
  end
  add(1)
end

local verbs = {
  refactor = function(client, buffer, words)
    if words == '' then
      return vim.notify('qcode: say what should change', vim.log.levels.WARN)
    end
    request(client, 'qcode.run', { request = words, uri = vim.uri_from_bufnr(buffer) }, buffer, function(run)
      if run.proposal then
        show(client, run, buffer)
      else
        vim.notify('qcode: ' .. run.message, vim.log.levels.WARN)
      end
    end)
  end,
  status = function(client, buffer)
    request(client, 'qcode.status', vim.empty_dict(), buffer, function(status)
      vim.notify(vim.inspect(status))
    end)
  end,
  complete = function(_, buffer)
    local on = vim.lsp.inline_completion.is_enabled({ bufnr = buffer })
    vim.lsp.inline_completion.enable(not on, { bufnr = buffer })
  end,
}

--- Inserts an item into the text as it is now. Its range ends where the request was made: what was
--- typed since must be the beginning of the suggestion, or nothing is inserted.
local function insert(item)
  if not item.range or type(item.insert_text) ~= 'string' then
    return item
  end
  local row, column, last_row, last_column = item.range:to_extmark()
  local cursor = vim.api.nvim_win_get_cursor(0)
  local line, at = cursor[1] - 1, cursor[2]
  if line ~= last_row or at < last_column then
    return nil
  end
  local typed = table.concat(vim.api.nvim_buf_get_text(0, row, column, line, at, {}), '\n')
  if not vim.startswith(item.insert_text, typed) then
    return nil
  end
  local lines = vim.split(item.insert_text, '\n', { plain = true })
  vim.api.nvim_buf_set_text(0, row, column, line, at, lines)
  local before = #lines == 1 and column or 0
  vim.api.nvim_win_set_cursor(0, { row + #lines, before + #lines[#lines] })
  return nil
end

--- Takes the suggestion that is shown. False without one, for `expr` mappings.
function M.accept()
  return vim.lsp.inline_completion.get({ on_accept = insert })
end

--- Called by lsp/qcode.lua for each buffer.
function M.attach(client, buffer)
  vim.api.nvim_buf_create_user_command(buffer, 'Qcode', function(command)
    local verb, words = command.args:match('^(%S+)%s*(.*)$')
    local does = verbs[verb]
    if not does then
      return vim.notify('qcode: there are refactor, status and complete', vim.log.levels.WARN)
    end
    does(client, buffer, words)
  end, {
    nargs = '+',
    desc = 'qcode: refactor WORDS, status, complete (on or off)',
    complete = function(start)
      return vim.tbl_filter(function(verb) return vim.startswith(verb, start) end, { 'complete', 'refactor', 'status' })
    end,
  })
  if vim.lsp.inline_completion and client:supports_method('textDocument/inlineCompletion', buffer) then
    vim.lsp.inline_completion.enable(true, { bufnr = buffer })
    if vim.g.qcode_no_maps ~= 1 then
      vim.keymap.set('i', '<Tab>', function()
        return M.accept() and '' or '<Tab>'
      end, { buffer = buffer, expr = true, replace_keycodes = true, desc = 'qcode: take the suggestion' })
    end
  end
end

return M
