import { LimitError, NotFoundError } from './errors.js';
import { Task } from './task.js';

/** An ordered list of tasks with an optional work-in-progress limit. */
class Column {
  constructor(name, limit = Infinity) {
    this.name = name;
    this.limit = limit;
    this.tasks = [];
  }

  get isFull() {
    return this.tasks.length >= this.limit;
  }

  insert(task, index = this.tasks.length) {
    if (this.isFull) throw new LimitError(this);
    this.tasks.splice(index, 0, task);
  }

  /** Takes the task out and returns the position that it had. */
  take(task) {
    const index = this.tasks.indexOf(task);
    this.tasks.splice(index, 1);
    return index;
  }
}

export class Board {
  #columns = new Map();
  #onChange;
  #nextId = 1;

  constructor(title, columns, { onChange } = {}) {
    this.title = title;
    this.#onChange = onChange;
    for (const { name, limit } of columns) {
      this.#columns.set(name, new Column(name, limit));
    }
  }

  get columns() {
    return [...this.#columns.values()];
  }

  column(name) {
    const column = this.#columns.get(name);
    if (!column) throw new NotFoundError('column', name);
    return column;
  }

  /** Iterates over `{ task, column }` pairs, column by column. */
  *[Symbol.iterator]() {
    for (const column of this.#columns.values()) {
      for (const task of column.tasks) yield { task, column };
    }
  }

  locate(id) {
    for (const entry of this) {
      if (entry.task.id === id) return entry;
    }
    throw new NotFoundError('task', id);
  }

  createTask(fields) {
    const task = new Task({ ...fields, id: `T${this.#nextId}` });
    this.#nextId += 1;
    return task;
  }

  place(task, columnName, index) {
    this.column(columnName).insert(task, index);
    this.#emit('placed', { task, column: columnName });
  }

  remove(id) {
    const { task, column } = this.locate(id);
    const index = column.take(task);
    this.#emit('removed', { task, column: column.name });
    return { task, column: column.name, index };
  }

  /** Moves a task to the end of another column; returns where it came from. */
  move(id, target, index) {
    const { task, column } = this.locate(id);
    const destination = this.column(target);
    if (destination !== column && destination.isFull) {
      throw new LimitError(destination);
    }
    const from = column.take(task);
    destination.insert(task, index);
    this.#emit('moved', { task, from: column.name, to: target });
    return { column: column.name, index: from };
  }

  #emit(event, payload) {
    this.#onChange?.({ event, ...payload });
  }
}
