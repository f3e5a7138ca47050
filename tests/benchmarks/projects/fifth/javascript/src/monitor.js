/** A minimal emitter: `on` returns the function that removes the listener again. */
export class Emitter {
  #listeners = new Map();

  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...listeners, listener]);
    return () => this.off(event, listener);
  }

  off(event, listener) {
    const listeners = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, listeners.filter((other) => other !== listener));
  }

  emit(event, payload) {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload);
  }
}

export const Events = Object.freeze({ START: 'start', RETRY: 'retry', DONE: 'done', FAILED: 'failed' });

export class Stats {
  #counts = new Map();
  #times = [];

  /** Subscribe to all the events of a queue. */
  attach(queue) {
    for (const event of Object.values(Events)) {
      queue.on(event, () => this.add(event));
    }
    queue.on(Events.DONE, ({ task }) => this.#times.push(task.elapsed()));
    return this;
  }

  add(event, amount = 1) {
    this.#counts.set(event, this.get(event) + amount);
  }

  get(event) {
    return this.#counts.get(event) ?? 0;
  }

  get total() {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get mean() {
    if (this.#times.length === 0) return 0;
    return this.#times.reduce((sum, time) => sum + time, 0) / this.#times.length;
  }

  *[Symbol.iterator]() {
    for (const name of [...this.#counts.keys()].sort()) yield [name, this.get(name)];
  }
}
