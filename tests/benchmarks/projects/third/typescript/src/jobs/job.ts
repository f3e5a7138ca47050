import { assertNever, ok, err, type Result } from '../util';
import { memoize } from '../cache/memo';

export enum Priority {
  High = 1,
  Normal,
  Low = 9,
}

export const enum State { Waiting = 'waiting', Running = 'running', Done = 'done' }

export type Outcome = Result<number, string>;

export interface JobOptions {
  priority?: Priority;
  cost?: number;
  after?: readonly string[];
}

export abstract class Job {
  static #serial = 0;
  readonly id = ++Job.#serial;
  readonly priority: Priority;
  readonly after: readonly string[];
  cost: number;
  private _state: State = State.Waiting;

  protected constructor(
    readonly name: string,
    { priority = Priority.Normal, cost = 1, after = [] }: JobOptions,
  ) {
    this.priority = priority;
    this.cost = cost;
    this.after = after;
  }

  abstract readonly kind: 'sum' | 'fib' | 'shell';
  protected abstract compute(): Outcome;

  get state(): State { return this._state; }

  set state(next: State) {
    if (this._state === State.Done) throw new Error(`${this.name} is already ${this._state}`);
    this._state = next;
  }

  run(): Outcome {
    this.state = State.Running;
    const outcome = this.compute();
    this.state = State.Done;
    return outcome;
  }

  describe(): string {
    return `#${this.id} ${this.name} [${Priority[this.priority]}] cost ${this.cost}`;
  }

  toJSON() {
    const { id, name, state, cost: ticks } = this;
    return { id, name, state, ticks };
  }
}

export class SumJob extends Job {
  readonly kind = 'sum';

  constructor(name: string, private readonly values: number[], options: JobOptions = {}) {
    super(name, { cost: values.length, ...options });
  }

  protected override compute(): Outcome {
    if (this.values.length === 0) return err('nothing to sum');
    return ok(this.values.reduce((sum, value) => sum + value));
  }
}

export class FibJob extends Job {
  readonly kind = 'fib';

  constructor(name: string, readonly n: number, options?: JobOptions) {
    super(name, options ?? {});
  }

  @memoize(40)
  fib(n: number): number {
    return n < 2 ? n : this.fib(n - 1) + this.fib(n - 2);
  }

  protected compute(): Outcome {
    return ok(this.fib(this.n));
  }

  override describe(): string {
    return `${super.describe()} n=${this.n}`;
  }
}

type Command = keyof typeof ShellJob.commands;

export class ShellJob extends Job {
  readonly kind = 'shell';
  static readonly commands = {
    now: () => 0,
    size: (...args: string[]) => args.length,
    len: (arg = '') => arg.length,
  } satisfies Record<string, (...args: string[]) => number>;

  private constructor(readonly command: Command, readonly args: string[], options: JobOptions) {
    super(`shell:${command}`, options);
  }

  static isCommand(word: string): word is Command {
    return Object.hasOwn(ShellJob.commands, word);
  }

  static parse(line: string, options: JobOptions = {}): ShellJob {
    const [command = '', ...args] = line.split(' ');
    if (!ShellJob.isCommand(command)) throw new SyntaxError(`parse: unknown command ${command}`);
    return new ShellJob(command, args, options);
  }

  protected override compute(): Outcome {
    return ok(ShellJob.commands[this.command](...this.args));
  }
}

export type AnyJob = SumJob | FibJob | ShellJob;

export function label(job: AnyJob): string {
  switch (job.kind) {
    case 'sum': return `sum ${job.name}`;
    case 'fib': return `fib(${job.n})`;
    case 'shell': return `$ ${[job.command, ...job.args].join(' ')}`;
    default: return assertNever(job);
  }
}
