'use strict';

const { Element } = require('./tree');

/**
 * Creates an element: `h('a', { href: '/' }, 'Home')`.
 * Attributes that are null or false are left out; `true` becomes an empty value.
 */
function h(name, attributes, ...children) {
  const kept = {};
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === false) continue;
    kept[key] = value === true ? '' : String(value);
  }
  return new Element(name, kept).append(...children.flat());
}

/** Returns a factory bound to one element name. */
const tag = (name) => (attributes, ...children) => h(name, attributes, ...children);

module.exports = { h, tag };
