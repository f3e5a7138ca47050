import { Format, Level } from "./types";
import type { Entry, Fields, Formatter } from "./types";

namespace Escape {
  const table: { [mark: string]: string } = { "\n": "\\n", '"': '\\"' };
  export function quote(text: string): string {
    return '"' + text.replace(/[\n"]/g, (mark) => table[mark] ?? mark) + '"';
  }
  export namespace Numbers {
    export const digits = 2;
    export const fixed = (value: number, places = digits): string => value.toFixed(places);
  }
}

abstract class Base implements Formatter {
  constructor(protected readonly prefix: string = "") {}
  format(entry: Entry): string {
    return this.prefix + this.body(entry);
  }
  protected abstract body(entry: Entry): string;
  protected label(level: Level): string {
    return level === Level.Warning ? "WARNING" : level === Level.Info ? "INFO" : "DEBUG";
  }
}

export class PlainFormatter extends Base {
  static readonly separator = " ";
  protected body({ level, message, fields = {} }: Entry): string {
    const parts = [this.label(level), message, ...PlainFormatter.pairs(fields)];
    return parts.join(PlainFormatter.separator);
  }
  private static pairs(fields: Fields): string[] {
    return Object.entries(fields).map(([key, value]) =>
      typeof value === "number" ? `${key}=${Escape.Numbers.fixed(value)}` : `${key}=${Escape.quote(value)}`,
    );
  }
}

export class JsonFormatter extends Base {
  protected body(entry: Entry): string {
    const { message, level, fields } = entry;
    return JSON.stringify({ level, message, ...fields });
  }
  protected override label(): string {
    return "json";
  }
}

export default function formatterOf(format: Format, prefix?: string): Formatter {
  switch (format) {
    case Format.Plain:
      return new PlainFormatter(prefix);
    case Format.Json:
      return new JsonFormatter(prefix);
  }
}
export { Escape };
