import { formatterOf, Format } from "./model";
import type { Entry, Formatter, Sink } from "./model";

export class MemorySink implements Sink {
  readonly name = "memory";
  readonly lines: string[] = [];
  constructor(private readonly formatter: Formatter = formatterOf(Format.Plain)) {}
  write(entry: Entry): void {
    this.lines.push(this.formatter.format(entry));
  }
  get size(): number {
    return this.lines.length;
  }
}

export class CountingSink implements Sink {
  name: string;
  private counts = new Map<number, number>();
  constructor(name: string) {
    this.name = name;
  }
  write = ({ level }: Entry): void => {
    this.counts.set(level, (this.counts.get(level) ?? 0) + 1);
  };
  close(): string {
    return [...this.counts].map(([level, count]) => `${level}:${count}`).join(",");
  }
}

export function tee(name: string, ...sinks: Sink[]): Sink {
  return {
    name,
    write(entry) {
      sinks.forEach((sink) => sink.write(entry));
    },
    close: () => sinks.map((sink) => sink.close?.() ?? "-").join("/"),
  };
}
