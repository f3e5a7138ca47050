import { Escape, Format, Level, Plain, formatterOf, type Shape } from "./model";
import { CountingSink, MemorySink, tee } from "./sinks";
import { Logger, StepClock, quiet } from "./logger";
import { Registry, area, assertShape, unwrap } from "./registry";

const lines: string[] = [];
const memory = new MemorySink();
const json = new MemorySink(formatterOf(Format.Json, "> "));
const counting = new CountingSink("counts");
const both = tee("both", memory, json, counting);
const logger = new Logger(both, new StepClock(5), { level: Level.Info, filters: [quiet("secret")] });

logger.log(Level.Debug, "too low");
logger.info("started", { version: 1.5 });
const request = logger.child({ path: "/a\"b" });
request.warn("slow", { ms: 120 });
request.info("a secret message");
request.log(Level.Info, "done");

const shapes = new Registry<string, Shape>();
shapes.register("unit", { kind: "circle", radius: 1 }).register("door", { kind: "rect", width: 2, height: 3 });
const areas = shapes.map((shape, key) => `${key} ${area(shape)}`);
const found = unwrap(shapes.find("door"), { kind: "circle", radius: 2 });
const missing = shapes.find("roof");
const guess: unknown = { kind: "rect", width: 4, height: 4 };
assertShape(guess);

lines.push(...memory.lines, ...json.lines);
lines.push(`${both.name} ${both.close?.()} size=${memory.size} loggers=${Logger.total} id=${request.id}`);
lines.push(areas.join(", "), `${area(found)} ${area(guess)} ${missing.ok ? "" : missing.error.message}`);
for (const [key, { kind }] of shapes) lines.push(`${key} is a ${kind}`);
lines.push(Escape.quote("Level.Info"), Escape.Numbers.fixed(1.005, 1), Plain.separator + Level.Warning);

export const output = lines.join("\n");
