import { ActionError } from './errors.js';
import { Container, LightSource } from './item.js';
import { listing } from './room.js';
import { toDirection } from './parser.js';

/** Wraps a handler that works on one object so that it works on many. */
const forEachObject = (handler) => (game, { objects, target }) => {
  if (objects.length === 0) throw new ActionError('You must say with what.');
  return objects.map((noun) => handler(game, noun, target)).join('\n');
};

function requireKind(item, Kind, complaint) {
  if (!(item instanceof Kind)) throw new ActionError(complaint);
  return item;
}

export const commands = {
  look: {
    synonyms: ['l'],
    run: (game) => game.describeRoom(),
  },
  go: {
    synonyms: ['walk', 'climb'],
    run(game, { objects: [where] }) {
      const next = game.room.exits.get(toDirection(where));
      if (!next) throw new ActionError(`You cannot go ${where} from here.`);
      return game.enter(next);
    },
  },
  take: {
    synonyms: ['get', 'grab'],
    run: forEachObject((game, noun) => {
      const item = game.room.find(noun);
      if (!item) throw new ActionError(`There is no ${noun} here.`);
      if (!item.portable) throw new ActionError(`The ${item.name} won't budge.`);
      game.player.carry(item);
      game.room.remove(item);
      if (item.value > 0) game.award(item.value, `the ${item.name}`);
      return `Taken: ${item.name}.`;
    }),
  },
  drop: {
    run: forEachObject((game, noun) => {
      const item = game.player.release(noun);
      game.room.add(item);
      return `Dropped: ${item.name}.`;
    }),
  },
  examine: {
    synonyms: ['x', 'read'],
    run: forEachObject((game, noun) => game.locate(noun).describe()),
  },
  open: {
    run: forEachObject((game, noun) => {
      const box = requireKind(game.locate(noun), Container, "You can't open that.");
      const found = box.open();
      game.room.add(...found);
      return `Inside the ${box.name}: ${listing(found.map(({ name }) => name)) || 'nothing'}.`;
    }),
  },
  use: {
    synonyms: ['unlock'],
    run: forEachObject((game, noun, target) => {
      const box = requireKind(game.locate(target), Container, 'Nothing happens.');
      box.unlock(game.player.require(noun));
      return commands.open.run(game, { objects: [target] });
    }),
  },
  light: {
    run: forEachObject((game, noun) => {
      const lamp = requireKind(game.player.require(noun), LightSource, "That won't burn.");
      lamp.ignite();
      return `The ${lamp.name} glows.\n${game.describeRoom()}`;
    }),
  },
  inventory: {
    synonyms: ['i'],
    run({ player }) {
      const labels = player.items.map(({ label }) => label);
      return `You carry ${listing(labels) || 'nothing'} (${player.load}/${player.strength}).`;
    },
  },
};
