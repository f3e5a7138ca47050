export enum Level {
  Debug = 10,
  Info = 20,
  Warning = 30,
}

export const enum Format {
  Plain = "plain",
  Json = "json",
}

export type Fields = Record<string, string | number>;

export interface Entry {
  readonly level: Level;
  readonly message: string;
  fields?: Fields;
  at: number;
}

export interface Sink {
  readonly name: string;
  write(entry: Entry): void;
  close?(): string;
}

export interface Formatter<T = string> {
  format(entry: Entry): T;
}

export type Filter = (entry: Entry) => boolean;

export type Result<T, E extends Error = Error> = { ok: true; value: T } | { ok: false; error: E };

export type Shape =
  | { kind: "circle"; radius: number }
  | { kind: "rect"; width: number; height: number };
