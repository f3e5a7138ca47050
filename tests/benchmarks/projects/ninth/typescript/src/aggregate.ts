import { Row, Value } from "./schema";

/** A named function over the rows of a group. */
export interface Aggregate {
  readonly name: string;
  readonly over: (rows: readonly Row[]) => Value;
}

function numeric(kind: string, column: string, fold: (values: number[]) => Value): Aggregate {
  return {
    name: `${kind}(${column})`,
    over: (rows) => fold(rows.map((row) => row[column]).filter((v): v is number => typeof v === "number")),
  };
}

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

export const count = (): Aggregate => ({ name: "count", over: (rows) => rows.length });
export const sum = (column: string): Aggregate => numeric("sum", column, total);
export const avg = (column: string): Aggregate =>
  numeric("avg", column, (values) => (values.length ? total(values) / values.length : null));
