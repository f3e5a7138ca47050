import { EventEmitter } from 'node:events';
import { AdventureError, ActionError } from './errors.js';
import { LightSource } from './item.js';
import { Parser, sentences } from './parser.js';
import { commands } from './commands.js';

class Player {
  constructor(strength) {
    this.strength = strength;
    this.items = [];
  }

  get load() {
    return this.items.reduce((sum, { weight }) => sum + weight, 0);
  }

  find(noun) {
    return this.items.find((item) => item.matches(noun));
  }

  require(noun) {
    const item = this.find(noun);
    if (!item) throw new ActionError(`You don't have the ${noun}.`);
    return item;
  }

  carry(item) {
    if (this.load + item.weight > this.strength) {
      throw new ActionError(`The ${item.name} is too heavy with all you carry.`);
    }
    this.items.push(item);
  }

  release(noun) {
    const item = this.require(noun);
    this.items.splice(this.items.indexOf(item), 1);
    return item;
  }
}

export class Game extends EventEmitter {
  constructor({ start, strength, goal }) {
    super();
    this.room = start;
    this.player = new Player(strength);
    this.goal = goal;
    this.parser = new Parser(commands);
    this.turns = 0;
    this.score = 0;
  }

  start() {
    return this.enter(this.room);
  }

  /** Runs an input line and yields a reply for each sentence in it. */
  *run(line) {
    for (const sentence of sentences(line)) {
      yield this.step(sentence);
      if (this.goal(this)) this.emit('end', { turns: this.turns, score: this.score });
    }
  }

  step(sentence) {
    try {
      const action = this.parser.parse(sentence);
      this.turns += 1;
      return commands[action.verb].run(this, action);
    } catch (error) {
      if (error instanceof AdventureError) return error.message;
      throw error;
    }
  }

  enter(room) {
    this.room = room;
    if (room.visited) return `You are back in the ${room.title}.`;
    room.visited = this.canSee();
    return this.describeRoom();
  }

  canSee() {
    const shines = (item) => item instanceof LightSource && item.lit;
    return !this.room.dark || this.player.items.some(shines);
  }

  describeRoom() {
    return this.canSee() ? this.room.describe() : 'It is pitch dark.';
  }

  /** Finds an item in reach of the player: at hand or in the room. */
  locate(noun) {
    const item = this.player.find(noun) ?? this.room.find(noun);
    if (!item) throw new ActionError(`You see no ${noun}.`);
    return item;
  }

  award(points, reason) {
    this.score += points;
    this.emit('score', { points, reason });
  }
}
