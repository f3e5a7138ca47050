import { Row, Schema, SchemaError, Value } from "./schema";

export class Table implements Iterable<Row> {
  private readonly rows = new Map<Value, Row>();

  constructor(readonly schema: Schema) {}

  insert(...records: Value[][]): this {
    for (const record of records) {
      const row = this.schema.validate(record);
      const key = row[this.schema.key];
      if (this.rows.has(key)) throw new SchemaError(this.schema.name, `duplicate key ${key}`);
      this.rows.set(key, row);
    }
    return this;
  }

  find(key: Value): Row | undefined {
    return this.rows.get(key);
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.rows.values();
  }
}

export class Database {
  private readonly tables = new Map<string, Table>();

  create(name: string, define: (schema: Schema) => Schema): Table {
    const table = new Table(define(new Schema(name)));
    this.tables.set(name, table);
    return table;
  }

  table(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw new SchemaError(name, "no such table");
    return table;
  }
}
