import { Game } from './src/game.js';
import { buildWorld } from './src/world.js';

const SCRIPT = [
  'look',
  'open the chest',
  'take the brass lantern',
  'get rope and map',
  'examine map',
  'n',
  'dance wildly',
  'go down',
  'light lantern',
  'take key; take idol',
  'inventory',
  'drop rope',
  'take idol',
  'go up then go south',
  'use key on chest',
  'x chest',
  'take coin',
];

function main() {
  const game = new Game(buildWorld());
  game.on('score', ({ points, reason }) => console.log(`  [+${points} for ${reason}]`));
  game.on('end', ({ turns, score }) => {
    console.log(`*** You won with ${score} points in ${turns} turns. ***`);
  });

  console.log(game.start());
  for (const line of SCRIPT) {
    console.log(`> ${line}`);
    for (const reply of game.run(line)) console.log(reply);
  }
}

main();
