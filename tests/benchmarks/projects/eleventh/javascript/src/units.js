/** Units are grouped by dimension; factors convert to the base unit. */
const UNITS = {
  g: { dimension: 'mass', factor: 1 },
  kg: { dimension: 'mass', factor: 1000 },
  ml: { dimension: 'volume', factor: 1 },
  tsp: { dimension: 'volume', factor: 5 },
  tbsp: { dimension: 'volume', factor: 15 },
  l: { dimension: 'volume', factor: 1000 },
  pc: { dimension: 'count', factor: 1 },
};

export class UnitError extends Error {
  name = 'UnitError';
}

function resolveUnit(name) {
  const symbol = name.toLowerCase();
  if (!(symbol in UNITS)) throw new UnitError(`unknown unit "${name}"`);
  return symbol;
}

/** An immutable amount of something in a unit. */
export class Quantity {
  constructor(amount, unit = 'pc') {
    this.amount = amount;
    this.unit = resolveUnit(unit);
    Object.freeze(this);
  }

  get dimension() {
    return UNITS[this.unit].dimension;
  }

  get isZero() {
    return Math.abs(this.amount) < 1e-9;
  }

  to(unit) {
    const target = resolveUnit(unit);
    const from = UNITS[this.unit];
    const into = UNITS[target];
    if (from.dimension !== into.dimension) {
      throw new UnitError(`cannot convert ${this.unit} to ${target}`);
    }
    return new Quantity((this.amount * from.factor) / into.factor, target);
  }

  plus(other) {
    return new Quantity(this.amount + other.to(this.unit).amount, this.unit);
  }

  /** Subtracts, never going below zero. */
  minus(other) {
    const rest = this.amount - other.to(this.unit).amount;
    return new Quantity(Math.max(0, rest), this.unit);
  }

  times(factor) {
    return new Quantity(this.amount * factor, this.unit);
  }

  /** Picks the unit that a shopper would expect to read. */
  humanize() {
    if (this.dimension === 'count') return new Quantity(Math.ceil(this.amount), 'pc');
    const [small, large] = this.dimension === 'mass' ? ['g', 'kg'] : ['ml', 'l'];
    const base = this.to(small);
    return base.amount >= 1000 ? base.to(large) : base;
  }

  toString() {
    const text = Number(this.amount.toFixed(2)).toString();
    return this.unit === 'pc' ? text : `${text} ${this.unit}`;
  }
}
