'use strict';

/** Publish/subscribe hub; handlers run in the order in which they were added. */
class EventBus {
  #handlers = new Map();
  #sent = 0;

  /** Subscribes and returns a function that takes the handler off again. */
  on(topic, handler) {
    const list = this.#handlers.get(topic) ?? [];
    list.push(handler);
    this.#handlers.set(topic, list);
    return () => {
      const at = list.indexOf(handler);
      if (at >= 0) list.splice(at, 1);
    };
  }

  emit(topic, payload) {
    const list = this.#handlers.get(topic);
    if (!list) return 0;
    this.#sent += 1;
    [...list].forEach((handler) => handler(payload));
    return list.length;
  }

  get sent() {
    return this.#sent;
  }

  get size() {
    return [...this.#handlers.values()].reduce((size, list) => size + list.length, 0);
  }
}

module.exports = { EventBus };
