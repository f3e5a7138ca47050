export class Emitter {
  #listeners = new Map();

  on(event, listener) {
    const list = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...list, listener]);
    return () => this.off(event, listener);
  }

  off(event, listener) {
    const list = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, list.filter((entry) => entry !== listener));
  }

  once(event, listener) {
    const off = this.on(event, (payload) => {
      off();
      listener.call(this, payload);
    });
    return off;
  }

  emit(event, payload) {
    const list = this.#listeners.get(event) ?? [];
    list.forEach((listener) => listener.call(this, payload));
    return list.length;
  }
}

/** A sink that only counts; it quacks like an `Emitter` without being one. */
export const counter = () => ({
  counts: {},
  emit(event) {
    this.counts[event] = (this.counts[event] ?? 0) + 1;
    return this.counts[event];
  },
  get total() {
    return Object.values(this.counts).reduce((a, b) => a + b, 0);
  },
});
