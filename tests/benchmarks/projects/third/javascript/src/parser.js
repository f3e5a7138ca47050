import tokenize, { Kind, Token as Lexeme } from './lexer/index.js';
import * as nodes from './nodes/index.js';

const PRECEDENCE = new Map([['>', 1], ['&', 2], ['+', 3], ['-', 3], ['*', 4], ['/', 4], ['^', 5]]);

export class ParseError extends Error {
  name = 'ParseError';

  constructor(message, { token, source }) {
    super(`${message} near ${token}`);
    this.token = token;
    this.source = source;
  }

  get excerpt() {
    const { source, token: { start } } = this;
    return `${source.slice(0, start)}>>${source.slice(start)}`;
  }
}

export class Parser {
  #tokens;
  #current = Lexeme.end(0);

  constructor(source) {
    this.source = source;
    this.#tokens = tokenize(source);
    this.#advance();
  }

  #advance() {
    const previous = this.#current;
    const { value: token, done = false } = this.#tokens.next();
    if (!done) this.#current = token;
    return previous;
  }
  #accept(text) { return this.#current.is(Kind.OP, text) ? this.#advance() : null; }
  #expect(text) {
    const token = this.#accept(text);
    if (!token) throw this.fail(`expected "${text}"`);
    return token;
  }

  fail(message) {
    return new ParseError(message, { token: this.#current, source: this.source });
  }

  parse() {
    const root = this.expression(0);
    if (!this.#current.is(Kind.END)) throw this.fail('trailing input');
    return root;
  }

  expression(minimum) {
    let left = this.primary();
    for (;;) {
      const { text: op, kind } = this.#current;
      const precedence = kind === Kind.OP ? PRECEDENCE.get(op) ?? -1 : -1;
      if (precedence < minimum) return left;
      this.#advance();
      left = new nodes.Binary(op, left, this.expression(precedence + 1));
    }
  }

  primary() {
    if (this.#accept('(')) {
      const inner = this.expression(0);
      this.#expect(')');
      return inner;
    }
    const { kind, text } = this.#current;
    switch (kind) {
      case Kind.NUMBER:
        this.#advance();
        return new nodes.Literal(Number(text));
      case Kind.TEXT:
        this.#advance();
        return new nodes.Literal(text.slice(1, -1));
      case Kind.REF:
        return this.#reference(this.#advance());
      case Kind.NAME:
        this.#advance();
        return this.#accept('(') ? this.#call(text) : new nodes.Name(text);
      default:
        throw this.fail('expected a value');
    }
  }

  #reference({ text: key }) {
    const from = new nodes.Ref(key);
    if (!this.#accept(':')) return from;
    const to = this.primary();
    return new nodes.Range(from, to);
  }

  #call(name) {
    const args = [];
    while (!this.#accept(')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.expression(0));
    }
    return new nodes.Call(name, args);
  }
  static parse(source) { return new Parser(source).parse(); }
}

export const { parse } = Parser;
