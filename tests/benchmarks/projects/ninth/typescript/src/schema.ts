/** The value of one cell. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;
export type ColumnType = "text" | "int" | "real" | "bool";

export class SchemaError extends Error {
  constructor(readonly table: string, detail: string) {
    super(`${table}: ${detail}`);
    this.name = "SchemaError";
  }
}

const checks: Record<ColumnType, (value: Value) => boolean> = {
  text: (value) => typeof value === "string",
  int: (value) => Number.isInteger(value),
  real: (value) => typeof value === "number",
  bool: (value) => typeof value === "boolean",
};

/** An ordered list of typed columns; the first one is the primary key. */
export class Schema {
  private readonly columns = new Map<string, { type: ColumnType; nullable: boolean }>();

  constructor(readonly name: string) {}

  get columnNames(): string[] {
    return [...this.columns.keys()];
  }

  get key(): string {
    return this.columnNames[0];
  }

  column(name: string, type: ColumnType, { nullable = false } = {}): this {
    if (this.columns.has(name)) throw new SchemaError(this.name, `duplicate column ${name}`);
    this.columns.set(name, { type, nullable });
    return this;
  }

  validate(values: readonly Value[]): Row {
    const width = this.columns.size;
    if (values.length !== width) throw new SchemaError(this.name, `expected ${width} values, got ${values.length}`);
    const cells = this.columnNames.map((name, i) => {
      const { type, nullable } = this.columns.get(name)!;
      const valid = values[i] === null ? nullable : checks[type](values[i]);
      if (!valid) throw new SchemaError(this.name, `${name} does not take ${JSON.stringify(values[i])}`);
      return [name, values[i]] as const;
    });
    return Object.fromEntries(cells);
  }
}
