export const identity = (value) => value;

export const compose = (...functions) =>
  functions.length === 0 ? identity : functions.reduce((outer, inner) => (value) => outer(inner(value)));

export function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = typeof key === "function" ? key(item) : item[key];
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
}

export const sum = (items, pick = identity) => {
  let sum = 0;
  for (const item of items) sum += pick(item);
  return sum;
};

export function* range(from, to, step = 1) {
  for (let at = from; at < to; at += step) yield at;
}
