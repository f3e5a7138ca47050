'use strict';

const commands = require('./commands');
const { EventBus } = require('./events');
const Random = require('./random');
const { Topic, TICKS_PER_HOUR } = require('./constants');
const { Chest } = require('./entity');

class World {
  #clock = 0;

  constructor({ seed, player, rooms = [], actors = [] }) {
    this.random = new Random(seed);
    this.bus = new EventBus();
    this.player = player;
    this.rooms = rooms;
    this.actors = actors;
  }

  get time() {
    const hour = 8 + Math.floor(this.#clock / TICKS_PER_HOUR);
    const minutes = (this.#clock % TICKS_PER_HOUR) * (60 / TICKS_PER_HOUR);
    return `${String(hour % 24).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
  }

  /** Actors in the same room as the player. */
  present() {
    return this.actors.filter(({ location }) => location === this.player.location);
  }

  /** The inventories the player can take things from. */
  * #inReach() {
    yield this.player.items;
    yield this.player.location.items;
    for (const item of this.player.location.items) {
      if (item instanceof Chest && item.open) yield item.items;
    }
  }

  reach(word) {
    for (const items of this.#inReach()) {
      const item = items.find(word);
      if (item) return item;
    }
    return null;
  }

  holder(item) {
    return [...this.#inReach()].find((items) => [...items].includes(item));
  }

  /** Runs one line of input and returns all that the player gets to read. */
  execute(line) {
    try {
      const request = commands.parse(line);
      const command = commands.find(request.verb);
      if (!command) return [`I do not know how to ${request.words.join(' ')}.`];
      if (command.needsObject && !request.object) return [`What do you want to ${command.verb}?`];
      const reply = command.run(this, request);
      return command.free ? [reply] : [reply, ...this.update()];
    } catch (error) {
      if (error instanceof commands.ParseError) return [`${error.message} (column ${error.position + 1}).`];
      throw error;
    }
  }

  update() {
    this.#clock += 1;
    this.bus.emit(Topic.TICK, this.#clock);
    return [this.player, ...this.player.items, ...this.actors]
      .map((entity) => entity.update(this))
      .filter((message) => message !== null);
  }

  /** Shortest way between two rooms, by breadth-first search. */
  path(start, goal) {
    const queue = [start];
    const cameFrom = new Map([[start, null]]);
    while (queue.length > 0) {
      const room = queue.shift();
      if (room === goal) break;
      for (const [direction, next] of room.exits) {
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, { room, direction });
        queue.push(next);
      }
    }
    const steps = [];
    for (let step = cameFrom.get(goal); step; step = cameFrom.get(step.room)) steps.unshift(step.direction);
    return steps;
  }
}

module.exports = { World };
