const ADDRESS_PATTERN = /^([A-Z]+)([1-9]\d*)$/;

export function columnName(index) {
  let name = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) {
    name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  }
  return name;
}

/** Splits "B7" into zero-based coordinates; null when the text is no address. */
export function parseAddress(text) {
  const match = ADDRESS_PATTERN.exec(text);
  if (!match) return null;
  const [, letters, digits] = match;
  const column = [...letters].reduce((total, ch) => total * 26 + ch.charCodeAt(0) - 64, 0);
  return { column: column - 1, row: Number(digits) - 1 };
}

export const formatAddress = ({ column, row }) => `${columnName(column)}${row + 1}`;

/** A rectangle of cells, whichever corners it was written with. */
export class Range {
  constructor(a, b) {
    [this.top, this.bottom] = [Math.min(a.row, b.row), Math.max(a.row, b.row)];
    [this.left, this.right] = [Math.min(a.column, b.column), Math.max(a.column, b.column)];
  }

  static parse(text) {
    return new Range(...text.split(':').map(parseAddress));
  }

  /** Yields the addresses row by row. */
  *[Symbol.iterator]() {
    for (let row = this.top; row <= this.bottom; row++) {
      for (let column = this.left; column <= this.right; column++) {
        yield formatAddress({ column, row });
      }
    }
  }

  /** The results of a callback over the addresses, as an array of rows. */
  mapRows(callback) {
    const flat = Array.from(this, (address) => callback(address));
    const width = this.right - this.left + 1;
    return Array.from({ length: flat.length / width }, (_, row) =>
      flat.slice(row * width, (row + 1) * width));
  }
}
