/** A node of a formula. Subclasses implement `evaluate` and `render`. */
export class Node {
  static #created = 0;

  constructor(...children) {
    this.children = children;
    Node.#created += 1;
  }
  static get created() { return Node.#created; }
  /** Number of nodes below and including this one. */
  get size() { return this.children.reduce((size, child) => size + child.size, 1); }
  evaluate(_scope) {
    throw new TypeError(`${this.constructor.name}.evaluate is not implemented`);
  }
  render() { return this.children.map((child) => child.render()).join(', '); }
  *walk() {
    yield this;
    for (const child of this.children) yield* child.walk();
  }

  find(predicate) {
    for (const node of this.walk()) if (predicate(node)) return node;
    return undefined;
  }
}

const wrap = (text, open = '(', close = ')') => `${open}${text}${close}`;

export class Literal extends Node {
  constructor(value) {
    super();
    this.value = value;
  }
  evaluate() { return this.value; }
  render() {
    const { value } = this;
    return typeof value === 'string' ? wrap(value, '"', '"') : String(value);
  }
}

export class Ref extends Node {
  constructor(key) {
    super();
    this.key = key;
  }
  evaluate(scope) { return scope.get(this.key); }
  render() { return this.key; }
}

/** A named constant, looked up in `scope.lookup`. */
export class Name extends Ref {
  evaluate({ lookup }) { return lookup(this.key); }
  render() { return `'${super.render()}'`; }
}

export class Range extends Node {
  get from() { return this.children[0]; }
  get to() { return this.children[1]; }
  *keys() {
    const { from: { key: first }, to: { key: last } } = this;
    for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code += 1) {
      for (let row = +first.slice(1); row <= +last.slice(1); row += 1) {
        yield String.fromCharCode(code) + row;
      }
    }
  }

  evaluate(scope) {
    return [...this.keys()].map((key) => scope.get(key)).filter((value) => value !== undefined);
  }
  render() { return `${this.from.render()}:${this.to.render()}`; }
}

const operators = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': divide,
  '^': Math.pow,
  '>': (left, right) => left > right,
  '&': (left, right) => `${left}${right}`,
};

function divide(left, right) {
  if (right === 0) throw new RangeError('divide: by zero');
  return left / right;
}

export class Binary extends Node {
  constructor(op, left, right) {
    super(left, right);
    this.op = op;
  }

  evaluate(scope) {
    const [left, right] = this.children.map((child) => child.evaluate(scope));
    return operators[this.op](left, right);
  }

  render() {
    return wrap(this.children.map((child) => child.render()).join(` ${this.op} `));
  }
}

export class Call extends Node {
  constructor(name, args) {
    super(...args);
    this.name = name;
  }
  get args() { return this.children; }
  evaluate(scope) {
    const { resolve, lazy } = scope.builtins;
    if (lazy.has(this.name)) {
      return resolve(this.name)(...this.args.map((arg) => () => arg.evaluate(scope)));
    }
    return resolve(this.name)(...this.args.flatMap((arg) => arg.evaluate(scope)));
  }
  render() { return this.name + wrap(super.render()); }
}
