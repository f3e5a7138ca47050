'use strict';

const { parse } = require('./parser');
const { matches } = require('./matcher');

/** Runs selectors against one tree and keeps what it has parsed. */
class Query {
  #cache = new Map();

  constructor(root) {
    this.root = root;
  }

  compile(selector) {
    const list = this.#cache.get(selector) ?? parse(selector);
    this.#cache.set(selector, list);
    return list;
  }

  all(selector) {
    const list = this.compile(selector);
    return [this.root, ...this.root.descendants()].filter((it) => matches(it, list));
  }

  first(selector) {
    return this.all(selector)[0] ?? null;
  }

  closest(element, selector) {
    const list = this.compile(selector);
    let node = element;
    while (node && !matches(node, list)) node = node.parent;
    return node;
  }
}

module.exports = { Query };
