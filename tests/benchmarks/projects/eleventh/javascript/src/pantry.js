export class Pantry {
  #stock = new Map();
  #listeners = new Set();

  /** Registers a callback for shortages; returns a function that removes it. */
  onLow(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stock(name, quantity, { minimum = null } = {}) {
    const entry = this.#stock.get(name);
    if (entry) entry.quantity = entry.quantity.plus(quantity);
    else this.#stock.set(name, { quantity, minimum });
    return this;
  }

  /** What is still missing of the wanted quantity, or null when nothing is. */
  missing(name, wanted) {
    const have = this.#stock.get(name)?.quantity;
    if (!have || have.dimension !== wanted.dimension) return wanted;
    const rest = wanted.minus(have);
    return rest.isZero ? null : rest;
  }

  consume(name, quantity) {
    const entry = this.#stock.get(name);
    if (!entry) return false;
    entry.quantity = entry.quantity.minus(quantity);
    const { quantity: left, minimum } = entry;
    if (minimum && !minimum.minus(left).isZero) {
      this.#listeners.forEach((listener) => listener({ name, left, minimum }));
    }
    return true;
  }

  /** Takes the ingredients of a recipe out of the pantry. */
  cook(recipe) {
    const unavailable = [];
    for (const { name, quantity } of recipe.ingredients) {
      if (!this.consume(name, quantity)) unavailable.push(name);
    }
    return unavailable;
  }

  *entries() {
    const names = [...this.#stock.keys()].sort();
    for (const name of names) yield [name, this.#stock.get(name).quantity];
  }
}
