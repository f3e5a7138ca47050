import { Catalog, ColumnType, Engine, QueryError, Table } from "./sql";

const { Number: Num, Text, Flag } = ColumnType;

const books = Table
  .of("books", [["id", Num], ["title", Text], ["shelf_id", Num], ["pages", Num], ["lent", Flag]])
  .insert(1, "Tides and Moons", 1, 320, false)
  .insert(2, "A Field of Stones", 2, 210, true)
  .insert(3, "Small Engines", 1, 145, true)
  .insert(4, "The Salt Road", 2, 480, false)
  .insert(5, "Knots", 3, 96, false)
  .insert(6, "Winter Bees", 1, null, false);

const shelves = Table.of("shelves", [["id", Num], ["name", Text], ["floor", Num]])
  .insert(1, "science", 2)
  .insert(2, "novels", 1)
  .insert(3, "crafts", 1);

const QUERIES = [
  "select title, pages from books where pages > 100 order by pages desc limit 3",
  "select upper(title) as loud, length(title) as size from books where lent or id = 5",
  "select name, title from books join shelves on shelf_id = shelves.id where floor = 1 order by title",
  "select shelf_id, count(*) as total, sum(pages), avg(pages), max(title) from books group by shelf_id",
  "select shelf_id, min(pages) from books group by shelf_id having count(*) > 1 order by min(pages) asc",
  "select count(*) as n, round(avg(pages)) as mean from books where not lent and pages <= 400",
  "select title, coalesce(pages, -1) as pages, pages % 7 as rest from books where pages is null or id <> 3",
  "select id * 2 + 1 as odd, pages / 2 - 10 as half from books where id >= 4 and pages < 500",
  "select title from books where titel = 'Knots'",
  "select title from magazines",
  "select id from books join shelves on shelf_id = shelves.id",
  "select title books",
  "select pages + title from books",
  "select reverse(title) from books",
  "select title from books where id ; 3",
];

function main(): string {
  const catalog = new Catalog().add(shelves).add(books);
  const engine = new Engine(catalog);
  const lines = [`tables: ${catalog.names.map((name) => `${name} (${catalog.get(name).size})`).join(", ")}`];
  for (const source of QUERIES) lines.push("", `> ${source}`, ...engine.report(source));
  lines.push("");
  try {
    shelves.insert(4, true, 3);
  } catch (error) {
    lines.push(error instanceof QueryError ? error.message : "unknown");
  }
  const { queries, rows, errors } = engine.stats;
  lines.push(`${queries} queries, ${rows} rows, ${errors} errors`);
  return lines.join("\n");
}

export const output = main();
