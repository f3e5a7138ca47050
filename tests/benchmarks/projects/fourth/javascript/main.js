'use strict';

const {
  Direction, Topic, Entity, Item, Lamp, Chest, Room, Cave, Player, Wanderer, Merchant, World, text,
} = require('./lib');

const SCRIPT = [
  'look', 'get the brass key', 'grab lantern', 'take anvil', 'take bucket', 'i', 'north',
  'sell bucket', 'dance', 'open chest', 'go east', 'take', 'down', 'wait', 'light lantern', 'look',
  'x lantern', 'open chest', 'take crown', 'take the opal', 'up', 'drop key',
  'take key', 'west', 'sell crown', 'sell opal', 'sell key', 'what?', 'walk south', 'inventory',
];

function build() {
  const yard = new Room('yard', 'A cobbled yard behind the old inn.', [
    new Item('brass key', { weight: 1 }),
    new Lamp('lantern', 4, { weight: 3, value: 6, description: 'A dented tin lantern.' }),
    new Item('anvil', { weight: 30, value: 20 }),
    new Item('bucket', { weight: 2, value: 4 }),
  ]);
  const market = new Room('market', 'Stalls crowd a narrow square; the air smells of onions and tar.');
  const well = new Room('well', 'A dry well with iron rungs in its wall.');
  const hoard = [new Item('crown', { weight: 4, value: 120 }), new Item('opal', { weight: 1, value: 35 })];
  const cellar = new Cave('cellar', 'Water drips from the vault.', [new Chest('oak chest', hoard)]);
  const tunnel = new Cave('tunnel', 'A low tunnel that slopes away.');
  yard.connect(Direction.NORTH, market);
  market.connect(Direction.EAST, well);
  well.connect(Direction.DOWN, cellar);
  cellar.connect(Direction.SOUTH, tunnel);
  tunnel.connect(Direction.WEST, yard, { oneWay: true });

  const player = new Player('you', yard);
  const merchant = new Merchant('pedlar', market, 100);
  const cat = new Wanderer('grey cat', market, { restlessness: 70 });
  const rooms = [yard, market, well, cellar, tunnel];
  return new World({ seed: 42, player, rooms, actors: [merchant, cat] });
}

function main() {
  const world = build();
  const { player, rooms, bus } = world;
  const tally = { steps: 0, taken: [], income: 0, ticks: 0 };
  bus.on(Topic.MOVED, ({ actor }) => { tally.steps += actor === player ? 1 : 0; });
  bus.on(Topic.TAKEN, (item) => tally.taken.push(item.name));
  bus.on(Topic.TICK, (clock) => { tally.ticks = clock; });
  const off = bus.on(Topic.SOLD, ({ price }) => { tally.income += price; });

  for (const line of SCRIPT) {
    console.log(`[${world.time}] > ${line}`);
    for (const message of world.execute(line)) {
      text.wrap(message).forEach((row) => console.log(`    ${row}`));
    }
  }
  off();

  console.log('--');
  console.log(`Steps ${tally.steps}, ticks ${tally.ticks}, offers ${tally.income}, health ${player.health}`);
  console.log(`Alive: ${player.alive ? 'yes' : 'no'}; taken: ${text.join(tally.taken)}`);
  for (const room of rooms) {
    const way = text.join(world.path(rooms[0], room), 'here');
    const visitors = text.plural(room.visitors.size, 'visitor');
    console.log(`${text.capitalize(room.name).padEnd(7)} ${visitors}; way: ${way}`);
  }
  console.log(`Entities ${Entity.count}, messages ${bus.sent}, listeners ${bus.size}`);
}

main();
