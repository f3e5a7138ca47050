'use strict';

const { Entity, Inventory } = require('./entity');
const { MAX_LOAD, START_HEALTH, Topic } = require('./constants');
const { capitalize } = require('./text');

class Actor extends Entity {
  constructor(name, location, { limit = MAX_LOAD } = {}) {
    super(name);
    this.location = location;
    this.items = new Inventory([], limit);
    this.coins = 0;
  }

  moveTo(room, bus) {
    const from = this.location;
    this.location = room;
    bus.emit(Topic.MOVED, { actor: this, from, to: room });
    return room.enter(this);
  }

  say(text) {
    return `${capitalize(this.name)} says: "${text}"`;
  }
}

class Player extends Actor {
  #health = START_HEALTH;

  get health() {
    return this.#health;
  }

  set health(value) {
    this.#health = Math.max(0, Math.min(START_HEALTH, value));
  }

  get alive() {
    return this.#health > 0;
  }

  update(world) {
    if (this.location.isLit([...this.items])) return null;
    this.health -= 2;
    return world.random.chance(50) ? 'You stumble in the dark.' : 'Something bites you in the dark.';
  }
}

/** Walks to a random neighbouring room now and then. */
class Wanderer extends Actor {
  constructor(name, location, { restlessness = 50, ...options } = {}) {
    super(name, location, options);
    this.restlessness = restlessness;
  }

  update(world) {
    if (!world.random.chance(this.restlessness)) return null;
    const [direction, room] = world.random.pick(this.location.exits);
    const wasHere = this.location === world.player.location;
    this.moveTo(room, world.bus);
    if (wasHere) return `The ${this.name} leaves (${direction}).`;
    return room === world.player.location ? `The ${this.name} comes in.` : null;
  }
}

/** Buys goods at a share of their value. */
class Merchant extends Actor {
  static RATE = 0.75;

  constructor(name, location, coins) {
    super(name, location, { limit: Infinity });
    this.coins = coins;
  }

  price(item) {
    return Math.round(item.value * Merchant.RATE);
  }

  buy(item, seller) {
    const price = this.price(item);
    if (price === 0) return this.say(`I have no use for ${item.label}.`);
    if (price > this.coins) return this.say('That is beyond my purse.');
    seller.items.transfer(item, this.items);
    this.coins -= price;
    seller.coins += price;
    return this.say(`Done: ${price} coins for the ${item.name}.`);
  }
}

module.exports = { Player, Wanderer, Merchant };
