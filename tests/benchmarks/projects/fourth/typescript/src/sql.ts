export { Engine, type Result } from "./engine";
export { Catalog, Table, type Column } from "./table";
export { ColumnType, QueryError } from "./values";
export type { Row, Value } from "./values";
