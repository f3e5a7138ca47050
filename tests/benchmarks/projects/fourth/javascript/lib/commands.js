'use strict';

const { Topic, isDirection } = require('./constants');
const { plural } = require('./text');
const { Lamp, Chest } = require('./entity');
const { Merchant } = require('./actors');

const NOISE = new Set(['the', 'a', 'an', 'to', 'at', 'please']);

const SYNONYMS = new Map([
  ['get', 'take'], ['grab', 'take'], ['x', 'examine'], ['walk', 'go'], ['i', 'inventory'],
]);

class ParseError extends Error {
  constructor(message, position) {
    super(message);
    this.position = position;
  }
}

const tokenize = (line) => line.toLowerCase().split(/\s+/).filter((word) => word && !NOISE.has(word));

/** Turns "grab the brass key" into { verb, object, words }. */
function parse(line) {
  if (/[^\w\s]/.test(line)) {
    throw new ParseError('I only understand plain words', line.search(/[^\w\s]/));
  }
  const words = tokenize(line);
  if (words.length === 0) throw new ParseError('Say something', 0);
  const [first, ...rest] = words;
  if (isDirection(first)) return { verb: 'go', object: first, words };
  return { verb: SYNONYMS.get(first) ?? first, object: rest.at(-1), words };
}

const registry = new Map();

/** Adds a command; needsObject makes the command refuse a bare verb. */
function register(verb, run, { needsObject = false, free = false } = {}) {
  registry.set(verb, { verb, run, needsObject, free });
}

const find = (verb) => registry.get(verb);

/** Wraps a handler so that it gets an item in reach rather than a word. */
function withItem(handler) {
  return (world, { object }) => {
    const item = world.reach(object);
    return item ? handler(world, item) : `There is no ${object} here.`;
  };
}

register('look', ({ player }) => player.location.describe([...player.items]), { free: true });

register('go', (world, { object }) => {
  const room = world.player.location.exit(object);
  if (!room) return `You cannot go ${object}.`;
  const first = world.player.moveTo(room, world.bus);
  return first ? room.describe([...world.player.items]) : `You are back at the ${room.name}.`;
}, { needsObject: true });

register('take', withItem((world, item) => {
  const { player, bus } = world;
  const source = world.holder(item);
  if (source === player.items) return `You already carry the ${item.name}.`;
  if (!source.transfer(item, player.items)) return `The ${item.name} is too heavy.`;
  bus.emit(Topic.TAKEN, item);
  return `Taken: ${item.name}.`;
}), { needsObject: true });

register('drop', withItem(({ player }, item) => {
  if (!player.items.transfer(item, player.location.items)) return `You do not carry the ${item.name}.`;
  return `Dropped: ${item.name}.`;
}), { needsObject: true });

register('examine', withItem((world, item) => item.describe()), { needsObject: true, free: true });

register('light', withItem((world, item) => {
  if (!(item instanceof Lamp)) return `The ${item.name} does not burn.`;
  return item.toggle() ? `The ${item.name} burns brightly.` : `The ${item.name} is dark now.`;
}), { needsObject: true });

register('open', withItem(({ player }, item) => {
  if (!(item instanceof Chest)) return `The ${item.name} does not open.`;
  return item.unlock(player.items.find('key')) ? item.describe() : `The ${item.name} stays shut.`;
}), { needsObject: true });

register('sell', withItem((world, item) => {
  const merchant = world.present().find((actor) => actor instanceof Merchant);
  if (!merchant) return 'Nobody here wants to buy.';
  const reply = merchant.buy(item, world.player);
  world.bus.emit(Topic.SOLD, { item, price: merchant.price(item) });
  return reply;
}), { needsObject: true });

register('inventory', ({ player }) => {
  const { items, coins } = player;
  const total = `weight ${items.weight}, worth ${items.value}`;
  return `You carry ${items.list()} (${total}) and ${plural(coins, 'coin')}.`;
}, { free: true });

register('wait', () => 'Time passes.');

module.exports = { find, parse, ParseError };
