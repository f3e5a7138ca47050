import { findFunction } from './functions.js';
import { FormulaError, toNumber, toText } from './values.js';

/** Lets an operator see its operands as numbers. */
const numeric = (compute) => (a, b) => compute(toNumber(a), toNumber(b));

const operators = {
  '+': numeric((a, b) => a + b),
  '-': numeric((a, b) => a - b),
  '*': numeric((a, b) => a * b),
  '/': numeric((a, b) => {
    if (b === 0) throw new FormulaError('#DIV/0!', 'division by zero');
    return a / b;
  }),
  '^': numeric((a, b) => a ** b),
  '&': (a, b) => toText(a) + toText(b),
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** A visitor for each type of node; `visit` evaluates, `lookup` reads a cell. */
const visitors = {
  literal: ({ value }) => value,
  cell: ({ address }, _visit, lookup) => lookup(address),
  range: ({ range }, _visit, lookup) => range.mapRows(lookup),
  negate: ({ operand }, visit) => -toNumber(visit(operand)),
  binary: ({ op, left, right }, visit) => operators[op](visit(left), visit(right)),
  call: ({ name, args }, visit) => {
    const { impl, lazy } = findFunction(name, args.length);
    return impl(...args.map((arg) => (lazy ? () => visit(arg) : visit(arg))));
  },
};

export function evaluate(node, lookup) {
  return visitors[node.type](node, (child) => evaluate(child, lookup), lookup);
}

/** Yields the address of every cell that the tree refers to. */
export function* references(node) {
  if (node.type === 'cell') yield node.address;
  if (node.type === 'range') yield* node.range;
  for (const child of node.args ?? [node.left, node.right, node.operand]) {
    if (child) yield* references(child);
  }
}
