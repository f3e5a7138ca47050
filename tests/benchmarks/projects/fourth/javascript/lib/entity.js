'use strict';

const { article, plural, join } = require('./text');

/** An ordered set of items, used by rooms, actors and chests alike. */
class Inventory {
  #items = new Map();

  constructor(items = [], limit = Infinity) {
    this.limit = limit;
    for (const item of items) this.add(item);
  }

  add(item) {
    if (this.weight + item.weight > this.limit) return false;
    this.#items.set(item.id, item);
    return true;
  }

  remove(item) {
    return this.#items.delete(item.id);
  }

  find(word) {
    return [...this].find((item) => item.matches(word));
  }

  /** Moves an item to another inventory, or leaves all as it was. */
  transfer(item, other) {
    if (!this.#items.has(item.id) || !other.add(item)) return false;
    return this.remove(item);
  }

  get size() {
    return this.#items.size;
  }

  get weight() {
    return this.sum((item) => item.weight);
  }

  get value() {
    return this.sum(({ value }) => value);
  }

  sum(measure) {
    return [...this].reduce((total, item) => total + measure(item), 0);
  }

  list() {
    return join([...this].map((item) => item.label));
  }

  *[Symbol.iterator]() {
    yield* this.#items.values();
  }
}

/** Anything that exists in the world and can be named by the player. */
class Entity {
  static #lastId = 0;

  constructor(name, description = '') {
    Entity.#lastId += 1;
    this.id = Entity.#lastId;
    this.name = name;
    this.description = description;
  }

  static get count() {
    return Entity.#lastId;
  }

  get label() {
    return article(this.name);
  }

  matches(word) {
    return this.name === word || this.name.split(' ').includes(word);
  }

  describe() {
    return this.description || `You see nothing special about the ${this.name}.`;
  }

  update() {
    return null;
  }
}

class Item extends Entity {
  constructor(name, { weight = 1, value = 0, description } = {}) {
    super(name, description);
    this.weight = weight;
    this.value = value;
  }

  get glows() {
    return false;
  }
}

/** A lamp burns one unit of fuel on each update while it is lit. */
class Lamp extends Item {
  #lit = false;

  constructor(name, fuel, options) {
    super(name, options);
    this.fuel = fuel;
  }

  get glows() {
    return this.#lit;
  }

  get label() {
    return this.#lit ? `${super.label} (lit)` : super.label;
  }

  toggle() {
    this.#lit = !this.#lit && this.fuel > 0;
    return this.#lit;
  }

  describe() {
    return `${super.describe()} It holds ${plural(this.fuel, 'measure')} of oil.`;
  }

  update() {
    if (!this.#lit) return null;
    this.fuel -= 1;
    if (this.fuel > 0) return null;
    this.#lit = false;
    return `The ${this.name} sputters and goes out.`;
  }
}

/** An item with an inventory of its own. */
class Chest extends Item {
  constructor(name, contents, options) {
    super(name, { weight: 40, ...options });
    this.items = new Inventory(contents);
    this.open = false;
  }

  unlock(key) {
    if (this.open || !key) return false;
    this.open = true;
    return true;
  }

  describe() {
    if (!this.open) return `The ${this.name} is shut.`;
    return `Inside the ${this.name}: ${this.items.list()}.`;
  }
}

module.exports = { Inventory, Entity, Item, Lamp, Chest };
