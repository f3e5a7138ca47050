import type { Sized } from '../util';

export interface Stats {
  hits: number;
  misses: number;
  evicted?: number;
}

export class LruCache<K, V> implements Sized {
  static readonly DEFAULT_CAPACITY = 3;
  #entries = new Map<K, V>();
  protected stats: Required<Stats> = { hits: 0, misses: 0, evicted: 0 };

  constructor(public readonly capacity: number = LruCache.DEFAULT_CAPACITY) {}

  get size(): number { return this.#entries.size; }

  has(key: K): boolean { return this.#entries.has(key); }

  get(key: K): V | undefined;
  get(key: K, make: (key: K) => V): V;
  get(key: K, make?: (key: K) => V): V | undefined {
    if (this.has(key)) {
      const value = this.#entries.get(key)!;
      this.stats.hits++;
      return this.set(key, value);
    }
    this.stats.misses++;
    return make && this.set(key, make(key));
  }

  set(key: K, value: V): V {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.size > this.capacity) this.evict();
    return value;
  }

  get summary(): string {
    const { hits, misses, evicted = 0 } = this.stats;
    return `hits=${hits} misses=${misses} evicted=${evicted} size=${this.size}`;
  }

  keys(): K[] { return [...this.#entries.keys()]; }

  protected evict(): void {
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest);
    this.stats.evicted++;
  }
}

/** Method decorator: keeps results per argument in an {@link LruCache}. */
export function memoize(capacity?: number) {
  return (target: object, name: string, descriptor: PropertyDescriptor): PropertyDescriptor => {
    const original = descriptor.value as (this: unknown, arg: number) => unknown;
    const cache = new LruCache<number, unknown>(capacity);
    memoized.set(`${target.constructor.name}.${name}`, cache);
    return {
      ...descriptor,
      value(this: unknown, arg: number) { return cache.get(arg, (key) => original.call(this, key)); },
    };
  };
}

export const memoized = new Map<string, LruCache<number, unknown>>();
