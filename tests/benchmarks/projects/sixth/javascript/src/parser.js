import { Range, parseAddress } from './address.js';
import { FormulaError } from './values.js';

const TOKEN = /\s*(?:(?<number>\d+(?:\.\d+)?)|"(?<string>[^"]*)"|(?<word>[A-Za-z]\w*)|(?<op><=|>=|<>|[-+*/^&=<>(),:]))/y;

/** Binary operators, from the loosest to the tightest. */
const LEVELS = [['=', '<>', '<', '<=', '>', '>='], ['&'], ['+', '-'], ['*', '/'], ['^']];

function levelOf({ type, value }) {
  return type === 'op' ? LEVELS.findIndex((operators) => operators.includes(value)) : -1;
}

function* tokenize(source) {
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new FormulaError('#SYNTAX!', `unexpected character at ${start + 1}`);
    const [type, value] = Object.entries(match.groups).find(([, group]) => group !== undefined);
    yield { type, value };
  }
  yield { type: 'end', value: 'end of formula' };
}

/** Precedence-climbing parser; produces plain objects tagged with `type`. */
class Parser {
  #tokens;
  #position = 0;

  constructor(source) {
    this.#tokens = [...tokenize(source)];
  }

  get #current() {
    return this.#tokens[this.#position];
  }

  parse() {
    const node = this.#expression(-1);
    this.#expect('end of formula');
    return node;
  }

  #next() {
    return this.#tokens[this.#position++];
  }

  #accept(value) {
    const found = this.#current.value === value && this.#current.type !== 'string';
    if (found) this.#position++;
    return found;
  }

  #expect(value) {
    if (!this.#accept(value)) this.#fail(this.#current.value);
  }

  #fail(value) {
    throw new FormulaError('#SYNTAX!', `unexpected ${value}`);
  }

  #expression(minimum) {
    let left = this.#operand();
    while (levelOf(this.#current) > minimum) {
      const token = this.#next();
      left = { type: 'binary', op: token.value, left, right: this.#expression(levelOf(token)) };
    }
    return left;
  }

  #operand() {
    if (this.#accept('-')) return { type: 'negate', operand: this.#operand() };
    if (this.#accept('(')) {
      const inner = this.#expression(-1);
      this.#expect(')');
      return inner;
    }
    const { type, value } = this.#next();
    if (type === 'word') return this.#word(value.toUpperCase());
    if (type === 'op' || type === 'end') this.#fail(value);
    return { type: 'literal', value: type === 'number' ? Number(value) : value };
  }

  /** A word is the start of a function call or a range, or a cell. */
  #word(name) {
    if (this.#accept('(')) return { type: 'call', name, args: this.#args() };
    const from = parseAddress(name);
    if (!from) throw new FormulaError('#NAME?', `unknown name ${name}`);
    if (!this.#accept(':')) return { type: 'cell', address: name };
    const corner = this.#next();
    const to = parseAddress(corner.value.toUpperCase());
    return to ? { type: 'range', range: new Range(from, to) } : this.#fail(corner.value);
  }

  #args() {
    const args = [];
    while (!this.#accept(')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.#expression(-1));
    }
    return args;
  }
}

export const parseFormula = (source) => new Parser(source).parse();
