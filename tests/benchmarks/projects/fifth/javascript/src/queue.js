import { SortedList } from './sorted.js';
import { Emitter, Events } from './monitor.js';
import { State, Task } from './task.js';

const DEFAULT_CONCURRENCY = 2;

/** Runs tasks by priority, at most `concurrency` of them at a time. */
export class TaskQueue extends Emitter {
  #ready = new SortedList(Task.compare);
  #running = new Set();
  #clock;

  constructor(clock, { name = 'queue', concurrency = DEFAULT_CONCURRENCY } = {}) {
    super();
    this.#clock = clock;
    this.name = name;
    this.concurrency = concurrency;
    this.tasks = [];
    this.paused = false;
  }

  get size() {
    return this.#ready.size;
  }

  get active() {
    return this.#running.size;
  }

  get idle() {
    return this.size === 0 && this.active === 0;
  }

  add(name, handler, options) {
    const task = new Task(name, handler, options);
    this.tasks.push(task);
    this.#enqueue(task, State.WAITING);
    return task;
  }

  find(name) {
    return this.tasks.find((task) => task.name === name);
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
    this.#pump();
  }

  /** Drop everything that has not been started; returns the dropped tasks in queue order. */
  clear() {
    return [...this.#ready.drain()];
  }

  #enqueue(task, state) {
    if (state !== task.state || task.history.length === 0) task.update(state, this.#clock.now());
    this.#ready.push(task);
    this.#pump();
  }

  #pump() {
    while (!this.paused && this.size > 0 && this.active < this.concurrency) {
      this.#start(this.#ready.pop());
    }
  }

  async #start(task) {
    this.#running.add(task);
    task.attempts += 1;
    task.update(State.RUNNING, this.#clock.now());
    this.#notify(Events.START, task);
    try {
      task.result = await task.handler({ clock: this.#clock, attempt: task.attempts, task });
      task.update(State.DONE, this.#clock.now());
      this.#notify(Events.DONE, task);
    } catch (error) {
      this.#handleFailure(task, error);
    } finally {
      this.#running.delete(task);
      this.#pump();
    }
  }

  #handleFailure(task, error) {
    if (!task.canRetry(error)) {
      task.update(State.FAILED, this.#clock.now());
      this.#notify(Events.FAILED, task, { error });
      return;
    }
    const delay = task.backoff.delay(task.attempts);
    task.update(State.RETRYING, this.#clock.now());
    this.#notify(Events.RETRY, task, { error, delay });
    this.#clock.schedule(delay, () => this.#enqueue(task, State.RETRYING));
  }

  #notify(event, task, details = {}) {
    this.emit(event, { task, time: this.#clock.now(), ...details });
  }
}
