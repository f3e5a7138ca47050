const byName = (a, b) => (a.name < b.name ? -1 : 1);

/** Builds a function that names the aisle of an ingredient. */
export function createAisleFinder(aisles, fallback = 'other') {
  const index = new Map();
  for (const [aisle, names] of Object.entries(aisles)) names.forEach((name) => index.set(name, aisle));
  return (name) => index.get(name) ?? fallback;
}

export class ShoppingList {
  constructor(items = []) {
    this.items = [...items].sort(byName);
    this.checked = new Set();
  }

  static forPlan(plan, pantry) {
    const items = [];
    for (const { name, quantity } of plan.requirements()) {
      const missing = pantry.missing(name, quantity);
      if (missing) items.push({ name, quantity: missing.humanize() });
    }
    return new ShoppingList(items);
  }

  check(...names) {
    const known = names.filter((name) => this.items.some((item) => item.name === name));
    known.forEach((name) => this.checked.add(name));
  }

  groupBy(classify) {
    const groups = {};
    for (const item of this.items) (groups[classify(item.name)] ??= []).push(item);
    return Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Moves everything that was checked off into the pantry. */
  putAway(pantry) {
    for (const { name, quantity } of this.items) {
      if (this.checked.has(name)) pantry.stock(name, quantity);
    }
    return this.checked.size;
  }
}
