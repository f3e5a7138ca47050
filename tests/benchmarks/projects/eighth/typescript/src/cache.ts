/** A content hash as eight hex digits. */
export type Digest = string & { readonly __brand: "digest" };

/** FNV-1a, 32 bits. Enough to tell the contents of a small workspace apart. */
export function digest(...parts: readonly string[]): Digest {
  let hash = 0x811c9dc5;
  const mix = (byte: number): void => {
    hash = Math.imul(hash ^ byte, 0x01000193);
  };
  for (const part of parts) {
    for (const char of part) mix(char.codePointAt(0)!);
    mix(0xff); // a separator, so that ["ab", "c"] and ["a", "bc"] differ
  }
  return (hash >>> 0).toString(16).padStart(8, "0") as Digest;
}

/** Keeps values by content digest and drops the least recently used ones. */
export class ContentCache<V> {
  private readonly entries = new Map<Digest, V>();
  private readonly counts = { hits: 0, misses: 0, evictions: 0 };

  constructor(private readonly capacity: number) {}

  get stats(): Readonly<typeof this.counts> {
    return { ...this.counts };
  }

  lookup(key: Digest): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) {
      this.counts.misses++;
      return undefined;
    }
    this.counts.hits++;
    this.touch(key, value);
    return value;
  }

  store(key: Digest, value: V): void {
    this.touch(key, value);
    if (this.entries.size > this.capacity) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest);
      this.counts.evictions++;
    }
  }

  /** Moves an entry to the young end: a Map keeps the order of insertion. */
  private touch(key: Digest, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, value);
  }
}
