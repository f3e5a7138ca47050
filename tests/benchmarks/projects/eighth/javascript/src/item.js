import { ActionError } from './errors.js';

export class Item {
  constructor({ id, name, description = 'Nothing special.', weight = 1, value = 0 }) {
    this.id = id;
    this.name = name;
    this.description = description;
    this.weight = weight;
    this.value = value;
  }

  get portable() {
    return Number.isFinite(this.weight);
  }

  get label() {
    return this.name;
  }

  matches(noun) {
    return noun === this.id || noun === this.name;
  }

  describe() {
    return this.description;
  }
}

/** An item that can be lit; dark rooms need one. */
export class LightSource extends Item {
  #lit = false;

  get lit() {
    return this.#lit;
  }

  get label() {
    return this.#lit ? `${this.name} (lit)` : this.name;
  }

  ignite() {
    this.#lit = true;
  }
}

/** A fixed item that holds others behind a lock. */
export class Container extends Item {
  constructor({ contents, keyId, ...rest }) {
    super({ ...rest, weight: Infinity });
    this.contents = contents;
    this.keyId = keyId;
    this.locked = true;
  }

  unlock(key) {
    if (key.id !== this.keyId) {
      throw new ActionError(`The ${key.name} does not fit the ${this.name}.`);
    }
    this.locked = false;
  }

  /** Opens the container and hands out what was inside. */
  open() {
    if (this.locked) throw new ActionError(`The ${this.name} is locked.`);
    return this.contents.splice(0);
  }

  describe() {
    return `${super.describe()} It is ${this.locked ? 'locked' : 'open'}.`;
  }
}
