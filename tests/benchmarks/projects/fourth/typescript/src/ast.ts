import type { Value } from "./values";

export type Expr =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "column"; readonly name: string; readonly table?: string }
  | { readonly kind: "unary"; readonly op: string; readonly operand: Expr }
  | { readonly kind: "binary"; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expr[] };

export type Call = Extract<Expr, { kind: "call" }>;

export type SelectItem = { readonly expr: Expr; readonly alias: string };

export type OrderKey = { readonly expr: Expr; readonly descending: boolean };

export type Join = { readonly table: string; readonly on: Expr };

export interface Query {
  readonly items: readonly SelectItem[];
  readonly from: string;
  readonly joins: readonly Join[];
  where?: Expr;
  groupBy: readonly Expr[];
  having?: Expr;
  orderBy: readonly OrderKey[];
  limit?: number;
}

export const literal = (value: Value): Expr => ({ kind: "literal", value });

export function binary(op: string, left: Expr, right: Expr): Expr {
  return { kind: "binary", op, left, right };
}

/** Writes an expression back as text; show is also the key of an aggregate. */
export function show(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return typeof expr.value === "string" ? `'${expr.value}'` : String(expr.value);
    case "column":
      return expr.table ? `${expr.table}.${expr.name}` : expr.name;
    case "unary":
      return `${expr.op} ${show(expr.operand)}`;
    case "binary":
      return `(${show(expr.left)} ${expr.op} ${show(expr.right)})`;
    case "call":
      return `${expr.name}(${expr.args.map(show).join(", ")})`;
  }
}

/** Visits an expression and all that is below it. */
export function walk(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  if (expr.kind === "unary") walk(expr.operand, visit);
  else if (expr.kind === "call") expr.args.forEach((arg) => walk(arg, visit));
  else if (expr.kind === "binary") [expr.left, expr.right].forEach((side) => walk(side, visit));
}
