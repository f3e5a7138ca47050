import { Board } from './src/board.js';
import { addTask, batch, moveTask, tagTask } from './src/commands.js';
import { BoardError } from './src/errors.js';
import { parseFilter, select } from './src/filters.js';
import { History } from './src/history.js';
import { renderBoard, renderTasks } from './src/render.js';
import { Priority } from './src/task.js';

const log = [];
const columns = [{ name: 'todo' }, { name: 'doing', limit: 2 }, { name: 'done' }];
const board = new Board('Website relaunch', columns, {
  onChange: ({ event, task, ...rest }) => log.push([event, task.id, ...Object.values(rest)].join(' ')),
});
const history = new History(board);

function attempt(command) {
  try {
    history.execute(command);
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    console.log(`${error.name}: ${error.message}`);
  }
}

const backlog = [
  { title: 'Login form', tags: ['ui', 'auth'], priority: Priority.HIGH },
  { title: 'Password reset', tags: ['auth'] },
  { title: 'Pick colours', tags: ['UI'], priority: Priority.LOW },
  { title: 'Deploy script', tags: ['#ops'] },
  { title: 'Contact page', tags: ['ui', 'content'] },
];
for (const fields of backlog) {
  const { id } = history.execute(addTask('todo', fields));
  console.log(`created ${id}: ${fields.title}`);
}
console.log(renderBoard(board));

console.log('\n-- Work --');
attempt(moveTask('T1', 'doing'));
attempt(moveTask('T4', 'doing'));
attempt(moveTask('T2', 'doing'));
attempt(moveTask('T9', 'done'));
attempt(moveTask('T2', 'archive'));
attempt(addTask('todo', { title: '   ' }));
attempt(batch('finish sprint', [moveTask('T1', 'done'), moveTask('T3', 'doing'), moveTask('T5', 'doing')]));
attempt(batch('finish login', [moveTask('T1', 'done'), tagTask('T1', 'reviewed', 'ui')]));
console.log(renderBoard(board));

console.log('\n-- Queries --');
for (const query of ['#ui', '#auth -in:done', 'text:login | #urgent', '#ops #ui', 'when:now', 'later']) {
  try {
    console.log(renderTasks(query, select(board, parseFilter(query))));
  } catch ({ message }) {
    console.log(`${query}: ${message}`);
  }
}

console.log('\n-- History --');
for (let label = history.undo(); label !== null; label = history.undo()) {
  console.log(`undo ${label}`);
}
console.log(renderBoard(board, { width: 16, gap: ' | ' }));
for (let steps = 0; steps < 6; steps += 1) {
  console.log(`redo ${history.redo()}`);
}
console.log(`${log.length} changes, the last: ${log.slice(-3).join(', ')}`);
