import { show, type Expr } from "./ast";
import { scalar } from "./functions";
import type { Schema } from "./table";
import { compare, isTrue, QueryError, toNumber, type Row, type Value } from "./values";

export type Evaluator = (row: Row) => Value;

type Operation = (left: Value, right: Value) => Value;

const arithmetic = (run: (a: number, b: number) => number): Operation => (left, right) =>
  left === null || right === null ? null : run(toNumber(left), toNumber(right));

const comparison = (test: (order: number) => boolean): Operation => (left, right) =>
  left !== null && right !== null && test(compare(left, right));

const OPERATIONS = new Map<string, Operation>([
  ["+", arithmetic((a, b) => a + b)], ["-", arithmetic((a, b) => a - b)],
  ["*", arithmetic((a, b) => a * b)], ["/", arithmetic((a, b) => a / b)],
  ["%", arithmetic((a, b) => a % b)], ["=", comparison((order) => order === 0)],
  ["<>", comparison((order) => order !== 0)], ["<", comparison((order) => order < 0)],
  ["<=", comparison((order) => order <= 0)], [">", comparison((order) => order > 0)],
  [">=", comparison((order) => order >= 0)], ["is", (left, right) => left === right],
  ["and", (left, right) => isTrue(left) && isTrue(right)],
  ["or", (left, right) => isTrue(left) || isTrue(right)],
]);

/** Turns an expression into a closure over the positions of its columns. */
export function compile(expr: Expr, schema: Schema): Evaluator {
  const computed = schema.indexOf(show(expr));
  if (computed >= 0) return (row) => row[computed];
  switch (expr.kind) {
    case "literal":
      return () => expr.value;
    case "column": {
      const index = schema.indexOf(expr.name, expr.table);
      if (index < 0) throw new QueryError(`no column "${show(expr)}"`);
      return (row) => row[index];
    }
    case "unary": {
      const operand = compile(expr.operand, schema);
      return expr.op === "not" ? (row) => !isTrue(operand(row)) : (row) => -toNumber(operand(row));
    }
    case "binary": {
      const [left, right] = [compile(expr.left, schema), compile(expr.right, schema)];
      const run = OPERATIONS.get(expr.op);
      if (!run) throw new QueryError(`no operator "${expr.op}"`);
      return (row) => run(left(row), right(row));
    }
    case "call": {
      const run = scalar(expr.name);
      const args = expr.args.map((arg) => compile(arg, schema));
      return (row) => run(...args.map((arg) => arg(row)));
    }
  }
}
