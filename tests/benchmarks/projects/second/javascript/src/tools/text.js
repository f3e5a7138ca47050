const WIDTH = 12;

function pad(text, width = WIDTH) {
  return text.length >= width ? text : text + ".".repeat(width - text.length);
}

function title(text) {
  return text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

class Table {
  #rows = [];
  static separator = " | ";
  static of(...rows) {
    const table = new Table();
    rows.forEach((row) => table.add(row));
    return table;
  }
  add(row) {
    this.#rows.push(row);
    return this;
  }
  get size() {
    return this.#rows.length;
  }
  set size(count) {
    this.#rows.length = Math.min(count, this.#rows.length);
  }
  *[Symbol.iterator]() {
    for (const row of this.#rows) yield row.map((cell) => pad(String(cell), this.width)).join(Table.separator);
  }
  render() {
    return [...this].join("\n");
  }
  width = WIDTH;
}

class Sheet extends Table {
  constructor(name, options = {}) {
    super();
    this.name = name;
    this.width = options.width ?? WIDTH;
  }
  render() {
    const { name, size } = this;
    return `# ${title(name)} (${size})\n${super.render()}`;
  }
}

export { pad, title, Table as Grid, Sheet };
export { WIDTH as default };
