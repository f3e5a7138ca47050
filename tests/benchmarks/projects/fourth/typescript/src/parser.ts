import { binary, literal, show } from "./ast";
import type { Expr, Join, OrderKey, Query, SelectItem } from "./ast";
import { tokenize, type Token, type TokenKind } from "./lexer";
import { QueryError } from "./values";

const LEVELS: ReadonlyArray<readonly string[]> = [
  ["or"], ["and"], ["=", "<>", "<", "<=", ">", ">=", "is"], ["+", "-"], ["*", "/", "%"],
];

/** A recursive-descent parser for one query. */
export class Parser {
  private index = 0;
  private readonly tokens: Token[];

  private constructor(source: string) {
    this.tokens = tokenize(source);
  }

  static parse(source: string): Query {
    const parser = new Parser(source);
    const query = parser.query();
    parser.expect("");
    return query;
  }

  private get current(): Token {
    return this.tokens[this.index];
  }

  private accept(...texts: string[]): boolean {
    const found = texts.every((text, offset) => {
      const token = this.tokens[this.index + offset];
      return token !== undefined && token.text === text && token.kind !== "string";
    });
    if (found) this.index += texts.length;
    return found;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw this.error(text ? `"${text}"` : "end of query");
  }

  private take(kind: TokenKind): string {
    const token = this.current;
    if (token.kind !== kind) throw this.error(kind);
    this.index += 1;
    return token.text;
  }

  private error(wanted: string): QueryError {
    return new QueryError(`expected ${wanted}, found "${this.current.text}"`, this.current.position);
  }

  private list<T>(next: () => T): T[] {
    const result = [next()];
    while (this.accept(",")) result.push(next());
    return result;
  }

  private query(): Query {
    this.expect("select");
    const items = this.list(() => this.item());
    this.expect("from");
    const from = this.take("word");
    const joins: Join[] = [];
    while (this.accept("join")) {
      const table = this.take("word");
      this.expect("on");
      joins.push({ table, on: this.expr() });
    }
    const query: Query = { items, from, joins, groupBy: [], orderBy: [] };
    if (this.accept("where")) query.where = this.expr();
    if (this.accept("group", "by")) query.groupBy = this.list(() => this.expr());
    if (this.accept("having")) query.having = this.expr();
    if (this.accept("order", "by")) query.orderBy = this.list(() => this.orderKey());
    if (this.accept("limit")) query.limit = Number(this.take("number"));
    return query;
  }

  private item(): SelectItem {
    const expr = this.expr();
    return { expr, alias: this.accept("as") ? this.take("word") : show(expr) };
  }

  private orderKey(): OrderKey {
    const expr = this.expr();
    const descending = this.accept("desc");
    if (!descending) this.accept("asc");
    return { expr, descending };
  }

  private expr(level = 0): Expr {
    if (level === LEVELS.length) return this.unary();
    let left = this.expr(level + 1);
    for (let op = this.operator(level); op; op = this.operator(level)) {
      left = binary(op, left, this.expr(level + 1));
    }
    return left;
  }

  private operator(level: number): string | undefined {
    return LEVELS[level].find((op) => this.accept(op));
  }

  private unary(): Expr {
    const op = ["not", "-"].find((text) => this.accept(text));
    return op ? { kind: "unary", op, operand: this.unary() } : this.primary();
  }

  private primary(): Expr {
    const { kind, text } = this.current;
    if (kind === "number") return literal(Number(this.take(kind)));
    if (kind === "string") return literal(this.take(kind));
    if (this.accept("null")) return literal(null);
    if (this.accept("(")) {
      const inner = this.expr();
      this.expect(")");
      return inner;
    }
    this.take("word");
    if (this.accept(".")) return { kind: "column", table: text, name: this.take("word") };
    if (!this.accept("(")) return { kind: "column", name: text };
    const args = this.accept("*") ? [literal(1)] : this.list(() => this.expr());
    this.expect(")");
    return { kind: "call", name: text, args };
  }
}
