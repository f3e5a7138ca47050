-- A slow answer must not replace a newer one on the screen, and what is accepted is what is shown.
-- Keys go in as from a keyboard; every step waits for the editor's own loop.
local python, start, root, top = unpack(vim.split(vim.env.QCODE_TEST_ARGUMENTS, '\n'))
vim.opt.runtimepath:prepend(top)
vim.g.loaded_python3_provider = 0
local seen = {}

local function fail(words)
  print('FAILED: ' .. words .. ' ' .. vim.inspect(seen))
  vim.cmd('cquit')
end

local function ghost()
  local space = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
  for _, mark in ipairs(space and vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true }) or {}) do
    if mark[4].virt_text then
      return mark[4].virt_text[1][1]
    end
  end
end

local steps = {}
local function step(wait, what)
  steps[#steps + 1] = { wait, what }
end
local function run(index)
  local one = steps[index]
  if one then
    vim.defer_fn(function()
      local ok, problem = pcall(one[2])
      if not ok then
        return fail(problem)
      end
      run(index + 1)
    end, one[1])
  end
end

local config = dofile(top .. '/lsp/qcode.lua')
config.cmd, config.root_dir, config.name = { python, '-c', start }, root, 'qcode'
vim.cmd('edit ' .. root .. '/race.py')
vim.lsp.start(config)
assert(vim.wait(30000, function()
  local client = vim.lsp.get_clients()[1]
  return client and client.initialized and vim.fn.exists(':Qcode') == 2
end), 'the server did not start')

step(300, function() vim.api.nvim_input('GAya') end) -- asked 200 ms later, answered in 1.5 s
step(500, function() vim.api.nvim_input('b') end) -- asked again, answered at once
step(700, function() seen.fresh = ghost() end)
step(2200, function() seen.later = ghost() end) -- the first answer would have come long ago
step(0, function() vim.api.nvim_input(' =') end) -- typed into the suggestion, accepted before it is asked again
step(50, function() vim.api.nvim_input('<Tab>') end)
step(500, function()
  seen.line = vim.api.nvim_buf_get_lines(0, 1, 2, true)[1]
  if seen.fresh ~= " = 'fresh'" or seen.later ~= seen.fresh then
    fail('the wrong suggestion was shown')
  elseif seen.line ~= "yab = 'fresh'" then
    fail('the wrong text was accepted')
  else
    print('HELD in Neovim ' .. tostring(vim.version()) .. ' ' .. vim.inspect(seen))
    vim.cmd('qall!')
  end
end)
run(1)
