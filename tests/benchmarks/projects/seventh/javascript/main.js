import { Router } from './lib/router.js';
import { Collection } from './lib/store.js';
import { bookRoutes } from './lib/books.js';
import { catchErrors, accessLog, authenticate } from './lib/middleware.js';

const users = new Map([
  ['t-ann', { name: 'ann', roles: ['editor', 'admin'] }],
  ['t-bob', { name: 'bob', roles: ['editor'] }],
]);

function createApp(books, log) {
  const app = new Router();
  app.use(accessLog((line) => log.push(line)), catchErrors(), authenticate(users));
  app.get('/tags/:tag<slug>', (ctx) => ctx.send(200, { tag: ctx.params.tag }));
  app.get('/hello/:name', (ctx) => ctx.send(200, `Hello, ${ctx.params.name}!`)).as('hello');
  app.get('/broken', () => {
    throw new Error('wires crossed');
  });
  return app.mount(bookRoutes(books));
}

function printResponse(ctx) {
  const { method, path, status, body, headers } = ctx;
  const extras = headers.map(([name, value]) => ` ${name}=${value}`).join('');
  console.log(`${method} ${path} -> ${status}${extras}\n    ${JSON.stringify(body)}`);
}

const dune = { title: 'Dune', author: 'Herbert', year: 1965 };

const requests = [
  ['POST', '/books', { token: 't-bob', body: dune }],
  ['POST', '/books', { token: 't-bob', body: { ...dune, title: ' ', year: '1999' } }],
  ['POST', '/books', { body: dune }],
  ['GET', '/books?sort=-year&page=1&size=3'],
  ['GET', '/books?author=Le%20Guin&sort=title'],
  ['put', '/books/2', { token: 't-ann', body: { year: 1974 } }],
  ['DELETE', '/books/1', { token: 't-bob' }],
  ['DELETE', '/books/1', { token: 't-ann' }],
  ['GET', '/books/1'],
  ['GET', '/books/3'],
  ['PUT', '/hello/world', { token: 't-ann' }],
  ['GET', '/hello/J%C3%BCrgen'],
  ['GET', '/tags/sci-fi', { token: 't-ann' }],
  ['GET', '/broken', { token: 't-bob' }],
  ['GET', '/nowhere'],
];

const log = [];
const changes = { insert: 0, update: 0, remove: 0 };
const books = new Collection('library');
for (const event of Object.keys(changes)) {
  books.on(event, () => changes[event]++);
}
books.insert({ title: 'Solaris', author: 'Lem', year: 1961 });
books.insert({ title: 'The Dispossessed', author: 'Le Guin', year: 1973 });
books.insert({ title: 'The Lathe of Heaven', author: 'Le Guin', year: 1971 });

const app = createApp(books, log);
console.log('Routes');
app.list().forEach((line) => console.log(`  ${line}`));
console.log(`Links ${app.urlFor('hello', { name: 'a b' })} ${app.urlFor('book', { id: 7 })}`);

console.log('Requests');
for (const request of requests) {
  printResponse(await app.handle(...request));
}

console.log(`Log (last 4 of ${log.length})`);
log.slice(-4).forEach((line) => console.log(`  ${line}`));
console.log(`Books: ${books.size}, changes: ${JSON.stringify(changes)}`);
