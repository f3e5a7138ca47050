/** Draws the board as columns of text, side by side. */
export function renderBoard(board, { width = 24, gap = '  ' } = {}) {
  const blocks = board.columns.map((column) => [
    heading(column),
    '-'.repeat(width),
    ...column.tasks.map((task) => fit(String(task), width)),
  ]);
  const height = Math.max(...blocks.map((block) => block.length));

  const lines = [`== ${board.title} ==`];
  for (let row = 0; row < height; row += 1) {
    const cells = blocks.map((block) => (block[row] ?? '').padEnd(width));
    lines.push(cells.join(gap).trimEnd());
  }
  return lines.join('\n');
}

export function renderTasks(caption, tasks) {
  if (tasks.length === 0) return `${caption}: none`;
  return `${caption}: ${tasks.map(({ id }) => id).join(', ')}`;
}

function heading({ name, tasks, limit }) {
  const size = Number.isFinite(limit) ? `${tasks.length}/${limit}` : `${tasks.length}`;
  return `${name.toUpperCase()} (${size})`;
}

function fit(text, width) {
  return text.length <= width ? text : `${text.slice(0, width - 2)}..`;
}
