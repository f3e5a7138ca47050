const converters = {
  str: { source: '[^/]+', parse: decodeURIComponent },
  int: { source: '\\d+', parse: Number },
  slug: { source: '[a-z0-9-]+', parse: (text) => text },
};

const escapeLiteral = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A compiled path such as `/books/:id<int>/notes`; `:id` alone is a `str`. */
export class PathPattern {
  constructor(template) {
    this.template = template;
    this.params = [];
    const segments = template.split('/').filter(Boolean);
    const body = segments.map((segment) => this.#compileSegment(segment)).join('/');
    this.regexp = new RegExp(`^/${body}/?$`);
  }

  #compileSegment(segment) {
    const found = /^:(\w+)(?:<(\w+)>)?$/.exec(segment);
    if (!found) {
      return escapeLiteral(segment);
    }
    const [, name, type = 'str'] = found;
    const { source, parse } = converters[type];
    this.params.push({ name, parse });
    return `(${source})`;
  }

  /** Returns the parsed parameters, or null if the path does not match. */
  match(path) {
    const found = this.regexp.exec(path);
    if (!found) {
      return null;
    }
    return Object.fromEntries(this.params.map(({ name, parse }, i) => [name, parse(found[i + 1])]));
  }

  /** The reverse of `match`: fills the parameters into the template. */
  build(values) {
    return this.template.replace(/:(\w+)(?:<\w+>)?/g, (_, name) =>
      encodeURIComponent(values[name])
    );
  }
}
