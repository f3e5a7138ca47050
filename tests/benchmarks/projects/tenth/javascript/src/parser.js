'use strict';

const { SelectorError, tokenize } = require('./tokenizer');

const SIMPLE = new Set(['any', 'name', 'id', 'class']);

/** Recursive descent parser that turns a selector into a list of chains. */
class Parser {
  constructor(source) {
    this.source = source;
    this.tokens = [...tokenize(source)];
    this.offset = 0;
  }

  get current() {
    return this.tokens[this.offset];
  }

  accept(type) {
    return this.current.type === type ? this.tokens[this.offset++] : null;
  }

  expect(type) {
    return this.accept(type) ?? this.fail(`Expected ${type} but found ${this.current.type}`);
  }

  fail(message) {
    throw new SelectorError(message, this.source, this.current.position);
  }

  parse() {
    const list = this.parseList();
    this.expect('eof');
    return list;
  }

  parseList() {
    const list = [];
    do {
      list.push(this.parseChain());
    } while (this.accept('comma'));
    return list;
  }

  /** A chain such as `ul > li a`, linked from the rightmost compound leftwards. */
  parseChain() {
    let chain = { tests: this.parseCompound(), combinator: null, left: null };
    for (let token; (token = this.accept('combinator')); ) {
      chain = { tests: this.parseCompound(), combinator: token.value, left: chain };
    }
    return chain;
  }

  parseCompound() {
    const tests = [];
    for (let test; (test = this.parseTest()); ) tests.push(test);
    if (tests.length === 0) this.fail('Expected a selector');
    return tests;
  }

  parseTest() {
    const { type, value } = this.current;
    if (type === 'open') return this.parseAttribute();
    if (type === 'function') return this.parseFunction();
    if (type === 'pseudo') return { type, name: this.expect(type).value };
    return SIMPLE.has(type) ? { type: this.expect(type).type, value } : null;
  }

  parseAttribute() {
    this.expect('open');
    const name = this.expect('name').value;
    const operator = this.accept('operator')?.value ?? null;
    const value = operator && (this.accept('string') ?? this.expect('name')).value;
    this.expect('close');
    return { type: 'attribute', name, operator, value };
  }

  parseFunction() {
    const { value: name } = this.expect('function');
    const argument = name.startsWith('nth-') ? this.parsePosition() : this.parseList();
    this.expect('end');
    return { type: 'pseudo', name, argument };
  }

  /** Reads `odd`, `even` or a number into a predicate over positions. */
  parsePosition() {
    const keyword = this.accept('name')?.value;
    if (keyword) return (position) => position % 2 === (keyword === 'odd' ? 1 : 0);
    const wanted = Number(this.expect('number').value);
    return (position) => position === wanted;
  }
}

module.exports = { parse: (source) => new Parser(source.trim()).parse() };
