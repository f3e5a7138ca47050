/** An error that becomes the value of a cell; `code` is what the cell shows. */
export class FormulaError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Turns what a user typed into a number or text; empty input is null. */
export function parseLiteral(input) {
  const text = input.trim();
  if (text === '') return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

export function toNumber(value) {
  const number = Number(value);
  if (Number.isNaN(number)) throw new FormulaError('#VALUE!', `"${value}" is not a number`);
  return number;
}

export function toText(value) {
  if (value === null) return '';
  if (value instanceof FormulaError) return value.code;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'number' ? String(Number(value.toFixed(6))) : value;
}
