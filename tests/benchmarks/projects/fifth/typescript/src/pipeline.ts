import { Document } from './ast';
import { Parser } from './parser';
import { Renderer } from './renderer';

/** What plugins of one run share. */
export class Context {
  private readonly values = new Map<string, number>();
  readonly messages: string[] = [];

  add(name: string, amount = 1): void {
    this.values.set(name, this.get(name) + amount);
  }

  get(name: string): number {
    return this.values.get(name) ?? 0;
  }

  get entries(): [string, number][] {
    return [...this.values].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  warn(plugin: Plugin, message: string): void {
    this.messages.push(`${plugin.name}: ${message}`);
  }
}

export interface Plugin {
  readonly name: string;
  readonly order?: number;
  transform(document: Document, context: Context): Document;
}

export interface Result {
  output: string;
  context: Context;
}

export class Pipeline<R extends Renderer = Renderer> {
  static readonly DEFAULT_ORDER = 10;
  private readonly plugins: Plugin[] = [];

  constructor(readonly renderer: R) {}

  get size(): number {
    return this.plugins.length;
  }

  use(...plugins: Plugin[]): this {
    this.plugins.push(...plugins);
    const order = (plugin: Plugin) => plugin.order ?? Pipeline.DEFAULT_ORDER;
    this.plugins.sort((a, b) => order(a) - order(b));
    return this;
  }

  describe(): string {
    return [...this.plugins, this.renderer].map(({ name }) => name).join(' > ');
  }

  run(source: string): Result {
    const context = new Context();
    const parsed = Parser.parse(source);
    const document = this.plugins.reduce((current, plugin) => plugin.transform(current, context), parsed);
    return { output: this.renderer.render(document), context };
  }
}
