import { NO_RETRY } from './backoff.js';

export const State = Object.freeze({
  WAITING: 'waiting',
  RUNNING: 'running',
  RETRYING: 'retrying',
  DONE: 'done',
  FAILED: 'failed',
});

export const Priority = Object.freeze({ HIGH: 0, NORMAL: 5, LOW: 9 });

const FINAL_STATES = new Set([State.DONE, State.FAILED]);

export class TaskError extends Error {
  constructor(message, { retryable = true } = {}) {
    super(message);
    this.retryable = retryable;
  }
}

/** One unit of work. The state only ever changes through `update`. */
export class Task {
  static #count = 0;
  #state = State.WAITING;

  constructor(name, handler, { priority = Priority.NORMAL, backoff = NO_RETRY } = {}) {
    this.id = ++Task.#count;
    this.name = name;
    this.handler = handler;
    this.priority = priority;
    this.backoff = backoff;
    this.attempts = 0;
    this.history = [];
    this.result = undefined;
  }

  static get created() {
    return Task.#count;
  }

  static compare(a, b) {
    return a.priority - b.priority || a.id - b.id;
  }

  get state() {
    return this.#state;
  }

  get finished() {
    return FINAL_STATES.has(this.#state);
  }

  update(state, time) {
    if (this.finished) {
      throw new TaskError(`task ${this.name} is already ${this.#state}`, { retryable: false });
    }
    this.#state = state;
    this.history.push({ state, time });
  }

  canRetry(error) {
    const retryable = error.retryable ?? false;
    return retryable && this.backoff.allows(this.attempts);
  }

  elapsed() {
    const [first] = this.history;
    const last = this.history.at(-1);
    return first ? last.time - first.time : 0;
  }

  toString() {
    return `#${this.id} ${this.name}`;
  }
}
