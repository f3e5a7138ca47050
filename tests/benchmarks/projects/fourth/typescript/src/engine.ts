import { show, walk, type Call, type Query } from "./ast";
import { isAggregate } from "./functions";
import { Aggregate, Filter, NestedLoop, Project, Scan, Sort, type Operator } from "./operators";
import { Parser } from "./parser";
import type { Catalog } from "./table";
import { format, QueryError, type Row } from "./values";

export interface Result {
  readonly names: readonly string[];
  readonly rows: readonly Row[];
}

export class Engine {
  static readonly MAX_ROWS = 4;

  readonly stats = { queries: 0, rows: 0, errors: 0 };

  constructor(private readonly catalog: Catalog) {}

  run(source: string): Result {
    const query = Parser.parse(source);
    const plan = this.plan(query);
    const rows = [...plan.rows()].slice(0, query.limit ?? Engine.MAX_ROWS);
    this.stats.queries += 1;
    this.stats.rows += rows.length;
    return { names: plan.schema.columns.map(({ name }) => name), rows };
  }

  /** Runs a query and lays its result out; an error becomes one line. */
  report(source: string): string[] {
    try {
      return layout(this.run(source));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      this.stats.errors += 1;
      return [`error: ${error.message}`];
    }
  }

  private plan(query: Query): Operator {
    let plan: Operator = new Scan(this.catalog.get(query.from));
    for (const { table, on } of query.joins) {
      plan = new Filter(new NestedLoop(plan, new Scan(this.catalog.get(table))), on);
    }
    if (query.where) plan = new Filter(plan, query.where);
    const calls = aggregates(query);
    if (calls.length > 0 || query.groupBy.length > 0) plan = new Aggregate(plan, query.groupBy, calls);
    if (query.having) plan = new Filter(plan, query.having);
    if (query.orderBy.length > 0) plan = new Sort(plan, query.orderBy);
    return new Project(plan, query.items);
  }
}

function aggregates({ items, having, orderBy }: Query): Call[] {
  const calls = new Map<string, Call>();
  const roots = [...items, ...orderBy].map(({ expr }) => expr);
  if (having) roots.push(having);
  for (const root of roots) {
    walk(root, (expr) => {
      if (expr.kind === "call" && isAggregate(expr.name)) calls.set(show(expr), expr);
    });
  }
  return [...calls.values()];
}

function layout({ names, rows }: Result): string[] {
  const cells = [[...names], ...rows.map((row) => row.map(format))];
  const widths = names.map((_, index) => Math.max(...cells.map((line) => line[index].length)));
  return cells.map((line) => line.map((cell, index) => cell.padEnd(widths[index])).join(" | ").trimEnd());
}
