import { Router } from './router.js';
import { requireRole } from './middleware.js';
import { NotFoundError, ValidationError } from './errors.js';

const isText = (value) => typeof value === 'string' && value.trim() !== '';
const isYear = (value) => Number.isInteger(value) && value > 1400;
const rules = { title: isText, author: isText, year: isYear };

/** The routes that serve a collection of books below `/books`. */
export function bookRoutes(books) {
  const router = new Router({ prefix: '/books' });

  const load = (ctx, next) => {
    const book = books.find(ctx.params.id);
    if (!book) {
      throw new NotFoundError(`book ${ctx.params.id}`);
    }
    ctx.state.book = book;
    return next();
  };

  router.use((ctx, next) => {
    ctx.set('X-Collection', books.name);
    return next();
  });

  router.get('/', (ctx) => {
    const { author, sort, page = 1, size = 2 } = ctx.query;
    const where = author ? (book) => book.author === author : undefined;
    const range = { offset: (page - 1) * size, limit: Number(size) };
    const { total, items } = books.query({ where, sort, ...range });
    ctx.set('X-Total', total).send(200, items.map(({ id, title }) => `${id}: ${title}`));
  });

  router.post('/', requireRole('editor'), (ctx) => {
    const book = books.insert(ValidationError.check(ctx.input ?? {}, rules));
    ctx.set('Location', router.urlFor('book', book)).send(201, book);
  });

  router.get('/:id<int>', load, (ctx) => ctx.send(200, ctx.state.book)).as('book');

  router.put('/:id<int>', requireRole('editor'), load, (ctx) => {
    const changed = ValidationError.check({ ...ctx.state.book, ...ctx.input }, rules);
    ctx.send(200, books.update(ctx.params.id, changed));
  });

  router.delete('/:id<int>', requireRole('admin'), load, (ctx) => {
    books.remove(ctx.params.id);
    ctx.send(204);
  });

  return router;
}
