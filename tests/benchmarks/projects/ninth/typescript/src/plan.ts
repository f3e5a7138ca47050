import { Aggregate } from "./aggregate";
import { compareValues, evaluate, Expr, show } from "./expr";
import { Row, Value } from "./schema";
import { Table } from "./table";

/** A node of the physical plan: pulls rows from its inputs. */
export abstract class PlanNode {
  constructor(private readonly label: string, private readonly inputs: readonly PlanNode[] = []) {}

  abstract rows(): Iterable<Row>;

  explain(depth = 0): string[] {
    return [`${"  ".repeat(depth)}${this.label}`, ...this.inputs.flatMap((input) => input.explain(depth + 1))];
  }
}

function qualify(row: Row, alias: string): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [`${alias}.${name}`, value]));
}

function groupRows(rows: Iterable<Row>, keyOf: (row: Row) => Value): Map<Value, Row[]> {
  const groups = new Map<Value, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

export class Scan extends PlanNode {
  constructor(private readonly table: Table, private readonly alias: string) {
    super(`Scan ${table.schema.name} as ${alias}`);
  }

  *rows(): Iterable<Row> {
    for (const row of this.table) yield qualify(row, this.alias);
  }
}

export class KeyLookup extends PlanNode {
  constructor(private readonly table: Table, private readonly alias: string, private readonly key: Value) {
    super(`KeyLookup ${alias}.${table.schema.key} = ${JSON.stringify(key)}`);
  }

  *rows(): Iterable<Row> {
    const row = this.table.find(this.key);
    if (row) yield qualify(row, this.alias);
  }
}

export class Filter extends PlanNode {
  constructor(private readonly input: PlanNode, private readonly condition: Expr) {
    super(`Filter ${show(condition)}`, [input]);
  }

  *rows(): Iterable<Row> {
    for (const row of this.input.rows()) if (evaluate(this.condition, row)) yield row;
  }
}

export interface JoinOptions {
  readonly kind: "inner" | "left";
  readonly on: readonly [left: string, right: string];
}

/** Builds a hash table of the right side and probes it with the left. */
export class HashJoin extends PlanNode {
  constructor(private readonly left: PlanNode, private readonly right: PlanNode, private readonly options: JoinOptions) {
    super(`HashJoin ${options.kind} on ${options.on.join(" = ")}`, [left, right]);
  }

  *rows(): Iterable<Row> {
    const { kind, on: [leftKey, rightKey] } = this.options;
    const built = groupRows(this.right.rows(), (row) => row[rightKey]);
    for (const row of this.left.rows()) {
      const matches = built.get(row[leftKey]);
      if (matches) yield* matches.map((match) => ({ ...row, ...match }));
      else if (kind === "left") yield row;
    }
  }
}

export class GroupBy extends PlanNode {
  constructor(private readonly input: PlanNode, private readonly key: string, private readonly aggregates: Aggregate[]) {
    super(`GroupBy ${key} -> ${aggregates.map(({ name }) => name).join(", ")}`, [input]);
  }

  *rows(): Iterable<Row> {
    for (const [key, members] of groupRows(this.input.rows(), (row) => row[this.key])) {
      const totals = this.aggregates.map(({ name, over }) => [name, over(members)] as const);
      yield { [this.key]: key, ...Object.fromEntries(totals) };
    }
  }
}

export class Sort extends PlanNode {
  constructor(private readonly input: PlanNode, private readonly by: string, private readonly sign: 1 | -1) {
    super(`Sort ${by}${sign < 0 ? " desc" : ""}`, [input]);
  }

  rows(): Iterable<Row> {
    return [...this.input.rows()].sort((a, b) => this.sign * compareValues(a[this.by], b[this.by]));
  }
}
