import { accepts, ColumnType, QueryError, type Row } from "./values";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly table?: string;
}

/** An ordered list of columns with lookup by plain or qualified name. */
export class Schema {
  constructor(readonly columns: readonly Column[]) {}

  get size(): number {
    return this.columns.length;
  }

  indexOf(name: string, table?: string): number {
    const matches = this.columns
      .map((column, index) => ({ column, index }))
      .filter(({ column }) => column.name === name && (table === undefined || column.table === table));
    if (matches.length > 1) throw new QueryError(`ambiguous column "${name}"`);
    return matches[0]?.index ?? -1;
  }

  qualify(table: string): Schema {
    return new Schema(this.columns.map((column) => ({ ...column, table })));
  }

  concat(other: Schema): Schema {
    return new Schema([...this.columns, ...other.columns]);
  }
}

export class Table {
  private readonly data: Row[] = [];

  constructor(readonly name: string, readonly schema: Schema) {}

  static of(name: string, columns: ReadonlyArray<[string, ColumnType]>): Table {
    return new Table(name, new Schema(columns.map(([key, type]) => ({ name: key, type }))));
  }

  insert(...row: Row): this {
    const { columns, size } = this.schema;
    if (row.length !== size) throw new QueryError(`"${this.name}" needs ${size} values`);
    columns.forEach((column, index) => {
      if (!accepts(column.type, row[index])) throw new QueryError(`bad value for "${column.name}"`);
    });
    this.data.push(row);
    return this;
  }

  get size(): number {
    return this.data.length;
  }

  *rows(): IterableIterator<Row> {
    yield* this.data;
  }
}

/** The named tables that a query may read. */
export class Catalog {
  private readonly tables = new Map<string, Table>();

  add(table: Table): this {
    this.tables.set(table.name, table);
    return this;
  }

  get(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw new QueryError(`no table "${name}"`);
    return table;
  }

  get names(): string[] {
    return [...this.tables.keys()].sort();
  }
}
