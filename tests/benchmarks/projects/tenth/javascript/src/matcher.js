'use strict';

const operators = {
  '=': (actual, wanted) => actual === wanted,
  '~=': (actual, wanted) => actual.split(/\s+/).includes(wanted),
  '^=': (actual, wanted) => actual.startsWith(wanted),
  '$=': (actual, wanted) => actual.endsWith(wanted),
  '*=': (actual, wanted) => actual.includes(wanted),
};

const pseudoClasses = {
  root: (element) => element.parent === null,
  empty: (element) => element.childNodes.length === 0,
  'first-child': (element) => element.index === 0,
  'last-child': (element) => element.index === element.siblings.length - 1,
  'nth-child': (element, fits) => fits(element.index + 1),
  not: (element, list) => !matches(element, list),
  is: (element, list) => matches(element, list),
  has: (element, list) => [...element.descendants()].some((inner) => matches(inner, list)),
};

const tests = {
  any: () => true,
  name: (element, { value }) => element.name === value,
  id: (element, { value }) => element.attributes.get('id') === value,
  class: (element, { value }) => element.classList.includes(value),
  attribute({ attributes }, { name, operator, value }) {
    if (!attributes.has(name)) return false;
    return operator === null || operators[operator](attributes.get(name), value);
  },
  pseudo(element, { name, argument }) {
    const test = pseudoClasses[name];
    if (!test) throw new TypeError(`Unknown pseudo-class ":${name}"`);
    return test(element, argument);
  },
};

/** For each combinator, the elements that its left side may be. */
const candidates = {
  *' '(element) {
    for (let up = element.parent; up; up = up.parent) yield up;
  },
  '>': ({ parent }) => (parent ? [parent] : []),
  '+': ({ siblings, index }) => siblings.slice(Math.max(index - 1, 0), index),
  '~': ({ siblings, index }) => siblings.slice(0, index),
};

function matchesChain(element, chain) {
  if (!chain.tests.every((test) => tests[test.type](element, test))) return false;
  if (chain.left === null) return true;
  for (const candidate of candidates[chain.combinator](element)) {
    if (matchesChain(candidate, chain.left)) return true;
  }
  return false;
}

/** Tells whether an element fits at least one chain of a parsed selector. */
function matches(element, list) {
  return list.some((chain) => matchesChain(element, chain));
}

module.exports = { matches };
