import createStore, { combineReducers, actions as make, logger } from "./store.js";
import { sum, groupBy, text } from "./tools/index.js";

export const Column = Object.freeze({ TODO: "todo", DOING: "doing", DONE: "done" });

const order = [Column.TODO, Column.DOING, Column.DONE];

function cards(state = [], action) {
  switch (action.type) {
    case "add": {
      const { title, points } = action;
      return [...state, { id: state.length + 1, title, points, column: Column.TODO }];
    }
    case "move":
      return state.map((card) => (card.id === action.id ? { ...card, column: action.column } : card));
    case "clear":
      return state.filter(({ column }) => column !== Column.DONE);
    default:
      return state;
  }
}

const clock = (ticks = 0, { type }) => (type === "tick" ? ticks : ticks + 1);

export class Board {
  static #count = 0;
  static defaults = { name: "board", limit: 3 };

  constructor({ name, limit = Board.defaults.limit } = Board.defaults) {
    Board.#count++;
    this.name = name;
    this.limit = limit;
    this.lines = [];
    this.store = createStore(combineReducers({ cards, clock }), { cards: [] }, logger(this.lines));
    this.move = this.move.bind(this);
  }

  static get count() {
    return Board.#count;
  }

  add(title, points) {
    this.store.dispatch(make.add(title, points));
    return this.cards.at(-1);
  }

  move(id, column) {
    const busy = this.cards.filter((card) => card.column === column).length;
    if (busy >= this.limit) throw new RangeError(`limit of ${column} reached`);
    this.store.dispatch(make.move(id, column));
  }

  clear() {
    this.store.dispatch(make.clear());
  }

  get cards() {
    return this.store.getState().cards;
  }

  summary() {
    const groups = groupBy(this.cards, "column");
    return order.map((column) => {
      const cards = groups.get(column) ?? [];
      return [column, cards.length, sum(cards, (card) => card.points)];
    });
  }

  render(page = new text.Sheet(this.name)) {
    for (const row of this.summary()) page.add(row);
    return page.render();
  }
}
