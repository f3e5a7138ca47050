import { compare, QueryError, toNumber, type Value } from "./values";

/** Collects the values of one group and gives a single result. */
export abstract class Accumulator {
  protected count = 0;

  add(value: Value): void {
    if (value === null) return;
    this.count += 1;
    this.update(value);
  }

  protected abstract update(value: Value): void;

  abstract get result(): Value;
}

class Count extends Accumulator {
  protected override update(): void {}

  override get result(): Value {
    return this.count;
  }
}

class Sum extends Accumulator {
  protected total = 0;

  protected override update(value: Value): void {
    this.total += toNumber(value);
  }

  override get result(): Value {
    return this.count ? this.total : null;
  }
}

class Average extends Sum {
  override get result(): Value {
    return this.count ? this.total / this.count : null;
  }
}

class Extreme extends Accumulator {
  private best: Value = null;

  constructor(private readonly sign: 1 | -1) {
    super();
  }

  protected override update(value: Value): void {
    if (this.best === null || compare(value, this.best) * this.sign > 0) this.best = value;
  }

  override get result(): Value {
    return this.best;
  }
}

const AGGREGATES = new Map<string, () => Accumulator>([
  ["count", () => new Count()],
  ["sum", () => new Sum()],
  ["avg", () => new Average()],
  ["min", () => new Extreme(-1)],
  ["max", () => new Extreme(1)],
]);

type Scalar = (...args: Value[]) => Value;

const nullable = (run: (value: NonNullable<Value>) => Value): Scalar =>
  (value) => value === null ? null : run(value);

const SCALARS = new Map<string, Scalar>([
  ["upper", nullable((value) => String(value).toUpperCase())],
  ["length", nullable((value) => String(value).length)],
  ["round", nullable((value) => Math.round(toNumber(value)))],
  ["coalesce", (...args) => args.find((value) => value !== null) ?? null],
]);

export const isAggregate = (name: string): boolean => AGGREGATES.has(name);

function lookup<T>(registry: ReadonlyMap<string, T>, name: string): T {
  const found = registry.get(name);
  if (found === undefined) throw new QueryError(`no function "${name}"`);
  return found;
}

export const createAccumulator = (name: string): Accumulator => lookup(AGGREGATES, name)();

export const scalar = (name: string): Scalar => lookup(SCALARS, name);
