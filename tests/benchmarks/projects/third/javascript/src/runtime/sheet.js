import { parse } from '../parser.js';
import { Emitter } from './emitter.js';
import * as builtins from './builtins.js';

const PENDING = Symbol('pending');

class Cell {
  #cache;
  #formula = null;

  constructor(key, raw) {
    this.key = key;
    this.raw = raw;
    if (typeof raw === 'string' && raw.startsWith('=')) this.#formula = parse(raw.slice(1));
  }
  get formula() { return this.#formula; }
  get cache() { return this.#cache; }
  set cache(value) { if (this.#formula) this.#cache = value; }
  clear() {
    this.#cache = undefined;
    return this;
  }

  static compare({ key: a }, { key: b }) {
    return a < b ? -1 : Number(a > b);
  }
}

export class CycleError extends Error {}

export class Sheet extends Emitter {
  static #count = 0;
  #cells = new Map();

  constructor({ title = 'untitled', names: constants = {}, limits: { precision = 3, ...limits } = {} } = {}) {
    super();
    this.title = title;
    this.constants = constants;
    this.precision = precision;
    this.limits = { ...limits, maxColumns: 26 };
    this.id = Sheet.#count += 1;
    this.builtins = builtins;
  }
  get size() { return this.#cells.size; }
  set(key, raw) {
    const old = this.#cells.get(key);
    this.#cells.set(key, new Cell(key, raw));
    this.recalculate();
    this.emit('set', { key, raw, previous: old?.raw });
    return this;
  }

  get(key) {
    const cell = this.#cells.get(key);
    if (!cell?.formula) return cell?.raw;
    if (cell.cache === PENDING) throw new CycleError(`cycle through ${key}`);
    if (cell.cache === undefined) {
      cell.cache = PENDING;
      try {
        cell.cache = cell.formula.evaluate(this);
      } catch (error) {
        cell.clear();
        throw error;
      }
    }
    return cell.cache;
  }

  /** Bound on purpose: nodes take it out of the scope by destructuring. */
  lookup = (name) => this.constants[name] ?? 0;
  recalculate() { for (const cell of this.#cells.values()) cell.clear(); }
  tryGet(key, fallback = (error) => `#${error.constructor.name}`) {
    try {
      return this.get(key);
    } catch (error) {
      return fallback(error);
    }
  }

  format(value) {
    return typeof value === 'number' ? value.toFixed(this.precision) : String(value ?? '');
  }

  *[Symbol.iterator]() {
    const cells = [...this.#cells.values()].sort(Cell.compare);
    for (const { key, formula } of cells) yield { key, formula, value: this.tryGet(key) };
  }

  formulas() {
    return [...this].filter(({ formula }) => formula).map(({ key, formula }) => [key, formula]);
  }
}
