'use strict';

/** Compass directions a room may have an exit in. */
const Direction = Object.freeze({
  NORTH: 'north', SOUTH: 'south', EAST: 'east', WEST: 'west', UP: 'up', DOWN: 'down',
});

const { NORTH, SOUTH, EAST, WEST, UP, DOWN } = Direction;
const PAIRS = [[NORTH, SOUTH], [EAST, WEST], [UP, DOWN]];
const OPPOSITES = new Map(PAIRS.flatMap(([one, other]) => [[one, other], [other, one]]));

/** Topics that travel over the event bus. */
const Topic = Object.freeze({
  MOVED: 'moved', TAKEN: 'taken', SOLD: 'sold', TICK: 'tick',
});

const MAX_LOAD = 12;
const START_HEALTH = 10;
const TICKS_PER_HOUR = 4;

const opposite = (direction) => OPPOSITES.get(direction);
const isDirection = (word) => OPPOSITES.has(word);

module.exports = { Direction, Topic, MAX_LOAD, START_HEALTH, TICKS_PER_HOUR, opposite, isDirection };
