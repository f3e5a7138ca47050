/** Base class of everything that the board throws on purpose. */
export class BoardError extends Error {
  constructor(message) {
    super(message);
    this.name = this.constructor.name;
  }
}

export class NotFoundError extends BoardError {
  constructor(kind, id) {
    super(`${kind} "${id}" does not exist`);
  }
}

export class LimitError extends BoardError {
  constructor(column) {
    super(`column "${column.name}" is full (limit ${column.limit})`);
  }
}
