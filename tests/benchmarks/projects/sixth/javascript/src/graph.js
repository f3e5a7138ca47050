/** Who depends on whom among cells, in both directions. */
export class DependencyGraph {
  #sources = new Map();
  #dependents = new Map();

  /** Replaces the cells that `cell` reads from. */
  connect(cell, sources) {
    for (const old of this.#sources.get(cell) ?? []) this.dependentsOf(old).delete(cell);
    this.#sources.set(cell, new Set(sources));
    for (const source of this.#sources.get(cell)) {
      this.#dependents.set(source, this.dependentsOf(source).add(cell));
    }
  }

  dependentsOf(cell) {
    return this.#dependents.get(cell) ?? new Set();
  }

  /** The given cell and everything that depends on it, directly or not. */
  affectedBy(cell, seen = new Set()) {
    if (seen.has(cell)) return seen;
    seen.add(cell);
    this.dependentsOf(cell).forEach((dependent) => this.affectedBy(dependent, seen));
    return seen;
  }

  /**
   * Sorts what a change affects so that sources come first. Cells that wait
   * for each other, or for such cells, are returned apart as `stuck`.
   */
  sortAffected(changed) {
    const cells = this.affectedBy(changed);
    const countSources = (cell) =>
      [...this.#sources.get(cell)].filter((source) => cells.has(source)).length;
    const waiting = new Map([...cells].map((cell) => [cell, countSources(cell)]));
    const order = [...cells].filter((cell) => waiting.get(cell) === 0);
    for (const cell of order) {
      for (const dependent of this.dependentsOf(cell)) {
        waiting.set(dependent, waiting.get(dependent) - 1);
        if (waiting.get(dependent) === 0) order.push(dependent);
      }
    }
    return { order, stuck: [...cells].filter((cell) => waiting.get(cell) > 0) };
  }
}
