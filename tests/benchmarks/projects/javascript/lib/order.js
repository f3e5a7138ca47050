'use strict';

const { Stock, summary } = require('./stock');
const prices = require('./prices');

class Line {
  constructor(name, amount) {
    this.name = name;
    this.amount = amount;
  }

  cost(list) {
    return list.lookup(this.name) * this.amount;
  }
}

class Order {
  constructor(list) {
    this.list = list;
    this.lines = [];
    this.state = 'open';
  }

  add(name, amount) {
    this.lines.push(new Line(name, amount));
    return this;
  }

  total({ percent = 0 } = {}) {
    const sum = this.lines.reduce((before, line) => before + line.cost(this.list), 0);
    return percent ? prices.discounted(sum, percent) : sum;
  }

  ship(stock) {
    if (this.state !== 'open') throw new Error('shipped already');
    this.lines.forEach((line) => stock.take(line.name, line.amount));
    this.state = 'shipped';
    return summary(stock);
  }
}

const emptyOrder = (list) => new Order(list);

module.exports = { Order, Line, emptyOrder, restock: (stock, row) => Stock.from([...stock.items, row]) };
