import { avg, count, sum } from "./aggregate";
import { and, col, or } from "./expr";
import { Query } from "./query";
import { SchemaError, Value } from "./schema";
import { Database } from "./table";

const lines: string[] = [];
const db = new Database();
const from = (table: string, alias = table) => new Query(db, table, alias);

function report(title: string, query: Query): void {
  lines.push(`-- ${title}`, ...query.plan().explain(1));
  const format = (value: Value) => (typeof value === "number" ? value.toFixed(2).replace(".00", "") : String(value));
  for (const row of query.run()) lines.push(`  | ${row.map(format).join(" | ")}`);
}

const authors = db.create("authors", (s) =>
  s.column("id", "int").column("name", "text").column("country", "text", { nullable: true }));
const books = db.create("books", (s) =>
  s.column("id", "int").column("author", "int").column("title", "text").column("price", "real").column("inPrint", "bool"));

authors.insert([1, "Ines", "PT"], [2, "Jonas", "DE"], [3, "Kaya", null], [4, "Lior", "DE"]);
books.insert(
  [10, 1, "Harbour Lights", 12.5, true], [11, 1, "The Salt Road", 9, false],
  [12, 2, "Grammar of Rain", 21, true], [13, 2, "Small Machines", 17.5, true],
  [14, 3, "Winter Index", 14, true],
);

report("in print, and cheap or of unknown origin",
  from("books", "b")
    .join("authors", "a", ["b.author", "a.id"])
    .where(and(col("b.inPrint").eq(true), or(col("b.price").lt(13), col("a.country").eq(null))))
    .orderBy("b.title").select("b.title", "a.name", "b.price"));

report("books of one author",
  from("authors", "a")
    .join("books", "b", ["a.id", "b.author"])
    .where(col("a.id").eq(2)).where(col("b.price").gte(20))
    .select("a.name", "b.title"));

report("authors and their books",
  from("authors", "a")
    .join("books", "b", ["a.id", "b.author"], "left")
    .groupBy("a.name", count(), sum("b.price"), avg("b.price"))
    .orderBy("sum(b.price)", "desc").select("a.name", "count", "sum(b.price)", "avg(b.price)"));

const mistakes: Array<() => unknown> = [
  () => authors.insert([1, "Mona", null]),
  () => books.insert([15, 1, null, 3, true]),
  () => books.insert([16]),
  () => from("reviews"),
  () => db.create("twice", (s) => s.column("x", "int").column("x", "text")),
];
lines.push("-- refused");
for (const attempt of mistakes) {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    lines.push(`  ${error.message}`);
  }
}

export const output = lines.join("\n");
