'use strict';

const RATES = { plain: 0.19, reduced: 0.07 };

function round(value) {
  return Math.round(value * 100) / 100;
}

function taxed(price, kind = 'plain') {
  const rate = RATES[kind];
  return round(price * (1 + rate));
}

function discounted(price, percent) {
  const round = (value) => Math.floor(value);
  return round(price * (100 - percent)) / 100;
}

class PriceList {
  constructor(prices) {
    this.prices = prices;
  }

  get size() {
    return Object.keys(this.prices).length;
  }

  lookup(name) {
    if (!(name in this.prices)) throw new Error(`no price for ${name}`);
    return taxed(this.prices[name]);
  }
}

exports.taxed = taxed;
exports.discounted = discounted;
exports.PriceList = PriceList;
