/** Base class of the retry policies: `delay` says how long to wait before the given attempt. */
export class Backoff {
  constructor(base, { maxAttempts = 3 } = {}) {
    this.base = base;
    this.maxAttempts = maxAttempts;
  }

  get name() {
    return 'fixed';
  }

  allows(attempt) {
    return attempt < this.maxAttempts;
  }

  delay(_attempt) {
    return this.base;
  }

  describe() {
    const delays = Array.from({ length: this.maxAttempts - 1 }, (_, i) => this.delay(i + 1));
    return `${this.name}(${delays.join(', ')})`;
  }
}

export class LinearBackoff extends Backoff {
  get name() {
    return 'linear';
  }

  delay(attempt) {
    return this.base * attempt;
  }
}

export class ExponentialBackoff extends Backoff {
  static FACTOR = 2;

  constructor(base, { cap = 10_000, ...options } = {}) {
    super(base, options);
    this.cap = cap;
  }

  get name() {
    return 'exponential';
  }

  delay(attempt) {
    return Math.min(this.cap, this.base * ExponentialBackoff.FACTOR ** (attempt - 1));
  }

  describe() {
    return `${super.describe()} cap ${this.cap}`;
  }
}

export const NO_RETRY = new Backoff(0, { maxAttempts: 1 });
