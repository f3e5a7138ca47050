import type { Result, Shape } from "./model";

export class NotFound extends Error {
  constructor(readonly key: string) {
    super(`no ${key}`);
  }
}

export class Registry<K extends string, V> implements Iterable<[K, V]> {
  protected readonly items: Map<K, V> = new Map();

  register(key: K, value: V): this {
    this.items.set(key, value);
    return this;
  }

  find(key: K): Result<V, NotFound> {
    const value = this.items.get(key);
    return value === undefined ? { ok: false, error: new NotFound(key) } : { ok: true, value };
  }

  map<U>(change: (value: V, key: K) => U): U[] {
    return Array.from(this.items, ([key, value]) => change(value, key));
  }

  [Symbol.iterator](): Iterator<[K, V]> {
    return this.items[Symbol.iterator]();
  }
}

export function unwrap<T>(result: Result<T, NotFound>, fallback: T): T {
  return result.ok ? result.value : fallback;
}

export function area(shape: Shape): number {
  switch (shape.kind) {
    case "circle":
      return Math.round(Math.PI * shape.radius ** 2);
    case "rect": {
      const { width, height } = shape;
      return width * height;
    }
  }
}

export function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && "kind" in value;
}

export function assertShape(value: unknown): asserts value is Shape {
  if (!isShape(value)) throw new TypeError("assertShape: not a Shape");
}
