/** Everything a handler needs to know about one request, and its answer. */
export class Context {
  #headers = new Map();

  constructor(method, target, { token = null, body = null } = {}) {
    const [path, search = ''] = target.split('?', 2);
    this.method = method.toUpperCase();
    this.path = path;
    this.query = Object.fromEntries(new URLSearchParams(search));
    this.token = token;
    this.input = body;
    this.params = {};
    this.state = {};
    this.status = 404;
    this.body = null;
  }

  /** Sets a response header; names are case-insensitive. */
  set(name, value) {
    this.#headers.set(name.toLowerCase(), String(value));
    return this;
  }

  send(status, body = null) {
    this.status = status;
    this.body = body;
    return this;
  }

  /** Response headers as sorted `[name, value]` pairs. */
  get headers() {
    return [...this.#headers].sort(([a], [b]) => a.localeCompare(b));
  }
}
