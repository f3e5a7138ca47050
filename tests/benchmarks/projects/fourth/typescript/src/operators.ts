import { show, type Call, type Expr, type OrderKey, type SelectItem } from "./ast";
import { compile, type Evaluator } from "./compiler";
import { createAccumulator } from "./functions";
import { Schema, type Table } from "./table";
import { ColumnType, compare, format, isTrue, type Row, type Value } from "./values";

/** A step of a plan: pulls rows from its source and passes rows on. */
export interface Operator {
  readonly schema: Schema;
  rows(): Iterable<Row>;
}

export class Scan implements Operator {
  readonly schema: Schema;

  constructor(private readonly table: Table) {
    this.schema = table.schema.qualify(table.name);
  }

  rows(): Iterable<Row> {
    return this.table.rows();
  }
}

abstract class Step implements Operator {
  constructor(protected readonly source: Operator) {}

  get schema(): Schema {
    return this.source.schema;
  }

  abstract rows(): Iterable<Row>;
}

export class Filter extends Step {
  private readonly test: Evaluator;

  constructor(source: Operator, condition: Expr) {
    super(source);
    this.test = compile(condition, source.schema);
  }

  override *rows(): Iterable<Row> {
    for (const row of this.source.rows()) if (isTrue(this.test(row))) yield row;
  }
}

export class NestedLoop extends Step {
  constructor(source: Operator, private readonly inner: Scan) {
    super(source);
  }

  override get schema(): Schema {
    return this.source.schema.concat(this.inner.schema);
  }

  override *rows(): Iterable<Row> {
    const inner = [...this.inner.rows()];
    for (const row of this.source.rows()) for (const other of inner) yield [...row, ...other];
  }
}

export class Aggregate extends Step {
  constructor(source: Operator, private readonly keys: readonly Expr[], private readonly calls: Call[]) {
    super(source);
  }

  override get schema(): Schema {
    const outputs = [...this.keys, ...this.calls];
    return new Schema(outputs.map((expr) => ({ name: show(expr), type: ColumnType.Number })));
  }

  override *rows(): Iterable<Row> {
    const keys = this.keys.map((key) => compile(key, this.source.schema));
    const args = this.calls.map((call) => compile(call.args[0], this.source.schema));
    const start = () => this.calls.map((call) => createAccumulator(call.name));
    const groups = new Map<string, { key: Value[]; states: ReturnType<typeof start> }>();
    for (const row of this.source.rows()) {
      const key = keys.map((evaluate) => evaluate(row));
      const id = key.map(format).join("\u0000");
      const group = groups.get(id) ?? { key, states: start() };
      groups.set(id, group);
      group.states.forEach((state, index) => state.add(args[index](row)));
    }
    if (groups.size === 0 && keys.length === 0) groups.set("", { key: [], states: start() });
    for (const { key, states } of groups.values()) yield [...key, ...states.map((state) => state.result)];
  }
}

export class Sort extends Step {
  constructor(source: Operator, private readonly keys: readonly OrderKey[]) {
    super(source);
  }

  override rows(): Iterable<Row> {
    const keys = this.keys.map(({ expr, descending }) => ({ get: compile(expr, this.schema), descending }));
    return [...this.source.rows()].sort((a, b) => {
      for (const { get, descending } of keys) {
        const order = compare(get(a), get(b));
        if (order !== 0) return descending ? -order : order;
      }
      return 0;
    });
  }
}

export class Project extends Step {
  constructor(source: Operator, private readonly items: readonly SelectItem[]) {
    super(source);
  }

  override get schema(): Schema {
    return new Schema(this.items.map(({ alias }) => ({ name: alias, type: ColumnType.Text })));
  }

  override *rows(): Iterable<Row> {
    const columns = this.items.map(({ expr }) => compile(expr, this.source.schema));
    for (const row of this.source.rows()) yield columns.map((column) => column(row));
  }
}
