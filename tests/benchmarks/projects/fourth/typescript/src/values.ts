/** A single cell; null stands for a missing value. */
export type Value = number | string | boolean | null;

export type Row = readonly Value[];

export enum ColumnType { Number, Text, Flag }

export class QueryError extends Error {
  constructor(message: string, readonly position = -1) {
    super(position >= 0 ? `${message} at ${position}` : message);
  }
}

/** Orders values: null first, then by number or by text. */
export function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

export const isTrue = (value: Value): boolean => value === true || (typeof value === "number" && value !== 0);

export function toNumber(value: Value): number {
  const result = Number(value);
  if (value === null || Number.isNaN(result)) throw new QueryError(`not a number: ${format(value)}`);
  return result;
}

export function format(value: Value): string {
  if (value === null) return "-";
  if (typeof value === "number") return Number.isInteger(value) ? `${value}` : value.toFixed(2);
  return String(value);
}

/** Checks that a value may be stored in a column of the given type. */
export function accepts(type: ColumnType, value: Value): boolean {
  if (value === null) return true;
  switch (type) {
    case ColumnType.Number: return typeof value === "number";
    case ColumnType.Text: return typeof value === "string";
    case ColumnType.Flag: return typeof value === "boolean";
  }
}
