import { PathPattern } from './pattern.js';
import { Context } from './context.js';
import { NotFoundError, MethodNotAllowedError } from './errors.js';

/** Chains middleware into one function; each gets the context and `next`. */
function compose(middleware) {
  return (ctx, last) => {
    const dispatch = async (index) =>
      index < middleware.length ? middleware[index](ctx, () => dispatch(index + 1)) : last(ctx);
    return dispatch(0);
  };
}

export class Router {
  #middleware = [];
  #routes = [];
  #named = new Map();

  constructor({ prefix = '' } = {}) {
    this.prefix = prefix;
  }

  use(...middleware) {
    this.#middleware.push(...middleware);
    return this;
  }

  /** Registers a route. The last function is the handler, others guard it. */
  route(method, template, ...stack) {
    const pattern = new PathPattern(this.prefix + template);
    const handler = stack.pop();
    const guard = compose(stack);
    this.#routes.push({ method, pattern, run: (ctx) => guard(ctx, handler) });
    return this;
  }

  get(template, ...stack) {
    return this.route('GET', template, ...stack);
  }
  post(template, ...stack) {
    return this.route('POST', template, ...stack);
  }
  put(template, ...stack) {
    return this.route('PUT', template, ...stack);
  }
  delete(template, ...stack) {
    return this.route('DELETE', template, ...stack);
  }

  /** Gives the latest route a name that `urlFor` understands. */
  as(name) {
    this.#named.set(name, this.#routes[this.#routes.length - 1].pattern);
    return this;
  }

  urlFor(name, values) {
    return this.#named.get(name).build(values);
  }

  /** Takes over the routes of another router, behind its own middleware. */
  mount(other) {
    const guard = compose(other.#middleware);
    for (const { method, pattern, run } of other.#routes) {
      this.#routes.push({ method, pattern, run: (ctx) => guard(ctx, run) });
    }
    other.#named.forEach((pattern, name) => this.#named.set(name, pattern));
    return this;
  }

  list() {
    return this.#routes.map(({ method, pattern }) => `${method.padEnd(6)} ${pattern.template}`);
  }

  #find(method, path) {
    const matches = this.#routes
      .map((route) => ({ ...route, params: route.pattern.match(path) }))
      .filter(({ params }) => params !== null);
    const found = matches.find((match) => match.method === method);
    if (found) {
      return found;
    }
    if (matches.length > 0) {
      throw new MethodNotAllowedError(method, matches.map((match) => match.method).sort());
    }
    throw new NotFoundError(path);
  }

  /** Runs one request through the middleware and its route. */
  async handle(method, target, options) {
    const ctx = new Context(method, target, options);
    await compose(this.#middleware)(ctx, () => {
      const { run, params } = this.#find(ctx.method, ctx.path);
      ctx.params = params;
      return run(ctx);
    });
    return ctx;
  }
}
