'use strict';

const { Entity, Inventory } = require('./entity');
const { opposite } = require('./constants');
const { join } = require('./text');

class Room extends Entity {
  #exits = new Map();

  constructor(name, description, items = []) {
    super(name, description);
    this.items = new Inventory(items);
    this.visitors = new Set();
  }

  /** Joins two rooms; pass oneWay for a slide or a drop. */
  connect(direction, room, { oneWay = false } = {}) {
    this.#exits.set(direction, room);
    if (!oneWay) room.connect(opposite(direction), this, { oneWay: true });
    return this;
  }

  exit(direction) {
    return this.#exits.get(direction);
  }

  get exits() {
    return [...this.#exits.entries()];
  }

  enter(actor) {
    const first = !this.visitors.has(actor);
    this.visitors.add(actor);
    return first;
  }

  isLit() {
    return true;
  }

  describe(lights = []) {
    const ways = join(this.exits.map(([direction]) => direction), 'nowhere');
    if (!this.isLit(lights)) return `It is pitch dark here. You feel a draught from ${ways}.`;
    const seen = this.items.size > 0 ? ` You see ${this.items.list()}.` : '';
    return `${super.describe()}${seen} Exits lead ${ways}.`;
  }
}

/** A cave is dark unless something in it glows. */
class Cave extends Room {
  isLit(lights) {
    return lights.some((item) => item.glows) || [...this.items].some((item) => item.glows);
  }
}

module.exports = { Room, Cave };
