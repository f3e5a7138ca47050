export function addTask(column, fields) {
  let task = null;
  return {
    label: `add "${fields.title}"`,
    run(board) {
      task ??= board.createTask(fields);
      board.place(task, column);
      return task;
    },
    revert(board) {
      board.remove(task.id);
    },
  };
}

export function moveTask(id, target) {
  let origin;
  return {
    label: `move ${id} to ${target}`,
    run(board) {
      origin = board.move(id, target);
    },
    revert(board) {
      board.move(id, origin.column, origin.index);
    },
  };
}

export function tagTask(id, ...tags) {
  let added = [];
  return {
    label: `tag ${id} with ${tags.join(', ')}`,
    run(board) {
      const { task } = board.locate(id);
      added = tags.filter((tag) => task.addTag(tag));
    },
    revert(board) {
      const { task } = board.locate(id);
      added.forEach((tag) => task.removeTag(tag));
    },
  };
}

/** Bundles commands into one step; a failure rolls the finished ones back. */
export function batch(label, commands) {
  const undoAll = (board, done) => [...done].reverse().forEach((command) => command.revert(board));
  return {
    label,
    run(board) {
      const done = [];
      try {
        for (const command of commands) {
          command.run(board);
          done.push(command);
        }
      } catch (error) {
        undoAll(board, done);
        throw error;
      }
    },
    revert(board) {
      undoAll(board, commands);
    },
  };
}
