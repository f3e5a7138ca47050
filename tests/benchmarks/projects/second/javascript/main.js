import { Board, Column } from "./src/board.js";
import { mount, flush, useState, useMemo, useEffect } from "./src/hooks.js";
import * as tools from "./src/tools/index.js";
import { Page, range, title as titled } from "./src/tools/index.js";

const board = new Board({ name: "release", limit: 2 });
for (const [title, points] of [["write", 3], ["test", 2], ["ship", 1]]) board.add(title, points);
const { move } = board;
move(1, Column.DOING);
move(2, Column.DOING);
try {
  board.move(3, Column.DOING);
} catch ({ message }) {
  console.log(message);
}

let press = null;
const log = [];
const unsubscribe = board.store.subscribe((state, { type }) => log.push(type));

function Counter({ label, start }) {
  const [count, setCount] = useState(start);
  const square = useMemo(() => count * count, [count]);
  useEffect(() => {
    log.push(`effect ${count}`);
    return () => log.push(`cleanup ${count}`);
  }, [count]);
  press = () => setCount((value) => value + 1);
  return `${label}: ${count} (${square})`;
}

const counter = mount(Counter, { label: "moves", start: 2 });
console.log(flush(counter));
press();
console.log(counter.flush(), counter.slots.length);

board.move(1, Column.DONE);
console.log(board.render());
board.clear();
unsubscribe();
board.add("celebrate");
console.log(board.render(new Page("final", { width: 8 })));
console.log(board.lines.join("; "), log.join(", "));
console.log(tools.sum(range(0, 10, 3)), titled("all done"), Board.count, tools.WIDTH, tools.text.pad("x", 3));
const grid = tools.Grid.of(["a", "b"], ["c", "d"], ["e", "f"]);
grid.size = 2;
console.log(grid.render(), grid.size);
