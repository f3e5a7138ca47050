'use strict';

const LIMIT = 100;

/** What lies on the shelves; `count` never falls below zero. */
class Stock {
  constructor(items = {}) {
    this.items = new Map(Object.entries(items));
    this.listeners = [];
  }

  count(name) {
    return this.items.get(name) ?? 0;
  }

  put(name, amount) {
    const total = Math.min(this.count(name) + amount, LIMIT);
    this.items.set(name, total);
    this.notify({ name, total });
    return total;
  }

  take(name, amount) {
    const left = this.count(name) - amount;
    if (left < 0) throw new RangeError(`not enough ${name}`);
    this.items.set(name, left);
    this.notify({ name, total: left });
    return left;
  }

  onChange(listener) {
    this.listeners.push(listener);
    return () => { this.listeners = this.listeners.filter((one) => one !== listener); };
  }

  notify(event) {
    for (const listener of this.listeners) listener(event);
  }

  static from(rows) {
    const stock = new Stock();
    for (const [name, amount] of rows) stock.put(name, amount);
    return stock;
  }
}

function summary(stock) {
  const names = [...stock.items.keys()].sort();
  return names.map((name) => `${name}: ${stock.count(name)}`).join(', ');
}

module.exports = { Stock, summary, LIMIT };
