/** A typed key under which a service is registered. */
export class Token<T> {
  /** Only there to carry the type. */
  declare readonly type: T;

  constructor(readonly name: string) {}

  toString(): string {
    return `<${this.name}>`;
  }
}

/** Maps a tuple of tokens to the tuple of their services. */
export type Resolved<D extends readonly Token<unknown>[]> = {
  [K in keyof D]: D[K] extends Token<infer T> ? T : never;
};
