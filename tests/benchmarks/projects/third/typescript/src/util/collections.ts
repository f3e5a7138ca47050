export interface Sized {
  readonly size: number;
}

export type Comparator<T> = (a: T, b: T) => number;

export function by<T, K extends keyof T>(key: K, ...rest: K[]): Comparator<T> {
  return (a, b) => {
    for (const k of [key, ...rest]) {
      if (a[k] < b[k]) return -1;
      if (a[k] > b[k]) return 1;
    }
    return 0;
  };
}

/** A binary heap; `push` and `pop` keep the smallest item first. */
export class Heap<T> implements Sized, Iterable<T> {
  private readonly items: T[] = [];

  constructor(private readonly compare: Comparator<T>) {}

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(...items: T[]): this {
    for (const item of items) {
      this.items.push(item);
      this.up(this.items.length - 1);
    }
    return this;
  }

  pop(): T | undefined {
    const [top] = this.items;
    const last = this.items.pop();
    if (this.items.length > 0 && last !== undefined) {
      this.items[0] = last;
      this.down(0);
    }
    return top;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    yield* [...this.items].sort(this.compare);
  }

  private up(index: number): void {
    const parent = (index - 1) >> 1;
    if (index > 0 && this.compare(this.items[index], this.items[parent]) < 0) {
      this.swap(index, parent);
      this.up(parent);
    }
  }

  private down(index: number): void {
    const child = [2 * index + 1, 2 * index + 2]
      .filter((i) => i < this.size)
      .sort((i, j) => this.compare(this.items[i], this.items[j]))
      .at(0);
    if (child !== undefined && this.compare(this.items[child], this.items[index]) < 0) {
      this.swap(index, child);
      this.down(child);
    }
  }

  private swap(i: number, j: number): void {
    [this.items[i], this.items[j]] = [this.items[j], this.items[i]];
  }
}

export type Groups<K extends string, T> = Partial<Record<K, T[]>>;

export function groupBy<T, K extends string>(items: Iterable<T>, key: (item: T) => K): Groups<K, T> {
  const groups: Groups<K, T> = {};
  for (const item of items) (groups[key(item)] ??= []).push(item);
  return groups;
}
