import * as model from "./model";
import { Level, type Entry, type Filter, type Sink } from "./model";

export interface Clock {
  now(): number;
}

export class StepClock implements Clock {
  private time = 0;
  constructor(public step = 1) {}
  now(): number {
    this.time += this.step;
    return this.time;
  }
}

interface Options {
  level: Level;
  filters?: Filter[];
  fields?: model.Fields;
}

const defaults: Options = { level: Level.Info };

export class Logger {
  private static instances = 0;
  readonly id = ++Logger.instances;

  constructor(
    private readonly sink: Sink,
    private readonly clock: Clock,
    private options: Options = defaults,
  ) {}

  child(fields: model.Fields): Logger {
    const { options } = this;
    return new Logger(this.sink, this.clock, { ...options, fields: { ...options.fields, ...fields } });
  }

  log(level: Level, message: string): boolean;
  log(level: Level, message: string, fields: model.Fields): boolean;
  log(level: Level, message: string, fields?: model.Fields): boolean {
    const { filters = [], fields: own } = this.options;
    const entry: Entry = { level, message, at: this.clock.now() };
    if (own || fields) entry.fields = { ...own, ...fields };
    if (level < this.options.level || !filters.every((filter) => filter(entry))) return false;
    this.sink.write(entry);
    return true;
  }

  info = this.bound(Level.Info);
  warn = this.bound(Level.Warning);

  private bound(level: Level) {
    return (message: string, fields?: model.Fields) => (fields ? this.log(level, message, fields) : this.log(level, message));
  }

  static get total(): number {
    return Logger.instances;
  }
}

export const quiet =
  (...words: string[]): Filter =>
  ({ message }) =>
    !words.some((word) => message.includes(word));
