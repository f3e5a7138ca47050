'use strict';

const { Stock, LIMIT } = require('./lib/stock');
const { PriceList, taxed } = require('./lib/prices');
const { emptyOrder, restock } = require('./lib/order');

const stock = Stock.from([['nut', 12], ['bolt', 40]]);
const seen = [];
const stop = stock.onChange((event) => seen.push(`${event.name}=${event.total}`));
const list = new PriceList({ nut: 0.5, bolt: 1.25 });
const order = emptyOrder(list).add('nut', 3).add('bolt', 10);

console.log(order.total().toFixed(2), order.total({ percent: 10 }).toFixed(2), list.size);
console.log(order.ship(stock), order.state);
stop();
stock.put('nut', 500);
console.log(seen.join(' '), stock.count('nut') === LIMIT, taxed(2, 'reduced'));
console.log(restock(stock, ['gear', 2]).count('gear'));
