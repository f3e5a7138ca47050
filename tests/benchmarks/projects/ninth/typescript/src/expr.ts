import { Row, Value } from "./schema";

type CompareOp = "=" | "<" | ">=";

/** The expression tree of a condition. */
export type Expr =
  | { kind: "column"; name: string }
  | { kind: "literal"; value: Value }
  | { kind: "compare"; op: CompareOp; left: Expr; right: Expr }
  | { kind: "and" | "or"; left: Expr; right: Expr };

/** Starts a condition on a column: `col("age").gte(30)`. */
export function col(name: string) {
  const left: Expr = { kind: "column", name };
  const compare = (op: CompareOp) => (value: Value): Expr =>
    ({ kind: "compare", op, left, right: { kind: "literal", value } });
  return { eq: compare("="), lt: compare("<"), gte: compare(">=") };
}

export const and = (left: Expr, right: Expr): Expr => ({ kind: "and", left, right });
export const or = (left: Expr, right: Expr): Expr => ({ kind: "or", left, right });

/** Orders values; nulls come first. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null) return -1;
  return b !== null && a < b ? -1 : 1;
}

const operators: Record<CompareOp, (order: number) => boolean> = {
  "=": (order) => order === 0,
  "<": (order) => order < 0,
  ">=": (order) => order >= 0,
};

export function evaluate(expr: Expr, row: Row): Value {
  switch (expr.kind) {
    case "column":
      return row[expr.name];
    case "literal":
      return expr.value;
    case "compare":
      return operators[expr.op](compareValues(evaluate(expr.left, row), evaluate(expr.right, row)));
    case "and":
      return evaluate(expr.left, row) && evaluate(expr.right, row);
    case "or":
      return evaluate(expr.left, row) || evaluate(expr.right, row);
  }
}

export function show(expr: Expr): string {
  switch (expr.kind) {
    case "column":
      return expr.name;
    case "literal":
      return JSON.stringify(expr.value);
    case "compare":
      return `${show(expr.left)} ${expr.op} ${show(expr.right)}`;
    default:
      return `(${show(expr.left)} ${expr.kind} ${show(expr.right)})`;
  }
}
