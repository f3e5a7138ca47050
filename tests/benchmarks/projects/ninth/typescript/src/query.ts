import { Aggregate } from "./aggregate";
import { Expr } from "./expr";
import { Filter, GroupBy, HashJoin, JoinOptions, KeyLookup, PlanNode, Scan, Sort } from "./plan";
import { Value } from "./schema";
import { Database, Table } from "./table";

/** Collects the clauses of a query and turns them into a plan. */
export class Query {
  private readonly source: Table;
  private readonly joins: Array<{ right: Scan; options: JoinOptions }> = [];
  private readonly conditions: Expr[] = [];
  private readonly finish: Array<(input: PlanNode) => PlanNode> = [];
  private columns: string[] = [];

  constructor(private readonly db: Database, table: string, private readonly alias: string) {
    this.source = db.table(table);
  }

  join(table: string, alias: string, on: [string, string], kind: JoinOptions["kind"] = "inner"): this {
    this.joins.push({ right: new Scan(this.db.table(table), alias), options: { kind, on } });
    return this;
  }

  where(condition: Expr): this {
    this.conditions.push(condition);
    return this;
  }

  groupBy(key: string, ...aggregates: Aggregate[]): this {
    return this.step((input) => new GroupBy(input, key, aggregates));
  }

  orderBy(by: string, direction: "asc" | "desc" = "asc"): this {
    return this.step((input) => new Sort(input, by, direction === "desc" ? -1 : 1));
  }

  select(...columns: string[]): this {
    this.columns = columns;
    return this;
  }

  plan(): PlanNode {
    const key = this.keyCondition();
    let node: PlanNode = key ? new KeyLookup(this.source, this.alias, key.value) : new Scan(this.source, this.alias);
    for (const { right, options } of this.joins) node = new HashJoin(node, right, options);
    const filters = this.conditions.filter((condition) => condition !== key?.condition);
    for (const condition of filters) node = new Filter(node, condition);
    return this.finish.reduce((input, build) => build(input), node);
  }

  run(): Value[][] {
    return Array.from(this.plan().rows(), (row) => this.columns.map((name) => row[name] ?? null));
  }

  private step(build: (input: PlanNode) => PlanNode): this {
    this.finish.push(build);
    return this;
  }

  /** Finds a condition `alias.key = literal`, which needs no scan. */
  private keyCondition(): { condition: Expr; value: Value } | undefined {
    const name = `${this.alias}.${this.source.schema.key}`;
    for (const condition of this.conditions) {
      if (condition.kind !== "compare" || condition.op !== "=") continue;
      const { left, right } = condition;
      if (left.kind === "column" && left.name === name && right.kind === "literal") {
        return { condition, value: right.value };
      }
    }
  }
}
