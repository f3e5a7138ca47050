import { FormulaError, toText } from './values.js';

const registry = new Map();

/**
 * Registers a worksheet function. Eager functions get values (a range is an
 * array of rows); lazy ones get thunks and decide which of them to call.
 */
function define(name, [min, max], impl, { lazy = false } = {}) {
  registry.set(name, { min, max, impl, lazy });
}

export function findFunction(name, argCount) {
  const fn = registry.get(name);
  if (!fn) throw new FormulaError('#NAME?', `no function ${name}`);
  if (argCount < fn.min || argCount > fn.max) {
    throw new FormulaError('#VALUE!', `${name} cannot take ${argCount} arguments`);
  }
  return fn;
}

const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);

/** Wraps a function over a list so that it takes the numbers among its arguments. */
const overNumbers = (compute) => (...args) =>
  compute(args.flat(2).filter((value) => typeof value === 'number'));

define('SUM', [1, Infinity], overNumbers(sum));
define('COUNT', [1, Infinity], overNumbers((list) => list.length));
define('MAX', [1, Infinity], overNumbers((list) => Math.max(...list)));
define('AVERAGE', [1, Infinity], overNumbers((list) => {
  if (list.length === 0) throw new FormulaError('#DIV/0!', 'no numbers given');
  return sum(list) / list.length;
}));
define('UPPER', [1, 1], (text) => toText(text).toUpperCase());
define('JOIN', [2, 2], (separator, cells) => [cells].flat(2).map(toText).join(separator));
define('IF', [2, 3], (test, yes, no = () => false) => (test() ? yes() : no()), { lazy: true });
