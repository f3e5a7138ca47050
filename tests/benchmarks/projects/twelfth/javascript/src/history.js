/** Runs commands against a board and remembers them for undo and redo. */
export class History {
  #done = [];
  #undone = [];

  constructor(board) {
    this.board = board;
  }

  execute(command) {
    const result = command.run(this.board);
    this.#done.push(command);
    this.#undone.length = 0;
    return result;
  }

  /** Undoes the latest command; returns its label, or null if there is none. */
  undo() {
    const command = this.#done.pop();
    if (!command) return null;
    command.revert(this.board);
    this.#undone.push(command);
    return command.label;
  }

  redo() {
    const command = this.#undone.pop();
    if (!command) return null;
    command.run(this.board);
    this.#done.push(command);
    return command.label;
  }
}
