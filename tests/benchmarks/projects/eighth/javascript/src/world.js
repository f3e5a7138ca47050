import { Item, LightSource, Container } from './item.js';
import { Room } from './room.js';

export function buildWorld() {
  const lantern = new LightSource({
    id: 'lantern',
    name: 'brass lantern',
    description: 'There is oil in it.',
    weight: 2,
  });
  const rope = new Item({ id: 'rope', name: 'rope', description: 'Ten fathoms.', weight: 4 });
  const map = new Item({ id: 'map', name: 'torn map', description: 'A cross marks the chapel.' });
  const key = new Item({ id: 'key', name: 'iron key', description: 'It is cold.' });
  const idol = new Item({ id: 'idol', name: 'jade idol', weight: 5, value: 20 });
  const coin = new Item({ id: 'coin', name: 'gold coin', value: 5 });
  const chest = new Container({
    id: 'chest',
    name: 'oak chest',
    description: 'A chest with iron bands.',
    contents: [coin],
    keyId: key.id,
  });

  const hut = new Room('Hut', {
    text: 'A low hut that smells of tar.',
    items: [chest, lantern, rope, map],
  });
  const chapel = new Room('Ruined Chapel', { text: 'Moss grows on the altar. Steps lead down.' });
  const cellar = new Room('Cellar', { text: 'Water drips.', dark: true, items: [key, idol] });
  hut.connect('north', chapel).connect('down', cellar);

  return { start: hut, strength: 10, goal: ({ score }) => score >= 25 };
}
