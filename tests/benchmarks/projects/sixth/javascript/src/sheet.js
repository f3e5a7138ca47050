import { Range, formatAddress, parseAddress } from './address.js';
import { evaluate, references } from './evaluator.js';
import { DependencyGraph } from './graph.js';
import { parseFormula } from './parser.js';
import { FormulaError, parseLiteral, toText } from './values.js';

export class Sheet {
  #cells = new Map();
  #graph = new DependencyGraph();
  #onChange;

  /** `onChange` is called with (address, before, after) for every new value. */
  constructor({ onChange }) {
    this.#onChange = onChange;
  }

  /**
   * Enters text or a formula and recalculates whatever depends on it; returns
   * the cells in the order of calculation. Throws if the formula is malformed.
   */
  set(address, input) {
    const text = String(input);
    const tree = text.startsWith('=')
      ? parseFormula(text.slice(1))
      : { type: 'literal', value: parseLiteral(text) };
    this.#cells.set(address, { tree, value: this.value(address) });
    this.#graph.connect(address, references(tree));

    const { order, stuck } = this.#graph.sortAffected(address);
    const circular = new FormulaError('#CYCLE!', 'circular reference');
    stuck.forEach((cell) => this.#assign(cell, circular));
    order.forEach((cell) => this.#assign(cell, this.#compute(cell)));
    return order;
  }

  /** Enters rows of inputs with the top left corner at `origin`. */
  fill(origin, rows) {
    const { column, row } = parseAddress(origin);
    rows.forEach((inputs, y) => inputs.forEach((input, x) => {
      this.set(formatAddress({ column: column + x, row: row + y }), input);
    }));
    return this;
  }

  value(address) {
    return this.#cells.get(address)?.value ?? null;
  }

  /** The text of the cells of a range, row by row. */
  rows(rangeText) {
    return Range.parse(rangeText).mapRows((address) => toText(this.value(address)));
  }

  #compute(address) {
    try {
      return evaluate(this.#cells.get(address).tree, (source) => {
        const value = this.value(source);
        if (value instanceof FormulaError) throw value;
        return value;
      });
    } catch (error) {
      if (error instanceof FormulaError) return error;
      throw error;
    }
  }

  #assign(address, value) {
    const cell = this.#cells.get(address);
    const [before, after] = [cell.value, value].map(toText);
    cell.value = value;
    if (before !== after) this.#onChange(address, before, after);
  }
}
