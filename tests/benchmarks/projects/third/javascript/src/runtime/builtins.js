const table = Object.create(null);

/** Names whose arguments stay unevaluated until called. */
export const lazy = new Set(['IF']);

export function register(name, fn, { isLazy = false } = {}) {
  table[name] = fn;
  if (isLazy) lazy.add(name);
  return { register, resolve };
}

export function resolve(name) {
  const fn = table[name];
  if (typeof fn !== 'function') throw new ReferenceError(`no function ${name}`);
  return fn;
}

const sum = (...values) => values.reduce((total, value) => total + value, 0);
const count = (...values) => values.length;
const average = (...values) => sum(...values) / count(...values);
const round = (value, digits = 0) => Number(value.toFixed(digits));
const join = (...values) => values.join('+');

register('SUM', sum)
  .register('COUNT', count)
  .register('AVERAGE', average)
  .register('ROUND', round)
  .register('JOIN', join)
  .register('MAX', Math.max)
  .register('MIN', Math.min);

register('IF', (test, then, otherwise) => (test() ? then() : otherwise?.() ?? null));

export const names = () => Object.keys(table).sort();
export { sum as total, average };
